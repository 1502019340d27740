#include "log/prepared_events.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "log/event_type.h"
#include "log/test_log.h"

namespace event_log {
namespace {

// "event name:first(reads_as) …" of every shape.
std::string told(const PreparedEvents& prepared) {
  std::string out;
  for (const EventShape& shape : prepared.shapes) {
    out += (out.empty() ? "" : " | ") + shape.event;
    for (const ShapedProperty& property : shape.properties) {
      out += " " + property.name + ":" + std::string(base::name_of(property.first)) + "(";
      out += property.reads_as ? std::string(base::name_of(*property.reads_as)) : "";
      out += ")";
    }
  }
  return out;
}

EventTypes types() {
  EventType paid{{1}, "paid", false, false, {{{5}, "amount", base::ValueType::money}}};
  return EventTypes(1, {paid});
}

TEST(PreparedEvents, EventsThatLookAlikeShareAShape) {
  const std::vector<NewEvent> events = {
      new_event(1, "visit", R"({"b":1,"a":"x"})"), new_event(2, "visit", R"({"a":"y","b":7})"),
      new_event(2, "visit", R"({"a":"y","b":"7"})"), new_event(3, "visit", R"({"a":null})"),
      new_event(3, "open")};
  const auto prepared = prepare(events, types(), kTestNow);
  ASSERT_TRUE(prepared.has_value());
  EXPECT_EQ(told(*prepared),
            "visit a:text(text) b:int(int) | visit a:text(text) b:text(text) | visit | open");
  std::vector<std::uint32_t> shapes;
  for (const PreparedEvent& event : prepared->events) shapes.push_back(event.shape);
  EXPECT_EQ(shapes, (std::vector<std::uint32_t>{0, 0, 1, 2, 3}));
  EXPECT_EQ(prepared->events[0].properties, R"({"a":"x","b":1})");
  EXPECT_EQ(prepared->events[3].properties, "{}");
}

TEST(PreparedEvents, ValuesAreReadAsTheCatalogSays) {
  const std::vector<NewEvent> events = {new_event(1, "paid", R"({"amount":12.5})"),
                                        new_event(1, "paid", R"({"amount":"much"})"),
                                        new_event(1, "paid", R"({"amount":"1.00","odd":{"a":1}})")};
  const auto prepared = prepare(events, types(), kTestNow);
  ASSERT_TRUE(prepared.has_value());
  EXPECT_EQ(told(*prepared),
            "paid amount:decimal(money) | paid amount:text() | paid amount:text(money) odd:text()");
}

TEST(PreparedEvents, TheFirstFaultIsTold) {
  std::vector<NewEvent> events = {new_event(1, "visit"), new_event(1, " visit")};
  events.push_back(new_event(1, "visit", R"({"source":"x"})"));
  const auto prepared = prepare(events, types(), kTestNow);
  ASSERT_FALSE(prepared.has_value());
  EXPECT_EQ(prepared.error().index, 1U);
  EXPECT_EQ(prepared.error().fault, EventFault::bad_name);
}

TEST(PreparedEvents, EqualRowsOfAFileAreCounted) {
  RowOrdinals ordinals;
  const auto next = [&](std::string_view customer, std::string_view event, std::int64_t time,
                        std::string_view properties) {
    return ordinals.next({customer, event, base::Moment{time}, properties});
  };
  EXPECT_EQ(next("a", "b", 1, "{}"), 0U);
  EXPECT_EQ(next("ab", "", 1, "{}"), 0U) << "parts do not run into each other";
  EXPECT_EQ(next("a", "b", 2, "{}"), 0U);
  EXPECT_EQ(next("a", "b", 1, R"({"x":1})"), 0U);
  EXPECT_EQ(next("a", "b", 1, "{}"), 1U);
  EXPECT_EQ(next("a", "b", 1, "{}"), 2U);
}

TEST(PreparedEvents, EqualRowsAreCountedAmongMany) {
  std::mt19937 random(11);
  RowOrdinals ordinals;
  std::map<std::pair<std::string, std::int64_t>, std::uint32_t> seen;
  for (int i = 0; i < 20'000; ++i) {
    const std::string customer = std::to_string(random() % 100);
    const auto time = static_cast<std::int64_t>(random() % 100);
    ASSERT_EQ(ordinals.next({customer, "visit", base::Moment{time}, "{}"}),
              (seen[{customer, time}]++));
  }
}

}  // namespace
}  // namespace event_log
