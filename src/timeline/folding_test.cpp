#include "timeline/folding.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "timeline/test_memory.h"

namespace timeline {
namespace {

using base::CustomerId;
using std::chrono::milliseconds;

constexpr std::size_t kBlocks = 6;
constexpr int kEventsOfABlock = 2048;

// Blocks of persons with two events each, folded; each fold takes 10 ms.
class FoldingTest : public testing::Test {
 protected:
  FoldingTest() {
    const auto persons = static_cast<std::int64_t>(kBlocks * kBlockRows);
    for (std::int64_t id = 1; id <= persons; ++id) {
      store_.add_person({id}, {50});
      add({id}, 2);
    }
    store_.publish({});
    folding_.all();
  }
  void add(CustomerId customer, int times) {
    for (int i = 0; i < times; ++i) store_.add(customer, {kPaid, {1000}, ++slot_, 0, 0, 0}, {});
  }
  void add_to_block(std::size_t block, int times) {
    add({static_cast<std::int64_t>(block * kBlockRows) + 1}, times);
    store_.publish({});
  }
  // How much waits in each.
  std::vector<std::size_t> waiting() const {
    std::vector<std::size_t> waiting;
    for (std::size_t block = 0; block < kBlocks; ++block) {
      waiting.push_back(store_.delta_events(block));
    }
    return waiting;
  }

  ColumnStore store_{test_changes()};
  Slot slot_ = 0;
  Folding folding_{
      store_, [this] { return milliseconds(10) * std::ranges::count(waiting(), std::size_t{0}); }};
};

TEST_F(FoldingTest, WhileThingsComeTheBlocksWithTheMostForAPartOfTheTime) {
  for (std::size_t block = 0; block < kBlocks; ++block) {
    add_to_block(block, 10 * static_cast<int>(block + 1));
  }
  // 25 ms: two folds and what is begun of the third.
  EXPECT_EQ(folding_.busy(milliseconds(25) * kFoldingShare), 3U);
  EXPECT_EQ(waiting(), (std::vector<std::size_t>{10, 20, 30, 0, 0, 0}));
  EXPECT_EQ(folding_.busy(milliseconds(1) * kFoldingShare), 0U) << "it owes";
  EXPECT_EQ(folding_.busy(milliseconds(5) * kFoldingShare), 1U);
  EXPECT_EQ(waiting(), (std::vector<std::size_t>{10, 20, 0, 0, 0, 0}));
  EXPECT_EQ(folding_.all(), 2U);
  EXPECT_EQ(waiting(), (std::vector<std::size_t>(kBlocks, 0)));
}

TEST_F(FoldingTest, WhileThingsComeNotWhatHasHardlyGrown) {
  add_to_block(0, kEventsOfABlock / static_cast<int>(kGrowthThatPays) - 1);
  add_to_block(1, kEventsOfABlock / static_cast<int>(kGrowthThatPays));
  EXPECT_EQ(folding_.busy(milliseconds(100'000)), 1U);
  EXPECT_EQ(waiting(), (std::vector<std::size_t>{1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(folding_.all(), 1U);
}

TEST_F(FoldingTest, WhatHasGrownByMuchAtOnce) {
  add_to_block(0, kEventsOfABlock);
  add_to_block(1, 100);
  EXPECT_EQ(folding_.busy({}), 1U);
  EXPECT_EQ(waiting(), (std::vector<std::size_t>{0, 100, 0, 0, 0, 0}));
  EXPECT_EQ(folding_.grown_by(16), 0U);
  add_to_block(1, 100);
  EXPECT_EQ(folding_.grown_by(16), 1U);
}

TEST_F(FoldingTest, SavesForASecondAtMost) {
  EXPECT_EQ(folding_.busy(std::chrono::hours(1)), 0U);
  std::stop_source stop;
  stop.request_stop();
  add_to_block(0, 100);
  EXPECT_EQ(folding_.busy({}, stop.get_token()), 0U);
  for (int round = 0; round < 200; ++round) {
    add_to_block(0, 10);
    folding_.busy({});
  }
  EXPECT_EQ(store_.delta_events(0), 1000U) << "after 100 folds";
}

}  // namespace
}  // namespace timeline
