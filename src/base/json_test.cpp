#include "base/json.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/json/serialize.hpp>

namespace base {
namespace {

constexpr std::size_t kBytesMax = 1 << 20;

// Serialized again, or "code /path".
std::string parse(std::string_view text) {
  const auto value = parse_json(text, kBytesMax);
  if (value) return boost::json::serialize(*value);
  return std::string(code_of(value.error().fault)) + " " + value.error().path;
}

TEST(Json, ReadsStrictly) {
  EXPECT_EQ(parse(R"( {"a": [1, 2.5, "\u79c1", true, null, {}]} )"),
            R"({"a":[1,2.5E0,"私",true,null,{}]})");
  EXPECT_EQ(parse("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(parse("1e999"), "json.out_of_range ");
  EXPECT_EQ(parse("[1e-999,1e23,9007199254740993.0]"), "[0E0,1E23,9.007199254740992E15]");
  EXPECT_EQ(parse("184446770955122337203685477.5807615"), "1.8444677095512234E26");
  for (const std::string_view bad :
       {"", " ", "{", "[1,]", "{\"a\":1,}", "// c\n1", "1 2", "01", "+1", "NaN", "'a'", "[1] x",
        "\"\\x\"", "\"\n\"", "{a:1}", "tru"}) {
    EXPECT_TRUE(parse(bad).starts_with("json.syntax")) << bad << ": " << parse(bad);
  }
  EXPECT_TRUE(parse(R"("\ud800")").starts_with("json.syntax"));
}

TEST(Json, RefusesWhatBoostLetsPass) {
  EXPECT_EQ(parse(R"({"a":1,"b":{"c":1,"c":2}})"), "json.duplicate_key /b/c");
  EXPECT_EQ(parse(R"({"a":1,"\u0061":2})"), "json.duplicate_key /a");
  EXPECT_EQ(parse(R"([{"a":1},{"a":1},{"a":{"a":1}}])"), R"([{"a":1},{"a":1},{"a":{"a":1}}])");
  EXPECT_EQ(parse(R"({"":1,"":2})"), "json.duplicate_key /");
  EXPECT_EQ(parse(R"({"x":["y","a\u0000b"]})"), "json.nul_character /x/1");
  EXPECT_EQ(parse(R"({"a\u0000b":1})"), "json.nul_character ");
  EXPECT_EQ(parse("[\"\xFF\"]"), "json.not_utf8 ");
  EXPECT_EQ(parse_json("[\"\xFF\"]", kBytesMax).error().offset, 2U);
  const std::string deep(kJsonDepthMax, '[');
  EXPECT_EQ(parse(deep + std::string(kJsonDepthMax, ']')), deep + std::string(kJsonDepthMax, ']'));
  EXPECT_TRUE(parse(deep + "[").starts_with("json.too_deep"));
  EXPECT_EQ(parse_json("[1234]", 6).has_value(), true);
  EXPECT_EQ(parse_json("[12345]", 6).error().fault, JsonFault::too_large);
  // Of many keys, too, any two.
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  for (const int twice : {0, 15, 16, 17, 39}) {
    const std::string name = "k" + std::to_string(twice);
    EXPECT_EQ(parse(many + "\"" + name + "\":1}"), "json.duplicate_key /" + name);
  }
  EXPECT_TRUE(parse(many + R"("last":1})").starts_with(R"({"k0":0,)"));
  // A long key arrives in parts.
  const std::string key(10'000, 'k');
  EXPECT_EQ(parse("{\"" + key + "\":1,\"" + key + "\":2}"), "json.duplicate_key /" + key);
}

struct Point {
  std::int64_t x = 0;
  std::optional<std::int64_t> y;
};
BOOST_DESCRIBE_STRUCT(Point, (), (x, y))

struct Body {
  static constexpr std::array kDefaults = {std::string_view("limit")};
  std::string name;
  bool live = false;
  std::vector<Point> points;
  std::int64_t limit = 100;
  std::optional<boost::json::value> extra;
};
BOOST_DESCRIBE_STRUCT(Body, (), (name, live, points, limit, extra))

std::string map(std::string_view text) {
  const auto body = read_json<Body>(text, kBytesMax);
  if (body) return boost::json::serialize(to_json(*body));
  return std::string(code_of(body.error().fault)) + " " + body.error().path;
}

TEST(Json, MapsOntoStructs) {
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[{"x":1},{"x":2,"y":3}]})"),
            R"({"name":"n","live":true,"points":[{"x":1},{"x":2,"y":3}],"limit":100})");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[],"limit":5,"extra":{"a":[]}})"),
            R"({"name":"n","live":true,"points":[],"limit":5,"extra":{"a":[]}})");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[],"extra":null})"),
            R"({"name":"n","live":true,"points":[],"limit":100})");
}

TEST(Json, NamesTheFirstError) {
  EXPECT_EQ(map("[]"), "json.wrong_type ");
  EXPECT_EQ(map(R"({"live":true,"points":[]})"), "json.missing_member /name");
  EXPECT_EQ(map(R"({"name":1,"live":true,"points":[]})"), "json.wrong_type /name");
  EXPECT_EQ(map(R"({"name":"n","live":1,"points":[]})"), "json.wrong_type /live");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":{}})"), "json.wrong_type /points");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[{"x":1},{"y":2}]})"),
            "json.missing_member /points/1/x");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[{"x":1.5}]})"),
            "json.out_of_range /points/0/x");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[{"x":9223372036854775808}]})"),
            "json.out_of_range /points/0/x");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[],"limit":null})"), "json.wrong_type /limit");
  EXPECT_EQ(map(R"({"name":"n","live":true,"points":[],"a/b~c":1})"),
            "json.unknown_member /a~1b~0c");
}

}  // namespace
}  // namespace base
