#include "api/kept_sizes.h"

#include <gtest/gtest.h>

namespace api {
namespace {

constexpr base::Moment kFirst{1'000};
constexpr base::Moment kSecond{2'000};

SizesOf of(std::int64_t audience, std::int64_t row = 7) {
  return {base::AudienceId{audience}, "rule", {}, {0, 0, row}};
}

TEST(KeptSizesTest, AreOfOneStateOfTheLogAndOneMeaning) {
  KeptSizes kept;
  kept.keep(of(1), {{kFirst, 5}});
  kept.keep(of(1), {{kSecond, 6}});
  EXPECT_EQ(kept.of(of(1)), (Sizes{{kFirst, 5}, {kSecond, 6}}));
  EXPECT_TRUE(kept.of(of(2)).empty());
  EXPECT_TRUE(kept.of(of(1, 8)).empty());
  SizesOf other = of(1);
  other.meaning = "another rule";
  EXPECT_TRUE(kept.of(other).empty());
  other = of(1);
  other.left_out = {base::CustomerId{3}};
  EXPECT_TRUE(kept.of(other).empty());
}

TEST(KeptSizesTest, OfAnotherStateTakeTheirPlace) {
  KeptSizes kept;
  kept.keep(of(1), {{kFirst, 5}});
  kept.keep(of(1, 8), {{kSecond, 6}});
  EXPECT_TRUE(kept.of(of(1)).empty());
  EXPECT_EQ(kept.of(of(1, 8)), (Sizes{{kSecond, 6}}));
}

TEST(KeptSizesTest, TheAudienceAskedForTheLongestAgoGoesFirst) {
  KeptSizes kept;
  const auto audiences = static_cast<std::int64_t>(kAudiencesKeptMax);
  for (std::int64_t audience = 1; audience <= audiences; ++audience) {
    kept.keep(of(audience), {{kFirst, audience}});
  }
  EXPECT_FALSE(kept.of(of(1)).empty());
  kept.keep(of(audiences + 1), {{kFirst, 1}});
  EXPECT_FALSE(kept.of(of(1)).empty());
  EXPECT_TRUE(kept.of(of(2)).empty());
  EXPECT_FALSE(kept.of(of(audiences + 1)).empty());
}

}  // namespace
}  // namespace api
