#include "log/projection.h"

#include <atomic>
#include <functional>
#include <latch>
#include <thread>
#include <utility>
#include <vector>

#include "log/test_log.h"

namespace event_log {
namespace {

// Keeps nothing; counts how often it looks.
class Looking final : public Projection {
 public:
  Looking(store::Database& database, Log& log) : Projection(database, log, "looking") {}
  int looks() const { return looks_; }

 private:
  std::vector<base::EventTypeId> types_of(const EventTypes& /*types*/) const override {
    ++looks_;
    return {};
  }
  std::function<void(store::Unit&)> effects_of(store::Session& /*session*/,
                                               const EventTypes& /*types*/,
                                               Reading /*reading*/) const override {
    return [](store::Unit&) {};
  }
  bool remove_some(store::Unit& /*unit*/, base::BatchId /*batch*/) const override { return false; }
  void clear(store::Unit& /*unit*/) const override {}

  mutable std::atomic<int> looks_ = 0;
};

// Keeps the customers of what is told by one name; something may happen between reading and
// writing.
class Keeping final : public Projection {
 public:
  Keeping(store::Database& database, Log& log, std::function<void()> between)
      : Projection(database, log, "keeping"), between_(std::move(between)) {}
  const std::vector<std::int64_t>& kept() const { return kept_; }

 private:
  std::vector<base::EventTypeId> types_of(const EventTypes& types) const override {
    return {types.find("told")->id};
  }
  std::function<void(store::Unit&)> effects_of(store::Session& /*session*/,
                                               const EventTypes& /*types*/,
                                               Reading reading) const override {
    if (between_) std::exchange(between_, nullptr)();
    return [this, reading = std::move(reading)](store::Unit&) {
      for (const Event& event : reading.events) kept_.push_back(event.customer.value);
    };
  }
  bool remove_some(store::Unit& /*unit*/, base::BatchId /*batch*/) const override { return false; }
  void clear(store::Unit& /*unit*/) const override {}

  mutable std::function<void()> between_;
  mutable std::vector<std::int64_t> kept_;
};

class ProjectionTest : public LogFixture {};
INSTANTIATE_TEST_SUITE_P(Both, ProjectionTest, store::kBothDatabases, store::dialect_name);

TEST_P(ProjectionTest, WhoIsErasedWhileItReadsDoesNotComeBack) {
  append({new_event(1, "told"), new_event(5, "told")});
  const auto erase = [&] {
    database().write("customer.erase", [&](store::Unit& unit) { log().erase(unit, {{5}, {99}}); });
  };
  // Of another thread: one that reads may not write.
  Keeping keeping(database(), log(), [&] { std::thread(erase).join(); });
  EXPECT_TRUE(keeping.catch_up(base::Duration{60'000}).fresh);
  EXPECT_EQ(keeping.kept(), std::vector<std::int64_t>{1});
}

// PostgreSQL alone: under SQLite's one writer units run in turn.
class WaitingProjectionTest : public LogFixture {};
INSTANTIATE_TEST_SUITE_P(Alone, WaitingProjectionTest,
                         ::testing::Values(store::Dialect::postgresql), store::dialect_name);

TEST_P(WaitingProjectionTest, AUnitThatRunsIsWaitedForWithoutTurning) {
  constexpr base::Duration kPatience{300};
  constexpr int kLooksMax = 32;                           // of one wait, one every 10 ms
  append({new_event(1, "early"), new_event(1, "late")});  // their types
  std::latch appended(1);
  std::latch go_on(1);
  std::thread slow([&] {
    database().write("event.append", [&](store::Unit& unit) {
      EXPECT_TRUE(log().append(unit, origin(), new_event(1, "early")).has_value());
      appended.count_down();
      go_on.wait();
    });
  });
  appended.wait();
  append({new_event(2, "late")});  // committed, with a later transaction
  Looking looking(database(), log());
  EXPECT_FALSE(looking.catch_up(kPatience).fresh);
  EXPECT_FALSE(looking.follow(kPatience, {}));
  EXPECT_GT(looking.looks(), 2);
  EXPECT_LE(looking.looks(), 2 * kLooksMax);
  go_on.count_down();
  slow.join();
  EXPECT_TRUE(looking.catch_up(base::Duration{60'000}).fresh);
}

}  // namespace
}  // namespace event_log
