#include "lifecycle/stay.h"

#include <gtest/gtest.h>

#include "audience/memory_names.h"
#include "lifecycle/stay_time.h"
#include "timeline/memory_history.h"

namespace lifecycle {
namespace {

using base::Moment;

constexpr Moment kStart{1'760'000'000'000};
Moment days(std::int64_t count) { return kStart + base::Duration{count * base::kDay.ms}; }

TEST(Stay, IsTheFirstThatHoldsFromThereToThere) {
  audience::MemoryNames names;
  const auto paid = names.declare_event("order_paid");
  const base::Zone zone = *base::Zone::named("Asia/Shanghai");
  audience::BindOptions options;
  options.zone = &zone;
  std::vector<std::shared_ptr<const audience::BoundRule>> rules;
  for (const char* rule :
       {"did order_paid >= 2 times in last 10d", "did order_paid in last 20d", "did order_paid"}) {
    rules.push_back(*audience::compile(rule, names, options));
  }
  timeline::MemoryHistory::Builder build(base::CustomerId{1});
  build.known_since(kStart);
  for (const int day : {1, 15, 20}) build.event(paid, days(day));
  const auto history = build.finish();
  const auto stays = stays_until(rules, *history, days(300));
  const std::vector<Stay> expected{{std::nullopt, kStart, days(1)},
                                   {1, days(1), days(20)},
                                   {0, days(20), days(25)},
                                   {1, days(25), days(40)},
                                   {2, days(40), base::kMomentMax}};
  EXPECT_EQ(stays, expected);
  EXPECT_EQ(stays_until(rules, *history, days(20)).size(), 3u) << "up to the one at the moment";
  EXPECT_TRUE(stays_until(rules, *history, kStart - base::Duration{1}).empty());
}

TEST(Stay, QuantilesWeighWhoStandsForMore) {
  using Lengths = std::vector<std::pair<double, double>>;
  Lengths none;
  EXPECT_EQ(weighted_quantile(none, 0.5), std::nullopt);
  Lengths even{{4, 1}, {1, 1}, {3, 1}, {2, 1}};
  EXPECT_EQ(weighted_quantile(even, 0.25), 1);
  EXPECT_EQ(weighted_quantile(even, 0.5), 2);
  EXPECT_EQ(weighted_quantile(even, 0.75), 3);
  // One who stands for ten outweighs three.
  Lengths heavy{{1, 1}, {2, 1}, {3, 1}, {9, 10}};
  EXPECT_EQ(weighted_quantile(heavy, 0.5), 9);
}

}  // namespace
}  // namespace lifecycle
