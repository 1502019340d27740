#include "demo/living.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "customer/tag.h"
#include "demo/ahead.h"
#include "demo/fill.h"
#include "demo/text.h"
#include "log/reader.h"
#include "setting/setting.h"
#include "store/test_database.h"

namespace demo {
namespace {

constexpr base::Moment kMade{1'789'953'200'000};  // 2026-09-21T09:13:20+08:00
constexpr std::int64_t kSome = 300;

base::Duration days_of(std::int64_t count) { return {count * base::kDay.ms}; }

// What can be compared of an event: when, what, and the order or message it is about.
struct Told {
  base::Moment time;
  std::string name;
  std::string properties;
  friend auto operator<=>(const Told&, const Told&) = default;
};

class LivingTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    start();
    (void)fill(database(), *log_, {.now = kMade, .customers = kSome});
    made_ = read();
  }
  void TearDown() override {
    log_.reset();
    store::DatabaseTest::TearDown();
  }
  void start() {
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kMade, random_);
  }

  // Everything due at `now`. Answers in how many units.
  int tell(Living& living, base::Moment now) {
    int steps = 0;
    while (true) {
      const auto next = living.step(now);
      EXPECT_TRUE(next.has_value());
      ++steps;
      if (!next || *next > now) return steps;
    }
  }
  // As the clock goes, asked every minute.
  void run(Living& living, base::Moment from, base::Moment to) {
    for (base::Moment now = from; now < to; now = now + base::kMinute) tell(living, now);
    tell(living, to);
  }

  std::vector<event_log::Event> read() {
    std::vector<event_log::Event> all;
    database().read([&](store::Session& session) {
      event_log::Reading page;
      page.more = true;
      while (page.more) {
        page = event_log::read_after(session, page.through, event_log::kReadEventsMax);
        all.insert(all.end(), page.events.begin(), page.events.end());
      }
    });
    return all;
  }
  std::vector<event_log::Event> told_since() {
    std::vector<event_log::Event> all = read();
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(made_.size()));
    return all;
  }

  // The events of people, without what changes of a customer leave in the log; sorted.
  std::vector<Told> told() {
    const auto types =
        database().read([&](store::Session& session) { return log_->catalog().of(session); });
    std::vector<Told> all;
    for (const event_log::Event& event : told_since()) {
      const std::string& name = types->find(event.type)->name;
      if (kept_.contains(name)) all.push_back({event.time, name, event.properties});
    }
    std::ranges::sort(all);
    return all;
  }
  // What should be told up to then.
  std::vector<Told> expected(base::Moment until, base::Moment after = kMade) {
    const auto zone = *base::Zone::named("Asia/Shanghai");
    Ahead ahead({.seed = kSeed, .customers = kSome, .days = kDays, .zone = "Asia/Shanghai"}, zone,
                {.made = kMade, .told = after});
    std::vector<Told> all;
    for (auto next = ahead.next(); next && *next <= until; next = ahead.next()) {
      const Happening happening = ahead.take();
      const auto* event = std::get_if<event_log::NewEvent>(&happening.what);
      if (event == nullptr) continue;
      kept_.insert(event->name);
      all.push_back({event->time, event->name, event_log::to_stored(event->properties)});
    }
    std::ranges::sort(all);
    return all;
  }
  Lived stored() {
    return *database().read([](store::Session& session) { return lived(session); });
  }

  base::SeededRandom random_{7};
  std::unique_ptr<event_log::Log> log_;
  std::vector<event_log::Event> made_;
  std::set<std::string> kept_;
};

TEST_P(LivingTest, WhatHappensIsToldOnceAndLive) {
  const base::Moment until = kMade + days_of(2);
  Living living(database(), *log_, 1);
  run(living, kMade, until);
  const std::vector<Told> should = expected(until);
  EXPECT_GT(should.size(), 20U);
  EXPECT_EQ(told(), should);
  for (const event_log::Event& event : told_since()) {
    EXPECT_EQ(event.liveness, event_log::Liveness::live);
    EXPECT_LE(event.time, event.arrived);
    EXPECT_LE(event.arrived - event.time, base::kMinute);
  }
  EXPECT_EQ(stored().real, stored().brand);
}

TEST_P(LivingTest, ARestartInTheMiddleRepeatsNothing) {
  const base::Moment until = kMade + days_of(3);
  base::Moment now = kMade;
  for (int restart = 0; restart < 4; ++restart) {
    Living living(database(), *log_, 1);
    const base::Moment stop = now + base::Duration{18 * base::kHour.ms + 1234};
    run(living, now, std::min(stop, until));
    now = std::min(stop, until);
    log_.reset();
    test_database().reopen();
    start();
  }
  EXPECT_EQ(now, until);
  const std::vector<Told> should = expected(until);
  EXPECT_EQ(told(), should);
}

TEST_P(LivingTest, WhatWasMissedIsToldFirstAsHistory) {
  const base::Moment now = kMade + days_of(20);
  Living living(database(), *log_, 1);
  const int steps = tell(living, now);
  EXPECT_GT(steps, 1);  // in units
  const std::vector<Told> should = expected(now);
  EXPECT_EQ(told(), should);
  for (const event_log::Event& event : told_since()) {
    EXPECT_TRUE(event.liveness == event_log::Liveness::history ||
                now - event.time <= base::kMinute);
  }
  // Some have come who were not there before, and look like the others.
  database().read([&](store::Session& session) {
    EXPECT_GT(customer::count_persons(session), kSome);
    const auto born = customer::find_by_key(session, "M000301");
    ASSERT_TRUE(born.has_value());
    EXPECT_FALSE(customer::tags_of(session, born->person).empty());
    EXPECT_GT(customer::customer_with(session, born->person)->created_at, kMade);
  });
}

TEST_P(LivingTest, WhatWasMissedForLongIsLeftOut) {
  const base::Moment now = kMade + days_of(100);
  Living living(database(), *log_, 1);
  tell(living, now);
  const base::Moment from = now - kGapMax;
  // Who joined in the days that are left out is nobody: what they do is not told.
  std::size_t many = 0;
  for (const Told& each : told()) EXPECT_GT(each.time, from);
  for (const event_log::Event& event : told_since()) {
    EXPECT_GT(event.time, from);
    ++many;
  }
  EXPECT_GT(many, 200U);
}

TEST_P(LivingTest, SpeedTellsSoManyTimesAsMuch) {
  const base::Moment until = kMade + base::kHour;
  Living living(database(), *log_, 60);
  run(living, kMade, until);
  const base::Duration brand{60 * base::kHour.ms};
  const std::vector<Told> should = expected(kMade + brand);
  const std::vector<Told> is = told();
  ASSERT_EQ(is.size(), should.size());
  std::map<std::string, std::int64_t> difference;
  for (const Told& each : should) ++difference[each.name + each.properties];
  for (const Told& each : is) {
    --difference[each.name + each.properties];
    EXPECT_GT(each.time, kMade);
    EXPECT_LE(each.time, until);
  }
  for (const auto& [what, count] : difference) EXPECT_EQ(count, 0) << what;
  const Lived now = stored();
  EXPECT_EQ((now.brand - kMade).ms / 60, (now.real - kMade).ms);
}

// So that people sleep at night again.
TEST_P(LivingTest, ASlowerOneGoesOnAtTheSameTimeOfDay) {
  const base::Moment faster = kMade + base::kHour;
  {
    Living living(database(), *log_, 100);
    run(living, kMade, faster);
  }
  const Lived before = stored();
  const std::size_t many = told_since().size();
  Living living(database(), *log_, 1);
  const base::Moment until = faster + days_of(2);
  run(living, faster + base::kMinute, until);
  const Lived now = stored();
  EXPECT_GT(told_since().size(), many);
  EXPECT_EQ((now.brand - now.real).ms % base::kDay.ms, 0);
  EXPECT_LT((now.brand - now.real).ms, (before.brand - before.real).ms + base::kDay.ms);
  for (const event_log::Event& event : told_since()) EXPECT_LE(event.time, until);
}

TEST_P(LivingTest, AClockThatIsSetBackRepeatsNothing) {
  {
    Living living(database(), *log_, 1);
    run(living, kMade, kMade + base::kDay);
    // A little: it waits.
    const std::size_t many = told_since().size();
    tell(living, kMade + base::kDay - base::kMinute);
    EXPECT_EQ(told_since().size(), many);
    // On a day: it goes on from where it stands.
    const base::Moment back = kMade;
    run(living, back, back + base::kDay);
    EXPECT_GT(told_since().size(), many);
  }
  std::vector<std::string> orders;
  (void)expected(kMade + days_of(5));  // which events are compared
  for (const Told& each : told()) {
    if (each.name == "order_paid") orders.push_back(each.properties);
  }
  std::ranges::sort(orders);
  EXPECT_EQ(std::ranges::adjacent_find(orders), orders.end());
}

// Erased, or taken back with the import: their key leads nowhere.
TEST_P(LivingTest, WhoIsNoMoreIsLeftInPeace) {
  std::map<std::int64_t, std::size_t> of;
  const base::Moment now = kMade + days_of(10);
  for (const auto& event : [&] {
         Living living(database(), *log_, 1);
         tell(living, kMade + days_of(5));
         return told_since();
       }()) {
    ++of[event.customer.value];
  }
  const auto busiest =
      std::ranges::max_element(of, {}, [](const auto& each) { return each.second; });
  const base::CustomerId gone{busiest->first};
  database().write("test.remove", [&](store::Unit& unit) {
    const std::string key = customer::key_of(unit, gone);
    customer::Writing writing(unit, *log_, {.actor = {}, .now = now, .source = "test"});
    EXPECT_TRUE(customer::remove_identity(writing, gone, {"customer", key}, {}).value());
  });
  const std::size_t many = told_since().size();
  Living living(database(), *log_, 1);
  tell(living, now);
  std::vector<event_log::Event> since = told_since();
  EXPECT_GT(since.size(), many);
  for (std::size_t i = many; i < since.size(); ++i) EXPECT_NE(since[i].customer, gone);
}

TEST_P(LivingTest, WithoutADemoNothingIsTold) {
  database().write("test.mark", [](store::Unit& unit) {
    unit.execute("delete from store_meta where key = 'demo.plan'", {});
  });
  Living living(database(), *log_, 1);
  EXPECT_FALSE(living.step(kMade + base::kDay).has_value());
  EXPECT_TRUE(told_since().empty());
}

INSTANTIATE_TEST_SUITE_P(Both, LivingTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace demo
