#include "timeline/snapshot.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/test_folder.h"
#include "timeline/snapshot_form.h"
#include "timeline/test_memory.h"

namespace timeline {
namespace {

std::optional<MarkFault> fits(const LogMark&) { return std::nullopt; }

// The bytes of a file where read_snapshot may read them.
class Bytes {
 public:
  explicit Bytes(std::size_t size) : lines_(size / kPartAlignment + 1), size_(size) {}
  static Bytes of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    Bytes bytes(text.size());
    std::memcpy(bytes.all().data(), text.data(), text.size());
    return bytes;
  }
  std::span<std::byte> all() { return std::as_writable_bytes(std::span(lines_)).first(size_); }
  base::Result<Snapshot, SnapshotFault> read(std::size_t size) {
    base::WorkPool nobody(0);
    return read_snapshot(all().first(size), nullptr, fits, nobody);
  }
  base::Result<Snapshot, SnapshotFault> read() { return read(size_); }
  void flip(std::size_t at, unsigned bits) { all()[at] ^= static_cast<std::byte>(bits); }

 private:
  struct alignas(kPartAlignment) Line {
    std::array<std::byte, kPartAlignment> bytes;
  };
  std::vector<Line> lines_;
  std::size_t size_;
};

// "" when it was read.
std::string fault_of(const base::Result<Snapshot, SnapshotFault>& read) {
  return read ? "" : std::string(code_of(read.error()));
}

class SnapshotTest : public ::testing::Test {
 protected:
  SnapshotPlace place() const { return {.path = folder_.path() + "/memory"}; }
  // The bytes of a snapshot of a small memory with two blocks.
  Bytes written() {
    TestMemory memory(1);
    memory.live(6000);
    memory.fold_all();
    EXPECT_TRUE(memory.write(place()).has_value());
    return Bytes::of_file(place().path);
  }
  base::Result<Snapshot, SnapshotFault> open() { return open_snapshot(place().path); }

  store::TemporaryFolder folder_;
};

void expect_same_positions(const SlotPositions& read, const SlotPositions& written) {
  ASSERT_LE(read.size(), written.size());
  for (std::size_t slot = 0; slot < read.size(); ++slot) {
    const auto number = static_cast<Slot>(slot);
    ASSERT_EQ(read.position_of(number), written.position_of(number));
  }
}

// With deltas, folded, with persons merged, over and over.
TEST_F(SnapshotTest, ComesBack) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    TestMemory memory(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 6; ++round) {
      memory.live(static_cast<int>(random() % 3000));
      if (random() % 2 == 0) memory.fold_all();
      if (memory.people() > 2 && random() % 2 == 0) {
        const auto one = memory.random_person();
        const auto other = memory.random_person();
        const Pin pin = memory.store().pin();
        const auto stands = [&](base::CustomerId customer) {
          const auto at = pin.place_of(customer);
          return at && pin.person(at->block, at->row) == customer;
        };
        if (one != other && stands(one) && stands(other)) memory.merge(one, other);
      }
      const auto bytes = memory.write(place());
      ASSERT_TRUE(bytes.has_value());
      const auto back = open();
      ASSERT_TRUE(back.has_value()) << fault_of(back);
      EXPECT_EQ(*bytes, Bytes::of_file(place().path).all().size());
      EXPECT_EQ(back->mark, memory.mark());
      EXPECT_EQ(told(*back), told(memory.store()));
      EXPECT_EQ(back->positions->size(), memory.positions().size());
      expect_same_positions(*back->positions, memory.positions());
      ASSERT_EQ(back->origins->size(), 2u);
      EXPECT_EQ(back->origins->source_name(1), "csv orders.csv");
    }
  }
}

TEST_F(SnapshotTest, OfNobody) {
  TestMemory memory(1);
  ASSERT_TRUE(memory.write(place()).has_value());
  const auto back = open();
  ASSERT_TRUE(back.has_value()) << fault_of(back);
  EXPECT_EQ(told(*back), "0 persons, 0 events");
  EXPECT_EQ(back->positions->size(), 0u);
}

TEST_F(SnapshotTest, IsOfThePinWhateverCameSince) {
  TestMemory memory(3);
  memory.live(3000);
  const Pin pin = memory.store().pin();
  const LogMark mark = memory.mark();
  const std::string then = told(pin, memory.store().customers(pin));
  const std::size_t slots = memory.positions().size();
  memory.live(500);
  memory.fold_all();
  memory.live(500);
  ASSERT_TRUE(memory.write(place(), pin, mark).has_value());
  const auto back = open();
  ASSERT_TRUE(back.has_value()) << fault_of(back);
  EXPECT_EQ(told(*back), then);
  EXPECT_EQ(back->mark, mark);
  EXPECT_EQ(back->positions->size(), slots);
  expect_same_positions(*back->positions, memory.positions());
}

// Who has mapped a file keeps it as it was.
TEST_F(SnapshotTest, StaysWhatItIsWhenAnotherTakesItsPlace) {
  TestMemory memory(4);
  memory.live(2000);
  ASSERT_TRUE(memory.write(place()).has_value());
  const auto first = open();
  ASSERT_TRUE(first.has_value());
  const std::string then = told(*first);
  memory.live(2000);
  ASSERT_TRUE(memory.write(place()).has_value());
  EXPECT_EQ(told(*first), then);
  const auto second = open();
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(told(*second), then);
  ASSERT_TRUE(remove_snapshot(place()));
  EXPECT_EQ(told(*first), then);
  EXPECT_EQ(fault_of(open()), "timeline.snapshot_missing");
  EXPECT_TRUE(remove_snapshot(place()));  // there is none to remove
}

TEST_F(SnapshotTest, IsAskedAgainstTheLog) {
  TestMemory memory(5);
  memory.live(10);
  ASSERT_TRUE(memory.write(place()).has_value());
  const auto refused = [&](MarkFault fault) {
    const auto check = [&](const LogMark& mark) -> std::optional<MarkFault> {
      EXPECT_EQ(mark, memory.mark());
      return fault;
    };
    base::WorkPool pool(1);
    return fault_of(open_snapshot(place().path, check, pool));
  };
  EXPECT_EQ(refused(MarkFault::foreign), "timeline.snapshot_foreign_log");
  EXPECT_EQ(refused(MarkFault::ahead), "timeline.snapshot_ahead_of_log");
  EXPECT_EQ(refused(MarkFault::differs), "timeline.snapshot_other_row");
}

TEST_F(SnapshotTest, WhatIsNoFileOfOurs) {
  EXPECT_EQ(fault_of(open()), "timeline.snapshot_missing");
  std::ofstream(place().path).close();
  EXPECT_EQ(fault_of(open()), "timeline.snapshot_damaged");
  std::ofstream(place().path) << std::string(100'000, 'x');
  EXPECT_EQ(fault_of(open()), "timeline.snapshot_damaged");
  EXPECT_EQ(fault_of(open_snapshot(folder_.path())), "timeline.snapshot_damaged");
  EXPECT_EQ(fault_of(open_snapshot(place().path + "/x")), "timeline.snapshot_unreadable");
}

TEST_F(SnapshotTest, OfAnotherVersion) {
  Bytes bytes = written();
  bytes.flip(offsetof(SnapshotHeader, version), 2);
  EXPECT_EQ(fault_of(bytes.read()), "timeline.snapshot_other_version");
}

TEST_F(SnapshotTest, EveryByteOfTheHeaderCounts) {
  Bytes bytes = written();
  ASSERT_EQ(fault_of(bytes.read()), "");
  std::mt19937 random(1);
  for (std::size_t at = 0; at < kHeaderBytes; ++at) {
    const auto bits = static_cast<unsigned>(1 + random() % 255);
    bytes.flip(at, bits);
    ASSERT_NE(fault_of(bytes.read()), "") << at;
    bytes.flip(at, bits);
  }
  EXPECT_EQ(fault_of(bytes.read()), "");
}

TEST_F(SnapshotTest, EveryByteOfTheBodyCounts) {
  Bytes bytes = written();
  const std::size_t size = bytes.all().size();
  std::mt19937 random(2);
  for (int i = 0; i < 5000; ++i) {
    const std::size_t at = kHeaderBytes + random() % (size - kHeaderBytes);
    const unsigned bits = 1u << random() % 8;
    bytes.flip(at, bits);
    ASSERT_EQ(fault_of(bytes.read()), "timeline.snapshot_damaged") << at;
    bytes.flip(at, bits);
  }
  // The table, and what is near the edges of the parts, byte by byte.
  for (std::size_t at = size - 300; at < size; ++at) {
    bytes.flip(at, 1);
    ASSERT_EQ(fault_of(bytes.read()), "timeline.snapshot_damaged") << at;
    bytes.flip(at, 1);
  }
  EXPECT_EQ(fault_of(bytes.read()), "");
}

TEST_F(SnapshotTest, CutOffOrLonger) {
  Bytes whole = written();
  const auto all = whole.all();
  const auto fault_at = [&](std::size_t size) { return fault_of(whole.read(size)); };
  for (std::size_t size = 0; size <= kHeaderBytes; ++size) {
    ASSERT_EQ(fault_at(size), "timeline.snapshot_damaged") << size;
  }
  for (std::size_t size = kHeaderBytes; size < all.size(); size += 4096) {
    ASSERT_EQ(fault_at(size), "timeline.snapshot_damaged") << size;
  }
  for (std::size_t size = all.size() - 200; size < all.size(); ++size) {
    ASSERT_EQ(fault_at(size), "timeline.snapshot_damaged") << size;
  }
  for (const std::size_t more : {1u, 32u, 64u, 4096u}) {
    Bytes longer(all.size() + more);
    std::ranges::copy(all, longer.all().begin());
    EXPECT_EQ(fault_of(longer.read()), "timeline.snapshot_damaged") << more;
  }
}

// What no disk does but a bug may: parts whose sums are right and which do not fit together.
class ForgedSnapshot : public SnapshotTest {
 protected:
  ForgedSnapshot() {
    Bytes bytes = written();
    std::memcpy(&header_, bytes.all().data(), sizeof header_);
    table_.resize(header_.parts);
    std::memcpy(table_.data(), bytes.all().data() + header_.table_offset,
                table_.size() * sizeof(PartLine));
    for (const PartLine& line : table_) {
      const auto part = bytes.all().subspan(line.offset, line.bytes);
      parts_.emplace_back(part.begin(), part.end());
    }
  }
  // The first of its kind.
  std::vector<std::byte>& part(PartKind kind) {
    return parts_[static_cast<std::size_t>(std::ranges::find(table_, kind, &PartLine::kind) -
                                           table_.begin())];
  }
  using ChangeTable = std::function<void(std::vector<PartLine>&)>;
  // The file of these parts with all sums right, but for what `change` does to the table.
  Bytes forge(const ChangeTable& change = {}) {
    std::size_t size = kHeaderBytes;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      table_[i].offset = size;
      table_[i].bytes = parts_[i].size();
      size += (parts_[i].size() + kPartAlignment - 1) / kPartAlignment * kPartAlignment;
    }
    const std::size_t parts_end = size;
    size += gap_;
    auto table = table_;
    Bytes bytes(size + table.size() * sizeof(PartLine));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const std::size_t end = i + 1 < parts_.size() ? table[i + 1].offset : parts_end;
      const auto all = bytes.all().subspan(table[i].offset, end - table[i].offset);
      std::ranges::copy(parts_[i], all.begin());
      table[i].sum = sum_of(all);
    }
    if (change) change(table);
    const auto lines = std::as_bytes(std::span(table));
    std::ranges::copy(lines, bytes.all().begin() + static_cast<long>(size));
    header_.table_offset = size;
    header_.table_sum = sum_of(lines);
    std::ranges::copy(header_page(header_), bytes.all().begin());
    return bytes;
  }
  std::string read(const ChangeTable& change = {}) { return fault_of(forge(change).read()); }

  SnapshotHeader header_;
  std::vector<PartLine> table_;
  std::vector<std::vector<std::byte>> parts_;
  std::size_t gap_ = 0;  // in front of the table, under no sum
};

constexpr std::string_view kDamaged = "timeline.snapshot_damaged";

TEST_F(ForgedSnapshot, NothingChangedIsRead) { EXPECT_EQ(read(), ""); }

TEST_F(ForgedSnapshot, CustomersInRowsOfNobody) {
  part(PartKind::customers)[offsetof(CustomerLine, place) + 2] ^= std::byte{1};  // + 64 blocks
  EXPECT_EQ(read(), kDamaged);
  part(PartKind::customers)[offsetof(CustomerLine, place) + 2] ^= std::byte{1};
  // Somebody of another person, in a block that is not full.
  const CustomerLine line{9'999, 0, 2 * kBlockRows - 1};
  const auto bytes = std::as_bytes(std::span(&line, 1));
  auto& customers = part(PartKind::customers);
  customers.insert(customers.end(), bytes.begin(), bytes.end());
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, CustomersNotAscending) {
  auto& customers = part(PartKind::customers);
  std::swap_ranges(customers.begin(), customers.begin() + sizeof(CustomerLine),
                   customers.begin() + sizeof(CustomerLine));
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, APersonWhoIsNoCustomer) {
  auto& customers = part(PartKind::customers);
  customers.resize(customers.size() - sizeof(CustomerLine));
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, CustomersOfHalfALine) {
  part(PartKind::customers).push_back(std::byte{0});
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, SlotsAsManyAsEvents) {
  for (const std::size_t slots : {6000u, 5999u}) {
    SlotPositions positions;
    for (std::size_t i = 0; i < slots; ++i) positions.add({0, 0, static_cast<std::int64_t>(i)});
    part(PartKind::positions).clear();
    positions.write_image(slots, [&](std::span<const std::byte> piece) {
      part(PartKind::positions).assign(piece.begin(), piece.end());
    });
    EXPECT_EQ(read(), slots == 6000 ? "" : kDamaged);
  }
}

TEST_F(ForgedSnapshot, OriginsThatAreNotThere) {
  part(PartKind::origins) = Origins().with({5, {}}, "a")->with({6, {}}, "b")->image();
  EXPECT_EQ(read(), "");
  part(PartKind::origins) = Origins().with({5, {}}, "a")->image();
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, OtherCounts) {
  ++header_.events;
  EXPECT_EQ(read(), kDamaged);
  --header_.events;
  --header_.persons;
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, AnotherTable) {
  EXPECT_EQ(read([](auto& table) { std::swap(table.front().kind, table.back().kind); }), kDamaged);
  EXPECT_EQ(read([](auto& table) { table[1].offset += kPartAlignment; }), kDamaged);
  EXPECT_EQ(read([](auto& table) { table[1].bytes = ~std::uint64_t{0} - 5; }), kDamaged);
  EXPECT_EQ(read([](auto& table) { table.front().kind = PartKind{}; }), kDamaged);
  EXPECT_EQ(read([](auto& table) { table.back().kind = PartKind{5}; }), kDamaged);
  gap_ = kPartAlignment;
  EXPECT_EQ(read(), kDamaged);
  gap_ = 0;
  header_.parts -= 1;
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, PartsMissingOrTwice) {
  const auto parts = parts_;
  const auto table = table_;
  for (const PartKind kind : {PartKind::positions, PartKind::origins}) {
    const auto at = std::ranges::find(table_, kind, &PartLine::kind) - table_.begin();
    table_.insert(table_.begin() + at, table_[static_cast<std::size_t>(at)]);
    parts_.insert(parts_.begin() + at, std::vector(parts_[static_cast<std::size_t>(at)]));
    header_.parts = parts_.size();
    EXPECT_EQ(read(), kDamaged);
    table_.erase(table_.begin() + at, table_.begin() + at + 2);
    parts_.erase(parts_.begin() + at, parts_.begin() + at + 2);
    header_.parts = parts_.size();
    EXPECT_EQ(read(), kDamaged);
    parts_ = parts;
    table_ = table;
  }
}

// Anything at all behind right sums is refused or can be read.
TEST_F(ForgedSnapshot, WhateverIsReadHolds) {
  std::mt19937 random(9);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    auto& part = parts_[random() % parts_.size()];
    auto& byte = part[random() % part.size()];
    const auto change = static_cast<std::byte>(1u << random() % 8);
    byte ^= change;
    Bytes bytes = forge();
    if (const auto read = bytes.read()) {
      EXPECT_FALSE(told(*read).empty());
    } else {
      ++refused;
    }
    byte ^= change;
  }
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace timeline
