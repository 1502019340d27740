#include "demo/life.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <string>

#include "base/value.h"

namespace demo {
namespace {

constexpr base::Moment kNow{1'790'000'000'000};  // 2026-09-21T21:33:20+08:00
constexpr std::int64_t kLives = 1500;

base::Zone zone() { return *base::Zone::named("Asia/Shanghai"); }

Plan plan_with(std::uint64_t seed, base::Moment now = kNow) {
  return Plan({.seed = seed, .now = now}, zone());
}

std::string told(const Life& life) {
  std::string out = life.key + " " + std::to_string(life.id.value) + " " + life.phone + " " +
                    std::to_string(life.created_at.ms) + "\n";
  for (const auto& value : life.attributes) {
    out += value.attribute + "=" + base::to_text(*value.value) + "\n";
  }
  for (const TagPut& put : life.tags) out += put.tag + (put.added ? "\n" : " away\n");
  for (const Consent& consent : life.consents) out += std::string(consent.channel) + "\n";
  for (const auto& event : life.events) {
    out += event.name + " " + std::to_string(event.time.ms) +
           boost::json::serialize(event.properties) + "\n";
  }
  return out;
}

std::string told(const Plan& plan, std::int64_t lives) {
  std::string out;
  for (std::int64_t number = 0; number < lives; ++number) out += told(life_of(plan, number));
  return out;
}

TEST(DemoLife, IsTheSameForTheSameSeedAndDay) {
  const std::string first = told(plan_with(7), 200);
  EXPECT_EQ(first, told(plan_with(7), 200));
  EXPECT_NE(first, told(plan_with(8), 200));
  // FNV-1a of all that is told: another one means that the demo brand is another.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : first) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  EXPECT_EQ(hash, 10074822776505956321u);
}

TEST(DemoLife, HappensBetweenItsBeginningAndNow) {
  const Plan plan = plan_with(1);
  std::set<std::string> keys, phones;
  for (std::int64_t number = 0; number < kLives; ++number) {
    const Life life = life_of(plan, number);
    EXPECT_TRUE(keys.insert(life.key).second);
    if (!life.phone.empty()) {
      EXPECT_TRUE(phones.insert(life.phone).second);
      EXPECT_EQ(life.phone.size(), 11u);
      EXPECT_EQ(life.phone.substr(0, 7), "1420000");
    }
    base::Moment last = life.created_at;
    for (const auto& event : life.events) {
      EXPECT_GE(event.time, last) << life.key << " " << event.name;
      EXPECT_LE(event.time, kNow);
      last = event.time;
    }
    for (const auto& value : life.attributes) EXPECT_LE(*value.since, kNow);
  }
  EXPECT_EQ(life_of(plan, 2 * kPhonesMax).phone, "");
}

// A life told further is the same life, and more; whatever is told on a day lies on it or behind.
TEST(DemoLife, GoesOnAsItWas) {
  const Plan plan = plan_with(3);
  std::size_t told_more = 0;
  for (std::int64_t number = 0; number < 300; ++number) {
    LifeWalk whole(plan, number);
    whole.walk(-60);
    Life at_once = whole.take();
    std::erase_if(at_once.events, [](const auto& event) { return event.time > kNow; });
    std::ranges::stable_sort(at_once.events, {}, &event_log::NewEvent::time);
    const Life made = life_of(plan, number);
    ASSERT_EQ(at_once.events.size(), made.events.size());
    for (std::size_t i = 0; i < made.events.size(); ++i) {
      EXPECT_EQ(at_once.events[i].time, made.events[i].time);
      EXPECT_EQ(at_once.events[i].properties, made.events[i].properties);
    }
    LifeWalk day_by_day(plan, number);
    day_by_day.walk(0);
    (void)day_by_day.take();
    for (std::int64_t ago = -1; ago >= -60; --ago) {
      day_by_day.walk(ago);
      const Life day = day_by_day.take();
      EXPECT_EQ(day.id, made.id);
      told_more += day.events.size();
      for (const auto& event : day.events) EXPECT_GE(event.time, plan.start_of(ago));
    }
  }
  EXPECT_GT(told_more, 300U);
}

// Behind the making as much happens as before it: nobody stops being who they are on that day.
TEST(DemoLife, KeepsItsPaceBehindTheMaking) {
  const Plan plan = plan_with(1);
  std::int64_t before = 0, behind = 0;
  for (std::int64_t number = 0; number < kLives; ++number) {
    LifeWalk walk(plan, number);
    walk.walk(-28);
    for (const auto& event : walk.take().events) {
      if (event.name != "order_paid") continue;
      if (event.time > kNow) {
        ++behind;
      } else if (event.time > plan.start_of(28)) {
        ++before;
      }
    }
  }
  EXPECT_GT(behind * 10, before * 7);
  EXPECT_LT(behind * 10, before * 12);
}

TEST(DemoLife, WhoIsBornLaterBeginsOnThatDay) {
  const Plan plan = plan_with(3);
  for (std::int64_t number = 0; number < 200; ++number) {
    LifeWalk walk(plan, number, -7);
    const base::Moment created = walk.life().created_at;
    EXPECT_GE(created, plan.start_of(-7));
    EXPECT_LT(created, plan.start_of(-8));
    EXPECT_NE(walk.life().kind, Kind::lost);
    walk.walk(-40);
    for (const auto& event : walk.take().events) EXPECT_GE(event.time, created);
  }
}

TEST(DemoPlan, WhatComesRoundComesRoundForEver) {
  const Plan plan = plan_with(1);
  std::int64_t campaigns = 0, festivals = 0, check_ins = 0;
  for (std::int64_t ago = 0; ago > -364; --ago) {
    campaigns += plan.campaign_on(ago) != nullptr ? 1 : 0;
    festivals += plan.is_festival(ago) ? 1 : 0;
    check_ins += plan.is_check_in(ago) ? 1 : 0;
  }
  EXPECT_EQ(campaigns, 364 / kCampaignEvery);
  EXPECT_EQ(festivals, 4 * kFestivalDays);
  EXPECT_NEAR(static_cast<double>(check_ins), 364.0 * kCheckInDays / kCheckInEvery, 14);
  EXPECT_EQ(plan.start_of(-36'000), zone().start_of({zone().day_of(kNow).days + 36'000}));
  EXPECT_EQ(plan.days_ago_of(plan.start_of(-36'000)), -36'000);
}

// What an order may go through, and that its money is right.
TEST(DemoLife, OrdersAreWhole) {
  const Plan plan = plan_with(1);
  std::int64_t created = 0, paid = 0, refunded = 0, closed = 0;
  for (std::int64_t number = 0; number < kLives; ++number) {
    std::map<std::string, std::set<std::string>> states;
    for (const auto& event : life_of(plan, number).events) {
      const auto* id = event.properties.if_contains("order_id");
      if (id == nullptr || !event.name.starts_with("order_")) continue;
      auto& seen = states[std::string(id->as_string())];
      EXPECT_TRUE(seen.insert(event.name).second);
      if (event.name == "order_created") ++created;
      if (event.name == "order_paid") ++paid;
      if (event.name == "order_refunded") ++refunded;
      if (event.name == "order_closed") ++closed;
      EXPECT_TRUE(seen.contains("order_created")) << event.name;
      EXPECT_TRUE(event.name != "order_refunded" || seen.contains("order_paid"));
      EXPECT_FALSE(seen.contains("order_closed") && seen.contains("order_paid"));
    }
  }
  // Shares that a shop could have.
  EXPECT_GT(paid, kLives / 2);
  EXPECT_GT(paid * 100, created * 90);
  EXPECT_GT(closed, 0);
  EXPECT_GT(refunded * 100, paid);
  EXPECT_LT(refunded * 100, paid * 6);
}

TEST(DemoLife, PeopleAreOfEveryKind) {
  const Plan plan = plan_with(1);
  std::map<Kind, std::int64_t> kinds;
  std::map<std::string, std::int64_t> events;
  std::int64_t festival = 0, day_like_others = 0;
  for (std::int64_t number = 0; number < kLives; ++number) {
    const Life life = life_of(plan, number);
    ++kinds[life.kind];
    for (const auto& event : life.events) {
      ++events[event.name];
      if (event.name != "order_paid") continue;
      EXPECT_TRUE(life.kind == Kind::buyer || life.kind == Kind::lost ||
                  life.kind == Kind::seasonal);
      EXPECT_TRUE(life.kind != Kind::lost || event.time < plan.start_of(184));
      if (event.time >= plan.start_of(41) && event.time < plan.start_of(38)) ++festival;
      if (event.time >= plan.start_of(55) && event.time < plan.start_of(52)) ++day_like_others;
    }
  }
  EXPECT_EQ(kinds.size(), 6u);
  EXPECT_NEAR(static_cast<double>(kinds[Kind::buyer]) / kLives, 0.56, 0.05);
  EXPECT_GT(festival, 2 * day_like_others);
  for (const char* name :
       {"code_scanned",    "followed",          "unfollowed",         "friend_added",
        "friend_removed",  "message_received",  "group_joined",       "group_left",
        "product_viewed",  "cart_added",        "order_created",      "order_paid",
        "order_shipped",   "order_received",    "order_refunded",     "order_closed",
        "review_posted",   "message_sent",      "message_delivered",  "message_opened",
        "message_clicked", "checked_in",        "coupon_issued",      "coupon_used",
        "article_read",    "article_shared",    "moment_liked",       "moment_commented",
        "content_posted",  "live_attended",     "friend_invited",     "invite_counted",
        "trial_started",   "subscription_paid", "subscription_ended", "product_used"}) {
    EXPECT_GT(events[name], 0) << name;
  }
  EXPECT_GT(events["message_sent"], events["message_opened"]);
  EXPECT_GT(events["message_opened"], events["message_clicked"]);
}

// What models of rhythm and value need: buyers who came every week, month and year, who fell
// silent, who are there today, and enough who ordered more than twice.
TEST(DemoLife, RhythmsAreOfEveryKind) {
  constexpr std::int64_t kMany = 4000;
  const Plan plan = plan_with(1);
  std::int64_t buyers = 0, thrice = 0, recent = 0, silent = 0, weekly = 0, yearly = 0;
  for (std::int64_t number = 0; number < kMany; ++number) {
    std::set<std::int64_t> days;
    const Life life = life_of(plan, number);
    for (const auto& event : life.events) {
      if (event.name == "order_paid") days.insert(-plan.days_ago_of(event.time));
    }
    if (days.empty()) continue;
    ++buyers;
    if (*days.rbegin() > -30) ++recent;
    if (*days.rbegin() < -90) ++silent;
    if (days.size() < 3) continue;
    ++thrice;
    const auto gap =
        static_cast<double>(*days.rbegin() - *days.begin()) / static_cast<double>(days.size() - 1);
    if (gap <= 9) ++weekly;
    if (gap > 300) ++yearly;
  }
  // Of 4,000; the brand has five times as many.
  EXPECT_GT(buyers, 1600);
  EXPECT_GT(thrice, 600);
  EXPECT_GT(recent, 500);
  EXPECT_GT(silent, 200);
  EXPECT_GT(weekly, 30);
  EXPECT_GT(yearly, 30);
}

}  // namespace
}  // namespace demo
