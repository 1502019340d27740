#include "stats/auc.h"

#include <gtest/gtest.h>

namespace stats {
namespace {

TEST(Auc, IsTheShareOfPairsInTheRightOrder) {
  EXPECT_DOUBLE_EQ(*auc_of({{0.9, true}, {0.8, true}, {0.1, false}}), 1.0);
  EXPECT_DOUBLE_EQ(*auc_of({{0.1, true}, {0.9, false}}), 0.0);
  // Pairs: (3, 1) won, (3, 2) won, (1.5, 1) won, (1.5, 2) lost.
  EXPECT_DOUBLE_EQ(*auc_of({{3, true}, {1.5, true}, {1, false}, {2, false}}), 0.75);
}

TEST(Auc, CountsTiesHalf) {
  EXPECT_DOUBLE_EQ(*auc_of({{1, true}, {1, false}, {1, false}}), 0.5);
  EXPECT_DOUBLE_EQ(*auc_of({{2, true}, {1, true}, {1, false}}), 0.75);
}

TEST(Auc, IsNothingWhereThereIsNothingToTellApart) {
  EXPECT_FALSE(auc_of({}));
  EXPECT_FALSE(auc_of({{1, true}, {2, true}}));
  EXPECT_FALSE(auc_of({{1, false}}));
}

}  // namespace
}  // namespace stats
