#include "benchmark/workload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace bench {
namespace {

constexpr Sizes kSmall{2'000, 200'000};

TEST(Workload, IsTheSameOnAnyNumberOfThreads) {
  const Workload workload(kSmall);
  const std::vector<Event> events = workload.events(1);
  ASSERT_EQ(events.size(), kSmall.events);
  EXPECT_EQ(events, workload.events(3));
  EXPECT_TRUE(std::ranges::is_sorted(events));
}

TEST(Workload, IsWhatItSays) {
  const Workload workload(kSmall);
  std::vector<std::uint32_t> counts(kSmall.customers);
  std::vector<base::Moment> latest(kSmall.customers, kStart - base::kMillisecond);
  std::array<std::uint64_t, kEventNames.size()> names{};
  std::uint64_t quick = 0;
  for (const Event& event : workload.events(2)) {
    const std::size_t customer = event.customer() - 1;
    ASSERT_LT(latest[customer], event.time());  // never two in a millisecond
    ASSERT_LT(event.time(), kEnd);
    if (event.time() - latest[customer] < base::kSecond && counts[customer] > 0) ++quick;
    latest[customer] = event.time();
    ++counts[customer];
    ++names.at(event.name());
    ASSERT_LT(event.channel(), kChannels.size());
    ASSERT_LE(event.sku(), kSkusMax);
    ASSERT_TRUE(event.amount() == 0 || kEventNames[event.name()].starts_with("order_"));
  }
  for (std::uint32_t one = 1; one <= kSmall.customers; ++one) {
    EXPECT_EQ(counts[one - 1], workload.events_of(one));
    EXPECT_GT(counts[one - 1], 0U);
  }
  for (std::size_t name = 0; name < names.size(); ++name) {
    EXPECT_GT(names.at(name), 0U) << kEventNames.at(name);
  }
  EXPECT_GT(quick, kSmall.events / 10);

  std::ranges::sort(counts, std::greater());
  std::uint64_t of_fifth = 0;
  for (std::size_t i = 0; i < counts.size() / 5; ++i) of_fifth += counts[i];
  EXPECT_NEAR(static_cast<double>(of_fifth) / static_cast<double>(kSmall.events), 0.95, 0.01);
}

TEST(Workload, ATenthHoldsTheTagAtTheEnd) {
  const Workload workload(kSmall);
  std::uint32_t on = 0;
  std::uint32_t ever = 0;
  for (std::uint32_t one = 1; one <= kSmall.customers; ++one) {
    const Customer customer = workload.customer(one);
    ASSERT_FALSE(customer.levels.empty());
    EXPECT_TRUE(std::ranges::is_sorted(customer.levels, {}, &Since::since));
    if (customer.vip.empty()) continue;
    ++ever;
    EXPECT_LT(customer.vip.back().since, kEnd);
    if (customer.vip.back().value == 1) ++on;
  }
  EXPECT_NEAR(static_cast<double>(on) / kSmall.customers, 0.10, 0.02);
  EXPECT_GT(ever, on);
}

}  // namespace
}  // namespace bench
