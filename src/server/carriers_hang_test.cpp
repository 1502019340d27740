// Receivers that hang: the end of the program meanwhile, the lanes beside them, who comes next. The
// carriers alone, over a sender that waits for nothing but the stop.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "lease/lease.h"
#include "outbox/carrier.h"
#include "outbox/intent.h"
#include "server/carriers.h"
#include "store/test_database.h"

namespace server {
namespace {

constexpr std::chrono::seconds kFailsafe{20};  // nothing takes this long unless it is broken

class Hanging final : public outbox::Sender {
 public:
  Hanging(std::stop_token stop, std::atomic<bool>& is_sending)
      : stop_(std::move(stop)), is_sending_(is_sending) {}
  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override {
    is_sending_ = true;
    is_sending_.notify_all();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, stop_, [] { return false; });
    return std::vector<outbox::Outcome>(
        effects.size(), {.sent = outbox::Sent::unknown, .problem = "channel.given_up"});
  }
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override {
    return std::vector<outbox::Look>(effects.size(), {.found = outbox::Found::later});
  }

 private:
  std::stop_token stop_;
  std::atomic<bool>& is_sending_;
};

// Whose receiver answers at once.
class Prompt final : public outbox::Sender {
 public:
  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override {
    return std::vector<outbox::Outcome>(effects.size(), {.sent = outbox::Sent::done});
  }
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override {
    return std::vector<outbox::Look>(effects.size());
  }
};

class CarriersHangTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    enqueue("hangs", "e1", 7);
  }
  // In a lane of its own kind, made with it.
  void enqueue(const std::string& kind, const std::string& effect_id, std::int64_t id) {
    database().write("test.intent", [&](store::Unit& unit) {
      const auto lane =
          outbox::open_lane(unit, {.id = {id}, .kind = kind, .pace = {1000, base::kSecond, 1000}});
      EXPECT_TRUE(lane);
      const outbox::NewIntent intent{
          .id = {id}, .effect_id = effect_id, .lane = lane->id, .cause = "c:1", .payload = "{}"};
      EXPECT_TRUE(outbox::enqueue(unit, {&intent, 1}, clock_.now()));
    });
  }
  Carriers::Means means() {
    return {database(), clock_, random_,
            [this](const outbox::Lane& lane, const std::stop_token& stop) {
              std::unique_ptr<outbox::Sender> sender;
              if (lane.kind.starts_with("hangs")) {
                sender = std::make_unique<Hanging>(stop, is_sending_);
              } else {
                sender = std::make_unique<Prompt>();
              }
              return sender;
            }};
  }
  outbox::State state(std::string_view effect_id = "e1") {
    return database()
        .read([&](store::Session& session) { return outbox::intent_with(session, effect_id); })
        ->state;
  }

  void await(const std::string& effect_id, outbox::State wanted) {
    const auto end = std::chrono::steady_clock::now() + kFailsafe;
    while (state(effect_id) != wanted && std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
    }
    EXPECT_EQ(state(effect_id), wanted) << effect_id;
  }

  base::SystemClock clock_;
  base::SystemRandom random_;
  std::atomic<bool> is_sending_ = false;
};
INSTANTIATE_TEST_SUITE_P(Both, CarriersHangTest, store::kBothDatabases, store::dialect_name);

TEST_P(CarriersHangTest, EndsACallUnderWay) {
  {
    Carriers carriers(means());
    carriers.start();
    is_sending_.wait(false);
    EXPECT_EQ(state(), outbox::State::sending);
  }
  EXPECT_EQ(state(), outbox::State::unknown);
}

TEST_P(CarriersHangTest, StoppedItBeginsNothing) {
  Carriers carriers(means());
  carriers.stop();
  EXPECT_EQ(carriers.carry(), 0);
  EXPECT_FALSE(is_sending_);
  EXPECT_EQ(state(), outbox::State::queued);
}

// P25: what goes out elsewhere does not wait for receivers that hang.
TEST_P(CarriersHangTest, LanesBesideAreCarried) {
  std::vector<std::string> hanging = {"e1"};
  for (std::int64_t i = 1; i < 4; ++i) {
    hanging.push_back("h" + std::to_string(i));
    enqueue("hangs." + std::to_string(i), hanging.back(), 10 + i);
  }
  Carriers carriers(means());
  carriers.start();
  for (const std::string& each : hanging) await(each, outbox::State::sending);
  enqueue("prompt", "e2", 20);
  await("e2", outbox::State::done);
  for (const std::string& each : hanging) EXPECT_EQ(state(each), outbox::State::sending) << each;
}

// A process whose clock was a day ahead took the lane, and died.
TEST_P(CarriersHangTest, ALeaseFromTheFutureHoldsNobodyUp) {
  enqueue("prompt", "e2", 20);
  database().write("test.lease", [&](store::Unit& unit) {
    outbox::drop_all(unit, {7}, clock_.now());
    const auto taken =
        lease::acquire(unit, {outbox::lease_of({20}), 4711, clock_.now() + base::kDay, kLaneLease});
    EXPECT_TRUE(taken);
  });
  Carriers carriers(means());
  EXPECT_EQ(carriers.carry(), 1);
  EXPECT_EQ(state("e2"), outbox::State::done);
}

// Who ends gives its lanes back: the next one need not wait for its leases to expire.
TEST_P(CarriersHangTest, TheNextGoesOnAtOnce) {
  database().write("test.drop",
                   [&](store::Unit& unit) { outbox::drop_all(unit, {7}, clock_.now()); });
  for (const std::int64_t id : {20, 21}) {
    const std::string effect_id = "e" + std::to_string(id);
    enqueue("prompt", effect_id, id);
    Carriers one_after_the_other(means());
    EXPECT_EQ(one_after_the_other.carry(), 1);
    EXPECT_EQ(state(effect_id), outbox::State::done);
  }
}

}  // namespace
}  // namespace server
