#include "base/work_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <latch>
#include <stdexcept>

namespace base {
namespace {

constexpr std::size_t kTasks = 1000;

TEST(WorkPool, RunsEveryTaskOnce) {
  for (const std::size_t threads : {0u, 1u, 3u}) {
    WorkPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    std::array<std::atomic<int>, kTasks> ran{};
    EXPECT_TRUE(pool.run(kTasks, [&](std::size_t task) { ++ran[task]; }));
    for (const auto& times : ran) ASSERT_EQ(times, 1);
    EXPECT_TRUE(pool.run(0, [](std::size_t) { FAIL(); }));
  }
}

TEST(WorkPool, OneMoreThanThePoolHasWorkAtOnce) {
  WorkPool pool(2);
  std::latch all_there(3);  // ends only when three threads are in it
  EXPECT_TRUE(pool.run(3, [&](std::size_t) { all_there.arrive_and_wait(); }));
}

// What comes in is not to wait for what a caller has asked.
TEST(WorkPool, NobodyWorksAtTheCallersPriority) {
  WorkPool pool(1);
  const int own = getpriority(PRIO_PROCESS, 0);
  std::atomic<int> at_own = 0;
  EXPECT_TRUE(pool.run(kTasks, [&](std::size_t) {
    if (getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())) <= own) ++at_own;
  }));
  EXPECT_EQ(at_own, 0);
}

TEST(WorkPool, WhoFindsNoStandInWorksThemselves) {
  WorkPool pool(1);
  std::latch all_busy(kStandIns + 1);  // and the pool's own
  std::latch finish(1);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < kStandIns; ++i) {
    callers.emplace_back([&] {
      EXPECT_TRUE(pool.run(2, [&](std::size_t) {
        if (!finish.try_wait()) all_busy.count_down();
        finish.wait();
      }));
    });
  }
  all_busy.wait();
  const auto caller = std::this_thread::get_id();
  int ran = 0;
  EXPECT_TRUE(pool.run(2, [&](std::size_t) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    ++ran;
  }));
  EXPECT_EQ(ran, 2);
  finish.count_down();
  for (std::thread& each : callers) each.join();
}

TEST(WorkPool, ATaskRunsTasksOfItsOwn) {
  WorkPool pool(2);
  std::atomic<int> ran = 0;
  EXPECT_TRUE(
      pool.run(8, [&](std::size_t) { EXPECT_TRUE(pool.run(8, [&](std::size_t) { ++ran; })); }));
  EXPECT_EQ(ran, 64);
}

TEST(WorkPool, SeveralCallersShareIt) {
  WorkPool pool(2);
  std::atomic<int> ran = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int j = 0; j < 50; ++j) EXPECT_TRUE(pool.run(20, [&](std::size_t) { ++ran; }));
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ran, 4 * 50 * 20);
}

TEST(WorkPool, AThrownExceptionComesOutAndThePoolGoesOn) {
  for (const std::size_t threads : {0u, 2u}) {
    WorkPool pool(threads);
    std::atomic<std::size_t> ran = 0;
    const auto fails = [&](std::size_t task) {
      ++ran;
      if (task == 5) throw std::runtime_error("five");
    };
    // As many that whoever throws is heard before the last, however late they are.
    constexpr std::size_t kTasksOfOneThatFails = 100'000'000;
    EXPECT_THROW(pool.run(kTasksOfOneThatFails, fails), std::runtime_error);
    EXPECT_LT(ran, kTasksOfOneThatFails);
    EXPECT_GE(ran, 6u);
    ran = 0;
    EXPECT_TRUE(pool.run(10, [&](std::size_t) { ++ran; }));
    EXPECT_EQ(ran, 10u);
  }
}

TEST(WorkPool, StopsBetweenTasks) {
  for (const std::size_t threads : {0u, 2u}) {
    WorkPool pool(threads);
    std::stop_source stop;
    std::atomic<std::size_t> ran = 0;
    EXPECT_FALSE(pool.run(
        100'000,
        [&](std::size_t) {
          if (++ran == 7) stop.request_stop();
        },
        stop.get_token()));
    EXPECT_GE(ran, 7u);
    EXPECT_LE(ran, 7u + threads + 1);
    EXPECT_FALSE(pool.run(3, [](std::size_t) { FAIL(); }, stop.get_token()));
  }
}

}  // namespace
}  // namespace base
