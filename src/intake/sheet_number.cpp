#include "intake/sheet_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace intake {
namespace {

using Kind = NumberFormat::Kind;

constexpr int kDigitsKept = 15;
constexpr double kWholeMax = 1e15;    // above it digits are lost
constexpr double kFixedMax = 1e21;    // above it an exponent is written
constexpr double kFixedMin = 1e-9;    // and below
constexpr double kDaysMax = 2958466;  // 10000-01-01
constexpr std::int64_t kMsOfDay = 86'400'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The signs of a format's first section that mean something, in lower case: without texts in
// quotes, escaped characters, fillers, colours and conditions. An elapsed unit becomes 'E'.
std::string signs_of(std::string_view code) {
  std::string signs;
  for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
    const char c = lower(code[at]);
    if (c == '"') {
      at = std::min(code.find('"', at + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '[') {
      const std::size_t end = std::min(code.find(']', at), code.size());
      std::string inside(code.substr(at + 1, end - at - 1));
      std::ranges::transform(inside, inside.begin(), lower);
      const bool elapsed = !inside.empty() && inside.find_first_not_of("hms") == std::string::npos;
      if (elapsed) signs.push_back('E');
      at = end;
    } else {
      signs.push_back(c);
    }
  }
  return signs;
}

bool is_general(std::string_view signs) { return signs.starts_with("general"); }

struct Day {
  std::chrono::year_month_day date;
  bool is_leap_day_1900 = false;
};

Day day_of(std::int64_t days, DateSystem system) {
  using std::chrono::sys_days;
  constexpr sys_days k1900 = sys_days(std::chrono::year(1899) / 12 / 31);
  constexpr sys_days k1904 = sys_days(std::chrono::year(1904) / 1 / 1);
  if (system == DateSystem::from_1904) return {k1904 + std::chrono::days(days)};
  if (days == 60) return {{}, true};
  return {k1900 + std::chrono::days(days > 60 ? days - 1 : days)};
}

std::string show_day(std::int64_t days, DateSystem system) {
  const Day day = day_of(days, system);
  if (day.is_leap_day_1900) return "1900-02-29";
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.date.year()),
                     static_cast<unsigned>(day.date.month()),
                     static_cast<unsigned>(day.date.day()));
}

// `ms` of a day or, of elapsed time, more.
std::string show_time(std::int64_t ms) {
  const std::int64_t seconds = ms / 1000;
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text;
}

// Nothing: not shown as a date (negative, beyond the year 9999, day 0 of 1900).
std::optional<std::string> show_date(double value, const NumberFormat& format, DateSystem system) {
  if (!(value >= 0 && value < kDaysMax)) return std::nullopt;
  const double ms_exact = value * static_cast<double>(kMsOfDay);
  const std::int64_t ms =
      format.has_parts_of_seconds ? std::llround(ms_exact) : std::llround(ms_exact / 1000) * 1000;
  if (format.kind == Kind::elapsed) return show_time(ms);
  const std::int64_t days = ms / kMsOfDay;
  const std::int64_t ms_of_day = ms % kMsOfDay;
  const bool has_no_day =
      days == 0 && (system == DateSystem::from_1900 || format.kind == Kind::time);
  if (has_no_day) {
    if (format.kind != Kind::time && ms_of_day == 0) return std::nullopt;
    return show_time(ms_of_day);
  }
  const bool with_time = format.kind != Kind::date || ms_of_day != 0;
  return show_day(days, system) + (with_time ? " " + show_time(ms_of_day) : "");
}

std::string with_zeros(std::string text, std::uint8_t zeros) {
  const bool whole = text.find_first_not_of("0123456789") == std::string::npos;
  if (whole && text.size() < zeros) text.insert(0, zeros - text.size(), '0');
  return text;
}

// With the 15 digits that Excel keeps, so that 19.899999999999999 is the 19.9 that was typed.
std::string show_double(double value) {
  const double size = std::abs(value);
  if (size >= kWholeMax && size < kFixedMax) return fmt::format("{:.0f}", value);
  std::array<char, 64> digits;
  const auto rounded = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                     std::chars_format::general, kDigitsKept);
  double kept = value;
  std::from_chars(digits.data(), rounded.ptr, kept);
  if (kept == 0) return "0";
  const bool fixed = size >= kFixedMin && size < kFixedMax;
  const auto end = fixed ? std::to_chars(digits.data(), digits.data() + digits.size(), kept,
                                         std::chars_format::fixed)
                         : std::to_chars(digits.data(), digits.data() + digits.size(), kept);
  return {digits.data(), end.ptr};
}

}  // namespace

NumberFormat builtin_format(std::uint32_t id) {
  const auto in = [&](std::uint32_t first, std::uint32_t last) {
    return id >= first && id <= last;
  };
  if (id == 22) return {Kind::date_time};
  if (id == 46) return {Kind::elapsed};
  if (id == 47) return {Kind::time, 0, true};
  const bool time = in(18, 21) || in(32, 35) || id == 45 || in(55, 56);
  if (time) return {Kind::time};
  const bool date = in(14, 17) || in(27, 31) || id == 36 || in(50, 54) || in(57, 58);
  return date ? NumberFormat{Kind::date} : NumberFormat{};
}

NumberFormat read_format(std::string_view code) {
  const std::string signs = signs_of(code);
  if (is_general(signs)) return {};
  const bool parts =
      signs.find("s.0") != std::string::npos || signs.find("E.0") != std::string::npos;
  const bool day = signs.find_first_of("yd") != std::string::npos;
  const bool clock = signs.find_first_of("hs") != std::string::npos;
  const bool month = signs.find('m') != std::string::npos;
  if (signs.starts_with('E') && !day) return {Kind::elapsed, 0, parts};
  if ((day || month) && !clock) return {Kind::date, 0, parts};
  if (day) return {Kind::date_time, 0, parts};
  if (clock) return {Kind::time, 0, parts};
  const bool zeros = signs.size() > 1 && signs.size() <= kDigitsKept &&
                     signs.find_first_not_of('0') == std::string::npos;
  return {Kind::number, static_cast<std::uint8_t>(zeros ? signs.size() : 0)};
}

bool is_kept_whole(std::string_view written) {
  if (written.starts_with('-')) written.remove_prefix(1);
  const bool begins = !written.empty() && written[0] >= '0' && written[0] <= '9';
  const bool zero_first = written.size() > 1 && written[0] == '0' && written[1] != '.';
  if (!begins || zero_first || written.back() == '.') return false;
  int digits = 0;
  int points = 0;
  for (const char c : written) {
    if (c == '.')
      ++points;
    else if (c >= '0' && c <= '9')
      ++digits;
    else
      return false;
  }
  return points <= 1 && digits <= kDigitsKept;
}

SheetNumber show_number(std::string_view written, const NumberFormat& format, DateSystem system) {
  const bool plain = format.kind == Kind::number && is_kept_whole(written);
  if (plain) return {with_zeros(std::string(written), format.zeros)};
  double value = 0;
  const char* const end = written.data() + written.size();
  const auto read = std::from_chars(written.data(), end, value);
  const bool good = read.ec == std::errc{} && read.ptr == end && std::isfinite(value);
  if (!good) return {std::string(written)};
  if (format.kind != Kind::number) {
    auto date = show_date(value, format, system);
    if (date) return {std::move(*date), true};
  }
  const bool lost = std::abs(value) >= kWholeMax;
  return {with_zeros(show_double(value), format.zeros), false, lost};
}

}  // namespace intake
