#include "outbox/bucket.h"

#include <gtest/gtest.h>

namespace outbox {
namespace {

using base::Moment;

constexpr Filling kEmpty{0, Moment{0}};

TEST(OutboxBucket, FillsToItsBurst) {
  Bucket bucket({.count = 10, .in = {1000}, .burst = 3}, kEmpty);
  EXPECT_EQ(bucket.tokens(Moment{0}), 0);
  EXPECT_EQ(bucket.next(Moment{0}), Moment{100});
  EXPECT_EQ(bucket.tokens(Moment{99}), 0);
  EXPECT_EQ(bucket.tokens(Moment{100}), 1);
  EXPECT_EQ(bucket.tokens(Moment{1'000'000}), 3);
  bucket.take(3, Moment{1'000'000});
  EXPECT_EQ(bucket.tokens(Moment{1'000'000}), 0);
  EXPECT_EQ(bucket.tokens(Moment{1'000'250}), 2);
  bucket.take(2, Moment{1'000'250});
  EXPECT_EQ(bucket.tokens(Moment{1'000'300}), 1);  // the half was kept
}

TEST(OutboxBucket, AClockSetBackBringsNothing) {
  Bucket bucket({.count = 1, .in = {1000}, .burst = 5}, {0, Moment{10'000}});
  EXPECT_EQ(bucket.tokens(Moment{11'000}), 1);
  EXPECT_EQ(bucket.tokens(Moment{5'000}), 1);
  EXPECT_EQ(bucket.tokens(Moment{6'000}), 2);
}

// A slow pace keeps what came in over days, whoever holds it meanwhile.
TEST(OutboxBucket, GoesOnFromWhatItWasFilledWith) {
  const Pace daily{.count = 1, .in = base::kDay, .burst = 7};
  Bucket before(daily, kEmpty);
  EXPECT_EQ(before.tokens(Moment{base::kDay.ms / 2}), 0);
  Bucket after(daily, before.filling());
  EXPECT_EQ(after.tokens(Moment{base::kDay.ms}), 1);
  EXPECT_EQ(after.tokens(Moment{base::kDay.ms * 4}), 4);
  EXPECT_EQ(after.tokens(Moment{base::kDay.ms * 4000}), 7);
}

// Whoever looks and takes later, after a long rest, does not get what the bucket had no room for.
TEST(OutboxBucket, ARestIsNoSecondBurst) {
  Bucket bucket({.count = 10, .in = {1000}, .burst = 3}, kEmpty);
  bucket.take(3, Moment{60'000});
  EXPECT_EQ(bucket.tokens(Moment{60'000}), 0);
}

// In any hour no more goes than the pace lets, whatever the moments are.
TEST(OutboxBucket, NeverExceedsItsPace) {
  Bucket bucket({.count = 7, .in = {60'000}, .burst = 2}, kEmpty);
  std::int64_t sent = 0;
  for (std::int64_t ms = 0; ms < 3'600'000; ms += 997) {
    const std::int64_t tokens = bucket.tokens(Moment{ms});
    bucket.take(tokens, Moment{ms});
    sent += tokens;
  }
  EXPECT_LE(sent, 7 * 60);
  EXPECT_GE(sent, 7 * 60 - 1);
}

}  // namespace
}  // namespace outbox
