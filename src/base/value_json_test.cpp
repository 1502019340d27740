#include "base/value_json.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/json.h"

namespace base {
namespace {

// Read and written again, or the fault's code.
std::string read(ValueType type, std::string_view text) {
  const auto json = parse_json(text, 1 << 20);
  EXPECT_TRUE(json.has_value()) << text;
  const auto value = value_from_json(type, *json, nullptr);
  if (!value) return std::string(code_of(value.error()));
  const boost::json::value written = value_to_json(*value);
  EXPECT_EQ(value_from_json(type, written, nullptr), value);
  return boost::json::serialize(written);
}

TEST(ValueJson, NumbersAreExact) {
  EXPECT_EQ(read(ValueType::money, R"("12.50")"), R"("12.50")");
  EXPECT_EQ(read(ValueType::money, "12.5"), R"("12.50")");
  EXPECT_EQ(read(ValueType::money, "0.07"), R"("0.07")");
  EXPECT_EQ(read(ValueType::money, "1e2"), R"("100.00")");
  EXPECT_EQ(read(ValueType::money, "12.505"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::money, "1e30"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::money, "1e-30"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::money, R"("1e2")"), "value.scientific_notation");
  EXPECT_EQ(read(ValueType::money, "true"), "value.wrong_type");
  EXPECT_EQ(read(ValueType::decimal, "0.333333"), R"("0.333333")");
  EXPECT_EQ(read(ValueType::integer, "-5"), "-5");
  EXPECT_EQ(read(ValueType::integer, "30.0"), "30");
  EXPECT_EQ(read(ValueType::integer, "30.5"), "value.too_many_places");
  EXPECT_EQ(read(ValueType::integer, "18446744073709551615"), "value.out_of_range");
  EXPECT_EQ(read(ValueType::integer, "null"), "value.wrong_type");
}

TEST(ValueJson, OtherKinds) {
  EXPECT_EQ(read(ValueType::text, R"("a")"), R"("a")");
  EXPECT_EQ(read(ValueType::text, "1"), "value.wrong_type");
  EXPECT_EQ(read(ValueType::boolean, "true"), "true");
  EXPECT_EQ(read(ValueType::boolean, R"("true")"), "value.wrong_type");
  EXPECT_EQ(read(ValueType::time, R"("2026-01-31T08:00+08:00")"), R"("2026-01-31T00:00:00.000Z")");
  EXPECT_EQ(read(ValueType::time, "1769817600000"), R"("2026-01-31T00:00:00.000Z")");
  EXPECT_EQ(read(ValueType::time, "1769817600000.5"), "value.not_a_time");
  EXPECT_EQ(read(ValueType::time, R"("2026-01-31T08:00")"), "value.zone_missing");
  EXPECT_EQ(read(ValueType::date, R"("--05-17")"), R"("--05-17")");
  EXPECT_EQ(read(ValueType::date, "20260131"), "value.wrong_type");
  EXPECT_EQ(read(ValueType::text_list, R"(["a|b","","c"])"), R"(["a|b","c"])");
  EXPECT_EQ(read(ValueType::text_list, R"(["a",1])"), "value.wrong_type");
  EXPECT_EQ(read(ValueType::text_list, R"("a")"), "value.wrong_type");
  std::string many = "[\"a\"";
  for (std::size_t i = 1; i <= kTextListElementsMax; ++i) many += ",\"a\"";
  EXPECT_EQ(read(ValueType::text_list, many + "]"), "value.too_long");
}

}  // namespace
}  // namespace base
