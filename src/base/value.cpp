#include "base/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/calendar.h"
#include "base/check.h"
#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kWholeDigitsMax = 19;
constexpr std::size_t kNumberWholeDigitsMax = 18;
constexpr std::size_t kNumberPlacesMax = 64;
constexpr std::size_t kMicrosPlaces = 6;
constexpr std::int64_t kMicrosPerUnit = 1'000'000;
constexpr std::int64_t kMicrosPerCent = 10'000;
constexpr std::int64_t kCentsPerUnit = 100;

constexpr std::array<std::string_view, kValueTypeCount> kTypeNames = {
    "int", "decimal", "money", "text", "bool", "time", "date", "text_list"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view digits_at_start(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// ["-"] digits ["." digits]
struct Spelling {
  bool negative = false;
  std::string_view whole;
  std::string_view places;
};

std::optional<Spelling> split_number(std::string_view text) {
  Spelling out;
  if (text.starts_with('-')) {
    out.negative = true;
    text.remove_prefix(1);
  }
  out.whole = digits_at_start(text);
  if (out.whole.empty()) return std::nullopt;
  text.remove_prefix(out.whole.size());
  if (text.empty()) return out;
  if (text.front() != '.') return std::nullopt;
  out.places = digits_at_start(text.substr(1));
  if (out.places.empty() || out.places.size() + 1 != text.size()) return std::nullopt;
  return out;
}

// 1E+10, 1.38e5: what spreadsheets make of long numbers.
bool is_scientific(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  if (mark == std::string_view::npos) return false;
  std::string_view exponent = text.substr(mark + 1);
  if (exponent.starts_with('+') || exponent.starts_with('-')) exponent.remove_prefix(1);
  const bool whole = !exponent.empty() && digits_at_start(exponent).size() == exponent.size();
  return whole && split_number(text.substr(0, mark)).has_value();
}

Int128 digits_value(std::string_view digits) {
  Int128 value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The number times ten to the power of `places`, exactly.
Result<std::int64_t, ValueFault> parse_scaled(std::string_view text, std::size_t places) {
  text = trimmed(text);
  const auto number = split_number(text);
  if (!number) {
    return unexpected(is_scientific(text) ? ValueFault::scientific_notation
                                          : ValueFault::not_a_number);
  }
  if (number->places.size() > places) return unexpected(ValueFault::too_many_places);
  std::string_view whole = number->whole;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.size() > kWholeDigitsMax) return unexpected(ValueFault::out_of_range);
  Int128 value = digits_value(whole);
  for (std::size_t i = 0; i < places; ++i) {
    value = value * 10 + (i < number->places.size() ? number->places[i] - '0' : 0);
  }
  if (number->negative) value = -value;
  const bool fits = value >= std::numeric_limits<std::int64_t>::min() &&
                    value <= std::numeric_limits<std::int64_t>::max();
  if (!fits) return unexpected(ValueFault::out_of_range);
  return static_cast<std::int64_t>(value);
}

Result<Value, ValueFault> parse_text(std::string_view text) {
  if (text.size() > kValueTextBytesMax) return unexpected(ValueFault::too_long);
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) {
    return unexpected(ValueFault::not_text);
  }
  std::string normal = to_nfc(text);
  if (normal.size() > kValueTextBytesMax) return unexpected(ValueFault::too_long);
  return Value(std::move(normal));
}

Result<Value, ValueFault> parse_bool(std::string_view text) {
  std::string lower(trimmed(text));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view word : {"true", "1", "yes", "\u662f"}) {
    if (lower == word) return Value(true);
  }
  for (const std::string_view word : {"false", "0", "no", "\u5426"}) {
    if (lower == word) return Value(false);
  }
  return unexpected(ValueFault::not_a_bool);
}

ValueFault fault_of(MomentFault fault) {
  return fault == MomentFault::impossible ? ValueFault::impossible_date : ValueFault::not_a_time;
}

Result<Value, ValueFault> parse_unix_ms(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  const bool in_range = error == std::errc() && end == text.data() + text.size() &&
                        Moment{ms} >= kWrittenMomentMin && Moment{ms} <= kWrittenMomentMax;
  if (!in_range) return unexpected(ValueFault::out_of_range);
  return Value(Moment{ms});
}

Result<Value, ValueFault> parse_time(std::string_view text, const Zone* zone) {
  text = trimmed(text);
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (!digits.empty() && digits_at_start(digits).size() == digits.size()) {
    return parse_unix_ms(text);
  }
  if (is_scientific(text)) return unexpected(ValueFault::scientific_notation);
  const auto written = read_moment(text);
  if (!written) return unexpected(fault_of(written.error()));
  if (written->date.year == 0) return unexpected(ValueFault::not_a_time);
  if (!written->offset_minutes && zone == nullptr) return unexpected(ValueFault::zone_missing);
  return Value(resolve(*written, zone == nullptr ? Zone::utc() : *zone));
}

Result<Value, ValueFault> parse_date(std::string_view text) {
  const auto written = read_moment(trimmed(text));
  if (!written) return unexpected(fault_of(written.error()));
  if (written->ms_of_day) return unexpected(ValueFault::not_a_time);
  return Value(written->date);
}

Result<Value, ValueFault> parse_text_list(std::string_view text) {
  const auto whole = parse_text(text);
  if (!whole) return whole;
  TextList list;
  std::string element;
  const auto finish = [&] {
    if (!element.empty()) list.push_back(std::move(element));
    element.clear();
  };
  const std::string& normal = std::get<std::string>(*whole);
  for (std::size_t i = 0; i < normal.size(); ++i) {
    const char c = normal[i];
    const char next = i + 1 < normal.size() ? normal[i + 1] : ' ';
    if (c == '|') {
      finish();
    } else if (c == '\\' && (next == '|' || next == '\\')) {
      element.push_back(next);
      ++i;
    } else {
      element.push_back(c);
    }
  }
  finish();
  if (list.size() > kTextListElementsMax) return unexpected(ValueFault::too_long);
  return Value(std::move(list));
}

std::string decimal_text(Decimal value) {
  const bool negative = value.micros < 0;
  const Int128 micros = negative ? -Int128{value.micros} : Int128{value.micros};
  const auto whole = static_cast<std::int64_t>(micros / kMicrosPerUnit);
  const auto places = static_cast<std::int64_t>(micros % kMicrosPerUnit);
  std::string out = fmt::format("{}{}", negative ? "-" : "", whole);
  if (places == 0) return out;
  out += fmt::format(".{:06}", places);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

std::string money_text(Money value) {
  const bool negative = value.cents < 0;
  const Int128 cents = negative ? -Int128{value.cents} : Int128{value.cents};
  return fmt::format("{}{}.{:02}", negative ? "-" : "",
                     static_cast<std::int64_t>(cents / kCentsPerUnit),
                     static_cast<std::int64_t>(cents % kCentsPerUnit));
}

std::string date_text(Date date) {
  if (date.year == 0) return fmt::format("--{:02}-{:02}", date.month, date.day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string list_text(const TextList& list) {
  std::string out;
  for (const std::string& element : list) {
    if (!out.empty()) out.push_back('|');
    for (const char c : element) {
      if (c == '|' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string_view name_of(ValueType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

std::optional<ValueType> value_type_named(std::string_view name) {
  const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<ValueType>(found - kTypeNames.begin());
}

std::string_view code_of(ValueFault fault) {
  switch (fault) {
    case ValueFault::too_long:
      return "value.too_long";
    case ValueFault::not_text:
      return "value.not_text";
    case ValueFault::scientific_notation:
      return "value.scientific_notation";
    case ValueFault::not_a_number:
      return "value.not_a_number";
    case ValueFault::too_many_places:
      return "value.too_many_places";
    case ValueFault::out_of_range:
      return "value.out_of_range";
    case ValueFault::not_a_bool:
      return "value.not_a_bool";
    case ValueFault::not_a_time:
      return "value.not_a_time";
    case ValueFault::impossible_date:
      return "value.impossible_date";
    case ValueFault::zone_missing:
      return "value.zone_missing";
    case ValueFault::wrong_type:
      return "value.wrong_type";
  }
  unreachable();
}

Result<Value, ValueFault> parse_value(ValueType type, std::string_view text, const Zone* zone) {
  if (text.size() > kValueTextBytesMax) return unexpected(ValueFault::too_long);
  switch (type) {
    case ValueType::integer:
      return parse_scaled(text, 0).map([](std::int64_t number) { return Value(number); });
    case ValueType::decimal:
      return parse_scaled(text, kMicrosPlaces).map([](std::int64_t micros) {
        return Value(Decimal{micros});
      });
    case ValueType::money:
      return parse_scaled(text, 2).map([](std::int64_t cents) { return Value(Money{cents}); });
    case ValueType::text:
      return parse_text(text);
    case ValueType::boolean:
      return parse_bool(text);
    case ValueType::time:
      return parse_time(text, zone);
    case ValueType::date:
      return parse_date(text);
    case ValueType::text_list:
      return parse_text_list(text);
  }
  unreachable();
}

std::string to_text(const Value& value) {
  switch (type_of(value)) {
    case ValueType::integer:
      return std::to_string(std::get<std::int64_t>(value));
    case ValueType::decimal:
      return decimal_text(std::get<Decimal>(value));
    case ValueType::money:
      return money_text(std::get<Money>(value));
    case ValueType::text:
      return std::get<std::string>(value);
    case ValueType::boolean:
      return std::get<bool>(value) ? "true" : "false";
    case ValueType::time:
      return to_iso8601_utc(std::get<Moment>(value));
    case ValueType::date:
      return date_text(std::get<Date>(value));
    case ValueType::text_list:
      return list_text(std::get<TextList>(value));
  }
  unreachable();
}

std::optional<Number> parse_number(std::string_view text) {
  const auto spelling = split_number(text);
  if (!spelling) return std::nullopt;
  const bool fits = spelling->whole.size() <= kNumberWholeDigitsMax &&
                    spelling->places.size() <= kNumberPlacesMax;
  if (!fits) return std::nullopt;
  Number out;
  out.micros = digits_value(spelling->whole);
  for (std::size_t i = 0; i < kMicrosPlaces; ++i) {
    out.micros = out.micros * 10 + (i < spelling->places.size() ? spelling->places[i] - '0' : 0);
  }
  const std::string_view rest =
      spelling->places.substr(std::min(kMicrosPlaces, spelling->places.size()));
  out.beyond = rest.find_first_not_of('0') != std::string_view::npos;
  if (spelling->negative) out.micros = -out.micros - (out.beyond ? 1 : 0);
  return out;
}

std::optional<Number> number_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return Number{Int128{*number} * kMicrosPerUnit, false};
  }
  if (const auto* decimal = std::get_if<Decimal>(&value)) return Number{decimal->micros, false};
  if (const auto* money = std::get_if<Money>(&value)) {
    return Number{Int128{money->cents} * kMicrosPerCent, false};
  }
  return std::nullopt;
}

int compare(const Number& left, const Number& right) {
  if (left.micros != right.micros) return left.micros < right.micros ? -1 : 1;
  return static_cast<int>(left.beyond) - static_cast<int>(right.beyond);
}

}  // namespace base
