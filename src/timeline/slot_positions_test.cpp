#include "timeline/slot_positions.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <random>
#include <thread>
#include <vector>

namespace timeline {
namespace {

using event_log::Position;

std::vector<std::byte> image_of(const SlotPositions& slots, std::size_t count) {
  std::vector<std::byte> image;
  slots.write_image(count, [&](std::span<const std::byte> piece) {
    image.insert(image.end(), piece.begin(), piece.end());
  });
  return image;
}

// Ascending, of all the kinds there are: one run after the other, one event a transaction,
// sequence numbers that fall as transactions rise, new epochs.
std::vector<Position> random_positions(std::uint32_t seed, std::size_t count) {
  std::mt19937 random(seed);
  std::vector<Position> positions;
  Position at{0, 0, 1};
  while (positions.size() < count) {
    const std::size_t run = random() % 3 == 0 ? random() % 300 : 1;
    for (std::size_t i = 0; i < run && positions.size() < count; ++i) {
      positions.push_back(at);
      ++at.sequence;
    }
    switch (random() % 8) {
      case 0:
        at.sequence += 1 + static_cast<std::int64_t>(random() % 1000);
        break;
      case 1:
        at.transaction += 1 + static_cast<std::int64_t>(random() % 100'000);
        at.sequence -= static_cast<std::int64_t>(random() % 500);
        break;
      case 2:
        if (random() % 50 == 0) at = {at.epoch + 1, static_cast<std::int64_t>(random() % 9), 5};
        [[fallthrough]];
      default:
        ++at.transaction;
        break;
    }
  }
  return positions;
}

void expect_same(const SlotPositions& slots, const std::vector<Position>& positions) {
  ASSERT_EQ(slots.size(), positions.size());
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    ASSERT_EQ(slots.position_of(static_cast<Slot>(slot)), positions[slot]) << slot;
    ASSERT_EQ(slots.at_or_after(positions[slot]), slot);
  }
}

TEST(SlotPositions, OfNothing) {
  const SlotPositions slots;
  EXPECT_EQ(slots.size(), 0u);
  EXPECT_EQ(slots.at_or_after({}), 0u);
  SlotPositions back;
  ASSERT_TRUE(back.read(image_of(slots, 0)));
  EXPECT_EQ(back.size(), 0u);
}

TEST(SlotPositions, FindsWhatIsAtOrAfter) {
  SlotPositions slots;
  for (const Position& position :
       {Position{1, 10, 5}, {1, 10, 6}, {1, 10, 9}, {1, 12, 7}, {2, 3, 1}}) {
    slots.add(position);
  }
  EXPECT_EQ(slots.at_or_after({0, 99, 99}), 0u);
  EXPECT_EQ(slots.at_or_after({1, 10, 4}), 0u);
  EXPECT_EQ(slots.at_or_after({1, 10, 6}), 1u);
  EXPECT_EQ(slots.at_or_after({1, 10, 7}), 2u);
  EXPECT_EQ(slots.at_or_after({1, 10, 10}), 3u);
  EXPECT_EQ(slots.at_or_after({1, 11, 0}), 3u);
  EXPECT_EQ(slots.at_or_after({1, 12, 8}), 4u);
  EXPECT_EQ(slots.at_or_after({2, 0, 0}), 4u);
  EXPECT_EQ(slots.at_or_after({2, 3, 2}), 5u);
}

TEST(SlotPositions, AgreesWithAList) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const auto positions = random_positions(seed, 3000);
    SlotPositions slots;
    for (const Position& position : positions) slots.add(position);
    expect_same(slots, positions);
    std::mt19937 random(seed);
    for (int i = 0; i < 1000; ++i) {
      Position sought = positions[random() % positions.size()];
      sought.sequence += static_cast<std::int64_t>(random() % 9) - 4;
      sought.transaction += static_cast<std::int64_t>(random() % 3) - 1;
      const auto first = std::ranges::lower_bound(positions, sought) - positions.begin();
      ASSERT_EQ(slots.at_or_after(sought), first);
    }
  }
}

// An image of the first so many, whatever was added since; adding goes on after it is read.
TEST(SlotPositions, ComesBackFromItsImage) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const auto positions = random_positions(seed, 2000);
    SlotPositions slots;
    for (const Position& position : positions) slots.add(position);
    std::mt19937 random(seed);
    for (int i = 0; i < 20; ++i) {
      const std::size_t count = random() % 2001;
      SlotPositions back;
      back.add({99, 0, 0});
      ASSERT_TRUE(back.read(image_of(slots, count)));
      ASSERT_EQ(back.size(), count);
      for (std::size_t slot = count; slot < positions.size(); ++slot) back.add(positions[slot]);
      expect_same(back, positions);
    }
  }
}

TEST(SlotPositions, TakesFewBytes) {
  SlotPositions sqlite;
  for (std::int64_t row = 1; row <= 200'000; ++row) sqlite.add({0, 0, row});
  EXPECT_LE(sqlite.bytes(), 64u);
  SlotPositions postgresql;  // one event a transaction
  for (std::int64_t row = 1; row <= 200'000; ++row) postgresql.add({1, 3 * row, row});
  EXPECT_LE(postgresql.bytes(), 200'000u * 37 / 10);
}

TEST(SlotPositions, AShortImageIsRefused) {
  SlotPositions slots;
  for (const Position& position : random_positions(7, 400)) slots.add(position);
  auto image = image_of(slots, 400);
  int whole = 0;
  for (std::size_t bytes = 0; bytes < image.size(); ++bytes) {
    SlotPositions back;
    // Without its last chunks the run before them reaches further, which nothing contradicts.
    if (!back.read(std::span(image).first(bytes))) continue;
    ASSERT_EQ(back.size(), 400u) << bytes;
    ++whole;
  }
  EXPECT_LT(whole, 10);
  image.push_back(std::byte{0});
  SlotPositions back;
  back.add({5, 5, 5});
  EXPECT_FALSE(back.read(image));
  EXPECT_EQ(back.size(), 1u);
  EXPECT_EQ(back.position_of(0), (Position{5, 5, 5}));
}

// Whatever is not refused keeps the promises: ascending positions, each found again.
TEST(SlotPositions, ADamagedImageIsRefusedOrAscends) {
  SlotPositions slots;
  for (const Position& position : random_positions(3, 500)) slots.add(position);
  const auto image = image_of(slots, 500);
  std::mt19937 random(5);
  std::size_t refused = 0;
  for (int i = 0; i < 4000; ++i) {
    auto damaged = image;
    for (std::size_t flips = 1 + random() % 3; flips > 0; --flips) {
      damaged[random() % damaged.size()] ^= static_cast<std::byte>(1u << random() % 8);
    }
    SlotPositions back;
    if (!back.read(damaged)) {
      ++refused;
      continue;
    }
    const std::size_t size = std::min<std::size_t>(back.size(), 600);
    for (std::size_t slot = 0; slot < size; ++slot) {
      const Position position = back.position_of(static_cast<Slot>(slot));
      ASSERT_EQ(back.at_or_after(position), slot);
      ASSERT_TRUE(slot == 0 || back.position_of(static_cast<Slot>(slot - 1)) < position);
    }
  }
  EXPECT_GT(refused, 800u);
}

// Runs as long and positions as great as a file can say.
TEST(SlotPositions, NothingOverflows) {
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  SlotPositions slots;
  slots.add({0, 0, kGreatest});
  slots.add({0, 1, -kGreatest - 1});
  slots.add({0, kGreatest, kGreatest - 1});
  slots.add({0, kGreatest, kGreatest});
  SlotPositions back;
  auto image = image_of(slots, 4);
  ASSERT_TRUE(back.read(image));
  expect_same(back, {{0, 0, kGreatest},
                     {0, 1, -kGreatest - 1},
                     {0, kGreatest, kGreatest - 1},
                     {0, kGreatest, kGreatest}});
  image[0] = std::byte{5};  // slots: the last run would go past the greatest
  EXPECT_FALSE(back.read(image));
}

TEST(SlotPositions, ReadersBesideTheWriter) {
  const auto positions = random_positions(11, 20'000);
  SlotPositions slots;
  slots.add(positions[0]);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    std::mt19937 random(1);
    while (!done) {
      const std::size_t size = slots.size();
      const auto slot = static_cast<Slot>(random() % size);
      ASSERT_EQ(slots.position_of(slot), positions[slot]);
      ASSERT_EQ(slots.at_or_after(positions[slot]), slot);
      if (random() % 64 == 0) {
        SlotPositions back;
        ASSERT_TRUE(back.read(image_of(slots, size)));
        ASSERT_EQ(back.position_of(static_cast<Slot>(size - 1)), positions[size - 1]);
      }
    }
  });
  for (std::size_t slot = 1; slot < positions.size(); ++slot) slots.add(positions[slot]);
  done = true;
  reader.join();
}

}  // namespace
}  // namespace timeline
