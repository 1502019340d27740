#include "server/chores.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "store/failure.h"

namespace server {
namespace {

constexpr base::Duration kLong{base::kHour.ms};
constexpr base::Duration kAtOnce{0};

TEST(ChoresTest, DoesEachAtItsStartAndThoseOftenAgain) {
  std::atomic<int> seldom = 0;
  int often = 0;
  std::promise<void> done;
  {
    const Chores chores({{"seldom", kLong, kLong, [&](const std::stop_token&) { ++seldom; }},
                         {"often", kAtOnce, kLong, [&](const std::stop_token&) {
                            if (++often == 3) done.set_value();
                          }}});
    done.get_future().wait();
  }
  EXPECT_EQ(seldom, 1);
}

TEST(ChoresTest, TriesAgainWhatHasFailed) {
  int tries = 0;
  std::promise<void> done;
  {
    const Chores chores({{"failing", kLong, kAtOnce, [&](const std::stop_token&) {
                            if (++tries == 1) {
                              throw store::Failure(store::FailureKind::full, "test");
                            }
                            done.set_value();
                          }}});
    done.get_future().wait();
  }
  EXPECT_EQ(tries, 2);
}

}  // namespace
}  // namespace server
