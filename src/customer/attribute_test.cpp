#include "customer/attribute.h"

#include <map>
#include <utility>

#include "customer/customer_fixture.h"
#include "customer/merge.h"

namespace customer {
namespace {

base::Value integer(std::int64_t number) { return number; }
base::Value text(std::string_view value) { return std::string(value); }

class AttributeTest : public CustomerTest {
 protected:
  base::Result<std::int64_t, Error> put_raw(base::CustomerId customer, std::string_view name,
                                            std::string_view raw, base::Moment since) {
    const NewValue given{std::string(name), std::nullopt, std::string(raw), since};
    return write(
        [&](Writing& writing) { return set_attributes(writing, customer, std::span(&given, 1)); });
  }
  // The `to` of every change in the order of time, "-" where it is unknown.
  std::string changes_by_time(base::CustomerId customer) {
    std::map<base::Moment, std::string> by_time;
    database().read([&](store::Session& session) {
      const auto reading = event_log::read_after(session, {}, event_log::kReadEventsMax);
      const auto types = log_->catalog().of(session);
      for (const event_log::Event& event : reading.events) {
        if (event.customer != customer) continue;
        const event_log::EventType& type = *types->find(event.type);
        if (type.name != "attribute_changed") continue;
        std::string to = "-";
        for (const auto& property : event_log::known_properties(type, event.properties)) {
          if (property.id == type.find("to")->id) to = base::to_text(property.value);
        }
        by_time[event.time] = to;
      }
    });
    std::string text;
    for (const auto& [time, to] : by_time) text += (text.empty() ? "" : " ") + to;
    return text;
  }
  std::optional<Attribute> known(std::string_view name) {
    return database().read([&](store::Session& session) { return attribute_named(session, name); });
  }
  base::Result<Attribute, Error> declare(std::string_view name, base::ValueType type) {
    return write([&](Writing& writing) { return declare_attribute(writing, name, type); });
  }
};

TEST_P(AttributeTest, HasTheNoteThatWasWritten) {
  ASSERT_TRUE(declare("birthday", base::ValueType::date));
  EXPECT_EQ(known("birthday")->note, base::FieldNote{});
  const base::FieldNote note{.label_zh = "生日", .label_en = "Birthday", .personal = true};
  const auto noted = [&](base::AttributeId id) {
    return write([&](Writing& writing) { return note_attribute(writing, id, note); });
  };
  EXPECT_EQ(noted(known("birthday")->id)->note, note);
  EXPECT_EQ(known("birthday")->note, note);
  EXPECT_EQ(known("birthday")->type, base::ValueType::date);
  EXPECT_EQ(noted({999}).error().fault, Fault::unknown_attribute);
}

TEST_P(AttributeTest, WhatIsComputedIsNobodysToSet) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(declare("overdue", base::ValueType::decimal).error().fault, Fault::computed_name);
  EXPECT_EQ(put_raw(one, "p_alive", "0.9", at(-1)).error().fault, Fault::computed_name);
  EXPECT_FALSE(known("p_alive"));
}

TEST_P(AttributeTest, IsRegisteredWithItsFirstType) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(put(one, "age", integer(30), at(-2)), 1);
  ASSERT_TRUE(known("age"));
  EXPECT_EQ(known("age")->type, base::ValueType::integer);
  EXPECT_FALSE(known("age")->declared);
  EXPECT_EQ(value_of(one, "age"), "30");
  EXPECT_EQ(declare("age", base::ValueType::text).error().fault, Fault::type_conflict);
  ASSERT_TRUE(declare("age", base::ValueType::integer));
  EXPECT_TRUE(known("age")->declared);
}

TEST_P(AttributeTest, TheSameValueIsNoChange) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(put(one, "city", text("上海"), at(-2)), 1);
  EXPECT_EQ(put(one, "city", text("上海"), at(-2)), 0);
  EXPECT_EQ(put(one, "city", text("上海"), {}), 0);
  EXPECT_EQ(put(one, "city", text("杭州"), at(-2)), 1);  // the later in the log counts
  EXPECT_EQ(value_of(one, "city"), "杭州");
  EXPECT_EQ(events_of(one).size(), 4U);
}

// The same dated values in any order: one history, one value today.
TEST_P(AttributeTest, TheOrderOfArrivalDoesNotMatter) {
  const std::vector<std::string> values = {"A", "B", "A", "A", "B", ""};  // on day -6 … -1
  std::vector<std::size_t> order(values.size());
  for (std::size_t each = 0; each < order.size(); ++each) order[each] = each;
  base::SeededRandom random(7);
  ASSERT_TRUE(declare("city", base::ValueType::text));
  for (int round = 0; round < 12; ++round) {
    for (std::size_t each = order.size(); each > 1; --each) {
      std::swap(order[each - 1], order[random.next() % each]);
    }
    const base::CustomerId one = known_as("k-" + std::to_string(round), -9);
    for (const std::size_t each : order) {
      const base::Moment since = at(static_cast<std::int64_t>(each) - 6);
      NewValue given{"city", std::nullopt, {}, since};
      if (!values[each].empty()) given.value = text(values[each]);
      ASSERT_TRUE(write(
          [&](Writing& writing) { return set_attributes(writing, one, std::span(&given, 1)); }));
    }
    EXPECT_EQ(changes_by_time(one), "A B A A B -") << round;
    EXPECT_EQ(value_of(one, "city"), "unknown");
  }
}

TEST_P(AttributeTest, ALateChangeIsKeptInTheLogAlone) {
  const base::CustomerId one = known_as("k-1");
  ASSERT_EQ(put(one, "age", integer(31), at(-1)), 1);
  EXPECT_EQ(put(one, "age", integer(30), at(-5)), 1);
  EXPECT_EQ(value_of(one, "age"), "31");
  EXPECT_EQ(events_of(one).size(), 4U);
}

TEST_P(AttributeTest, SeveralInOneCallCountInTheirOrder) {
  const base::CustomerId one = known_as("k-1");
  const std::vector<NewValue> values = {
      {"age", integer(1), {}, at(-3)}, {"age", integer(2), {}, at(-1)},
      {"age", integer(3), {}, at(-2)}, {"age", integer(4), {}, at(-1)},
      {"city", text("x"), {}, {}},     {"city", text("x"), {}, {}}};
  const auto changed =
      write([&](Writing& writing) { return set_attributes(writing, one, values); });
  EXPECT_EQ(changed, 5);
  EXPECT_EQ(value_of(one, "age"), "4");
  EXPECT_EQ(value_of(one, "city"), "x");
}

TEST_P(AttributeTest, AWrongTypeIsUnknownAndKeptRaw) {
  const base::CustomerId one = known_as("k-1");
  ASSERT_TRUE(declare("age", base::ValueType::integer));
  ASSERT_EQ(put(one, "age", integer(30), at(-3)), 1);
  EXPECT_EQ(put(one, "age", text("thirty"), at(-2)), 1);
  EXPECT_EQ(value_of(one, "age"), "unknown (thirty)");
  EXPECT_EQ(put(one, "age", base::Value(true), at(-1)), 1);
  EXPECT_EQ(value_of(one, "age"), "unknown (true)");
  EXPECT_EQ(put_raw(one, "age", "1E+9", at(0)), 1);
  EXPECT_EQ(value_of(one, "age"), "unknown (1E+9)");
  EXPECT_EQ(known("age")->wrong_type_count, 3);
}

TEST_P(AttributeTest, TakesWhatMeansTheSameInTheTypeOfTheAttribute) {
  const base::CustomerId one = known_as("k-1");
  ASSERT_TRUE(declare("age", base::ValueType::integer));
  ASSERT_TRUE(declare("spent", base::ValueType::money));
  ASSERT_TRUE(declare("vip", base::ValueType::boolean));
  const auto shown = [&](std::string_view name, base::Value value) {
    EXPECT_EQ(put(one, name, std::move(value), at(0)), 1);
    return value_of(one, name);
  };
  EXPECT_EQ(shown("age", text(" 30 ")), "30");
  EXPECT_EQ(shown("age", base::Value(base::Decimal{31'000'000})), "31");
  EXPECT_EQ(shown("age", base::Value(base::Decimal{31'500'000})), "unknown (31.5)");
  EXPECT_EQ(shown("age", base::Value(base::Money{3200})), "32");
  EXPECT_EQ(shown("spent", integer(12)), "12.00");
  EXPECT_EQ(shown("spent", base::Value(base::Decimal{12'505'000})), "unknown (12.505)");
  EXPECT_EQ(shown("vip", text("是")), "true");
  EXPECT_EQ(shown("vip", integer(1)), "unknown (1)");
}

TEST_P(AttributeTest, MayBecomeUnknown) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(put_raw(one, "city", "", at(-3)), 0);  // never seen, without a value
  EXPECT_FALSE(known("city"));
  ASSERT_EQ(put(one, "city", text("上海"), at(-2)), 1);
  EXPECT_EQ(put_raw(one, "city", "", at(-1)), 1);
  EXPECT_EQ(value_of(one, "city"), "unknown");
  EXPECT_EQ(put_raw(one, "city", "", at(-1)), 0);
}

TEST_P(AttributeTest, EveryTypeComesBackAsItWent) {
  const base::CustomerId one = known_as("k-1");
  const std::vector<base::Value> values = {integer(-7),
                                           base::Decimal{333'333},
                                           base::Money{1250},
                                           text("a|b \"c\""),
                                           base::Value(false),
                                           base::Value(base::Moment{1'700'000'000'123}),
                                           base::Value(base::Date{0, 2, 29}),
                                           base::Value(base::TextList{"红", "蓝"})};
  for (const base::Value& value : values) {
    const std::string name = "a" + std::to_string(value.index());
    ASSERT_EQ(put(one, name, value, at(0)), 1) << name;
    const auto back = database().read(
        [&](store::Session& session) { return attributes_of(session, one).back().value; });
    EXPECT_EQ(back, value) << name;
  }
}

TEST_P(AttributeTest, NamesAndTimesAreChecked) {
  const base::CustomerId one = known_as("k-1");
  EXPECT_EQ(put(one, "", integer(1), at(0)).error().fault, Fault::name_invalid);
  EXPECT_EQ(put(one, "a\nb", integer(1), at(0)).error().fault, Fault::name_invalid);
  EXPECT_EQ(put(one, std::string(kNameBytesMax + 1, 'a'), integer(1), at(0)).error().fault,
            Fault::name_invalid);
  EXPECT_EQ(put(one, std::string(kNameBytesMax, 'a'), integer(1), at(0)), 1);
  EXPECT_EQ(put(one, "age", integer(1), at(400)).error().fault, Fault::time_refused);
  EXPECT_EQ(put(fresh(), "age", integer(1), at(0)).error().fault, Fault::unknown_customer);
  EXPECT_EQ(value_of(one, "age"), "never");
}

TEST_P(AttributeTest, ALongRawTextIsCutAtACharacter) {
  const base::CustomerId one = known_as("k-1");
  ASSERT_TRUE(declare("age", base::ValueType::integer));
  std::string raw(kRawBytesMax - 1, 'x');
  raw += "红";
  ASSERT_EQ(put_raw(one, "age", raw, at(0)), 1);
  EXPECT_EQ(value_of(one, "age"), "unknown (" + std::string(kRawBytesMax - 1, 'x') + ")");
}

TEST_P(AttributeTest, SixteenThreadsLeaveTheLatestChange) {
  const base::CustomerId one = known_as("k-1");
  together([&](std::size_t thread) {
    for (std::int64_t round = 0; round < 5; ++round) {
      const auto number = static_cast<std::int64_t>(thread) * 5 + round;
      const auto done = put(one, "age", integer(number), at(0) + base::Duration{-number});
      ASSERT_TRUE(done) << code_of(done.error().fault);
    }
  });
  EXPECT_EQ(value_of(one, "age"), "0");  // the one with the latest time, whoever came last
  EXPECT_EQ(events_of(one).size(), 2U + kTestThreads * 5);
}

TEST_P(AttributeTest, SixteenThreadsRegisterANameOnce) {
  std::vector<base::CustomerId> customers;
  for (std::size_t each = 0; each < kTestThreads; ++each) {
    customers.push_back(known_as("k-" + std::to_string(each)));
  }
  together([&](std::size_t thread) {
    for (int round = 0; round < 5; ++round) {
      const auto done = put(customers[thread], "a" + std::to_string(round), integer(1), at(0));
      ASSERT_EQ(done, 1);
    }
  });
  const auto all = database().read([](store::Session& session) { return attributes(session); });
  EXPECT_EQ(all.size(), 5U);
}

TEST_P(AttributeTest, RefusesMoreValuesAtOnceThanItsLimit) {
  const base::CustomerId one = known_as("k-1");
  std::vector<NewValue> values(kAttributesAtOnceMax, {"age", integer(1), {}, {}});
  const auto set = [&] {
    return write([&](Writing& writing) { return set_attributes(writing, one, values); });
  };
  EXPECT_EQ(set(), 1);
  values.push_back({"age", integer(2), {}, {}});
  const auto refused = set();
  ASSERT_FALSE(refused);
  EXPECT_EQ(code_of(refused.error().fault), "customer.too_many_values");
  EXPECT_EQ(value_of(one, "age"), "1");
}

INSTANTIATE_TEST_SUITE_P(Both, AttributeTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
