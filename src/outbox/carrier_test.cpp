// What can happen between the statements of a step: pauses, leases that move, databases that are
// lost; and what a step leaves to the next one.
#include "outbox/carrier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "outbox/carrier_sql.h"
#include "outbox/intent_sql.h"
#include "outbox/outbox_fixture.h"
#include "store/failure.h"
#include "store/watched_database.h"

namespace outbox {
namespace {

[[noreturn]] void lose_database() {
  throw store::Failure(store::FailureKind::unavailable, "the test has taken the database away");
}

class CarrierTest : public OutboxFixture {
 protected:
  void SetUp() override {
    OutboxFixture::SetUp();
    if (!IsSkipped()) watched_ = std::make_unique<store::WatchedDatabase>(database());
  }
  std::int64_t tries(std::string_view effect_id) {
    return database()
        .read([&](store::Session& session) { return intent_with(session, effect_id); })
        ->tries;
  }

  std::unique_ptr<store::WatchedDatabase> watched_;
};
INSTANTIATE_TEST_SUITE_P(Both, CarrierTest, store::kBothDatabases, store::dialect_name);

// P24: it answers after the time-out although it does the work, a little later.
TEST_P(CarrierTest, AReceiverSlowerThanItsTimeOutIsNotAskedTwice) {
  const base::Moment works_at = second(12);
  receiver_.before = [&](const Effect& effect) -> std::optional<Outcome> {
    if (effect.tries > 1) return std::nullopt;
    now_ = second(10);
    return Outcome{.sent = Sent::unknown, .problem = "test.timed_out"};
  };
  receiver_.look = [&](const Effect&) {
    return Look{.found = now_ < works_at ? Found::not_done : Found::done};
  };
  enqueue("e1");
  const auto carrier = hold();
  carrier->step();
  EXPECT_EQ(state("e1"), "unknown test.timed_out");
  finish(*carrier);
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(order(), "e1");
}

// P29: it wakes up between its claim and its calls, and somebody else has the lane.
TEST_P(CarrierTest, WhoSleptBeforeItsCallsMakesNone) {
  enqueue("e1");
  std::unique_ptr<Carrier> current;
  watched_->after_commit = [&](std::string_view name) {
    if (name != "outbox.claim" || current) return;
    current = hold();
    finish(*current);
  };
  const auto old = hold(*watched_);
  EXPECT_TRUE(old->step().lost);
  EXPECT_EQ(order(), "e1");
  EXPECT_EQ(state("e1"), "done");
}

TEST_P(CarrierTest, WhatIsPausedAfterItsClaimDoesNotGo) {
  enqueue("m", "c:1", Priority::marketing);
  enqueue("t");
  bool paused = false;
  watched_->after_commit = [&](std::string_view name) {
    if (name != "outbox.claim" || std::exchange(paused, true)) return;
    database().write("test.pause", [&](store::Unit& unit) {
      EXPECT_TRUE(pause(unit, {std::string(kMarketing), now_, "anna"}));
    });
  };
  const auto carrier = hold(*watched_);
  carrier->step();
  EXPECT_EQ(order(), "t");
  EXPECT_EQ(state("m"), "queued");
  EXPECT_EQ(tries("m"), 0);
  database().write("test.resume", [](store::Unit& unit) { EXPECT_TRUE(resume(unit, kMarketing)); });
  run(*carrier);
  EXPECT_EQ(order(), "t m");
}

TEST_P(CarrierTest, APausedLaneIsStill) {
  enqueue("e1");
  const auto carrier = hold();
  const std::string what = paused_lane(lane_.id);
  database().write("test.pause",
                   [&](store::Unit& unit) { EXPECT_TRUE(pause(unit, {what, now_, "anna"})); });
  EXPECT_EQ(carrier->step().next, base::kMomentMax);
  EXPECT_EQ(order(), "");
  database().write("test.resume", [&](store::Unit& unit) { EXPECT_TRUE(resume(unit, what)); });
  run(*carrier);
  EXPECT_EQ(order(), "e1");
}

// The database is lost when the outcomes are to be written: they are known all the same.
TEST_P(CarrierTest, WhatIsKnownIsWrittenWhenTheDatabaseIsBack) {
  receiver_.look = [](const Effect&) -> Look {
    ADD_FAILURE() << "nothing is to be looked up";
    return {};
  };
  enqueue("e1");
  bool lost = true;
  watched_->before_commit = [&](std::string_view name) {
    if (lost && name == "outbox.settle") lose_database();
  };
  const auto carrier = hold(*watched_);
  EXPECT_THROW(carrier->step(), store::Failure);
  lost = false;
  run(*carrier);
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(receiver_.works["e1"], 1);
}

// It ends before the database is back for long: what it knows is not left to a look.
TEST_P(CarrierTest, WhatIsKnownIsWrittenAtTheEnd) {
  enqueue("e1");
  bool lost = true;
  watched_->before_commit = [&](std::string_view name) {
    if (lost && name == "outbox.settle") lose_database();
  };
  const auto carrier = hold(*watched_);
  EXPECT_THROW(carrier->step(), store::Failure);
  EXPECT_EQ(carrier->next(now_), now_);  // not when its lease is over
  lost = false;
  carrier->write_what_is_known();
  EXPECT_EQ(state("e1"), "done");
}

TEST_P(CarrierTest, NothingIsLookedUpWhereNothingMayGo) {
  receiver_.before = [](const Effect&) { return Outcome{.sent = Sent::unknown}; };
  int looks = 0;
  receiver_.look = [&](const Effect&) {
    ++looks;
    return Look{.found = Found::later};
  };
  enqueue("e1");
  const auto carrier = hold();
  carrier->step();
  const std::string what = paused_account(lane_.account);
  database().write("test.pause",
                   [&](store::Unit& unit) { EXPECT_TRUE(pause(unit, {what, now_, "anna"})); });
  step_at(*carrier, now_ + base::kHour);
  EXPECT_EQ(looks, 0);
  database().write("test.resume", [&](store::Unit& unit) { EXPECT_TRUE(resume(unit, what)); });
  carrier->step();
  EXPECT_EQ(looks, 1);
}

// The receiver asked for quiet with an effect that will be too late by then.
TEST_P(CarrierTest, TooOftenQuietensTheLaneAlsoWhereItEndsTheEffect) {
  receiver_.before = [](const Effect& effect) -> std::optional<Outcome> {
    if (effect.effect_id == "e1") return Outcome{.sent = Sent::too_often, .after = {600'000}};
    return std::nullopt;
  };
  NewIntent soon_late = intent("e1");
  soon_late.give_up = second(300);
  enqueue(std::move(soon_late));
  const auto carrier = hold();
  carrier->step();
  EXPECT_EQ(state("e1"), "dead outbox.too_late");
  enqueue("e2");
  EXPECT_EQ(step_at(*carrier, second(599)).sent, 0);
  EXPECT_EQ(step_at(*carrier, second(600)).sent, 1);
}

// Lost between claim and calls: nothing was asked, nothing has to be looked up.
TEST_P(CarrierTest, WhatWasNotAskedIsAskedWhenTheDatabaseIsBack) {
  receiver_.look = [](const Effect&) -> Look {
    ADD_FAILURE() << "nothing is to be looked up";
    return {};
  };
  enqueue("e1");
  bool lost = true;
  watched_->before_read = [&] {
    if (std::exchange(lost, false)) lose_database();
  };
  const auto carrier = hold(*watched_);
  EXPECT_THROW(carrier->step(), store::Failure);
  run(*carrier);
  EXPECT_EQ(state("e1"), "done");
  EXPECT_EQ(receiver_.works["e1"], 1);
  EXPECT_EQ(tries("e1"), 1);
}

TEST_P(CarrierTest, WhatWasNotBegunCostsNothing) {
  set_pace({1, base::kHour, 2});
  int full = 2;
  receiver_.before = [&](const Effect&) -> std::optional<Outcome> {
    return full-- > 0 ? std::optional(Outcome{.sent = Sent::not_begun}) : std::nullopt;
  };
  enqueue("e1");
  enqueue("e2");
  const auto carrier = hold();
  const Step step = carrier->step();
  EXPECT_EQ(step.sent, 0);
  EXPECT_EQ(step.next, now_);
  EXPECT_EQ(tries("e1"), 0);
  EXPECT_EQ(carrier->step().sent, 2);
  EXPECT_EQ(state("e1") + " " + state("e2"), "done done");
}

// A token an hour, and another holder every minute.
TEST_P(CarrierTest, ASlowPaceOutlivesItsHolders) {
  set_pace({1, base::kHour, 1});
  for (int i = 0; i < 4; ++i) enqueue("e" + std::to_string(i));
  for (int minute = 0; minute <= 180; ++minute) {
    now_ = kStart + base::Duration{minute * base::kMinute.ms};
    hold()->step();
    ASSERT_EQ(receiver_.order.size(), static_cast<std::size_t>(1 + minute / 60)) << minute;
  }
}

TEST_P(CarrierTest, ANewPaceKeepsTheTokensThatAreThere) {
  set_pace({10, base::kSecond, 10});
  for (int i = 0; i < 20; ++i) enqueue("e" + std::to_string(i));
  const auto carrier = hold();
  EXPECT_EQ(carrier->step().sent, 10);
  EXPECT_EQ(step_at(*carrier, now_ + base::Duration{700}).sent, 7);
  now_ = now_ + base::Duration{200};
  EXPECT_EQ(carrier->next(now_), now_);
  EXPECT_EQ(carrier->step().sent, 2);
  set_pace({1, base::kMinute, 1});
  EXPECT_EQ(carrier->step().sent, 0);
  EXPECT_EQ(step_at(*carrier, now_ + base::kMinute).sent, 1);
}

// A receiver of which nothing comes back is asked less and less, and not by the whole batch.
TEST_P(CarrierTest, ALaneWithoutAnswersRests) {
  receiver_.before = [](const Effect&) { return Outcome{.sent = Sent::unavailable}; };
  for (int i = 0; i < 3; ++i) enqueue("e" + std::to_string(i));
  const auto carrier = hold();
  std::vector<std::int64_t> rests;
  for (int i = 0; i < 8; ++i) {
    while (carrier->step().sent == 0) now_ = now_ + base::Duration{100};
    enqueue("more" + std::to_string(i));
    const base::Moment begun = now_;
    while (carrier->step().sent == 0) now_ = now_ + base::Duration{100};
    rests.push_back((now_ - begun).ms);
  }
  EXPECT_TRUE(std::ranges::is_sorted(rests));
  EXPECT_EQ(rests.front(), 1000);
  EXPECT_EQ(rests.back(), base::kMinute.ms);
  receiver_.before = nullptr;
  finish(*carrier);
  EXPECT_EQ(state("e0"), "done");
}

// A clock that was a day ahead when the receiver asked for quiet.
TEST_P(CarrierTest, AQuietFromTheFutureIsNotBelieved) {
  receiver_.before = [](const Effect& effect) -> std::optional<Outcome> {
    if (effect.effect_id == "e1") return Outcome{.sent = Sent::too_often};
    return std::nullopt;
  };
  enqueue("e1");
  const auto carrier = hold();
  step_at(*carrier, kStart + base::kDay);
  enqueue("e2");
  EXPECT_EQ(carrier->step().sent, 0);
  EXPECT_EQ(step_at(*carrier, kStart).sent, 1);
  EXPECT_EQ(state("e2"), "done");
}

// Orders of many causes of their own do not push a second broadcast behind a first.
TEST_P(CarrierTest, TurnsAreCountedInEachPriority) {
  for (int i = 0; i < 40; ++i) enqueue("order" + std::to_string(i), "o:" + std::to_string(i));
  const auto carrier = hold();
  for (int i = 0; i < 40; ++i) {
    enqueue("again" + std::to_string(i), "o:" + std::to_string(i));
  }
  run(*carrier);
  for (int i = 1; i <= 3; ++i) enqueue("a" + std::to_string(i), "b:1", Priority::marketing);
  for (int i = 1; i <= 2; ++i) enqueue("b" + std::to_string(i), "b:2", Priority::marketing);
  receiver_.order.clear();
  run(*carrier);
  EXPECT_EQ(order(), "a1 b1 a2 b2 a3");
}

// What is due all at once is woken some at a time, the more urgent whatever waits beside it.
TEST_P(CarrierTest, WhatIsDueIsWokenByPriority) {
  std::vector<NewIntent> many;
  for (int i = 0; i < 900; ++i) {
    many.push_back(intent("m" + std::to_string(i)));
    many.back().id = {10'000 + i};
    many.back().priority = Priority::marketing;
    many.back().due = second(10);
  }
  database().write("test.many",
                   [&](store::Unit& unit) { EXPECT_EQ(*outbox::enqueue(unit, many, now_), 900); });
  NewIntent urgent = intent("w");
  urgent.priority = Priority::welcome;
  urgent.due = second(11);
  enqueue(std::move(urgent));
  now_ = second(11);
  const auto carrier = hold();
  carrier->step();
  EXPECT_EQ(receiver_.order.front(), "w");
  run(*carrier);
  EXPECT_EQ(receiver_.order.size(), 901u);
}

TEST_P(CarrierTest, OneCallStoresManyAndKnowsThoseItHas) {
  std::vector<NewIntent> many;
  for (int i = 0; i < 5; ++i) {
    many.push_back(intent("e" + std::to_string(i)));
    many.back().id = {100 + i};
  }
  many.push_back(many.front());  // named twice
  const auto store = [&] {
    return database().write("test.many", [&](store::Unit& unit) {
      const auto made = outbox::enqueue(unit, many, now_);
      return made ? std::to_string(*made) : std::string(code_of(made.error()));
    });
  };
  EXPECT_EQ(store(), "5");
  EXPECT_EQ(store(), "0");
  many[5].cause = "c:2";
  EXPECT_EQ(store(), "outbox.effect_reused");
  many[5] = intent("e5");
  many[5].id = {105};
  EXPECT_EQ(store(), "1");
  run(*hold());
  EXPECT_EQ(order(), "e0 e1 e2 e3 e4 e5");
}

// However many have ended, nothing looks through them.
TEST_P(CarrierTest, IntentsAreFoundByTheirIndexes) {
  if (GetParam() != store::Dialect::sqlite) GTEST_SKIP() << "plans of PostgreSQL follow sizes";
  for (const std::string_view sql : {sql::kRecoverSending,
                                     sql::kUnclaimRest,
                                     sql::kWakeWaiting,
                                     sql::kQueuedIntents,
                                     sql::kQueuedWithoutMarketing,
                                     sql::kClaimIntent,
                                     sql::kClaimedIntents,
                                     sql::kSettleIntent,
                                     sql::kUnknownIntents,
                                     sql::kSettleLook,
                                     sql::kNextWaiting,
                                     sql::kNextUnknown,
                                     sql::kHasQueued,
                                     sql::kStandingIn,
                                     sql::kDropQueued,
                                     sql::kDropWaiting,
                                     sql::kDropUnknown,
                                     sql::kBusyLanes,
                                     sql::kDeadLetters,
                                     sql::kIntentsOfCause,
                                     sql::kIntentsNamedSqlite}) {
    std::string plan;
    database().write("test.plan", [&](store::Unit& unit) {
      // As many as any of them names.
      const std::vector<store::Param> nothing(8, store::Param(std::int64_t{0}));
      std::size_t named = 0;
      for (std::size_t i = 1; i <= nothing.size(); ++i) {
        if (sql.find("$" + std::to_string(i)) != std::string_view::npos) named = i;
      }
      unit.query("explain query plan " + std::string(sql), std::span(nothing).first(named),
                 [&](const store::Row& row) { plan += std::string(row.text(3)) + "\n"; });
    });
    EXPECT_EQ(plan.find("SCAN outbox_intent"), std::string::npos) << sql << "\n" << plan;
  }
}

}  // namespace
}  // namespace outbox
