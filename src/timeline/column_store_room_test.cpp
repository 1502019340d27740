// What a store takes while batches are taken back and persons come and go.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <string>

#include "timeline/test_memory.h"

namespace timeline {
namespace {

using base::CustomerId;

// Of this process's heap; 0 under sanitizers, which have their own.
std::size_t heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

class ColumnStoreRoomTest : public testing::Test {
 protected:
  ColumnStoreRoomTest() {
    const auto none = std::make_shared<const Origins>();
    store_.set_origins(none->with({1, std::nullopt}, "api")->with({2, base::BatchId{5}}, "csv"));
  }
  void add_person(CustomerId person) { store_.add_person(person, {50}); }
  void pay(CustomerId customer, OriginNumber origin, int times) {
    for (int i = 0; i < times; ++i) {
      ++slot_;
      store_.add(customer, {kPaid, {1'000 + slot_ * 977LL % 100'000}, slot_, origin, 0, 0},
                 {{{kAmount, base::Value(base::Money{slot_ * 7919LL % 100'000})}}});
    }
  }
  void publish() { store_.publish({0, 0, ++position_}); }
  void fold_all() {
    for (const std::size_t block : store_.changed_blocks(1)) store_.fold(block);
  }
  std::size_t blocks_with_persons() const {
    const Pin pin = store_.pin();
    std::size_t blocks = 0;
    for (std::size_t block = 0; block < pin.blocks(); ++block) {
      if (!pin.rows(block).none()) ++blocks;
    }
    return blocks;
  }
  static std::size_t bytes_of(const StoreBytes& bytes) {
    const BlockBytes& blocks = bytes.blocks;
    return blocks.order + blocks.properties + blocks.side + blocks.histories + blocks.rows +
           bytes.deltas + bytes.customers;
  }

  ColumnStore store_{test_changes()};
  Slot slot_ = 0;
  std::int64_t position_ = 0;
};

TEST_F(ColumnStoreRoomTest, TakingABatchBackHoldsOneBlockTwiceAtMost) {
  constexpr std::size_t kBlocks = 12;
  constexpr auto kPersons = static_cast<std::int64_t>(kBlocks * kBlockRows);
  for (std::int64_t id = 1; id <= kPersons; ++id) {
    add_person({id});
    pay({id}, 1, 10);  // the batch is in every block
    pay({id}, 0, 10);
    if (id % static_cast<std::int64_t>(kBlockRows) == 0) {
      publish();
      fold_all();
    }
  }
  const std::size_t all = bytes_of(store_.bytes());
  const std::size_t before = heap_bytes();
  const OriginNumber batch = 1;
  store_.drop(std::span(&batch, 1));
  publish();
  std::size_t peak = heap_bytes();
  EXPECT_EQ(store_.pin().history(0, 0)->events(kPaid).size(), 10U);
  EXPECT_EQ(store_.pin().changed(kBlocks - 1).count(), kBlockRows) << "until it is folded";
  const auto blocks = store_.changed_blocks(1);
  EXPECT_EQ(blocks.size(), kBlocks);
  for (const std::size_t block : blocks) {
    EXPECT_EQ(store_.pin().events(), kPersons * 10);
    EXPECT_TRUE(store_.fold(block));
    peak = std::max(peak, heap_bytes());
  }
  RecordProperty("all_bytes", std::to_string(all));
  RecordProperty("extra_bytes", std::to_string(peak - before));
  EXPECT_LE(peak, before + 2 * all / kBlocks);
  EXPECT_LT(bytes_of(store_.bytes()), all * 3 / 4);
}

// Merged two by two, erased, and born again: as many persons as before, in as much room.
TEST_F(ColumnStoreRoomTest, PersonsWhoComeAndGoTakeNoRoomForEver) {
  constexpr std::int64_t kPersons = 3000;
  std::int64_t last = 0;
  for (; last < kPersons; ++last) add_person({last + 1});
  publish();
  fold_all();
  const std::size_t before = bytes_of(store_.bytes());
  std::int64_t first = 1;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 500; i += 2) {
      const CustomerId one{first++};
      const CustomerId other{first++};
      Replacement merged{{one, other}, {}, {{one, one}, {other, one}}};
      merged.rows.rows = {{one, {50}, 0, 0}};
      store_.replace(merged);
      publish();
      store_.replace({{one}, {}, {}});
      add_person({++last});
      add_person({++last});
    }
    publish();
    while (store_.give_back_rows()) publish();
    fold_all();
    ASSERT_EQ(store_.pin().persons(), kPersons);
  }
  // 30,000 rows were emptied: thirty blocks.
  EXPECT_LE(blocks_with_persons(), 2 * kPersons / kBlockRows + 2);
  EXPECT_LE(bytes_of(store_.bytes()), 2 * before + 40'000);
  const Pin pin = store_.pin();
  for (std::int64_t id = 1; id <= last; ++id) {
    const auto place = pin.place_of({id});
    ASSERT_EQ(place.has_value(), id >= first) << id;
    if (!place) continue;
    EXPECT_EQ(pin.person(place->block, place->row), CustomerId{id});
  }
}

TEST_F(ColumnStoreRoomTest, WhoIsMovedKeepsTheirCustomersAndEvents) {
  for (std::int64_t id = 1; id <= 2 * static_cast<std::int64_t>(kBlockRows); ++id) {
    add_person({id});
  }
  pay({7}, 0, 3);
  Replacement merged{{{7}, {8}}, {}, {{{7}, {7}}, {{8}, {7}}}};
  store_.unpublished().read_row(0, 6, merged.rows);
  store_.replace(merged);
  publish();
  Replacement others;
  for (std::int64_t id = 400; id <= 2 * static_cast<std::int64_t>(kBlockRows); ++id) {
    others.gone.push_back({id});
  }
  store_.replace(others);
  publish();
  const Pin before = store_.pin();
  ASSERT_TRUE(store_.give_back_rows());
  publish();
  fold_all();
  const Pin after = store_.pin();
  EXPECT_EQ(after.persons(), 398);
  EXPECT_EQ(after.events(), 3);
  for (const CustomerId customer : {CustomerId{7}, CustomerId{8}}) {
    const auto place = after.place_of(customer);
    ASSERT_TRUE(place.has_value());
    EXPECT_EQ(after.history(place->block, place->row)->events(kPaid).size(), 3U);
    const auto customers = store_.customers_at(*place);
    EXPECT_EQ(customers, (std::vector<CustomerId>{{7}, {8}}));
    const auto old = before.place_of(customer);
    EXPECT_EQ(before.history(old->block, old->row)->events(kPaid).size(), 3U);
  }
  EXPECT_EQ(after.block(0).row_count() + after.block(1).row_count(), 0U)
      << "an empty block takes next to nothing";
}

}  // namespace
}  // namespace timeline
