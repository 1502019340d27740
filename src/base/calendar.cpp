#include "base/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "base/check.h"

namespace base {
namespace {

constexpr std::int64_t kMsPerDay = kDay.ms;
constexpr std::int64_t kMonthsPerYear = 12;
constexpr std::int64_t kMonthsPerQuarter = 3;
constexpr std::int64_t kDaysPerWeek = 7;
constexpr std::int64_t kYearMin = 1;
constexpr std::int64_t kYearMax = 9999;
constexpr std::int32_t kDayMin = -719'162;   // 0001-01-01
constexpr std::int32_t kDayMax = 2'932'896;  // 9999-12-31

const date::time_zone& zone_of(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

Moment inside(Moment moment) { return std::clamp(moment, kWrittenMomentMin, kWrittenMomentMax); }

date::sys_time<std::chrono::milliseconds> sys_of(Moment moment) {
  return date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(inside(moment).ms));
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// Milliseconds of the local wall clock since 1970-01-01T00:00 local.
std::int64_t local_ms(const void* zone, Moment moment) {
  const auto info = zone_of(zone).get_info(sys_of(moment));
  return inside(moment).ms + std::chrono::milliseconds(info.offset).count();
}

date::year_month_day civil_of(LocalDay day) {
  return date::year_month_day(date::sys_days(date::days(day.days)));
}

std::int64_t days_of(date::year_month_day civil) {
  return date::sys_days(civil).time_since_epoch().count();
}

// Months since year 0, January.
std::int64_t month_number(date::year_month_day civil) {
  return std::int64_t{static_cast<int>(civil.year())} * kMonthsPerYear +
         static_cast<unsigned>(civil.month()) - 1;
}

// The first day of the unit `offset` units after the one `day` lies in; beyond year 1 to 9999 the
// day before the first or after the last.
std::int64_t unit_start(LocalDay day, CalendarUnit unit, std::int64_t offset) {
  // More units than there are days in ten thousand years end outside all the same.
  offset = std::clamp<std::int64_t>(offset, -4'000'000, 4'000'000);
  if (unit == CalendarUnit::day) return day.days + offset;
  if (unit == CalendarUnit::week) {
    // 1970-01-01 was a Thursday, so Mondays are 3 days before multiples of 7.
    return floor_div(day.days + 3, kDaysPerWeek) * kDaysPerWeek - 3 + offset * kDaysPerWeek;
  }
  const std::int64_t step = unit == CalendarUnit::month     ? 1
                            : unit == CalendarUnit::quarter ? kMonthsPerQuarter
                                                            : kMonthsPerYear;
  const std::int64_t month = floor_div(month_number(civil_of(day)), step) * step + offset * step;
  const std::int64_t year = floor_div(month, kMonthsPerYear);
  if (year < kYearMin) return kDayMin - 1;
  if (year > kYearMax) return kDayMax + 1;
  return days_of(date::year(static_cast<int>(year)) /
                 date::month(static_cast<unsigned>(month - year * kMonthsPerYear + 1)) / 1);
}

// Reads the shapes of WrittenMoment; `loose` is the form of files.
class MomentReader {
 public:
  MomentReader(std::string_view text, bool loose) : rest_(text), loose_(loose) {}

  Result<WrittenMoment, MomentFault> read() {
    WrittenMoment out;
    if (rest_.starts_with("--")) return yearless();
    if (!read_date()) return unexpected(MomentFault::not_a_moment);
    const bool has_time = !rest_.empty();
    if (has_time && (!skip_between() || !read_clock() || !read_offset() || !rest_.empty())) {
      return unexpected(MomentFault::not_a_moment);
    }
    out.date = Date{static_cast<std::int16_t>(year_), static_cast<std::uint8_t>(month_),
                    static_cast<std::uint8_t>(day_)};
    if (year_ == 0 || !is_possible(out.date)) return unexpected(MomentFault::impossible);
    if (!has_time) return out;
    const bool on_clock =
        hour_ < 24 && minute_ < 60 && second_ < 60 && offset_hour_ < 24 && offset_minute_ < 60;
    if (!on_clock) return unexpected(MomentFault::impossible);
    out.ms_of_day = ((hour_ * 60 + minute_) * 60 + second_) * 1000 + ms_;
    if (has_offset_) out.offset_minutes = offset_sign_ * (offset_hour_ * 60 + offset_minute_);
    return out;
  }

 private:
  Result<WrittenMoment, MomentFault> yearless() {
    rest_.remove_prefix(2);
    const bool shaped = digits(2, 2, month_) && skip('-') && digits(2, 2, day_) && rest_.empty();
    if (!shaped) return unexpected(MomentFault::not_a_moment);
    const Date date{0, static_cast<std::uint8_t>(month_), static_cast<std::uint8_t>(day_)};
    if (!is_possible(date)) return unexpected(MomentFault::impossible);
    return WrittenMoment{date, std::nullopt, std::nullopt};
  }

  bool read_date() {
    const int digits_min = loose_ ? 1 : 2;
    if (!digits(4, 4, year_)) return false;
    const char separator = loose_ && rest_.starts_with('/') ? '/' : '-';
    return skip(separator) && digits(digits_min, 2, month_) && skip(separator) &&
           digits(digits_min, 2, day_);
  }

  bool skip_between() {
    if (!loose_ || !rest_.starts_with(' ')) return skip('T');
    while (skip(' ')) continue;
    return true;
  }

  bool read_clock() {
    if (!digits(loose_ ? 1 : 2, 2, hour_) || !skip(':') || !digits(2, 2, minute_)) return false;
    if (!skip(':')) return true;
    if (!digits(2, 2, second_)) return false;
    if (!skip('.')) return true;
    if (!loose_) return digits(3, 3, ms_);
    int read = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1)) {
      if (read < 3) ms_ = ms_ * 10 + (rest_[0] - '0');
      ++read;
    }
    for (int i = read; i < 3; ++i) ms_ *= 10;
    return read >= 1 && read <= 9;
  }

  bool read_offset() {
    while (loose_ && skip(' ')) continue;
    if (rest_.empty()) return true;
    has_offset_ = true;
    if (skip('Z')) return true;
    offset_sign_ = rest_.starts_with('-') ? -1 : 1;
    if (!skip('+') && !skip('-')) return false;
    if (!digits(2, 2, offset_hour_)) return false;
    if (loose_ && rest_.empty()) return true;
    const bool colon = skip(':');
    return (colon || loose_) && digits(2, 2, offset_minute_);
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool digits(int count_min, int count_max, int& value) {
    int count = 0;
    for (; count < count_max && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++count) {
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return count >= count_min;
  }

  std::string_view rest_;
  bool loose_;
  int year_ = 0, month_ = 0, day_ = 0;
  int hour_ = 0, minute_ = 0, second_ = 0, ms_ = 0;
  bool has_offset_ = false;
  int offset_sign_ = 1, offset_hour_ = 0, offset_minute_ = 0;
};

// A wall clock reading `local` ms after 1970-01-01T00:00, without the offset's text.
std::string clock_text(std::int64_t local) {
  const std::int64_t day = floor_div(local, kMsPerDay);
  const std::int64_t ms = local - day * kMsPerDay;
  const auto civil = civil_of(LocalDay{static_cast<std::int32_t>(day)});
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}", static_cast<int>(civil.year()),
                     static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()),
                     ms / kHour.ms, ms / kMinute.ms % 60, ms / kSecond.ms % 60, ms % 1000);
}

}  // namespace

std::optional<Zone> Zone::named(std::string_view name) {
  try {
    return Zone(std::string(name), date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {  // how date-tz says that it does not know the name
    return std::nullopt;
  }
}

Zone Zone::utc() {
  const auto utc = named("Etc/UTC");
  CHECK(utc.has_value());
  return *utc;
}

LocalDay Zone::day_of(Moment moment) const { return local_of(moment).day; }

LocalDay DayReader::day_of(Moment moment) {
  const Moment known = inside(moment);
  if (known < from_ || known >= to_) {
    const auto info = zone_of(zone_->zone_).get_info(sys_of(known));
    const auto ms_of = [](auto second) {
      const std::int64_t seconds = second.time_since_epoch().count();
      return Moment{
          std::clamp(seconds, kWrittenMomentMin.ms / 1000 - 1, kWrittenMomentMax.ms / 1000 + 1) *
          1000};
    };
    from_ = ms_of(info.begin);
    to_ = ms_of(info.end);
    offset_ms_ = std::chrono::milliseconds(info.offset).count();
  }
  return LocalDay{static_cast<std::int32_t>(floor_div(known.ms + offset_ms_, kMsPerDay))};
}

LocalTime Zone::local_of(Moment moment) const {
  const std::int64_t local = local_ms(zone_, moment);
  const std::int64_t day = floor_div(local, kMsPerDay);
  return LocalTime{LocalDay{static_cast<std::int32_t>(day)},
                   static_cast<std::int32_t>(local - day * kMsPerDay)};
}

Moment Zone::moment_of(LocalTime local) const {
  if (local.day.days < kDayMin) return kMomentMin;
  if (local.day.days > kDayMax) return kMomentMax;
  const std::chrono::milliseconds since(local.day.days * kMsPerDay + local.ms_of_day);
  const auto info = zone_of(zone_).get_info(date::local_time<std::chrono::milliseconds>(since));
  if (info.result == date::local_info::nonexistent) {
    return Moment{std::chrono::milliseconds(info.first.end.time_since_epoch()).count()};
  }
  // Of a reading that exists twice `first` is the earlier.
  return Moment{(since - std::chrono::milliseconds(info.first.offset)).count()};
}

Moment Zone::start_of(LocalDay day) const { return moment_of(LocalTime{day, 0}); }

Moment Zone::period_start(Moment moment, CalendarUnit unit, std::int64_t offset) const {
  const std::int64_t start = unit_start(day_of(moment), unit, offset);
  if (start < kDayMin) return kMomentMin;
  if (start > kDayMax) return kMomentMax;
  return start_of(LocalDay{static_cast<std::int32_t>(start)});
}

int Zone::hour_of(Moment moment) const {
  return static_cast<int>(local_of(moment).ms_of_day / kHour.ms);
}

int Zone::weekday_of(Moment moment) const {
  const std::int64_t from_monday = std::int64_t{day_of(moment).days} + 3;
  return static_cast<int>(from_monday - floor_div(from_monday, kDaysPerWeek) * kDaysPerWeek) + 1;
}

LocalDay day_of(Date date) {
  CHECK(date.year != 0);
  return LocalDay{static_cast<std::int32_t>(
      days_of(date::year(date.year) / date::month(date.month) / date::day(date.day)))};
}

Date date_of(LocalDay day) {
  const auto civil = civil_of(LocalDay{std::clamp(day.days, kDayMin, kDayMax)});
  return Date{static_cast<std::int16_t>(static_cast<int>(civil.year())),
              static_cast<std::uint8_t>(static_cast<unsigned>(civil.month())),
              static_cast<std::uint8_t>(static_cast<unsigned>(civil.day()))};
}

bool is_leap_year(int year) { return date::year(year).is_leap(); }

bool is_possible(Date date) {
  constexpr int kLeapYear = 2000;
  if (date.year < 0 || date.year > kYearMax) return false;
  const int year = date.year == 0 ? kLeapYear : date.year;
  return (date::year(year) / date::month(date.month) / date::day(date.day)).ok();
}

Result<WrittenMoment, MomentFault> parse_moment(std::string_view text) {
  return MomentReader(text, false).read();
}

Result<WrittenMoment, MomentFault> read_moment(std::string_view text) {
  return MomentReader(text, true).read();
}

Moment resolve(const WrittenMoment& written, const Zone& zone) {
  const LocalTime local{day_of(written.date), written.ms_of_day.value_or(0)};
  if (!written.offset_minutes) return zone.moment_of(local);
  return Moment{local.day.days * kMsPerDay + local.ms_of_day -
                *written.offset_minutes * kMinute.ms};
}

std::string to_iso8601(Moment moment, const Zone& zone) {
  const Moment kept = inside(moment);
  const LocalTime local = zone.local_of(kept);
  const std::int64_t offset_ms = local.day.days * kMsPerDay + local.ms_of_day - kept.ms;
  // Offsets before standard time have seconds, which the form has no place for.
  const std::int64_t offset_minutes = floor_div(offset_ms, kMinute.ms);
  if (offset_minutes == 0) return clock_text(kept.ms) + "Z";
  const std::int64_t size = std::abs(offset_minutes);
  return clock_text(kept.ms + offset_minutes * kMinute.ms) +
         fmt::format("{}{:02}:{:02}", offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
}

std::string to_iso8601_utc(Moment moment) { return clock_text(inside(moment).ms) + "Z"; }

}  // namespace base
