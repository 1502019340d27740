#include "audience/evaluate.h"

#include <gtest/gtest.h>

#include "audience/example.h"
#include "audience/parse.h"

namespace audience {
namespace {

using base::ValueType;
using timeline::MembershipKind;

class Evaluate : public testing::Test {
 protected:
  Evaluate() {
    shop.names.declare_attribute("age", ValueType::integer);
    shop.names.declare_attribute("city", ValueType::text);
    shop.names.declare_attribute("seen", ValueType::time);
    shop.names.declare_attribute("born", ValueType::date);
    shop.names.declare_attribute("likes", ValueType::text_list);
    const std::vector<std::pair<std::string, ValueType>> properties = {
        {"sku", ValueType::text},      {"shop", ValueType::text}, {"amount", ValueType::money},
        {"count", ValueType::integer}, {"due", ValueType::time},  {"day", ValueType::date}};
    for (const char* name : {"viewed", "added", "paid"}) shop.event_type(name, properties);
    shop.names.declare_tag("level", "gold");
    shop.names.declare_tag("level", "silver");
    shop.known_since("2026-01-01");
  }

  Example shop;
};

TEST_F(Evaluate, EveryoneFromKnownSinceOn) {
  EXPECT_EQ(shop.spans("everyone"), "2026-01-01T00:00 never");
  EXPECT_EQ(shop.spans("not everyone"), "");
  EXPECT_EQ(shop.spans("not did paid"), "2026-01-01T00:00 never");
  EXPECT_EQ(shop.standing("everyone", "2025-12-31"), "false since always until 2026-01-01T00:00");
  shop.did("paid", "2025-12-30T10:00");  // a first event makes known earlier
  EXPECT_EQ(shop.spans("everyone"), "2025-12-30T10:00 never");
}

TEST_F(Evaluate, UnknownNameMatchesNobody) {
  EXPECT_EQ(shop.spans("not did peid"), "");
  EXPECT_FALSE(holds_at(*shop.bound("not did peid"), shop.history(), shop.moment("2026-02-01")));
}

TEST_F(Evaluate, EventWindows) {
  shop.did("paid", "2026-01-10T08:00");
  EXPECT_EQ(shop.spans("did paid"), "2026-01-10T08:00 never");
  EXPECT_EQ(shop.spans("did paid in last 7d"), "2026-01-10T08:00 2026-01-17T08:00");
  EXPECT_EQ(shop.spans("did paid in last 0d"), "");
  EXPECT_EQ(shop.spans("did paid today"), "2026-01-10T08:00 2026-01-11T00:00");
  EXPECT_EQ(shop.spans("did paid yesterday"), "2026-01-11T00:00 2026-01-12T00:00");
  EXPECT_EQ(shop.spans("did paid in this month"), "2026-01-10T08:00 2026-02-01T00:00");
  EXPECT_EQ(shop.spans("did paid in previous 2 weeks"), "2026-01-12T00:00 2026-01-26T00:00");
  EXPECT_EQ(shop.spans("did paid in previous 0 days"), "");
  EXPECT_EQ(shop.spans("did paid in previous 9999999999999 years"), "2027-01-01T00:00 never");
  EXPECT_EQ(shop.spans("did paid from 3d to 1d ago"), "2026-01-11T08:00 2026-01-13T08:00");
  EXPECT_EQ(shop.spans("did paid from 1d to 3d ago"), "");
  EXPECT_EQ(shop.spans("did paid since 2026-01-10T08:00"), "2026-01-10T08:00 never");
  EXPECT_EQ(shop.spans("did paid before 2026-01-10T08:00"), "");
  EXPECT_EQ(shop.spans("did paid between 2026-01-10 and 2026-01-11"), "2026-01-10T08:00 never");
  EXPECT_EQ(shop.spans("did paid between 2026-01-11 and 2026-01-10"), "");
  EXPECT_EQ(shop.spans("did not paid in last 7d"),
            "2026-01-01T00:00 2026-01-10T08:00, 2026-01-17T08:00 never");
}

TEST(EvaluateZone, DaysAreLocalDays) {
  Example shop("America/New_York");
  shop.event_type("paid");
  shop.did("paid", "2026-03-08T01:00");  // 23 hours: 02:00 becomes 03:00
  EXPECT_EQ(shop.spans("did paid today"), "2026-03-08T01:00 2026-03-09T00:00");
  EXPECT_EQ(shop.spans("did paid in last 1d"), "2026-03-08T01:00 2026-03-09T02:00");
  shop.did("paid", "2026-03-09T00:30");
  EXPECT_EQ(shop.spans("did paid on = 2 days"), "2026-03-09T00:30 never");
}

TEST_F(Evaluate, Counts) {
  shop.did("paid", "2026-01-10", {{"count", "2"}, {"sku", "x"}});
  shop.did("paid", "2026-01-11", {{"count", "4"}, {"sku", "y"}});
  shop.did("paid", "2026-01-11", {{"sku", "x"}});
  EXPECT_EQ(shop.spans("did paid = 1 times"), "2026-01-10T00:00 2026-01-11T00:00");
  EXPECT_EQ(shop.spans("did paid >= 3 times in last 2d"), "2026-01-11T00:00 2026-01-12T00:00");
  EXPECT_EQ(shop.spans("did paid < 2 times in last 2d"),
            "2026-01-01T00:00 2026-01-11T00:00, 2026-01-13T00:00 never");
  EXPECT_EQ(shop.spans("did paid on = 2 days"), "2026-01-11T00:00 never");
  EXPECT_EQ(shop.spans("did paid distinct(sku) = 2 in last 2d"),
            "2026-01-11T00:00 2026-01-13T00:00");
  EXPECT_EQ(shop.spans("did paid distinct(count) = 2"), "2026-01-11T00:00 never");
}

TEST_F(Evaluate, SumsAndAveragesAreExact) {
  shop.did("paid", "2026-01-10", {{"amount", "0.10"}, {"count", "1"}});
  shop.did("paid", "2026-01-11", {{"amount", "0.20"}, {"count", "0"}});
  shop.did("paid", "2026-01-12", {{"amount", "0.30"}, {"count", "0"}});
  shop.did("paid", "2026-01-13");  // unknown: not looked at
  EXPECT_EQ(shop.spans("did paid sum(amount) = 0.6"), "2026-01-12T00:00 never");
  EXPECT_EQ(shop.spans("did paid sum(amount) >= 0.5 in last 2d"),
            "2026-01-12T00:00 2026-01-13T00:00");
  EXPECT_EQ(shop.spans("did paid avg(amount) = 0.15"), "2026-01-11T00:00 2026-01-12T00:00");
  // A third lies between literals of any number of places.
  EXPECT_EQ(shop.spans("did paid avg(count) > 0.3333333333333333"), "2026-01-10T00:00 never");
  EXPECT_EQ(shop.spans("did paid avg(count) < 0.3333333333333334"), "2026-01-12T00:00 never");
  EXPECT_EQ(shop.spans("did paid avg(count) <= 0.3333333"), "");
  EXPECT_EQ(shop.spans("did paid avg(count) = 0.5000000"), "2026-01-11T00:00 2026-01-12T00:00");
}

TEST_F(Evaluate, NegativeAveragesBetweenPlaces) {
  shop.did("paid", "2026-01-10", {{"count", "-1"}});
  shop.did("paid", "2026-01-11", {{"count", "0"}});
  shop.did("paid", "2026-01-12", {{"count", "0"}});
  EXPECT_EQ(shop.spans("did paid avg(count) < -0.3333333"), "2026-01-10T00:00 never");
  EXPECT_EQ(shop.spans("did paid avg(count) > -0.3333334"), "2026-01-12T00:00 never");
}

TEST_F(Evaluate, SumBeyond64BitsIsUnknown) {
  shop.did("paid", "2026-01-10", {{"count", "9223372036854775807"}});
  shop.did("paid", "2026-01-11", {{"count", "1"}});
  EXPECT_EQ(shop.spans("did paid sum(count) > 5"), "2026-01-10T00:00 2026-01-11T00:00");
  EXPECT_EQ(shop.spans("not did paid avg(count) >= 0"),
            "2026-01-01T00:00 2026-01-10T00:00, 2026-01-11T00:00 never");
  EXPECT_EQ(shop.spans("did paid sum(count) != 0"), "2026-01-10T00:00 never");
  // With the first event gone it is known again.
  EXPECT_EQ(shop.spans("did paid sum(count) = 1 in last 2d"), "2026-01-12T00:00 2026-01-13T00:00");
}

TEST_F(Evaluate, Extremes) {
  shop.did("paid", "2026-01-10", {{"count", "5"}, {"due", "2026-02-01T00:00Z"}});
  shop.did("paid", "2026-01-11", {{"count", "3"}, {"due", "2026-02-03T00:00Z"}});
  shop.did("paid", "2026-01-12", {{"count", "4"}, {"day", "--05-17"}});
  EXPECT_EQ(shop.spans("did paid max(count) = 5 in last 2d"), "2026-01-10T00:00 2026-01-12T00:00");
  EXPECT_EQ(shop.spans("did paid max(count) = 4 in last 2d"), "2026-01-12T00:00 2026-01-14T00:00");
  EXPECT_EQ(shop.spans("did paid min(count) = 3 in last 2d"), "2026-01-11T00:00 2026-01-13T00:00");
  EXPECT_EQ(shop.spans("did paid max(due) > 2026-02-02"), "2026-01-11T00:00 never");
  // A date without a year has no moment: there is nothing to look at.
  EXPECT_EQ(shop.spans("did paid min(day) > 1990-01-01"), "");
  EXPECT_EQ(shop.spans("did paid min(day) != 1990-01-01"), "2026-01-01T00:00 never");
  EXPECT_EQ(shop.spans("did paid distinct(day) = 1"), "2026-01-12T00:00 never");
}

TEST_F(Evaluate, FieldsOfEveryEvent) {
  shop.did("paid", "2026-01-10T23:30", {{"source", "csv"}});  // a Saturday
  shop.did("paid", "2026-01-11T00:30", {{"source", "api"}});
  EXPECT_EQ(shop.spans("did paid where (local_hour = 23 and local_weekday = 6)"),
            "2026-01-10T23:30 never");
  EXPECT_EQ(shop.spans("did paid where (source = \"api\")"), "2026-01-11T00:30 never");
  EXPECT_EQ(shop.spans("did paid distinct(source) = 2"), "2026-01-11T00:30 never");
  EXPECT_EQ(shop.spans("did paid max(local_weekday) = 7"), "2026-01-11T00:30 never");
}

TEST_F(Evaluate, FirstAndLast) {
  shop.did("paid", "2026-01-10", {{"sku", "x"}});
  shop.did("paid", "2026-01-12", {{"sku", "y"}});
  EXPECT_EQ(shop.spans("first paid in last 7d"), "2026-01-10T00:00 2026-01-17T00:00");
  EXPECT_EQ(shop.spans("last paid in last 1d"),
            "2026-01-10T00:00 2026-01-11T00:00, 2026-01-12T00:00 2026-01-13T00:00");
  EXPECT_EQ(shop.spans("last paid with (sku = \"x\")"), "2026-01-10T00:00 2026-01-12T00:00");
  EXPECT_EQ(shop.spans("first paid where (sku = \"y\")"), "2026-01-12T00:00 never");
  EXPECT_EQ(shop.spans("first paid since 2026-01-11"), "");  // the first lies outside, for ever
  shop.did("paid", "2026-01-12", {{"sku", "z"}});            // same millisecond, later in the log
  EXPECT_EQ(shop.spans("last paid with (sku = \"y\")"), "");
  EXPECT_EQ(shop.spans("last paid with (sku = \"z\")"), "2026-01-12T00:00 never");
  EXPECT_EQ(shop.spans("first paid where (sku != \"x\") with (sku = \"y\")"),
            "2026-01-12T00:00 never");
}

TEST_F(Evaluate, LateEventsChangeThePast) {
  shop.did("viewed", "2026-01-12");
  shop.did("added", "2026-01-14");
  EXPECT_EQ(shop.spans("did added then viewed"), "");
  shop.did("added", "2026-01-11");  // arrives last, happened first
  EXPECT_EQ(shop.spans("did added then viewed"), "2026-01-12T00:00 never");
}

TEST_F(Evaluate, AttributesPieceByPiece) {
  shop.attribute("age", "2026-01-05", "30");
  shop.attribute("age", "2026-01-08", "31");
  shop.attribute("age", "2026-01-10", std::nullopt);
  EXPECT_EQ(shop.spans("age >= 30"), "2026-01-05T00:00 2026-01-10T00:00");  // merged
  EXPECT_EQ(shop.spans("age = 31"), "2026-01-08T00:00 2026-01-10T00:00");
  EXPECT_EQ(shop.spans("age != 31"), "2026-01-01T00:00 2026-01-08T00:00, 2026-01-10T00:00 never");
  EXPECT_EQ(shop.spans("age is unknown"),
            "2026-01-01T00:00 2026-01-05T00:00, 2026-01-10T00:00 never");
  EXPECT_EQ(shop.spans("age between 30.5 and 31"), "2026-01-08T00:00 2026-01-10T00:00");
  shop.attribute("likes", "2026-01-02", "tea|ski");
  EXPECT_EQ(shop.spans("likes in (\"ski\", \"x\") and not likes = \"te\""),
            "2026-01-02T00:00 never");
}

TEST_F(Evaluate, AttributesInWindows) {
  shop.attribute("seen", "2026-01-05", "2026-01-10T08:00+08:00");
  EXPECT_EQ(shop.spans("seen in next 2d"), "2026-01-08T08:00 2026-01-10T08:00");
  EXPECT_EQ(shop.spans("seen in last 1d"), "2026-01-10T08:00 2026-01-11T08:00");
  EXPECT_EQ(shop.spans("seen since 2026-01-09"), "2026-01-05T00:00 never");  // also ahead
  EXPECT_EQ(shop.spans("seen before 2026-01-09"), "");
  EXPECT_EQ(shop.spans("seen in next 2w"), "2026-01-05T00:00 2026-01-10T08:00");
  shop.attribute("born", "2026-01-05", "--05-17");
  EXPECT_EQ(shop.spans("born < 2030-01-01 or born in last 1w or born = --05-17"), "");
  EXPECT_EQ(shop.spans("born != 2030-01-01"), "2026-01-01T00:00 never");
  EXPECT_EQ(shop.spans("born is known"), "2026-01-05T00:00 never");
}

TEST_F(Evaluate, Anniversaries) {
  shop.attribute("born", "2026-01-05", "2025-02-28");
  EXPECT_EQ(shop.standing("born anniversary today", "2026-03-01"),
            "false since 2026-03-01T00:00 until 2027-02-28T00:00");
  EXPECT_EQ(shop.standing("born anniversary in next 2d", "2026-02-27"),
            "true since 2026-02-26T00:00 until 2026-03-01T00:00");
  EXPECT_EQ(shop.standing("born anniversary in next 366d", "2030-02-27"),
            "true since 2026-01-05T00:00 until never");
  shop.attribute("born", "2026-06-01", "2026-07-01");  // the first anniversary is in 2027
  EXPECT_EQ(shop.standing("born anniversary today", "2026-07-01"),
            "false since 2026-03-01T00:00 until 2027-07-01T00:00");
}

TEST_F(Evaluate, Memberships) {
  shop.tag_on("level/gold", "2026-01-05");
  shop.tag_off("level/gold", "2026-01-07");
  shop.tag_on("level/silver", "2026-01-07");
  EXPECT_EQ(shop.spans("tag \"gold\""), "2026-01-05T00:00 2026-01-07T00:00");
  EXPECT_EQ(shop.spans("tag any of \"level\""), "2026-01-05T00:00 never");
  shop.names.declare_list("regulars");
  shop.on({MembershipKind::list, shop.names.list("regulars")->value}, "2026-01-03");
  EXPECT_EQ(shop.spans("audience \"regulars\""), "2026-01-03T00:00 never");
  const std::int64_t sms = shop.names.declare_consent("marketing", "sms");
  const std::int64_t mail = shop.names.declare_consent("marketing", "mail");
  shop.on({MembershipKind::consent, sms}, "2026-01-03");
  shop.off({MembershipKind::consent, sms}, "2026-01-04");
  shop.on({MembershipKind::consent, mail}, "2026-01-06");
  EXPECT_EQ(shop.spans("consents to \"marketing\""),
            "2026-01-03T00:00 2026-01-04T00:00, 2026-01-06T00:00 never");
  EXPECT_EQ(shop.spans("consents to \"marketing\" on \"mail\""), "2026-01-06T00:00 never");
  const std::int64_t phone = shop.names.declare_identity_kind("phone");
  shop.on({MembershipKind::identity, phone}, "2026-01-02");
  EXPECT_EQ(shop.spans("identity on \"phone\""), "2026-01-02T00:00 never");
}

TEST_F(Evaluate, NestedAudiences) {
  shop.did("paid", "2026-01-10");
  shop.names.declare_audience("buyers", "did paid in last 1d");
  shop.names.declare_audience("others", "not audience \"buyers\"");
  EXPECT_EQ(shop.spans("audience \"others\""),
            "2026-01-01T00:00 2026-01-10T00:00, 2026-01-11T00:00 never");
  EXPECT_EQ(shop.spans("held(audience \"others\", 2d)"),
            "2026-01-03T00:00 2026-01-10T00:00, 2026-01-13T00:00 never");
}

// As deep as definitions may lie in each other: nothing runs out of stack.
TEST_F(Evaluate, TheDeepestNesting) {
  shop.names.declare_audience("a0", "everyone");
  constexpr std::size_t kDepth = kExpandedDepthMax / 4 - 1;
  for (std::size_t depth = 1; depth <= kDepth; ++depth) {
    shop.names.declare_audience(
        "a" + std::to_string(depth),
        "held(not audience \"a" + std::to_string(depth - 1) + "\" or everyone, 0ms)");
  }
  EXPECT_EQ(shop.spans("audience \"a" + std::to_string(kDepth) + "\""), "2026-01-01T00:00 never");
}

TEST_F(Evaluate, Held) {
  shop.tag_on("level/gold", "2026-01-05");
  shop.tag_off("level/gold", "2026-01-08");
  EXPECT_EQ(shop.spans("held(tag \"gold\", 1d)"), "2026-01-06T00:00 2026-01-08T00:00");
  EXPECT_EQ(shop.spans("held(tag \"gold\", 3d)"), "");
  EXPECT_EQ(shop.spans("held(tag \"gold\", 0ms)"), "2026-01-05T00:00 2026-01-08T00:00");
  EXPECT_EQ(shop.spans("held(not tag \"gold\", 2d)"),
            "2026-01-03T00:00 2026-01-05T00:00, 2026-01-10T00:00 never");
  // What was true before the customer was known does not count.
  shop.tag_on("level/silver", "2025-01-01");
  EXPECT_EQ(shop.spans("held(tag \"silver\", 2d)"), "2026-01-03T00:00 never");
  EXPECT_TRUE(
      holds_at(*shop.bound("held(tag \"silver\", 2d)"), shop.history(), shop.moment("2026-02-01")));
}

TEST_F(Evaluate, StandingReadsTheIntervals) {
  shop.did("paid", "2026-01-10");
  EXPECT_EQ(shop.standing("did paid in last 1d", "2026-01-10T12:00"),
            "true since 2026-01-10T00:00 until 2026-01-11T00:00");
  EXPECT_EQ(shop.standing("did paid in last 1d", "2026-01-11"),
            "false since 2026-01-11T00:00 until never");
  EXPECT_EQ(shop.standing("did paid in last 1d", "2026-01-09"),
            "false since always until 2026-01-10T00:00");
  EXPECT_EQ(shop.standing("everyone", "9999-12-31"), "true since 2026-01-01T00:00 until never");
}

TEST_F(Evaluate, IntervalsAreCutWhereTheyAreAskedFrom) {
  shop.did("paid", "2026-01-10");
  shop.did("paid", "2026-01-20");
  const auto rule = shop.bound("did paid in last 2d");
  const auto stream = intervals(*rule, shop.history(), shop.moment("2026-01-11"));
  EXPECT_EQ(stream->next(), (timeline::Span{shop.moment("2026-01-11"), shop.moment("2026-01-12")}));
  EXPECT_EQ(stream->next(), (timeline::Span{shop.moment("2026-01-20"), shop.moment("2026-01-22")}));
  EXPECT_EQ(stream->next(), std::nullopt);
  EXPECT_EQ(stream->next(), std::nullopt);
}

// A history that counts how often it is asked for events.
class CountingHistory final : public timeline::History {
 public:
  explicit CountingHistory(const timeline::History& inner) : inner_(inner) {}
  int asked() const { return asked_; }

  base::CustomerId customer() const override { return inner_.customer(); }
  base::Moment known_since() const override { return inner_.known_since(); }
  std::span<const timeline::EventAt> events(base::EventTypeId type) const override {
    ++asked_;
    return inner_.events(type);
  }
  const base::Value* property(std::uint32_t order, base::PropertyId property) const override {
    return inner_.property(order, property);
  }
  std::vector<std::uint32_t> value_numbers(base::EventTypeId type, base::PropertyId property,
                                           std::size_t first) const override {
    return inner_.value_numbers(type, property, first);
  }
  std::string_view source(std::uint32_t order) const override { return inner_.source(order); }
  std::span<const timeline::AttributeChange> attribute(base::AttributeId attribute) const override {
    return inner_.attribute(attribute);
  }
  std::span<const timeline::Span> membership(timeline::MembershipKey key) const override {
    return inner_.membership(key);
  }

 private:
  const timeline::History& inner_;
  mutable int asked_ = 0;
};

// Eleven audiences, each naming the one before twice, and again as it was an hour ago.
TEST_F(Evaluate, ANestedAudienceIsEvaluatedOnce) {
  shop.did("paid", "2026-01-10T08:00");
  shop.names.declare_audience("a0", "did paid in last 7d");
  std::string last = "a0";
  for (int i = 1; i <= 10; ++i) {
    const std::string next = "a" + std::to_string(i);
    shop.names.declare_audience(next, "audience \"" + last + "\" or audience \"" + last + "\"");
    last = next;
  }
  const std::string text = "audience \"" + last + "\"";
  EXPECT_EQ(shop.spans(text), "2026-01-10T08:00 2026-01-17T08:00");
  EXPECT_EQ(shop.spans(text + " and not held(" + text + ", 1h)"),
            "2026-01-10T08:00 2026-01-10T09:00");
  EXPECT_EQ(shop.spans("not " + text + " or " + text), "2026-01-01T00:00 never");

  const auto rule = shop.bound(text + " and not held(" + text + ", 1h)");
  const CountingHistory history(shop.history());
  EXPECT_TRUE(holds_at(*rule, history, shop.moment("2026-01-10T08:30")));
  EXPECT_FALSE(holds_at(*rule, history, shop.moment("2026-01-10T09:00")));
  EXPECT_LE(history.asked(), 2 * 2 * 2) << "each way for both moments, twice at most";
}

}  // namespace
}  // namespace audience
