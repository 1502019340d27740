#include "log/event.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "log/event_type.h"

namespace event_log {
namespace {

constexpr base::Moment kNow{1'700'000'000'000};

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

NewEvent event_with(std::string_view properties) {
  return {.customer = {1},
          .name = "order_paid",
          .time = kNow,
          .properties = object(properties),
          .key = std::nullopt,
          .ordinal = std::nullopt};
}

std::string fault(const NewEvent& event) {
  const auto found = error_of(event, kNow);
  return found ? std::string(code_of(found->fault)) : "";
}

std::string fault_of_name(std::string name) {
  NewEvent event = event_with("{}");
  event.name = std::move(name);
  return fault(event);
}

std::string fault_of_time(base::Moment time) {
  NewEvent event = event_with("{}");
  event.time = time;
  return fault(event);
}

TEST(Event, StoresPropertiesAsGivenInOneOrder) {
  EXPECT_EQ(to_stored(object(R"({"b": "12.50", "a": 12.5, "c": [ "x", "" ], "d": null})")),
            R"({"a":12.5,"b":"12.50","c":["x",""]})");
  EXPECT_EQ(to_stored(object(R"({"n": 1e2, "s": 0.1, "big": 9007199254740993, "t": 1e-7})")),
            R"({"big":9007199254740993,"n":100,"s":0.1,"t":0.0000001})");
  EXPECT_EQ(to_stored(object(R"({"颜色": "红\"色\n"})")), R"({"颜色":"红\"色\n"})");
  EXPECT_EQ(to_stored({}), "{}");
}

TEST(Event, ValuesGetTheTypeOfTheFirst) {
  const auto type_of = [](std::string_view json) -> std::string {
    const auto type = first_type(boost::json::parse(json));
    return type ? std::string(base::name_of(*type)) : "";
  };
  EXPECT_EQ(type_of("3"), "int");
  EXPECT_EQ(type_of("3.5"), "decimal");
  EXPECT_EQ(type_of("true"), "bool");
  EXPECT_EQ(type_of(R"("2026-01-31")"), "text");  // what looks like anything stays text
  EXPECT_EQ(type_of(R"("12.50")"), "text");
  EXPECT_EQ(type_of(R"(["a"])"), "text_list");
  EXPECT_EQ(type_of("[1]"), "text");
  EXPECT_EQ(type_of("{}"), "text");
  EXPECT_EQ(type_of("null"), "");
}

TEST(Event, KnownPropertiesLeaveOutWrongTypes) {
  EventType type{.id = {1},
                 .name = "order_paid",
                 .standard = false,
                 .declared = false,
                 .properties = {{{11}, "amount", base::ValueType::money},
                                {{12}, "at", base::ValueType::time},
                                {{13}, "items", base::ValueType::integer},
                                {{14}, "skus", base::ValueType::text_list}}};
  const auto known = known_properties(
      type, R"({"amount":"12.50","at":"2026-01-31","items":"many","other":1,"skus":["a"]})");
  ASSERT_EQ(known.size(), 2U);  // a bare date is no time without a zone
  EXPECT_EQ(known[0].id, base::PropertyId{11});
  EXPECT_EQ(known[0].value, base::Value(base::Money{1250}));
  EXPECT_EQ(known[1].id, base::PropertyId{14});
  EXPECT_EQ(known[1].value, base::Value(base::TextList{"a"}));
  EXPECT_TRUE(known_properties(type, "{}").empty());
  // As deep as a request may be, and that is deeper than Boost.JSON reads by itself.
  const std::string deep = std::string(150, '[') + std::string(150, ']');
  EXPECT_EQ(known_properties(type, R"({"amount":"1.00","other":)" + deep + "}").size(), 1U);
}

TEST(Event, FaultsOfNamesAndTimes) {
  EXPECT_EQ(fault_of_name("order_paid"), "");
  EXPECT_EQ(fault_of_name("下单"), "");
  EXPECT_EQ(fault_of_name(std::string(kNameBytesMax, 'a')), "");
  EXPECT_EQ(fault_of_name(std::string(kNameBytesMax + 1, 'a')), "log.bad_name");
  for (const std::string name : {"", " a", "a ", "a\nb", "\xff", "e\u0301"}) {
    EXPECT_EQ(fault_of_name(name), "log.bad_name") << name;
  }
  EXPECT_EQ(fault_of_time({0}), "");
  EXPECT_EQ(fault_of_time({-1}), "log.before_1970");
  EXPECT_EQ(fault_of_time(kNow + kAheadMax), "");
  EXPECT_EQ(fault_of_time(kNow + kAheadMax + base::kMillisecond), "log.too_far_ahead");
}

TEST(Event, FaultsOfKeysAndProperties) {
  NewEvent keyed = event_with("{}");
  keyed.key = std::string(kKeyBytesMax, 'k');
  EXPECT_EQ(fault(keyed), "");
  keyed.key = std::string(kKeyBytesMax + 1, 'k');
  EXPECT_EQ(fault(keyed), "log.bad_key");
  keyed.key = "";
  EXPECT_EQ(fault(keyed), "log.bad_key");

  EXPECT_EQ(fault(event_with(R"({"": 1})")), "log.bad_property_name");
  EXPECT_EQ(fault(event_with(R"({"source": "x"})")), "log.reserved_property");
  EXPECT_EQ(fault(event_with(R"({"local_hour": 3})")), "log.reserved_property");
  EXPECT_EQ(fault(event_with(R"({"a": ["x\u0000"]})")), "log.not_text");

  NewEvent large = event_with("{}");
  large.properties["a"] = std::string(kEventBytesMax - 8, 'x');  // {"a":"…"} is 8 bytes more
  EXPECT_EQ(fault(large), "");
  large.properties["a"] = std::string(kEventBytesMax - 7, 'x');
  EXPECT_EQ(fault(large), "log.too_large");

  NewEvent many = event_with("{}");
  for (std::size_t i = 0; i < kPropertiesMax; ++i) many.properties["p" + std::to_string(i)] = 1;
  EXPECT_EQ(fault(many), "");
  many.properties["one_more"] = 1;
  EXPECT_EQ(fault(many), "log.too_many_properties");
}

}  // namespace
}  // namespace event_log
