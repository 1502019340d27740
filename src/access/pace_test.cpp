#include "access/pace.h"

#include <gtest/gtest.h>

namespace rights {
namespace {

const base::Moment kNow{1'767'225'600'000};

// How many of `tries` calls at once go through.
std::int64_t taken(Pace& pace, const PublicCall& call, std::int64_t tries) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < tries; ++i) count += pace.take(call) ? 0 : 1;
  return count;
}

TEST(Pace, OneNetworkHasItsOwnShare) {
  Pace pace;
  const PublicCall one{base::KeyId{1}, {"203.0.113.9"}, kNow};
  EXPECT_EQ(taken(pace, one, 1000), kPublicCallsAMinuteMax);
  const auto wait = pace.take(one);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, base::Duration{base::kMinute.ms / kPublicCallsAMinuteMax});
  EXPECT_EQ(taken(pace, {base::KeyId{1}, {"203.0.113.8"}, kNow}, 10), 10);
  EXPECT_EQ(taken(pace, {base::KeyId{2}, {"203.0.113.9"}, kNow}, 10), 10);
  EXPECT_EQ(taken(pace, {base::KeyId{1}, {"203.0.113.9"}, kNow + *wait}, 10), 1);
  EXPECT_EQ(taken(pace, {base::KeyId{1}, {"203.0.113.9"}, kNow + base::kMinute}, 1000),
            kPublicCallsAMinuteMax - 1);
}

TEST(Pace, AKeyHasAShareOverAllNetworks) {
  Pace pace;
  std::int64_t count = 0;
  for (int i = 0; i < 7'000; ++i) {
    const std::string address =
        "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1";
    count += pace.take({base::KeyId{1}, {address}, kNow}) ? 0 : 1;
  }
  EXPECT_EQ(count, kPublicKeyCallsAMinuteMax);
}

TEST(Pace, ItsMemoryIsBounded) {
  Pace pace;
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < 30'000; ++i) {
    count += pace.take({base::KeyId{i + 1}, {"203.0.113.9"}, kNow}) ? 0 : 1;
  }
  EXPECT_EQ(count, static_cast<std::int64_t>(kPaceBucketsMax / 2));
  EXPECT_FALSE(pace.take({base::KeyId{50'000}, {"203.0.113.9"}, kNow + base::kMinute}));
}

TEST(Pace, AClockSetBackKeepsNobodyWaitingForLong) {
  Pace pace;
  ASSERT_FALSE(pace.take({base::KeyId{1}, {"203.0.113.9"}, kNow + base::kDay}));
  const auto wait = pace.take({base::KeyId{1}, {"203.0.113.9"}, kNow});
  ASSERT_TRUE(wait.has_value());
  EXPECT_LT(*wait, base::kSecond);
}

}  // namespace
}  // namespace rights
