// Typed values: what an attribute of a customer or a property of an event can be.
//
//   int 30 · decimal 0.333333 (six places) · money 12.50 (cents inside, yuan outside) · text ·
//   bool · time 2026-01-31T08:00:00.000+08:00 · date 2026-01-31 or --05-17 · text list
//
// An unknown value is the absence of a Value (std::optional); Value itself is always known.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/moment.h"
#include "base/result.h"

namespace base {

class Zone;

struct Decimal {
  std::int64_t micros = 0;
  friend constexpr auto operator<=>(Decimal, Decimal) = default;
};

struct Money {
  std::int64_t cents = 0;
  friend constexpr auto operator<=>(Money, Money) = default;
};

// A calendar date; year 0: the year is missing (--05-17), month 1–12, day 1–31, always possible
// (29 February is possible without a year).
struct Date {
  std::int16_t year = 0;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

using TextList = std::vector<std::string>;

// In the order of Value's alternatives.
enum class ValueType : std::uint8_t {
  integer,
  decimal,
  money,
  text,
  boolean,
  time,
  date,
  text_list,
};
inline constexpr std::size_t kValueTypeCount = 8;

// Texts are valid UTF-8 in NFC without U+0000; the parsers below see to it.
using Value = std::variant<std::int64_t, Decimal, Money, std::string, bool, Moment, Date, TextList>;

inline ValueType type_of(const Value& value) { return static_cast<ValueType>(value.index()); }

// "int", "decimal", "money", "text", "bool", "time", "date", "text_list": in the API, in CSV
// headers (name:type) and in the database.
std::string_view name_of(ValueType type);
std::optional<ValueType> value_type_named(std::string_view name);

inline constexpr std::size_t kValueTextBytesMax = 4096;
inline constexpr std::size_t kTextListElementsMax = 256;

enum class ValueFault : std::uint8_t {
  too_long,  // more than kValueTextBytesMax bytes (a list: joined) or kTextListElementsMax
  not_text,  // invalid UTF-8 or U+0000
  scientific_notation,  // 1.38E+10: a spreadsheet has damaged it
  not_a_number,
  too_many_places,  // more than 6 for decimal, 2 for money, any for int
  out_of_range,     // beyond 64 bits, year outside 1–9999
  not_a_bool,       // neither true, false, 1, 0, yes, no, 是, 否
  not_a_time,       // no ISO 8601 time and no Unix milliseconds
  impossible_date,  // 1999-13-01
  zone_missing,     // a time without an offset where none may be assumed
  wrong_type,       // JSON of another kind
};
std::string_view code_of(ValueFault fault);  // "value.not_a_number", …

// Reads a value as people and files write it: spaces around it are dropped for every type but
// text and text list; text is brought to NFC. Numbers are ["-"] digits ["." digits]; a sign + makes
// none. A text list is split at '|' (the API gives arrays), "\|" and "\\" stand for '|' and '\',
// empty elements are dropped. Dates and times are what read_moment (calendar.h) reads, times also
// Unix milliseconds; a time without an offset is in `zone`; `zone` null: zone_missing. Years run
// from 1 to 9999. An empty text is an empty text or list; of other types for the caller to decide
// before (here it is not_a_number, …).
[[nodiscard]] Result<Value, ValueFault> parse_value(ValueType type, std::string_view text,
                                                    const Zone* zone);

// The one spelling of a value: numbers plain, money with two places ("12.50"), decimal without
// trailing zeros, true / false, time as ISO 8601 UTC with milliseconds ("…T00:00:00.000Z"), lists
// joined by '|' with '|' and '\' escaped. parse_value of it gives the same value.
std::string to_text(const Value& value);

__extension__ using Int128 = __int128;

// A number of any size of fraction, compared exactly by value: 30 = 30.0, 12.50 < 12.505.
struct Number {
  Int128 micros = 0;    // rounded down to six places, also below zero: -0.0000001 is -1
  bool beyond = false;  // there are more places, so it lies between `micros` and the next;
                        // such a number is never equal to a value of ours
};

// "-12.505": up to 18 digits before the point, any number (at most 64) behind it.
std::optional<Number> parse_number(std::string_view text);

// The number of an int, decimal or money; nothing for other types.
std::optional<Number> number_of(const Value& value);

// Exact order by value: negative, 0, positive. Two `beyond` numbers with equal micros are equal
// here; only literals are `beyond`, and they are never compared with each other.
int compare(const Number& left, const Number& right);

}  // namespace base
