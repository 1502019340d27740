#include "log/event_type.h"

#include "log/test_log.h"

namespace event_log {
namespace {

class EventTypeTest : public LogFixture {
 protected:
  std::string declare(std::string_view name, const std::vector<TypedName>& properties) {
    const auto declared = database().write("event_type.declare", [&](store::Unit& unit) {
      return log().catalog().declare(unit, name, properties);
    });
    return declared ? ""
                    : std::string(code_of(declared.error().fault)) + " " + declared.error().name;
  }
  // "name:type name:type …"
  std::string properties(std::string_view name) {
    const auto known = types();
    const EventType* type = known->find(name);
    if (type == nullptr) return "unknown";
    std::string out;
    for (const Property& property : type->properties) {
      out += (out.empty() ? "" : " ") + property.name + ":" +
             std::string(base::name_of(property.type));
    }
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, EventTypeTest, store::kBothDatabases, store::dialect_name);

TEST_P(EventTypeTest, TheStandardVocabularyIsThere) {
  EXPECT_EQ(properties("order_paid"),
            "amount:money coupon:text items:int order_id:text reason:text sku_list:text_list");
  EXPECT_EQ(properties("tag_added"), "by:text changed:text from:text ref:int to:text");
  EXPECT_EQ(properties("points_earned"), "amount:int from:text to:text why:text");
  EXPECT_EQ(properties("balance_spent"), "amount:money from:text to:text why:text");
  EXPECT_EQ(properties("keyword_asked"),
            "account:text answered:bool keyword:text kind:text staff:text");
  EXPECT_EQ(properties("staff_task_done"), "outcome:text staff:text task:text");
  EXPECT_TRUE(types()->find("order_paid")->standard);
  EXPECT_EQ(types()->all().size(), 93U);
}

TEST_P(EventTypeTest, APropertyHasTheNoteThatWasWritten) {
  const base::PropertyId coupon = types()->find("order_paid")->find("coupon")->id;
  EXPECT_EQ(types()->property(coupon)->note, base::FieldNote{});
  const base::FieldNote note{.label_zh = "优惠券", .label_en = "", .personal = true};
  const auto write = [&](base::PropertyId property) {
    return database().write(
        "test.note", [&](store::Unit& unit) { return EventCatalog::note(unit, property, note); });
  };
  EXPECT_TRUE(write(coupon));
  EXPECT_EQ(types()->property(coupon)->note, note);
  EXPECT_EQ(types()->find("order_paid")->find("amount")->note, base::FieldNote{});
  EXPECT_FALSE(write({999'999}));
}

TEST_P(EventTypeTest, FirstValuesGiveTheTypeAndItStays) {
  append(
      {new_event(1, "quiz", R"({"n": 1, "d": 0.5, "b": true, "t": "3", "l": ["a"], "x": null})")});
  EXPECT_EQ(properties("quiz"), "b:bool d:decimal l:text_list n:int t:text");
  append({new_event(1, "quiz", R"({"n": 0.5, "x": 7})")});
  EXPECT_EQ(properties("quiz"), "b:bool d:decimal l:text_list n:int t:text x:int");
}

TEST_P(EventTypeTest, WrongValuesAreKeptRawAndCounted) {
  append({new_event(1, "order_paid", R"({"amount": "a lot", "items": 1.5})"),
          new_event(1, "order_paid", R"({"amount": "12.505", "items": 2})")});
  EXPECT_EQ(seen(), R"(order_paid{"amount":"a lot","items":1.5} )"
                    R"(order_paid{"amount":"12.505","items":2})");
  const EventType type = *types()->find("order_paid");
  const auto reports = database().read(
      [&](store::Session& session) { return log().catalog().report(session, type.id); });
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].property, type.find("amount")->id);
  EXPECT_EQ(reports[0].wrong_values, 2);
  EXPECT_EQ(reports[1].property, type.find("items")->id);
  EXPECT_EQ(reports[1].wrong_values, 1);
}

TEST_P(EventTypeTest, DeclaringAddsAndNeverChanges) {
  EXPECT_EQ(declare("visit", {{"place", base::ValueType::text}}), "");
  EXPECT_EQ(declare("visit", {{"since", base::ValueType::date}}), "");
  EXPECT_EQ(properties("visit"), "place:text since:date");
  EXPECT_EQ(declare("visit", {{"place", base::ValueType::integer}}), "log.type_differs place");
  EXPECT_EQ(declare("", {}), "log.bad_name ");
  EXPECT_EQ(declare("visit", {{"local_hour", base::ValueType::integer}}),
            "log.reserved_property local_hour");
  EXPECT_TRUE(types()->find("visit")->declared);
  append({new_event(1, "seen_first")});
  EXPECT_FALSE(types()->find("seen_first")->declared);
  EXPECT_EQ(declare("seen_first", {}), "");
  EXPECT_TRUE(types()->find("seen_first")->declared);
}

TEST_P(EventTypeTest, TooManyPropertiesAreRefused) {
  std::vector<TypedName> properties;
  for (std::size_t i = 0; i <= kPropertiesPerTypeMax; ++i) {
    properties.push_back({"p" + std::to_string(i), base::ValueType::text});
  }
  EXPECT_EQ(declare("wide", properties), "log.too_many_properties p500");
  EXPECT_EQ(types()->find("wide"), nullptr);
  properties.pop_back();
  EXPECT_EQ(declare("wide", properties), "");
  const auto refused = append(origin(), {new_event(1, "wide", R"({"one_more": 1})")});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, EventFault::too_many_types);
  EXPECT_EQ(refused.error().name, "one_more");
}

// Another process on the same database.
TEST_P(EventTypeTest, AnotherLogSeesWhatThisOneRegisters) {
  Log other(database());
  base::SeededRandom random(1);
  other.prepare(kTestNow, random);
  EXPECT_EQ(other.id(), log().id());
  append({new_event(1, "brand_new", R"({"p": 1})")});
  const auto known =
      database().read([&](store::Session& session) { return other.catalog().of(session); });
  ASSERT_NE(known->find("brand_new"), nullptr);
  EXPECT_EQ(known->find("brand_new")->id, types()->find("brand_new")->id);
  // It appends without having looked.
  Log third(database());
  const auto appended = database().write("event.append", [&](store::Unit& unit) {
    return third.append(unit, origin(), new_event(1, "brand_new", R"({"p": 2})"));
  });
  EXPECT_TRUE(appended.has_value());
  EXPECT_EQ(seen(), R"(brand_new{"p":1} brand_new{"p":2})");
}

}  // namespace
}  // namespace event_log
