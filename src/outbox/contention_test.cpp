// Many at once on one lane, on both databases: sixteen threads that each want to carry it.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lease/lease.h"
#include "outbox/outbox_fixture.h"

namespace outbox {
namespace {

constexpr int kThreads = 16;
constexpr int kEffects = 200;

// A receiver that many may ask; what it answers of work that is done is told by the test.
class BusyReceiver final : public Sender {
 public:
  std::function<Outcome(const Effect&)> answer = [](const Effect&) {
    return Outcome{.sent = Sent::done};
  };

  std::vector<Outcome> send(std::span<const Effect> effects) override {
    const std::scoped_lock lock(mutex_);
    std::vector<Outcome> outcomes;
    for (const Effect& effect : effects) {
      ++works_[effect.effect_id];
      outcomes.push_back(answer(effect));
    }
    return outcomes;
  }
  std::vector<Look> look_up(std::span<const Effect> effects) override {
    const std::scoped_lock lock(mutex_);
    std::vector<Look> looks;
    for (const Effect& effect : effects) {
      looks.push_back({.found = works_.contains(effect.effect_id) ? Found::done : Found::not_done});
    }
    return looks;
  }
  std::map<std::string, int> works() {
    const std::scoped_lock lock(mutex_);
    return works_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> works_;
};

class ContentionTest : public OutboxFixture {
 protected:
  // In all threads, until one of them finds nothing more to do.
  void all(const std::function<void(std::int64_t)>& work) {
    std::vector<std::jthread> threads;
    for (std::int64_t thread = 1; thread <= kThreads; ++thread) {
      threads.emplace_back([&work, thread] { work(thread); });
    }
  }
  // Takes the lane if it can, works in it for a while, and gives it back. `steps`: how many.
  std::int64_t carry(std::int64_t owner, int steps, base::Duration pause = {0}) {
    const base::Moment begun{time_.load()};
    const auto lease = database().write("test.lease", [&](store::Unit& unit) {
      return lease::acquire(unit, {lease_of(lane_.id), owner, begun, base::kMinute});
    });
    if (!lease) return 0;
    base::Moment now = begun;
    const base::GivenClock clock(now);
    Carrier carrier(database(), receiver_, clock, {lane_, lease->fence});
    std::int64_t sent = 0;
    for (int i = 0; i < steps; ++i) {
      now = {time_.fetch_add(pause.ms) + pause.ms};
      sent += carrier.step().sent;
    }
    database().write("test.release", [&](store::Unit& unit) { lease::release(unit, *lease); });
    return sent;
  }
  bool is_over() {
    return database().read(
        [&](store::Session& session) { return standing_in(session, lane_.id, 1) == 0; });
  }

  BusyReceiver receiver_;
  std::atomic<std::int64_t> time_ = kStart.ms;
};
INSTANTIATE_TEST_SUITE_P(Both, ContentionTest, store::kBothDatabases, store::dialect_name);

// P29: overlapping carriers do each work once.
TEST_P(ContentionTest, EachWorkOnceWhoeverCarries) {
  for (int i = 0; i < kEffects; ++i) enqueue("e" + std::to_string(i), "c:" + std::to_string(i % 5));
  all([&](std::int64_t thread) {
    while (!is_over()) carry(thread, 3, {20});
  });
  EXPECT_EQ(receiver_.works().size(), static_cast<std::size_t>(kEffects));
  for (const auto& [effect, works] : receiver_.works()) EXPECT_EQ(works, 1) << effect;
}

// P24: what may have happened is looked up by whoever comes next, not repeated.
TEST_P(ContentionTest, UnknownOutcomesAreNotRepeated) {
  receiver_.answer = [](const Effect& effect) {
    return effect.effect_id.ends_with('7') ? Outcome{.sent = Sent::done}
                                           : Outcome{.sent = Sent::unknown};
  };
  for (int i = 0; i < kEffects; ++i) enqueue("e" + std::to_string(i));
  all([&](std::int64_t thread) {
    while (!is_over()) carry(thread, 2, {50});
  });
  for (const auto& [effect, works] : receiver_.works()) EXPECT_EQ(works, 1) << effect;
  for (int i = 0; i < kEffects; ++i) EXPECT_EQ(state("e" + std::to_string(i)), "done");
}

// P25: however often the lane changes hands, it keeps its pace.
TEST_P(ContentionTest, ThePaceIsTheLanes) {
  const Pace slow{10, base::kSecond, 3};
  set_pace(slow);
  for (int i = 0; i < kEffects; ++i) enqueue("e" + std::to_string(i));
  std::atomic<std::int64_t> sent = 0;
  all([&](std::int64_t thread) {
    for (int i = 0; i < 4; ++i) sent += carry(thread, 10, {40});
  });
  const std::int64_t passed = time_ - kStart.ms;
  EXPECT_GT(sent, 0);
  EXPECT_LE(sent, passed * slow.count / slow.in.ms + slow.burst);
}

// P8: sixteen causes at once, every second of which is taken back.
TEST_P(ContentionTest, EffectsAreThereIfAndOnlyIfTheirCauses) {
  struct TakenBack {};
  std::atomic<std::int64_t> ids = 1;
  all([&](std::int64_t thread) {
    for (int i = 0; i < 10; ++i) {
      NewIntent made = intent(std::to_string(thread) + "-" + std::to_string(i));
      made.id = {ids++};
      try {
        database().write("test.cause", [&](store::Unit& unit) {
          EXPECT_TRUE(outbox::enqueue(unit, {&made, 1}, kStart));
          if (i % 2 == 1) throw TakenBack{};
        });
      } catch (const TakenBack&) {
      }
    }
  });
  while (!is_over()) carry(1, 2, {50});
  EXPECT_EQ(receiver_.works().size(), static_cast<std::size_t>(kThreads * 5));
  for (const auto& [effect, works] : receiver_.works()) {
    EXPECT_EQ(works, 1) << effect;
    EXPECT_EQ((effect.back() - '0') % 2, 0) << effect;
  }
}

}  // namespace
}  // namespace outbox
