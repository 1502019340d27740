#include "timer/timer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "store/test_database.h"

namespace timer {
namespace {

using base::Moment;

// Writes down what it was asked to do, and does what a test says on the way.
class Noting final : public Handler {
 public:
  void fire(store::Unit& unit, std::span<const Timer> due, Moment now) override {
    if (before) before(unit, due);
    for (const Timer& timer : due) {
      EXPECT_LE(timer.due, now);
      // In the database, as an effect is: a unit that is rolled back leaves nothing.
      unit.execute(
          "insert into fired (number, key) select coalesce(max(number), 0) + 1, "
          "cast($1 as bigint) from fired",
          {timer.key});
    }
  }
  void lock(store::Unit& unit, std::span<const Timer> due) override {
    if (before_taken) before_taken(unit, due);
  }
  std::function<void(store::Unit&, std::span<const Timer>)> before;
  std::function<void(store::Unit&, std::span<const Timer>)> before_taken;
};

class TimerTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    database().write("test.table", [](store::Unit& unit) {
      unit.execute("create table fired (number bigint primary key, key bigint)", {});
    });
  }
  void at(std::int64_t key, std::int64_t ms, std::string_view kind = "note") {
    database().write("test.schedule", [&](store::Unit& unit) {
      const Timer timer{kind, key, {ms}};
      schedule(unit, {&timer, 1});
    });
  }
  // Everything due at `ms`; the keys in the order they came.
  std::string run(std::int64_t ms) {
    Runner runner(database(), {{"note", noting_}});
    Step step;
    do {
      step = runner.step({ms});
      set_aside_ += step.set_aside;
    } while (step.more);
    return fired();
  }
  std::optional<Moment> next() {
    const Runner runner(database(), {{"note", noting_}});
    return database().read([&](store::Session& session) { return runner.next_due(session); });
  }
  std::string fired() {
    return database().read([](store::Session& session) {
      std::string keys;
      session.query("select key from fired order by number", {}, [&](const store::Row& row) {
        keys += (keys.empty() ? "" : " ") + std::string(row.text(0));
      });
      return keys;
    });
  }

  Noting noting_;
  std::size_t set_aside_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, TimerTest, store::kBothDatabases, store::dialect_name);

TEST_P(TimerTest, ComesOnceAtItsMomentAndLateOnesInOrder) {
  at(1, 100);
  at(2, 300);
  at(3, 200);
  at(4, 200);
  EXPECT_EQ(run(99), "");
  EXPECT_EQ(run(100), "1");
  EXPECT_EQ(run(100), "1");
  EXPECT_EQ(run(1'000'000), "1 3 4 2");
  EXPECT_EQ(next(), std::nullopt);
}

TEST_P(TimerTest, IsMovedAndCancelled) {
  at(1, 100);
  at(2, 100);
  at(1, 500);
  database().write("test.cancel", [](store::Unit& unit) {
    const std::int64_t keys[] = {2, 3};
    cancel(unit, "note", keys);
  });
  EXPECT_EQ(next(), Moment{500});
  at(3, 400, "other");
  EXPECT_EQ(next(), Moment{500});  // none of its own
  EXPECT_EQ(run(499), "");
  EXPECT_EQ(run(500), "1");
}

TEST_P(TimerTest, WhatFailsAloneIsSetAsideAndTheRestHappens) {
  for (std::int64_t key = 1; key <= 5; ++key) at(key, key);
  noting_.before = [](store::Unit&, std::span<const Timer> due) {
    for (const Timer& timer : due) {
      if (timer.key == 3) throw store::Failure(store::FailureKind::constraint, "three");
    }
  };
  EXPECT_EQ(run(10), "1 2 4 5");
  EXPECT_EQ(set_aside_, 1u);
  const auto found =
      database().read([](store::Session& session) { return set_aside(session, 10); });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].timer.key, 3);
  EXPECT_EQ(found[0].problem, "store.constraint");
  noting_.before = nullptr;
  EXPECT_EQ(run(10), "1 2 4 5");
  EXPECT_EQ(database().write("test.again", try_again), 1);  // somebody says: again
  EXPECT_EQ(run(20), "1 2 4 5 3");
  EXPECT_EQ(database().write("test.again", try_again), 0);
}

TEST_P(TimerTest, ALostDatabaseLosesNothing) {
  at(1, 1);
  noting_.before = [](store::Unit&, std::span<const Timer>) {
    throw store::Failure(store::FailureKind::unavailable, "gone");
  };
  EXPECT_THROW(run(10), store::Failure);
  EXPECT_EQ(fired(), "");
  noting_.before = nullptr;
  EXPECT_EQ(run(10), "1");
}

// A process that is older than a kind leaves its timers to those that know it.
TEST_P(TimerTest, UnknownKindsAreLeftToWhoKnowsThem) {
  at(1, 1, "newer");
  at(2, 2);
  EXPECT_EQ(run(10), "2");
  EXPECT_EQ(set_aside_, 0u);
  Runner newer(database(), {{"note", noting_}, {"newer", noting_}});
  while (newer.step({10}).more) {
  }
  EXPECT_EQ(fired(), "2 1");
}

TEST_P(TimerTest, OneThatIsGoneBeforeItIsTakenDoesNotCome) {
  at(1, 1);
  at(2, 2);
  at(3, 3);
  noting_.before_taken = [](store::Unit& unit, std::span<const Timer> due) {
    EXPECT_EQ(due.size(), 3u);
    const std::int64_t keys[] = {2};
    cancel(unit, "note", keys);
  };
  EXPECT_EQ(run(10), "1 3");
}

TEST_P(TimerTest, KindsKeepTheirOrder) {
  Runner runner(database(), {{"note", noting_}, {"other", noting_}});
  at(1, 1);
  at(2, 2, "other");
  at(3, 3);
  while (runner.step({10}).more) {
  }
  EXPECT_EQ(fired(), "1 2 3");
}

// Many runners, many more timers than one unit takes: each comes once.
TEST_P(TimerTest, OfManyRunnersEachTimerComesOnce) {
  constexpr std::int64_t kMany = 1300;
  database().write("test.schedule", [&](store::Unit& unit) {
    std::vector<Timer> timers;
    for (std::int64_t key = 1; key <= kMany; ++key) timers.push_back({"count", key, {key % 7}});
    schedule(unit, timers);
  });
  class Counting final : public Handler {
   public:
    void fire(store::Unit& unit, std::span<const Timer> due, Moment) override {
      for (const Timer& timer : due) {
        // A key that comes twice is a failure of its unit.
        unit.execute("insert into fired (number, key) values ($1, $1)", {timer.key});
      }
    }
  } counting;
  std::atomic<std::size_t> total = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Runner runner(database(), {{"count", counting}});
      for (Step step{.more = true}; step.more;) {
        step = runner.step({10});
        total += step.fired;
        EXPECT_EQ(step.set_aside, 0u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(total, static_cast<std::size_t>(kMany));
  EXPECT_EQ(database().read([](store::Session& session) {
    return session.one("select count(*) from fired", {},
                       [](const store::Row& row) { return row.integer(0); });
  }),
            kMany);
}

}  // namespace
}  // namespace timer
