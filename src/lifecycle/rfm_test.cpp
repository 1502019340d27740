#include "lifecycle/rfm.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace lifecycle {
namespace {

TEST(Rfm, ValuesAboveAQuintileAreInTheNextClass) {
  // 1 … 11: the quintiles are 3, 5, 7 and 9.
  std::vector<std::int64_t> values;
  for (std::int64_t value = 11; value >= 1; --value) values.push_back(value);
  const RfmCuts cuts = quintile_cuts(values);
  EXPECT_EQ(cuts, (RfmCuts{4, 6, 8, 10}));
  EXPECT_EQ(class_of(3, cuts), 1);
  EXPECT_EQ(class_of(4, cuts), 2);
  EXPECT_EQ(class_of(9, cuts), 4);
  EXPECT_EQ(class_of(10, cuts), 5);
}

TEST(Rfm, QuintilesLieBetweenNeighbours) {
  // At 0.6 of the way from 0 to 1,000: 200 · k.
  EXPECT_EQ(quintile_cuts({1000, 0}), (RfmCuts{201, 401, 601, 801}));
  EXPECT_EQ(quintile_cuts({-7, -3}), (RfmCuts{-6, -5, -4, -3}));  // -6.2, -5.4, -4.6, -3.8
  EXPECT_EQ(quintile_cuts({5}), (RfmCuts{6, 6, 6, 6}));
  EXPECT_EQ(quintile_cuts(std::vector<std::int64_t>{}), RfmCuts{});
}

TEST(Rfm, EqualValuesShareAScore) {
  const RfmCuts cuts = quintile_cuts({1, 1, 1, 1, 1, 1, 1, 1, 2, 9});
  EXPECT_EQ(class_of(1, cuts), 1);
  EXPECT_EQ(class_of(2, cuts), 5);  // above all four: 1, 1, 1 and 1.2
}

TEST(Rfm, FewerDaysScoreHigher) {
  const RfmCutsOf cuts{{10, 20, 30, 40}, {2, 3, 4, 5}, {100, 200, 300, 400}};
  EXPECT_EQ(scores_of({{1}, 0, 1, 0}, cuts), (RfmScores{5, 1, 1}));
  EXPECT_EQ(scores_of({{1}, 9, 5, 400}, cuts), (RfmScores{5, 5, 5}));
  EXPECT_EQ(scores_of({{1}, 10, 4, 399}, cuts), (RfmScores{4, 4, 4}));
  EXPECT_EQ(scores_of({{1}, 40, 2, -1}, cuts), (RfmScores{1, 2, 1}));
}

TEST(Rfm, EveryCellHasItsSegment) {
  std::set<std::string> seen;
  for (std::size_t cell = 0; cell < kRfmCells; ++cell) {
    const RfmScores scores = scores_of_cell(cell);
    EXPECT_EQ(cell_of(scores), cell);
    const auto segment = segment_of(scores, shipped_segments());
    ASSERT_TRUE(segment) << scores.recency << scores.frequency << scores.money;
    seen.insert(shipped_segments()[*segment].key);
  }
  EXPECT_EQ(seen.size(), 11);  // and each is somebody's
  const auto key = [](RfmScores scores) {
    return shipped_segments()[*segment_of(scores, shipped_segments())].key;
  };
  EXPECT_EQ(key({5, 5, 5}), "champions");
  EXPECT_EQ(key({5, 1, 1}), "new");
  EXPECT_EQ(key({1, 1, 1}), "lost");
  EXPECT_EQ(key({2, 5, 1}), "hibernating");
  EXPECT_EQ(key({4, 5, 1}), "loyal");
}

}  // namespace
}  // namespace lifecycle
