// A damaged image is refused or read wrongly, but never read beyond its end and never for ever.
// Snapshots carry checksums; this is for what a checksum does not see, and says something when the
// address sanitizer looks.
#include <gtest/gtest.h>

#include <random>

#include "timeline/block.h"
#include "timeline/column_history.h"
#include "timeline/test_random_rows.h"

namespace timeline {
namespace {

using base::Moment;
using Image = std::vector<std::byte>;

std::size_t sum_of_column(const ValueColumn& column, std::uint32_t entries) {
  std::size_t sum = column.code_at_least(1000) + column.bytes();
  for (std::uint32_t entry = 0; entry < entries; ++entry) {
    if (column.known(entry)) sum += column.value_of(column.code(entry)).index();
  }
  return sum;
}

std::size_t sum_of_streams(const Block& block) {
  std::size_t sum = 0;
  const auto add = [&](const Stream& stream) {
    for (std::size_t row = 0; row < kBlockRows; ++row) {
      const EntryRange range = stream.range(row);
      for (std::uint32_t entry = range.begin; entry < range.end; ++entry) {
        sum += static_cast<std::size_t>(stream.time(entry).ms);
      }
    }
    for (const ValueColumn& column : stream.columns()) sum += sum_of_column(column, stream.size());
  };
  for (const base::EventTypeId type : block.event_types()) add(*block.events(type));
  for (const base::AttributeId id : block.attributes()) add(*block.attribute(id));
  for (const MembershipKey key : block.memberships()) {
    const SpanStream& stream = *block.membership(key);
    sum += stream.holding(Moment{1'760'000'000'030}).count();
    for (std::size_t row = 0; row < kBlockRows; ++row) {
      sum += stream.holds(row, Moment{1'760'000'000'030}) ? 1U : 0U;
    }
  }
  return sum;
}

std::size_t sum_of_rows(const std::shared_ptr<const Block>& block) {
  Rows rows;
  std::size_t sum = 0;
  for (std::size_t row = 0; row < block->row_count(); ++row) {
    block->read_row(row, rows);
    sum += static_cast<std::size_t>(block->created_at(row).ms);
    sum += static_cast<std::size_t>(block->known_since(row).ms);
    if (!block->persons().has(row)) continue;
    const auto history = history_of(block, row, test_origins());
    for (const base::EventTypeId type : block->event_types()) {
      for (const EventAt& event : history->events(type)) {
        sum += history->property(event.order, kSku) == nullptr ? 0U : 1U;
        sum += history->property(event.order, kAmount) == nullptr ? 0U : 1U;
      }
    }
    for (const base::AttributeId id : block->attributes()) sum += history->attribute(id).size();
    for (const MembershipKey key : block->memberships()) sum += history->membership(key).size();
  }
  return sum + rows.events.size() + (block->has_origin(2) ? 1U : 0U) + block->last_slot();
}

// In memory of its own, so that the sanitizer knows where it ends. True: it was taken for a block.
bool read_everything(const Image& image) {
  const auto own = std::make_shared<const Image>(image);
  const auto block = Block::read(*own, own);
  if (block == nullptr) return false;
  volatile std::size_t sum = sum_of_streams(*block) + sum_of_rows(block);
  (void)sum;
  return true;
}

TEST(BlockDamage, EveryByteOfASmallImage) {
  Image image = write_block(random_rows({.seed = 3, .rows = 4, .events_max = 12}), *test_changes());
  ASSERT_TRUE(read_everything(image));
  std::size_t refused = 0;
  for (std::size_t at = 0; at < image.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      const std::byte good = image[at];
      image[at] ^= static_cast<std::byte>(flip);
      if (!read_everything(image)) ++refused;
      image[at] = good;
    }
  }
  EXPECT_GT(refused, image.size());  // most of a small image is forms and ends
}

TEST(BlockDamage, RandomBytesOfALargeImage) {
  const Rows rows = random_rows({.seed = 4, .rows = 60, .events_max = 60, .wide = true});
  const Image good = write_block(rows, *test_changes());
  std::mt19937_64 random(1);
  std::size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    Image image = good;
    for (int i = 0; i <= round % 4; ++i) {
      image[random() % image.size()] = static_cast<std::byte>(random());
    }
    if (!read_everything(image)) ++refused;
  }
  EXPECT_GT(refused, 20U);
}

TEST(BlockDamage, AnImageCutOffIsRefused) {
  const Image good =
      write_block(random_rows({.seed = 5, .rows = 3, .events_max = 20}), *test_changes());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read_everything(Image(good.begin(), good.begin() + static_cast<long>(size))));
  }
  Image longer = good;
  longer.resize(good.size() + 8);
  EXPECT_FALSE(read_everything(longer));
}

}  // namespace
}  // namespace timeline
