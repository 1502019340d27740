#include "log/plain_events.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json.h"
#include "log/event_type.h"
#include "log/test_log.h"

namespace event_log {
namespace {

constexpr std::size_t kBytesMax = 1024 * 1024;

EventTypes types() {
  using base::ValueType;
  std::vector<Property> all = {
      {{1}, "amount", ValueType::money}, {{2}, "b", ValueType::boolean},
      {{3}, "d", ValueType::date},       {{4}, "l", ValueType::text_list},
      {{5}, "n", ValueType::integer},    {{6}, "ratio", ValueType::decimal},
      {{7}, "t", ValueType::time},       {{8}, "x", ValueType::text}};
  return EventTypes(1, {{{1}, "paid", false, false, std::move(all)}});
}

// An event as text, and what of it is no property.
struct Given {
  std::string name = "paid";
  std::string properties = {};  // JSON; empty: none
  base::Moment time = kTestNow;
};

std::optional<PreparedEvents> plainly(const EventTypes& types, const std::vector<Given>& given) {
  PlainEvents events(types, kTestNow);
  std::vector<std::unique_ptr<base::JsonCursor>> cursors;
  for (const Given& each : given) {
    auto& cursor = *cursors.emplace_back(std::make_unique<base::JsonCursor>(each.properties));
    const bool is_read =
        each.properties.empty() || (events.read_properties(cursor) && cursor.at_end());
    if (!is_read || !events.add({each.name, each.time, std::nullopt})) return std::nullopt;
  }
  return events.take();
}

// Nothing: a text is no JSON object, or an event has a fault.
std::optional<PreparedEvents> as_tree(const EventTypes& types, const std::vector<Given>& given) {
  std::vector<NewEvent> events;
  for (const Given& each : given) {
    NewEvent& event = events.emplace_back();
    event.name = each.name;
    event.time = each.time;
    if (each.properties.empty()) continue;
    auto read = base::parse_json(each.properties, kBytesMax);
    if (!read || !read->is_object()) return std::nullopt;
    event.properties = std::move(read->get_object());
  }
  auto prepared = prepare(events, types, kTestNow);
  if (!prepared) return std::nullopt;
  return std::move(*prepared);
}

// Whether they are plain; what is must be what the tree makes.
bool is_plain(const std::vector<Given>& given) {
  const EventTypes types = event_log::types();
  const auto plain = plainly(types, given);
  if (!plain) return false;
  const auto tree = as_tree(types, given);
  const std::string& last = given.back().properties;
  EXPECT_TRUE(tree.has_value()) << last;
  if (!tree) return true;
  EXPECT_TRUE(*plain == *tree) << last << "\n" << plain->events.back().properties;
  return true;
}
bool is_plain(std::string properties) { return is_plain({{.properties = std::move(properties)}}); }

TEST(PlainEvents, MakeWhatTheTreeMakes) {
  EXPECT_TRUE(is_plain({{.name = "visit"}, {.name = "paid", .properties = "{}"}}));
  EXPECT_TRUE(is_plain({{.properties = R"({"x":"a","amount":"12.50"})"},
                        {.properties = R"({ "amount" : 12.50, "x" : "b" })"},
                        {.name = "visit", .properties = R"({"x":"a","amount":"12.50"})"},
                        {.properties = R"({"amount":"0.10","x":"c"})"}}));
  EXPECT_TRUE(is_plain(R"({"gone":null,"x":"a"})"));
  EXPECT_TRUE(is_plain(R"({"x":"\u79c1\"\\\/\b\f\n\r\t\u0001\u007f"})"));
  EXPECT_TRUE(is_plain(R"({"\u0078":"a"})")) << "a name with escapes";
  EXPECT_TRUE(is_plain(R"({"x":")" + std::string(6000, 'a') + R"("})")) << "of the wrong type";
}

TEST(PlainEvents, ValuesOfAllTypesAreReadAsTheCatalogSays) {
  const std::string values[] = {R"("a")",
                                R"("")",
                                R"("12.50")",
                                R"("12.505")",
                                R"("1e5")",
                                R"("true")",
                                R"("yes")",
                                R"("2026-01-31")",
                                R"("--05-17")",
                                R"("2026-01-31T08:00:00Z")",
                                R"("2026-01-31T08:00:00")",
                                R"("1767225600000")",
                                R"(" 5 ")",
                                "0",
                                "5",
                                "-5",
                                "12.5",
                                "12.50",
                                "12.0",
                                "12.505",
                                "0.1234567",
                                "1767225600000",
                                "1767225600000.0",
                                "1.5",
                                "999999999999999999",
                                "true",
                                "false",
                                "null"};
  const EventTypes types = event_log::types();
  for (const Property& property : types.all().front().properties) {
    for (const std::string& value : values) {
      EXPECT_TRUE(is_plain("{\"" + property.name + "\":" + value + "}"))
          << property.name << " " << value;
    }
  }
}

TEST(PlainEvents, FaultsAndWhatIsUnusualAreLeftToTheTree) {
  for (const std::string properties :
       {R"([])", R"({"x":["a"]})", R"({"x":{"a":1}})", R"({"x":1e3})", R"({"x":1,"x":2})",
        R"({"x":1,"\u0078":2})", R"({"source":"a"})", R"({"local_hour":null})", R"({"":1})",
        R"({" x":null})", R"({"x":"\u0000"})", R"({"x":1,})", R"({"x"})", R"({"x":1)",
        R"({"x":12345678901234567890})"}) {
    EXPECT_FALSE(is_plain(properties)) << properties;
  }
  EXPECT_FALSE(is_plain({{.name = ""}}));
  EXPECT_FALSE(is_plain({{.name = "a\nb"}}));
  EXPECT_FALSE(is_plain({{.time = base::Moment{-1}}}));
  EXPECT_TRUE(is_plain({{.time = kTestNow + kAheadMax}}));
  EXPECT_FALSE(is_plain({{.time = kTestNow + kAheadMax + base::Duration{1}}}));
  EXPECT_FALSE(is_plain(R"({"x":")" + std::string(kEventBytesMax, 'a') + R"("})"));
  std::string many = "{";
  for (std::size_t i = 0; i < kPropertiesMax; ++i) {
    many += "\"p" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  }
  EXPECT_TRUE(is_plain(many.substr(0, many.size() - 1) + "}")) << "in another order";
  EXPECT_FALSE(is_plain(many + "\"more\":null}"));
}

TEST(PlainEvents, APropertyIsFoundByItsName) {
  const EventTypes types = event_log::types();
  PlainEvents events(types, kTestNow);
  base::JsonCursor cursor(R"({"x":1,"ref":null})");
  ASSERT_TRUE(events.read_properties(cursor));
  EXPECT_TRUE(events.has_property("ref"));
  EXPECT_FALSE(events.has_property("re"));
  EXPECT_TRUE(events.add({"paid", kTestNow, hash_of("k")}));
  EXPECT_FALSE(events.has_property("ref")) << "of the next event";
  EXPECT_EQ(events.take().events[0].key, hash_of("k"));
}

// A fraction is stored as the shortest text of the double the tree reads.
TEST(PlainEvents, FractionsAreStoredAsTheTreeStoresThem) {
  std::mt19937_64 random(5);
  int plain = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string number = std::to_string(random() % 1'000'000'000'000'000);
    number.resize(1 + random() % number.size());
    number.insert(random() % (number.size() + 1), ".");
    if (number.front() == '.') number.insert(0, random() % 2 == 0 ? "0" : "-0");
    plain += is_plain("{\"ratio\":" + number + ",\"x\":" + number + "}") ? 1 : 0;
  }
  EXPECT_GT(plain, 30'000);
}

// Members put together at random, some of them damaged.
std::string random_properties(std::mt19937& random) {
  static constexpr std::string_view kNames[] = {
      "amount", "b", "d", "l", "n", "ratio", "t", "x", "new", "\\u0078", "source", " bad", "ref"};
  static constexpr std::string_view kValues[] = {"\"a\"",
                                                 "\"12.50\"",
                                                 "12.5",
                                                 "7",
                                                 "true",
                                                 "null",
                                                 "\"2026-01-31\"",
                                                 "\"\\n\"",
                                                 "\"\xe7\xa7\x81\"",
                                                 "0.10",
                                                 "-3",
                                                 "[\"a\"]",
                                                 "{}",
                                                 "1e2",
                                                 "1767225600000",
                                                 "\"\"",
                                                 "nul"};
  std::string text = "{";
  const std::size_t members = random() % 5;
  for (std::size_t i = 0; i < members; ++i) {
    if (i > 0) text += random() % 50 == 0 ? " " : ",";
    const std::size_t names = random() % 20 == 0 ? std::size(kNames) : 9;
    const std::size_t values = random() % 20 == 0 ? std::size(kValues) : 11;
    text += "\"" + std::string(kNames[random() % names]) + "\":";
    text += kValues[random() % values];
  }
  return text + (random() % 100 == 0 ? "" : "}");
}

TEST(PlainEvents, MakeWhatTheTreeMakesOfRandomEvents) {
  std::mt19937 random(7);
  int plain = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<Given> given(1 + random() % 4);
    for (Given& each : given) {
      each.name = random() % 3 == 0 ? "visit" : "paid";
      each.properties = random_properties(random);
    }
    plain += is_plain(given) ? 1 : 0;
  }
  EXPECT_GT(plain, 1'000);
}

}  // namespace
}  // namespace event_log
