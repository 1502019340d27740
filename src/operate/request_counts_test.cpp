#include "operate/request_counts.h"

#include <gtest/gtest.h>

#include <thread>

namespace operate {
namespace {

using std::chrono::milliseconds;

TEST(RequestCountsTest, CountsByRouteStatusAndTime) {
  RequestCounts counts(2);
  counts.answered(0, 200, milliseconds(1));
  counts.answered(0, 404, milliseconds(1) + std::chrono::nanoseconds(1));
  counts.answered(counts.no_route(), 503, std::chrono::minutes(2));
  counts.answered(counts.no_route(), 999, milliseconds(-1));
  const auto routes = counts.routes();
  ASSERT_EQ(routes.size(), 3u);
  EXPECT_EQ(routes[0].by_status, (std::array<std::uint64_t, 5>{0, 1, 0, 1, 0}));
  EXPECT_EQ(routes[0].by_latency[0], 1u);
  EXPECT_EQ(routes[0].by_latency[1], 1u);
  EXPECT_NEAR(routes[0].seconds, 0.002, 1e-6);
  EXPECT_EQ(routes[1].all(), 0u);
  EXPECT_EQ(routes[2].by_latency.back(), 1u);
  EXPECT_EQ(routes[2].by_status[4], 2u);
}

TEST(RequestCountsTest, LosesNoneOfManyThreads) {
  RequestCounts counts(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10'000; ++j) counts.answered(0, 200, milliseconds(3));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts.routes()[0].all(), 40'000u);
}

}  // namespace
}  // namespace operate
