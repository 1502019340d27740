#include "cli/interruption.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>

namespace cli {
namespace {

constexpr std::chrono::seconds kFailsafe{20};  // nothing below waits this long unless it is broken

// A background job of a shell begins with Ctrl+C ignored; what is tried here is one that heeds it.
void heed_signals() {
  for (const int signal : {SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
}

TEST(InterruptionTest, WhoWatchesIsTold) {
  heed_signals();
  Interruption interruption;
  const std::stop_token stop = interruption.watch();
  std::promise<void> told;
  const std::stop_callback tell(stop, [&] { told.set_value(); });
  ASSERT_EQ(::kill(::getpid(), SIGINT), 0);
  EXPECT_EQ(told.get_future().wait_for(kFailsafe), std::future_status::ready);
  EXPECT_TRUE(interruption.interrupted());
  interruption.unwatch();
}

TEST(InterruptionDeathTest, WhileNobodyWatchesTheProcessEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto end = [](int signal) {
    heed_signals();
    Interruption interruption;
    interruption.watch();
    interruption.unwatch();
    ::kill(::getpid(), signal);
    ::pause();
  };
  EXPECT_EXIT(end(SIGINT), testing::KilledBySignal(SIGINT), "");
  EXPECT_EXIT(end(SIGTERM), testing::KilledBySignal(SIGTERM), "");
}

TEST(InterruptionTest, WhatIsIgnoredStaysIgnored) {
  const auto before = ::signal(SIGINT, SIG_IGN);
  {
    Interruption interruption;
    interruption.watch();
    ::kill(::getpid(), SIGINT);
    std::promise<void> told;
    const std::stop_callback tell(interruption.watch(), [&] { told.set_value(); });
    ::kill(::getpid(), SIGTERM);  // comes after it
    EXPECT_EQ(told.get_future().wait_for(kFailsafe), std::future_status::ready);
  }
  ::signal(SIGINT, before);
}

TEST(InterruptionDeathTest, TheSecondSignalEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto end = [] {
    heed_signals();
    Interruption interruption;
    std::promise<void> told;
    const std::stop_callback tell(interruption.watch(), [&] { told.set_value(); });
    ::kill(::getpid(), SIGINT);
    told.get_future().wait();
    ::kill(::getpid(), SIGINT);
    ::pause();
  };
  EXPECT_EXIT(end(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace cli
