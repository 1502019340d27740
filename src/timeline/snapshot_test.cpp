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
    for (int round = 0; round < 4; ++round) {
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
  ForgedSnapshot() : bytes_(written()) {
    std::memcpy(&header_, bytes_.all().data(), sizeof header_);
    table_.resize(header_.parts);
    std::memcpy(table_.data(), bytes_.all().data() + header_.table_offset,
                table_.size() * sizeof(PartLine));
  }
  PartLine& line(PartKind kind) { return *std::ranges::find(table_, kind, &PartLine::kind); }
  std::span<std::byte> part(PartKind kind) {
    return bytes_.all().subspan(line(kind).offset, line(kind).bytes);
  }
  // With all sums made anew.
  std::string read() {
    for (PartLine& line : table_) {
      const std::size_t rounded =
          (line.bytes + kPartAlignment - 1) / kPartAlignment * kPartAlignment;
      if (line.offset + rounded > header_.table_offset) continue;
      line.sum = sum_of(bytes_.all().subspan(line.offset, rounded));
    }
    const auto lines = std::as_bytes(std::span(table_));
    std::ranges::copy(lines, bytes_.all().begin() + static_cast<long>(header_.table_offset));
    header_.table_sum = sum_of(lines);
    const auto page = header_page(header_);
    std::ranges::copy(page, bytes_.all().begin());
    return fault_of(bytes_.read());
  }

  Bytes bytes_;
  SnapshotHeader header_;
  std::vector<PartLine> table_;
};

constexpr std::string_view kDamaged = "timeline.snapshot_damaged";

TEST_F(ForgedSnapshot, NothingChangedIsRead) { EXPECT_EQ(read(), ""); }

TEST_F(ForgedSnapshot, CustomersInRowsOfNobody) {
  const auto customers = part(PartKind::customers);
  const auto at = offsetof(CustomerLine, place) + 2;  // + 64 blocks
  customers[at] ^= std::byte{1};
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, CustomersNotAscending) {
  const auto customers = part(PartKind::customers);
  std::swap_ranges(customers.begin(), customers.begin() + sizeof(CustomerLine),
                   customers.begin() + sizeof(CustomerLine));
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, APersonWhoIsNoCustomer) {
  line(PartKind::customers).bytes -= sizeof(CustomerLine);
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, CustomersOfHalfALine) {
  line(PartKind::customers).bytes -= 1;
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, FewerSlotsThanEvents) {
  part(PartKind::positions)[0] ^= std::byte{1};
  part(PartKind::positions)[1] ^= std::byte{0x10};
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, OriginsThatAreNotThere) {
  line(PartKind::origins).bytes = 0;
  const auto at = line(PartKind::origins).offset;
  // Nothing but the first origin: the events of the second have none.
  line(PartKind::origins).bytes = 24 + 3;
  ASSERT_EQ(std::to_integer<char>(bytes_.all()[at + 24]), 'a');
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, OtherCounts) {
  ++header_.events;
  EXPECT_EQ(read(), kDamaged);
  --header_.events;
  --header_.persons;
  EXPECT_EQ(read(), kDamaged);
}

TEST_F(ForgedSnapshot, PartsInAnotherOrderOrPlace) {
  const auto table = table_;
  std::swap(table_.front().kind, table_.back().kind);
  EXPECT_EQ(read(), kDamaged);
  table_ = table;
  table_[1].offset += kPartAlignment;
  EXPECT_EQ(read(), kDamaged);
  table_ = table;
  table_[1].bytes = ~std::uint64_t{0} - 5;
  EXPECT_EQ(read(), kDamaged);
  table_ = table;
  header_.table_offset += sizeof(PartLine);
  header_.parts -= 1;
  table_.erase(table_.begin());
  EXPECT_EQ(read(), kDamaged);
}

// Anything at all behind right sums is refused or can be read.
TEST_F(ForgedSnapshot, WhateverIsReadHolds) {
  std::mt19937 random(9);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::size_t at = kHeaderBytes + random() % (header_.table_offset - kHeaderBytes);
    const unsigned bits = 1u << random() % 8;
    bytes_.flip(at, bits);
    if (read().empty()) {
      EXPECT_FALSE(told(*bytes_.read()).empty());
    } else {
      ++refused;
    }
    bytes_.flip(at, bits);
  }
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace timeline
