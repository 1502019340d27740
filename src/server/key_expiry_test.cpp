#include "server/key_expiry.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/random.h"
#include "setting/setting.h"
#include "store/test_database.h"

namespace server {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};
constexpr base::Duration kSecond{1000};

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return kNow; }
};

class KeyExpiryTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_.emplace(database());
    base::SeededRandom random(1);
    log_->prepare(kNow, random);
  }

  // How many of "key 0" … "key 4" were written when they came at `now`.
  std::int64_t send(base::Moment now) {
    std::vector<event_log::NewEvent> events;
    for (int i = 0; i < 5; ++i) {
      events.push_back({{7}, "visit", now, {}, "key " + std::to_string(i), {}});
    }
    const auto done = database().write("test", [&](store::Unit& unit) {
      return log_->append(unit, {.source = "test", .now = now}, events);
    });
    EXPECT_TRUE(done);
    return done ? done->written : 0;
  }

  std::optional<event_log::Log> log_;
};

TEST_P(KeyExpiryTest, ForgetsInSmallSteps) {
  EXPECT_EQ(send(kNow), 5);
  EXPECT_EQ(send(kNow + kSecond), 0);
  const base::Moment over = kNow + event_log::kKeyWindow;
  EXPECT_EQ(forget_keys(database(), *log_, {.now = over, .at_once = 2}), 0);
  EXPECT_EQ(forget_keys(database(), *log_, {.now = over + kSecond, .at_once = 2}), 5);
  EXPECT_EQ(forget_keys(database(), *log_, {.now = over + kSecond, .at_once = 2}), 0);
  EXPECT_EQ(log_->memory_bytes(), 0u);
}

TEST_P(KeyExpiryTest, KeepsTheWindowOfTheWorkspace) {
  EXPECT_EQ(send(kNow), 5);
  const auto set = database().write("test", [&](store::Unit& unit) {
    return setting::set(unit, {"idempotency_window", "30d", {}, kNow});
  });
  ASSERT_TRUE(set);
  const base::Moment month = kNow + base::Duration{30 * base::kDay.ms};
  EXPECT_EQ(forget_keys(database(), *log_, {.now = month}), 0);
  EXPECT_EQ(forget_keys(database(), *log_, {.now = month + kSecond}), 5);
}

TEST_P(KeyExpiryTest, StopsWhenAsked) {
  EXPECT_EQ(send(kNow), 5);
  std::stop_source stop;
  stop.request_stop();
  const base::Moment over = kNow + event_log::kKeyWindow + kSecond;
  const ForgetKeys asked{.now = over, .at_once = 2, .stop = stop.get_token()};
  EXPECT_EQ(forget_keys(database(), *log_, asked), 0);
}

TEST_P(KeyExpiryTest, TheThreadEndsAtOnceAndKeepsTheWindow) {
  EXPECT_EQ(send(kNow), 5);
  const StandingClock clock;
  {
    const Chores chores({forgetting_keys(database(), *log_, clock)});
  }
  EXPECT_EQ(send(kNow + kSecond), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, KeyExpiryTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
