#include "lifecycle/stay.h"

#include <gtest/gtest.h>

#include "audience/memory_names.h"
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

}  // namespace
}  // namespace lifecycle
