#include "server/demo_living.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "demo/living.h"
#include "server/demo_folder.h"
#include "server/operate.h"
#include "store/test_folder.h"

namespace server {
namespace {

constexpr base::Moment kNow{1'790'000'000'000};

class FixedClock final : public base::Clock {
 public:
  base::Moment now() const override { return now_; }
  void go(base::Duration by) { now_ = now_ + by; }

 private:
  base::Moment now_ = kNow;
};

TEST(DemoLivingTest, WaitsForWhatComesNextAndLooksAtTheClock) {
  const auto pause = [](std::int64_t ms) {
    return DemoLiving::pause(kNow + base::Duration{ms}, kNow);
  };
  EXPECT_EQ(pause(20'000).ms, 20'000);
  EXPECT_EQ(pause(3 * base::kHour.ms), DemoLiving::kLookEvery);
  // Much at once: the writer has time for others.
  EXPECT_EQ(pause(1), DemoLiving::kBetween);
  EXPECT_EQ(pause(-30'000), DemoLiving::kBetween);
  // A gap is filled without waiting.
  EXPECT_EQ(pause(-demo::kLiveMax.ms - 1).ms, 0);
}

TEST(DemoLivingTest, TellsWhatWasMissedAndEndsWhileItWaits) {
  const store::TemporaryFolder folder;
  base::SeededRandom random(3);
  FixedClock clock;
  (void)prepare_demo({.folder = folder.path()}, clock, random, {.customers = 50});
  clock.go(base::kDay);
  const auto database = open_database({.folder = folder.path()});
  event_log::Log log(*database);
  log.prepare(clock.now(), random);
  const auto told_until = [&] {
    return database->read([](store::Session& session) { return demo::lived(session)->brand; });
  };
  {
    const DemoLiving living({*database, log, clock}, 1);
    while (told_until() < kNow + base::Duration{20 * base::kHour.ms}) {
      const std::uint64_t seen = log.appended().count();
      if (told_until() < kNow + base::Duration{20 * base::kHour.ms}) {
        log.appended().wait(seen, base::kSecond);
      }
    }
  }
  EXPECT_LE(told_until(), clock.now());
}

}  // namespace
}  // namespace server
