#include "audience/rhythm.h"

#include <gtest/gtest.h>

#include "audience/computed_attribute.h"
#include "audience/evaluate.h"
#include "audience/example.h"
#include "audience/explain.h"
#include "audience/mentions.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "customer/computed_name.h"

namespace audience {
namespace {

// Known since 2026-01-01, in Shanghai.
class RhythmTest : public testing::Test {
 protected:
  void SetUp() override {
    shop.event_type("order_paid");
    shop.known_since("2026-01-01");
  }
  void paid(std::initializer_list<const char*> moments) {
    for (const char* moment : moments) shop.did("order_paid", moment);
  }
  std::optional<base::Value> value(Rhythm rhythm, std::string_view at) {
    const auto event = *shop.names.event("order_paid");
    return value_at(rhythm, shop.history().events(event), shop.zone, shop.moment(at));
  }
  std::string text(Rhythm rhythm, std::string_view at) {
    const auto found = value(rhythm, at);
    return found ? base::to_text(*found) : "unknown";
  }

  Example shop;
};

TEST_F(RhythmTest, RecencyIsWholeDaysOf24Hours) {
  EXPECT_EQ(text(Rhythm::recency_days, "2026-01-10"), "unknown");
  paid({"2026-01-10T08:00"});
  EXPECT_EQ(text(Rhythm::recency_days, "2026-01-10T07:59:59.999"), "unknown");
  EXPECT_EQ(text(Rhythm::recency_days, "2026-01-10T08:00"), "0");
  EXPECT_EQ(text(Rhythm::recency_days, "2026-01-12T07:59:59.999"), "1");
  EXPECT_EQ(text(Rhythm::recency_days, "2026-01-12T08:00"), "2");
  EXPECT_EQ(shop.spans("recency_days >= 2"), "2026-01-12T08:00 never");
  EXPECT_EQ(shop.spans("recency_days = 2"), "2026-01-12T08:00 2026-01-13T08:00");
  EXPECT_EQ(shop.spans("recency_days > 1.5 and recency_days < 2.5"),
            "2026-01-12T08:00 2026-01-13T08:00");
  EXPECT_EQ(shop.spans("recency_days in (0, 3)"),
            "2026-01-10T08:00 2026-01-11T08:00, 2026-01-13T08:00 2026-01-14T08:00");
  EXPECT_EQ(shop.spans("recency_days is unknown"), "2026-01-01T00:00 2026-01-10T08:00");
  EXPECT_EQ(shop.spans("recency_days != 0"),
            "2026-01-01T00:00 2026-01-10T08:00, 2026-01-11T08:00 never");
  EXPECT_EQ(shop.spans("recency_days < 0 or recency_days between 5 and 4"), "");
}

TEST_F(RhythmTest, TheNextOrderBeginsAgain) {
  paid({"2026-01-10T08:00", "2026-01-11T20:00"});
  EXPECT_EQ(shop.spans("recency_days between 1 and 2"),
            "2026-01-11T08:00 2026-01-11T20:00, 2026-01-12T20:00 2026-01-14T20:00");
}

TEST_F(RhythmTest, TheUsualGapIsTheMedianBetweenPurchaseDays) {
  paid({"2026-01-02T23:00", "2026-01-05T01:00"});
  EXPECT_EQ(text(Rhythm::usual_gap, "2026-01-20"), "unknown");  // two purchase days
  paid({"2026-01-05T22:00"});                                   // the same day: no purchase more
  EXPECT_EQ(text(Rhythm::usual_gap, "2026-01-20"), "unknown");
  paid({"2026-01-09T12:00"});  // gaps 3 and 4
  EXPECT_EQ(text(Rhythm::usual_gap, "2026-01-20"), "3.5");
  paid({"2026-01-29T12:00"});  // and 20
  EXPECT_EQ(text(Rhythm::usual_gap, "2026-01-28"), "3.5");
  EXPECT_EQ(text(Rhythm::usual_gap, "2026-01-30"), "4");
  EXPECT_EQ(shop.spans("usual_gap = 3.5"), "2026-01-09T12:00 2026-01-29T12:00");
  EXPECT_EQ(shop.spans("usual_gap is known"), "2026-01-09T12:00 never");
}

TEST_F(RhythmTest, OverdueIsExactToTheMillisecond) {
  paid({"2026-01-01T10:00", "2026-01-04T10:00", "2026-01-07T10:00"});  // every 3 days
  EXPECT_EQ(shop.spans("overdue >= 2"), "2026-01-13T10:00 never");
  EXPECT_EQ(shop.spans("overdue < 2"), "2026-01-07T10:00 2026-01-13T10:00");
  EXPECT_EQ(text(Rhythm::overdue, "2026-01-13T09:59:59.999"), "1.999999");
  EXPECT_EQ(text(Rhythm::overdue, "2026-01-13T10:00"), "2");
  // 259,200,000 ms · 0.333333 = 86,399,913.6: the first millisecond not before it.
  EXPECT_EQ(shop.spans("overdue >= 0.333333"), "2026-01-08T09:59:59.914 never");
  EXPECT_EQ(shop.spans("overdue between 1 and 1.000001"),
            "2026-01-10T10:00 2026-01-10T10:00:00.519");
  EXPECT_EQ(shop.spans("overdue = 1"), "2026-01-10T10:00 2026-01-10T10:00:00.260");
  EXPECT_EQ(shop.spans("overdue >= 1000000000000"), "");  // behind the calendar
  paid({"2026-01-12T10:00"});                             // gaps 3, 3 and 5
  EXPECT_EQ(shop.spans("overdue >= 1.5"),
            "2026-01-11T22:00 2026-01-12T10:00, 2026-01-16T22:00 never");
}

TEST_F(RhythmTest, DaysAreTheWorkspaces) {
  Example other("America/New_York");
  other.event_type("order_paid");
  other.known_since("2026-03-01");
  // The day of the clock change has 23 hours; it is one day all the same.
  for (const char* moment : {"2026-03-07T23:30", "2026-03-08T00:30", "2026-03-09T00:10"}) {
    other.did("order_paid", moment);
  }
  EXPECT_EQ(other.spans("usual_gap = 1"), "2026-03-09T00:10 never");
  // A gap of one day is 24 hours.
  EXPECT_EQ(other.spans("overdue >= 1"), "2026-03-10T00:10 never");
}

TEST_F(RhythmTest, HeldAndNotSeeTheSameIntervals) {
  paid({"2026-01-10T08:00", "2026-01-20T08:00"});
  EXPECT_EQ(shop.spans("held(recency_days >= 5, 2d)"),
            "2026-01-17T08:00 2026-01-20T08:00, 2026-01-27T08:00 never");
  EXPECT_EQ(shop.spans("not recency_days >= 5"),
            "2026-01-01T00:00 2026-01-15T08:00, 2026-01-20T08:00 2026-01-25T08:00");
  EXPECT_EQ(shop.standing("recency_days >= 5", "2026-01-16"),
            "true since 2026-01-15T08:00 until 2026-01-20T08:00");
}

TEST_F(RhythmTest, TellsWhatItLooksAtAndWhy) {
  paid({"2026-01-01T10:00", "2026-01-04T10:00", "2026-01-07T10:00"});
  const auto rule = shop.bound("overdue >= 2 and p_alive < 0.3");
  const LooksAt looks = looks_at(*rule, rule->rule().root);
  EXPECT_EQ(looks.mentions.events, std::vector{*shop.names.event("order_paid")});
  EXPECT_TRUE(looks.mentions.attributes.empty());
  EXPECT_TRUE(looks.fitted);
  EXPECT_EQ(print(rule->rule()), "overdue >= 2 and p_alive < 0.3");
  EXPECT_EQ(print(*from_tree_text(to_tree_text(rule->rule()))), "overdue >= 2 and p_alive < 0.3");

  const auto alone = shop.bound("overdue >= 2");
  const auto told = explain(*alone, shop.history(), shop.names, shop.moment("2026-01-14T10:00"));
  std::string facts;
  for (const Fact& fact : told.tree.facts) {
    facts += fact.name + "=" + (fact.value ? base::to_text(*fact.value) : "") + "@" +
             shop.text_of(fact.time) + " ";
  }
  EXPECT_EQ(facts,
            "overdue=2.333333@2026-01-07T10:00 usual_gap=3@2026-01-07T10:00 "
            "recency_days=7@2026-01-07T10:00 order_paid=@2026-01-07T10:00 ");
}

TEST_F(RhythmTest, TellsForWhomTimeChangesTheAnswer) {
  paid({"2026-01-10T08:00", "2026-01-20T08:00"});
  const auto bound = shop.bound("recency_days between 2 and 3");
  auto changing = bound->rule().clone();
  std::get<BetweenValues>(changing.root.form).subject.changing_over = base::kHour;
  BindOptions options;
  options.zone = &shop.zone;
  const auto made = bind(changing, shop.names, options);
  ASSERT_TRUE(made);
  std::string spans;
  auto stream = intervals(**made, shop.history(), base::kMomentMin);
  while (const auto span = stream->next()) {
    spans += shop.text_of(span->from) + " " + shop.text_of(span->to) + ", ";
  }
  EXPECT_EQ(spans,
            "2026-01-12T08:00 2026-01-12T09:00, 2026-01-14T08:00 2026-01-14T09:00, "
            "2026-01-22T08:00 2026-01-22T09:00, 2026-01-24T08:00 2026-01-24T09:00, ");
}

TEST_F(RhythmTest, NamesAreBoundSuggestedAndTyped) {
  BindOptions options;
  options.zone = &shop.zone;
  const auto missed = compile("overdu > 2", shop.names, options);
  ASSERT_TRUE(missed);
  EXPECT_EQ((*missed)->warnings().front().nearest, "overdue");
  EXPECT_EQ(compile("overdue = \"x\"", shop.names, options).error().fault,
            RuleFault::wrong_literal);
  EXPECT_EQ(compile("recency_days in last 7d", shop.names, options).error().fault,
            RuleFault::not_a_time);
  // What a workspace has called so before stays what it was.
  shop.names.declare_attribute("usual_gap", base::ValueType::text);
  EXPECT_TRUE(compile("usual_gap = \"x\"", shop.names, options));
}

TEST(ComputedAttributes, AreTheNamesNobodyCanSet) {
  for (const ComputedAttribute& each : computed_attributes()) {
    EXPECT_TRUE(customer::is_computed_name(each.name)) << each.name;
  }
  EXPECT_EQ(computed_attributes().size(), customer::kComputedNames.size());
}

}  // namespace
}  // namespace audience
