#include "demo/life.h"

#include <gtest/gtest.h>

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
  for (const TagPut& put : life.tags) out += put.tag + "\n";
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
  EXPECT_EQ(hash, 1282011472573279414u);
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
      if (event.time >= plan.start_of(41) && event.time < plan.start_of(38)) ++festival;
      if (event.time >= plan.start_of(55) && event.time < plan.start_of(52)) ++day_like_others;
      EXPECT_TRUE(life.kind != Kind::sleeper || event.time < plan.start_of(61));
    }
  }
  EXPECT_EQ(kinds.size(), 5u);
  EXPECT_NEAR(static_cast<double>(kinds[Kind::sleeper]) / kLives, 0.2, 0.05);
  EXPECT_GT(festival, 2 * day_like_others);
  for (const char* name :
       {"followed",          "unfollowed",     "friend_added",    "friend_removed", "group_joined",
        "group_left",        "product_viewed", "cart_added",      "order_created",  "order_paid",
        "order_shipped",     "order_received", "order_refunded",  "order_closed",   "message_sent",
        "message_delivered", "message_opened", "message_clicked", "checked_in",     "coupon_issued",
        "coupon_used"}) {
    EXPECT_GT(events[name], 0) << name;
  }
  EXPECT_GT(events["message_sent"], events["message_opened"]);
  EXPECT_GT(events["message_opened"], events["message_clicked"]);
}

}  // namespace
}  // namespace demo
