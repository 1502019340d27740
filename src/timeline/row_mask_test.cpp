#include "timeline/row_mask.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace timeline {
namespace {

std::vector<std::size_t> rows_of(const RowMask& mask) {
  std::vector<std::size_t> rows;
  mask.each([&](std::size_t row) { rows.push_back(row); });
  return rows;
}

TEST(RowMask, FirstHoldsTheFirstRowsAlone) {
  for (const std::size_t rows : {0U, 1U, 63U, 64U, 65U, 1000U, 1023U, 1024U}) {
    const RowMask mask = RowMask::first(rows);
    EXPECT_EQ(mask.count(), rows);
    EXPECT_EQ(mask.none(), rows == 0);
    for (std::size_t row = 0; row < kBlockRows; ++row) EXPECT_EQ(mask.has(row), row < rows);
  }
}

TEST(RowMask, IsASetOfRows) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    SCOPED_TRACE(round);
    RowMask left;
    RowMask right;
    std::set<std::size_t> in_left;
    std::set<std::size_t> in_right;
    for (int i = 0; i < round * 20; ++i) {
      const std::size_t row = random() % kBlockRows;
      left.add(row);
      in_left.insert(row);
      in_right.insert(row ^ 1);
      right.add(row ^ 1);
      const std::size_t gone = random() % kBlockRows;
      left.remove(gone);
      in_left.erase(gone);
    }
    EXPECT_EQ(rows_of(left), std::vector<std::size_t>(in_left.begin(), in_left.end()));
    EXPECT_EQ(left.count(), in_left.size());
    std::size_t rank = 0;
    for (std::size_t row = 0; row < kBlockRows; ++row) {
      EXPECT_EQ(left.rank(row), rank);
      if (left.has(row)) ++rank;
      const bool in_both = in_left.contains(row) && in_right.contains(row);
      const bool in_any = in_left.contains(row) || in_right.contains(row);
      EXPECT_EQ((left & right).has(row), in_both);
      EXPECT_EQ((left | right).has(row), in_any);
      EXPECT_EQ((left - right).has(row), in_left.contains(row) && !in_right.contains(row));
    }
  }
}

}  // namespace
}  // namespace timeline
