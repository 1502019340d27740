#include "log/stored_properties.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <random>
#include <string>

#include "log/event_type.h"

namespace event_log {
namespace {

// One property of every type, and one name that is none of them.
EventType every_type() {
  EventType type{.id = {1}, .name = "e", .standard = false, .declared = false, .properties = {}};
  for (std::size_t i = 0; i < base::kValueTypeCount; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    type.properties.push_back(
        {{static_cast<std::int64_t>(i) + 1}, name, static_cast<base::ValueType>(i)});
  }
  return type;
}

std::string told(const std::vector<KnownProperty>& known) {
  std::string out;
  for (const KnownProperty& each : known) {
    out += std::to_string(each.id.value) + "=" +
           std::string(base::name_of(base::type_of(each.value))) + ":" + base::to_text(each.value) +
           " ";
  }
  return out;
}

boost::json::value any_value(std::mt19937& random) {
  static constexpr std::string_view kTexts[] = {
      "", "12.50", "a\"b", "\\", "红", "2026-01-31", "2026-01-31T08:00:00Z", "true", "-7", "x\ny"};
  static constexpr double kDoubles[] = {0.5,   -0.0,      12.5,  1e300,     1e-9,
                                        100.0, 0.1 + 0.2, -3.25, 1e15 + 0.5};
  switch (random() % 9) {
    case 0:
      return static_cast<std::int64_t>(random() % 100) - 50;
    case 1:
      return static_cast<std::int64_t>(random()) * 4'000'000'000;
    case 2:
      return static_cast<std::uint64_t>(-1) - random();
    case 3:
      return kDoubles[random() % std::size(kDoubles)];
    case 4:
      return random() % 2 == 0;
    case 5:
      return nullptr;
    case 6:
      return boost::json::array{"a", "b"};
    case 7:
      return boost::json::object{{"a", 1}};
    default:
      return boost::json::string(kTexts[random() % std::size(kTexts)]);
  }
}

TEST(StoredProperties, ThePlainWayAgreesWithTheTree) {
  const EventType type = every_type();
  std::size_t plain = 0;
  for (std::uint32_t seed = 1; seed <= 20'000; ++seed) {
    std::mt19937 random(seed);
    boost::json::object properties;
    for (std::size_t i = random() % 4; i > 0; --i) {
      properties[std::string(1, static_cast<char>('a' + random() % 9))] = any_value(random);
    }
    const std::string stored = to_stored(properties);
    const auto known = known_in_plain(type, stored);
    if (!known) continue;
    ++plain;
    ASSERT_EQ(told(*known), told(known_in_tree(type, stored))) << seed << " " << stored;
  }
  EXPECT_GT(plain, 5'000U);
}

TEST(StoredProperties, WhatIsNotPlainIsLeftToTheTree) {
  const EventType type = every_type();
  for (const std::string_view stored : {"",
                                        "{",
                                        "{}x",
                                        R"({"a":1,})",
                                        R"({"a":1}{)",
                                        R"({"a":01})",
                                        R"({"a":1.0})",
                                        R"({"a":1e3})",
                                        R"({"a":-0})",
                                        R"({"a":-})",
                                        R"({"a":1.})",
                                        R"({"a":"x\n"})",
                                        R"({"a" :1})",
                                        R"({"b":1,"a":1})",
                                        R"({"a":1,"a":2})",
                                        R"({"a":null})",
                                        R"({"a":[]})",
                                        R"({"a":{}})",
                                        R"({"a":1234567890123456})",
                                        R"({"a":1,"b":})",
                                        R"({"a":tru})",
                                        R"({"a":"x)",
                                        "{\"a\":\"\n\"}"}) {
    EXPECT_FALSE(known_in_plain(type, stored).has_value()) << stored;
  }
  for (const std::string_view stored :
       {R"({})", R"({"a":1})", R"({"a":-1.25,"d":"红","z":true})"}) {
    EXPECT_TRUE(known_in_plain(type, stored).has_value()) << stored;
  }
}

}  // namespace
}  // namespace event_log
