#include "base/value.h"

#include <gtest/gtest.h>

#include "base/calendar.h"

namespace base {
namespace {

// The canonical text of what was read, or the fault's code.
std::string read(ValueType type, std::string_view text) {
  const auto zone = Zone::named("Asia/Shanghai");
  const auto value = parse_value(type, text, &*zone);
  if (!value) return std::string(code_of(value.error()));
  EXPECT_EQ(type_of(*value), type);
  const auto again = parse_value(type, to_text(*value), nullptr);
  EXPECT_TRUE(again.has_value() && *again == *value) << text;
  return to_text(*value);
}

TEST(Value, ReadsIntegers) {
  EXPECT_EQ(read(ValueType::integer, " 30 "), "30");
  EXPECT_EQ(read(ValueType::integer, "-0"), "0");
  EXPECT_EQ(read(ValueType::integer, "007"), "7");
  EXPECT_EQ(read(ValueType::integer, "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(read(ValueType::integer, "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(read(ValueType::integer, "9223372036854775808"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::integer, "99999999999999999999999999"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::integer, "30.0"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::integer, "1.38E+10"), "value.scientific_notation");
  EXPECT_EQ(read(ValueType::integer, "1e5"), "value.scientific_notation");
  EXPECT_EQ(read(ValueType::integer, "1e"), "value.not_a_number");
  EXPECT_EQ(read(ValueType::integer, "+86"), "value.not_a_number");
  EXPECT_EQ(read(ValueType::integer, "1,000"), "value.not_a_number");
  EXPECT_EQ(read(ValueType::integer, ""), "value.not_a_number");
  EXPECT_EQ(read(ValueType::integer, "-"), "value.not_a_number");
}

TEST(Value, ReadsMoneyAndDecimals) {
  EXPECT_EQ(read(ValueType::money, "12.5"), "12.50");
  EXPECT_EQ(read(ValueType::money, "-0.05"), "-0.05");
  EXPECT_EQ(read(ValueType::money, "100"), "100.00");
  EXPECT_EQ(read(ValueType::money, "12.505"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::money, "92233720368547758.07"), "92233720368547758.07");
  EXPECT_EQ(read(ValueType::money, "-92233720368547758.08"), "-92233720368547758.08");
  EXPECT_EQ(read(ValueType::money, "92233720368547758.08"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::money, ".5"), "value.not_a_number");
  EXPECT_EQ(read(ValueType::money, "5."), "value.not_a_number");
  EXPECT_EQ(read(ValueType::decimal, "0.333333"), "0.333333");
  EXPECT_EQ(read(ValueType::decimal, "0.3333333"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::decimal, "1.500000"), "1.5");
  EXPECT_EQ(read(ValueType::decimal, "-0.000001"), "-0.000001");
  EXPECT_EQ(read(ValueType::decimal, "-9223372036854.775808"), "-9223372036854.775808");
}

TEST(Value, ReadsText) {
  EXPECT_EQ(read(ValueType::text, " a "), " a ");
  EXPECT_EQ(read(ValueType::text, "e\xCC\x81"), "\xC3\xA9");  // NFC
  EXPECT_EQ(read(ValueType::text, "\xFF"), "value.not_text");
  EXPECT_EQ(read(ValueType::text, std::string_view("a\0b", 3)), "value.not_text");
  const std::string longest(kValueTextBytesMax, 'x');
  EXPECT_EQ(read(ValueType::text, longest), longest);
  EXPECT_EQ(read(ValueType::text, longest + "x"), "value.too_long");
  EXPECT_EQ(read(ValueType::text_list, "a|b||c"), "a|b|c");
  EXPECT_EQ(read(ValueType::text_list, ""), "");
  EXPECT_EQ(read(ValueType::text_list, R"(a\|b|c\\d\e)"), R"(a\|b|c\\d\\e)");
  EXPECT_EQ(parse_value(ValueType::text_list, R"(a\|b|c)", nullptr).value(),
            Value(TextList{"a|b", "c"}));
  std::string many = "a";
  for (std::size_t i = 1; i < kTextListElementsMax; ++i) many += "|a";
  EXPECT_EQ(read(ValueType::text_list, many), many);
  EXPECT_EQ(read(ValueType::text_list, many + "|a"), "value.too_long");
}

TEST(Value, ReadsBooleans) {
  for (const std::string_view yes : {"true", "TRUE", " 1", "yes", "是"}) {
    EXPECT_EQ(read(ValueType::boolean, yes), "true");
  }
  for (const std::string_view no : {"false", "0", "No", "否"}) {
    EXPECT_EQ(read(ValueType::boolean, no), "false");
  }
  EXPECT_EQ(read(ValueType::boolean, "2"), "value.not_a_bool");
  EXPECT_EQ(read(ValueType::boolean, ""), "value.not_a_bool");
}

TEST(Value, ReadsTimesAndDates) {
  EXPECT_EQ(read(ValueType::time, "2026-01-31"), "2026-01-30T16:00:00.000Z");
  EXPECT_EQ(read(ValueType::time, "2026-01-31 8:05:09.5"), "2026-01-31T00:05:09.500Z");
  EXPECT_EQ(read(ValueType::time, "2026-01-31T08:00Z"), "2026-01-31T08:00:00.000Z");
  EXPECT_EQ(read(ValueType::time, "1769817600000"), "2026-01-31T00:00:00.000Z");
  EXPECT_EQ(read(ValueType::time, "-1"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(read(ValueType::time, "99999999999999999"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::time, "1.76982E+12"), "value.scientific_notation");
  EXPECT_EQ(read(ValueType::time, "1999-13-01"), "value.impossible_date");
  EXPECT_EQ(read(ValueType::time, "--05-17"), "value.not_a_time");
  EXPECT_EQ(read(ValueType::time, "yesterday"), "value.not_a_time");
  EXPECT_EQ(parse_value(ValueType::time, "2026-01-31", nullptr).error(), ValueFault::zone_missing);
  EXPECT_TRUE(parse_value(ValueType::time, "2026-01-31T08:00+08:00", nullptr).has_value());
  EXPECT_EQ(read(ValueType::date, "2026/1/5"), "2026-01-05");
  EXPECT_EQ(read(ValueType::date, "--05-17"), "--05-17");
  EXPECT_EQ(read(ValueType::date, "--02-29"), "--02-29");
  EXPECT_EQ(read(ValueType::date, "2026-02-29"), "value.impossible_date");
  EXPECT_EQ(read(ValueType::date, "2026-01-31T08:00"), "value.not_a_time");
}

TEST(Value, NamesEveryType) {
  for (std::size_t i = 0; i < kValueTypeCount; ++i) {
    const auto type = static_cast<ValueType>(i);
    EXPECT_EQ(value_type_named(name_of(type)), type);
  }
  EXPECT_EQ(value_type_named("number"), std::nullopt);
  EXPECT_EQ(name_of(type_of(Value(TextList{}))), "text_list");
  EXPECT_EQ(name_of(type_of(Value(Date{}))), "date");
}

// -1, 0 or 1 for left against right.
int order(std::string_view left, std::string_view right) {
  const auto one = parse_number(left), other = parse_number(right);
  EXPECT_TRUE(one.has_value() && other.has_value()) << left << " " << right;
  const int found = compare(*one, *other);
  EXPECT_EQ(compare(*other, *one), -found);
  return found < 0 ? -1 : found > 0 ? 1 : 0;
}

TEST(Value, ComparesNumbersByValue) {
  EXPECT_EQ(order("30", "30.0"), 0);
  EXPECT_EQ(order("12.50", "12.505"), -1);
  EXPECT_EQ(order("1.0000000", "1"), 0);
  EXPECT_EQ(order("1.0000001", "1"), 1);
  EXPECT_EQ(order("1.0000001", "1.000001"), -1);
  EXPECT_EQ(order("-1.0000001", "-1"), -1);
  EXPECT_EQ(order("-1.0000001", "-1.000001"), 1);
  EXPECT_EQ(order("-0.0000001", "0"), -1);
  EXPECT_EQ(order("999999999999999999", "-999999999999999999"), 1);
  EXPECT_EQ(parse_number("1000000000000000000"), std::nullopt);
  EXPECT_EQ(parse_number("1."), std::nullopt);
  EXPECT_EQ(parse_number("1 "), std::nullopt);
  EXPECT_EQ(parse_number("1." + std::string(65, '0')), std::nullopt);
  EXPECT_EQ(compare(*number_of(Value(Money{1250})), *parse_number("12.5")), 0);
  EXPECT_EQ(compare(*number_of(Value(Decimal{12'500'000})), *parse_number("12.5")), 0);
  EXPECT_EQ(compare(*number_of(Value(std::int64_t{-3})), *parse_number("-3")), 0);
  EXPECT_EQ(number_of(Value(true)), std::nullopt);
}

}  // namespace
}  // namespace base
