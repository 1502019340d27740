// What is made of each kind of test, in words, and for whom it holds. That it holds for whoever it
// must is shown by tests/random/may_change_test.cpp.

#include "audience/may_change.h"

#include <gtest/gtest.h>

#include "audience/evaluate.h"
#include "audience/example.h"
#include "audience/print.h"

namespace audience {
namespace {

class MayChangeTest : public testing::Test {
 protected:
  MayChangeTest() {
    using base::ValueType;
    shop.event_type("order_paid", {{"amount", ValueType::money}, {"sku", ValueType::text}});
    shop.event_type("app_opened");
    shop.names.declare_attribute("seen", ValueType::time);
    shop.names.declare_attribute("birthday", ValueType::date);
    shop.names.declare_attribute("city", ValueType::text);
    shop.names.declare_tag("等级", "VIP");
    shop.names.declare_consent("marketing", "sms");
    shop.names.declare_list("核心");
    shop.known_since("2026-01-01");
  }

  Stretch stretch(std::string_view from, std::string_view to) const {
    return {shop.moment(from), shop.moment(to)};
  }
  std::shared_ptr<const BoundRule> of(std::string_view rule, const Stretch& over) const {
    return may_change(*shop.bound(rule), over);
  }
  // Over the hour from 2026-03-31T12:00 on, in UTC.
  std::string in_words(std::string_view rule) const {
    const auto made = of(rule, stretch("2026-03-31T12:00Z", "2026-03-31T13:00Z"));
    return made == nullptr ? "nobody" : print(made->rule());
  }
  bool may(std::string_view rule, std::string_view from, std::string_view to) {
    const auto made = of(rule, stretch(from, to));
    return made != nullptr && holds_at(*made, shop.history(), shop.moment(to));
  }

  Example shop;
};

TEST_F(MayChangeTest, NobodyWhereNothingMoves) {
  for (const char* rule :
       {"everyone", "not everyone", "city = \"上海\"", "city is unknown", "seen since 2026-01-31",
        "seen between 2026-01-31 and 2026-02-28", "tag \"VIP\"", "tag any of \"等级\"",
        "consents to \"marketing\"", "audience \"核心\"", "did order_paid", "did not order_paid",
        "did order_paid >= 3 times since 2026-01-31", "first order_paid before 2026-05-01",
        "did order_paid then app_opened within 1h", "held(everyone, 0ms) and not everyone"}) {
    EXPECT_EQ(in_words(rule).find("did"), std::string::npos) << rule << ": " << in_words(rule);
  }
  EXPECT_EQ(in_words("did order_paid and tag \"VIP\" or city = \"a\""), "nobody");
  EXPECT_EQ(in_words("did order_paid today"), "nobody") << "no midnight";
  EXPECT_EQ(in_words("birthday anniversary today"), "nobody");
}

TEST_F(MayChangeTest, TheLastThatLeavesAWindow) {
  EXPECT_EQ(in_words("did order_paid in last 30d"),
            "did order_paid between 2026-03-01T12:00:00.001Z and 2026-03-01T13:00:00.001Z and "
            "not did order_paid between 2026-03-01T13:00:00.001Z and 2026-03-31T12:00:00.001Z");
  EXPECT_EQ(in_words("did not order_paid in last 30d"), in_words("did order_paid in last 30d"));
  // A window shorter than the stretch: whoever is in it at its beginning.
  EXPECT_EQ(in_words("did order_paid in last 30m"),
            "did order_paid between 2026-03-31T11:30:00.001Z and 2026-03-31T12:00:00.001Z");
}

TEST_F(MayChangeTest, ExactlyTheMillisecondsOfTheStretch) {
  shop.did("order_paid", "2026-03-01T12:30");
  const char* rule = "did order_paid in last 10d";  // until 2026-03-11T12:30
  EXPECT_TRUE(may(rule, "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_TRUE(may(rule, "2026-03-11T12:00", "2026-03-11T12:30"));
  EXPECT_FALSE(may(rule, "2026-03-11T12:00", "2026-03-11T12:29:59.999"));
  EXPECT_FALSE(may(rule, "2026-03-11T12:30", "2026-03-11T13:00"));
  EXPECT_TRUE(may(rule, "2026-03-11T12:29:59.999", "2026-03-11T13:00"));
  EXPECT_TRUE(may(rule, "2026-03-02T00:00", "2027-03-02T00:00"));
  shop.did("order_paid", "2026-03-02T12:30");
  EXPECT_FALSE(may(rule, "2026-03-11T12:00", "2026-03-11T13:00")) << "one is left";
}

TEST_F(MayChangeTest, EntersAndLeaves) {
  shop.did("order_paid", "2026-03-01T12:30");
  const char* rule = "did order_paid from 10d to 2d ago";
  EXPECT_TRUE(may(rule, "2026-03-03T12:00", "2026-03-03T13:00"));
  EXPECT_FALSE(may(rule, "2026-03-03T13:00", "2026-03-11T12:00"));
  EXPECT_TRUE(may(rule, "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_FALSE(may("did order_paid from 2d to 10d ago", "2026-03-03T12:00", "2026-03-03T13:00"));
  const char* days = "did order_paid in previous 3 days";
  EXPECT_TRUE(may(days, "2026-03-01T23:00", "2026-03-02T00:00"));
  EXPECT_FALSE(may(days, "2026-03-02T00:00", "2026-03-04T23:59:59.999"));
  EXPECT_TRUE(may(days, "2026-03-04T23:00", "2026-03-05T00:00"));
  EXPECT_TRUE(may("did order_paid in this month", "2026-03-31T23:30", "2026-04-01T00:30"));
  EXPECT_FALSE(may("did order_paid in this month", "2026-03-31T22:30", "2026-03-31T23:30"));
}

TEST_F(MayChangeTest, MeasuresThatCanCome) {
  for (const char* day : {"2026-03-01", "2026-03-03", "2026-03-05"}) {
    shop.did("order_paid", day, {{"amount", "10"}, {"sku", day}});
  }
  const Stretch over = stretch("2026-03-10T23:00", "2026-03-11T01:00");  // the first leaves
  const auto may_over = [&](std::string_view rule) {
    const auto made = of(rule, over);
    return made != nullptr && holds_at(*made, shop.history(), over.to);
  };
  for (const char* measure :
       {">= 3 times", "= 3 times", "!= 2 times", "< 3 times", "<= 2 times", "> 2 times",
        "on >= 3 days", "distinct(sku) = 3", "distinct(sku) < 3", "sum(amount) >= 30"}) {
    EXPECT_TRUE(may_over(std::string("did order_paid ") + measure + " in last 10d")) << measure;
  }
  for (const char* measure :
       {">= 2 times", ">= 4 times", "= 4 times", "= 1 times", "!= 1 times", "< 2 times",
        "<= 3 times", "on > 3 days", "on < 2 days", "distinct(sku) >= 2", "max(amount) >= 10",
        "max(amount) > 10", "min(amount) < 10", "min(amount) <= 10", "max(amount) = 20",
        "max(amount) < 10", "min(amount) > 10", "min(amount) = 5"}) {
    EXPECT_FALSE(may_over(std::string("did order_paid ") + measure + " in last 10d")) << measure;
  }
}

TEST_F(MayChangeTest, WhatTheOtherPartsDecide) {
  EXPECT_EQ(in_words("tag \"等级/VIP\" and did order_paid in last 30d"),
            in_words("did order_paid in last 30d") + " and tag \"等级/VIP\"");
  EXPECT_EQ(in_words("tag \"等级/VIP\" or did order_paid in last 30d"),
            in_words("did order_paid in last 30d") + " and not tag \"等级/VIP\"");
  EXPECT_EQ(in_words("not (tag any of \"等级\" or did order_paid in last 30d)"),
            in_words("did order_paid in last 30d") + " and not tag any of \"等级\"");
  EXPECT_EQ(in_words("consents to \"marketing\" and seen in last 1h"),
            "seen between 2026-03-31T11:00:00.001Z and 2026-03-31T13:00:00.001Z and "
            "consents to \"marketing\"");
}

TEST_F(MayChangeTest, FirstAndLast) {
  EXPECT_EQ(in_words("last order_paid with (amount > 5) in last 30d"),
            "last order_paid with (amount > 5) "
            "between 2026-03-01T12:00:00.001Z and 2026-03-01T13:00:00.001Z");
  shop.did("order_paid", "2026-03-01T12:30", {{"amount", "10"}});
  EXPECT_TRUE(may("last order_paid in last 10d", "2026-03-11T12:00", "2026-03-11T13:00"));
  shop.did("order_paid", "2026-03-08T12:30", {{"amount", "3"}});
  EXPECT_FALSE(may("last order_paid in last 10d", "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_TRUE(may("first order_paid in last 10d", "2026-03-11T12:00", "2026-03-11T13:00"));
}

TEST_F(MayChangeTest, SequencesLeaveAndWait) {
  shop.did("order_paid", "2026-03-01T12:30");
  shop.did("app_opened", "2026-03-02T12:30");
  const char* rule = "did order_paid then app_opened within 2d in last 10d";
  EXPECT_TRUE(may(rule, "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_FALSE(may(rule, "2026-03-12T12:00", "2026-03-12T13:00"));
  const char* waits = "did app_opened then not order_paid within 3d";  // from 2026-03-05T12:30 on
  EXPECT_TRUE(may(waits, "2026-03-05T12:00", "2026-03-05T12:30:00.001"));
  EXPECT_FALSE(may(waits, "2026-03-05T12:00", "2026-03-05T12:30"));
  EXPECT_FALSE(may(waits, "2026-03-05T12:30:00.001", "2026-03-05T13:00"));
  shop.did("order_paid", "2026-03-04");
  EXPECT_FALSE(may(waits, "2026-03-05T12:00", "2026-03-05T13:00")) << "was interrupted";
}

TEST_F(MayChangeTest, Anniversaries) {
  shop.attribute("birthday", "2026-01-01", "1990-02-28");
  const char* next = "birthday anniversary in next 7d";
  EXPECT_TRUE(may(next, "2026-02-20T23:30", "2026-02-21T00:00"));
  EXPECT_FALSE(may(next, "2026-02-21T00:00", "2026-02-28T23:59:59.999"));
  EXPECT_TRUE(may(next, "2026-02-28T23:30", "2026-03-01T00:30"));
  EXPECT_FALSE(may(next, "2026-03-01T00:30", "2027-02-20T00:30"));
  EXPECT_TRUE(may(next, "2026-03-01T00:30", "2027-03-02T00:30"));
  EXPECT_TRUE(may("birthday anniversary today", "2026-02-27T23:30", "2026-02-28T00:30"));
  EXPECT_FALSE(may("birthday anniversary in last 3d", "2026-02-28T23:30", "2026-03-01T00:30"));
  EXPECT_TRUE(may("birthday anniversary in last 3d", "2026-03-03T23:30", "2026-03-04T00:30"));
  shop.attribute("birthday", "2026-01-02", "--02-29");
  EXPECT_TRUE(may("birthday anniversary today", "2026-02-27T23:30", "2026-02-28T00:30"));
  EXPECT_FALSE(may("birthday anniversary today", "2028-02-27T23:30", "2028-02-28T00:30"));
  EXPECT_TRUE(may("birthday anniversary today", "2028-02-28T23:30", "2028-02-29T00:30"));
}

TEST_F(MayChangeTest, HeldBeginsLater) {
  shop.tag_on("VIP", "2026-03-01T12:30");
  const char* rule = "held(tag \"VIP\", 3d)";
  EXPECT_TRUE(may(rule, "2026-03-04T12:00", "2026-03-04T12:30"));
  EXPECT_FALSE(may(rule, "2026-03-04T12:00", "2026-03-04T12:29:59.999"));
  EXPECT_FALSE(may(rule, "2026-03-04T12:30", "2026-03-04T13:00"));
  shop.did("order_paid", "2026-03-01T12:30");
  const char* silent = "held(not did order_paid in last 2d, 3d)";  // from 2026-03-06T12:30 on
  EXPECT_TRUE(may(silent, "2026-03-06T12:00", "2026-03-06T13:00"));
  EXPECT_FALSE(may(silent, "2026-03-04T12:00", "2026-03-04T13:00"));
  EXPECT_FALSE(may(silent, "2026-03-07T12:00", "2026-03-07T13:00"));
  // Known since the first of January.
  EXPECT_TRUE(may("held(not did app_opened, 3d)", "2026-01-03T23:30", "2026-01-04T00:00"));
  EXPECT_FALSE(may("held(not did app_opened, 3d)", "2026-01-04T00:00", "2026-01-05T00:00"));
}

TEST_F(MayChangeTest, NestedAudiences) {
  shop.did("order_paid", "2026-03-01T12:30");
  shop.names.declare_audience("买过", "did order_paid in last 10d");
  shop.names.declare_audience("近期会员", "tag any of \"等级\" and audience \"买过\"");
  EXPECT_TRUE(may("audience \"买过\"", "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_FALSE(may("audience \"近期会员\"", "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_TRUE(may("held(not audience \"近期会员\", 2d) or not audience \"买过\"",
                  "2026-03-11T12:00", "2026-03-11T13:00"));
  shop.tag_on("VIP", "2026-03-01");
  EXPECT_TRUE(may("audience \"近期会员\"", "2026-03-11T12:00", "2026-03-11T13:00"));
  EXPECT_FALSE(may("audience \"近期会员\"", "2026-03-11T13:00", "2026-03-11T14:00"));
  EXPECT_TRUE(may("held(not audience \"近期会员\", 2d)", "2026-03-13T12:00", "2026-03-13T13:00"));
}

TEST_F(MayChangeTest, CoarserBeyondTheLimits) {
  // So many levels of and and or that each leaf is asked for once a level, and too often.
  std::string rule = "did order_paid in last 3d";
  for (int level = 0; level < 60; ++level) {
    const std::string more = std::to_string(level + 1);
    const char* joint = level % 2 == 0 ? " or " : " and ";
    std::string wide = "(" + rule + ")";
    for (int i = 0; i < 14; ++i) {
      wide += joint + ("did order_paid in last " + more + std::to_string(i) + "h");
    }
    rule = std::move(wide);
  }
  shop.did("order_paid", "2026-03-01T12:30");
  const auto made = of(rule, stretch("2026-03-04T12:00", "2026-03-04T13:00"));
  ASSERT_NE(made, nullptr);
  EXPECT_LE(count_tests(made->rule().root), kMayChangeTestsMax);
  EXPECT_FALSE(std::holds_alternative<Everyone>(made->rule().root.form));
  EXPECT_TRUE(holds_at(*made, shop.history(), shop.moment("2026-03-04T13:00")));

  shop.names.declare_audience("0", "did order_paid in last 3d");
  for (int level = 1; level < 200; ++level) {
    const std::string inner = std::to_string(level - 1);
    shop.names.declare_audience(std::to_string(level), "not audience \"" + inner + "\"");
  }
  const auto deep = of("audience \"199\"", stretch("2026-03-04T12:00", "2026-03-04T13:00"));
  ASSERT_NE(deep, nullptr);
  EXPECT_TRUE(std::holds_alternative<Everyone>(deep->rule().root.form));
  std::string held = "did order_paid in last 3d";
  for (int level = 0; level < 60; ++level) held = "held(" + held + ", 1h)";
  EXPECT_NE(of(held, stretch("2026-03-04T12:00", "2026-03-04T13:00")), nullptr);
}

}  // namespace
}  // namespace audience
