#include "net/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

namespace net {
namespace {

TEST(WorkerPool, RefusesWhatDoesNotFitTheQueue) {
  WorkerPool pool({.threads = 2, .queued_max = 3});
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  std::promise<void> first, second;
  std::atomic<int> done = 0;
  for (std::promise<void>* started : {&first, &second}) {
    ASSERT_TRUE(pool.submit([&, started] {
      started->set_value();
      opened.wait();
      ++done;
    }));
  }
  first.get_future().wait();
  second.get_future().wait();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.submit([&] { ++done; }));
  }
  EXPECT_FALSE(pool.submit([&] { ++done; }));
  EXPECT_EQ(pool.queued(), 3u);
  EXPECT_EQ(pool.running(), 2u);
  gate.set_value();
  pool.stop();
  EXPECT_EQ(done, 5);
  EXPECT_FALSE(pool.submit([&] { ++done; }));
}

TEST(WorkerPool, JobsThatBlockGetAllThreadsHoweverTheyCome) {
  constexpr std::size_t kThreads = 8;
  WorkerPool pool({.threads = kThreads, .queued_max = 100});
  for (int round = 0; round < 50; ++round) {
    std::latch all_run(kThreads);  // no job ends before every thread has one
    std::latch ended(kThreads);
    for (std::size_t i = 0; i < kThreads; ++i) {
      ASSERT_TRUE(pool.submit([&] {
        all_run.arrive_and_wait();
        ended.count_down();
      }));
    }
    ended.wait();
  }
}

}  // namespace
}  // namespace net
