#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <stop_token>

#include "base/check.h"
#include "timeline/snapshot.h"
#include "timeline/snapshot_form.h"

namespace timeline {
namespace {

using Fault = std::optional<SnapshotFault>;

SnapshotFault fault_of(MarkFault fault) {
  switch (fault) {
    case MarkFault::foreign:
      return SnapshotFault::foreign_log;
    case MarkFault::ahead:
      return SnapshotFault::ahead_of_log;
    case MarkFault::differs:
      return SnapshotFault::other_row;
  }
  base::unreachable();
}

std::uint64_t aligned(std::uint64_t bytes) {
  return (bytes + kPartAlignment - 1) / kPartAlignment * kPartAlignment;
}

// Whether the bytes can be read: a page the disk does not give would otherwise end the program
// when it is looked at.
using Fetch = std::function<bool(std::span<const std::byte>)>;

// Calls work(0) to work(count - 1) until one answers a fault; that one.
template <typename Work>
Fault in_pool(base::WorkPool& pool, std::size_t count, const Work& work) {
  std::stop_source stop;
  Fault first;
  const auto task = [&](std::size_t at) {
    const Fault fault = work(at);
    if (fault && stop.request_stop()) first = fault;
  };
  pool.run(count, task, stop.get_token());
  return first;
}

class SnapshotReader {
 public:
  struct Bytes {
    std::span<const std::byte> all;
    std::shared_ptr<const void> keeper;
    Fetch fetch;
  };
  SnapshotReader(Bytes bytes, base::WorkPool& pool) : bytes_(std::move(bytes)), pool_(pool) {}

  base::Result<Snapshot, SnapshotFault> read(const MarkCheck& check) {
    if (const Fault fault = read_header()) return base::unexpected(*fault);
    if (const auto fault = check(snapshot_.mark)) return base::unexpected(fault_of(*fault));
    if (const Fault fault = read_table()) return base::unexpected(*fault);
    // The last parts first: the positions are the largest.
    const auto part = [this](std::size_t at) { return read_part(table_.size() - 1 - at); };
    if (const Fault fault = in_pool(pool_, table_.size(), part)) {
      return base::unexpected(*fault);
    }
    if (!is_in_agreement()) return base::unexpected(SnapshotFault::damaged);
    return std::move(snapshot_);
  }

 private:
  Fault read_header() {
    if (bytes_.all.size() < kHeaderBytes) return SnapshotFault::damaged;
    const auto page = bytes_.all.first(kHeaderBytes);
    if (!bytes_.fetch(page)) return SnapshotFault::unreadable;
    std::memcpy(&header_, page.data(), sizeof header_);
    if (header_.magic != kSnapshotMagic) return SnapshotFault::damaged;
    // A version is believed without the sum: another one may sum otherwise.
    if (header_.version != kSnapshotVersion) return SnapshotFault::other_version;
    const auto whole = header_page(header_);
    if (!std::ranges::equal(whole, page)) return SnapshotFault::damaged;
    if (header_.log_id_bytes > kLogIdBytesMax) return SnapshotFault::damaged;
    snapshot_.mark = {std::string(header_.log_id.data(), header_.log_id_bytes),
                      {header_.epoch, header_.transaction, header_.sequence},
                      header_.digest,
                      header_.kept};
    snapshot_.persons = header_.persons;
    snapshot_.events = header_.events;
    return std::nullopt;
  }

  Fault read_table() {
    const std::uint64_t size = bytes_.all.size();
    if (header_.table_offset > size ||
        header_.parts != (size - header_.table_offset) / sizeof(PartLine) ||
        (size - header_.table_offset) % sizeof(PartLine) != 0) {
      return SnapshotFault::damaged;
    }
    const auto bytes = bytes_.all.subspan(header_.table_offset);
    if (!bytes_.fetch(bytes)) return SnapshotFault::unreadable;
    if (sum_of(bytes) != header_.table_sum) return SnapshotFault::damaged;
    table_.resize(header_.parts);
    if (!bytes.empty()) std::memcpy(table_.data(), bytes.data(), bytes.size());
    return is_table_possible() ? Fault() : SnapshotFault::damaged;
  }

  // Parts in their order, one behind the other up to the table. Makes room for what they hold.
  bool is_table_possible() {
    std::uint64_t offset = kHeaderBytes;
    PartKind before = PartKind::block;
    std::array<std::size_t, 5> counts{};
    std::uint64_t customers = 0;
    for (const PartLine& line : table_) {
      if (line.kind < before || line.kind > PartKind::origins || line.offset != offset ||
          line.bytes > header_.table_offset - offset ||
          aligned(line.bytes) > header_.table_offset - offset) {
        return false;
      }
      before = line.kind;
      offset += aligned(line.bytes);
      ++counts[static_cast<std::size_t>(line.kind)];
      if (line.kind == PartKind::customers) {
        // Only the last one may be short, so that each knows where its lines belong.
        if (customers % kCustomersPerPart != 0 || line.bytes % sizeof(CustomerLine) != 0 ||
            line.bytes > kCustomersPerPart * sizeof(CustomerLine)) {
          return false;
        }
        customers += line.bytes / sizeof(CustomerLine);
      }
    }
    blocks_ = counts[static_cast<std::size_t>(PartKind::block)];
    snapshot_.blocks.resize(blocks_);
    snapshot_.customers.resize(customers);
    return offset == header_.table_offset && blocks_ <= kSnapshotBlocksMax &&
           counts[static_cast<std::size_t>(PartKind::positions)] == 1 &&
           counts[static_cast<std::size_t>(PartKind::origins)] == 1;
  }

  Fault read_part(std::size_t at) {
    const PartLine& line = table_[at];
    const auto summed = bytes_.all.subspan(line.offset, aligned(line.bytes));
    if (!bytes_.fetch(summed)) return SnapshotFault::unreadable;
    if (sum_of(summed) != line.sum) return SnapshotFault::damaged;
    return read_content(at, summed.first(line.bytes)) ? Fault() : SnapshotFault::damaged;
  }

  // No two parts write to the same place.
  bool read_content(std::size_t at, std::span<const std::byte> bytes) {
    switch (table_[at].kind) {
      case PartKind::block:
        snapshot_.blocks[at] = Block::read(bytes, bytes_.keeper);
        return snapshot_.blocks[at] != nullptr;
      case PartKind::customers:
        read_customers((at - blocks_) * kCustomersPerPart, bytes);
        return true;
      case PartKind::positions:
        snapshot_.positions = std::make_unique<SlotPositions>();
        return snapshot_.positions->read(bytes);
      case PartKind::origins:
        snapshot_.origins = Origins::read(bytes);
        return snapshot_.origins != nullptr;
    }
    return false;
  }

  void read_customers(std::size_t first, std::span<const std::byte> bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(CustomerLine), ++first) {
      CustomerLine line;
      std::memcpy(&line, bytes.data() + at, sizeof line);
      const std::uint64_t id = std::uint64_t{line.customer_high} << 32 | line.customer_low;
      snapshot_.customers[first] = {{static_cast<std::int64_t>(id)},
                                    {static_cast<std::uint32_t>(line.place / kBlockRows),
                                     static_cast<std::uint32_t>(line.place % kBlockRows)}};
    }
  }

  // Sums say that the parts are as they were written; this, that what was written fits together,
  // as far as blocks tell it of themselves: events one by one are not looked at.
  bool is_in_agreement() {
    std::int64_t persons = 0;
    std::int64_t events = 0;
    for (const auto& block : snapshot_.blocks) {
      persons += static_cast<std::int64_t>(block->persons().count());
      events += block->event_count();
      if (!has_known_events(*block)) return false;
    }
    return persons == snapshot_.persons && events == snapshot_.events && has_known_customers();
  }

  bool has_known_events(const Block& block) const {
    if (block.event_count() > 0 && block.last_slot() >= snapshot_.positions->size()) return false;
    return std::ranges::all_of(block.origins(), [this](OriginNumber origin) {
      return origin < snapshot_.origins->size();
    });
  }

  // Ascending, each in a row with a person, and every person among them in their own row.
  bool has_known_customers() {
    std::atomic<std::int64_t> own = 0;
    const std::size_t pieces =
        (snapshot_.customers.size() + kCustomersPerPart - 1) / kCustomersPerPart;
    const auto piece = [&](std::size_t at) -> Fault {
      const auto found = count_own(at * kCustomersPerPart);
      if (!found) return SnapshotFault::damaged;
      own += *found;
      return std::nullopt;
    };
    return !in_pool(pool_, pieces, piece) && own == snapshot_.persons;
  }

  // Of a piece of customers, those who are the person of their row; nothing: one is wrong.
  std::optional<std::int64_t> count_own(std::size_t first) const {
    const auto& customers = snapshot_.customers;
    const std::size_t end = std::min(customers.size(), first + kCustomersPerPart);
    std::int64_t own = 0;
    for (std::size_t at = first; at < end; ++at) {
      const auto& [customer, place] = customers[at];
      if (at > 0 && customers[at - 1].first >= customer) return std::nullopt;
      if (customer.value <= 0 || place.block >= snapshot_.blocks.size()) return std::nullopt;
      const Block& block = *snapshot_.blocks[place.block];
      if (!block.persons().has(place.row)) return std::nullopt;
      if (block.person(place.row) == customer) ++own;
    }
    return own;
  }

  Bytes bytes_;
  base::WorkPool& pool_;
  SnapshotHeader header_;
  std::vector<PartLine> table_;
  std::size_t blocks_ = 0;
  Snapshot snapshot_;
};

// A whole file, read only.
class Mapping {
 public:
  Mapping(void* data, std::size_t bytes) : data_(data), bytes_(bytes) {}
  ~Mapping() { munmap(data_, bytes_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(data_), bytes_};
  }

 private:
  void* data_;
  std::size_t bytes_;
};

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

base::Result<std::shared_ptr<const Mapping>, SnapshotFault> map_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    return base::unexpected(errno == ENOENT ? SnapshotFault::missing : SnapshotFault::unreadable);
  }
  struct stat about{};
  if (fstat(file.get(), &about) != 0) return base::unexpected(SnapshotFault::unreadable);
  if (!S_ISREG(about.st_mode) || about.st_size == 0) {
    return base::unexpected(SnapshotFault::damaged);
  }
  const auto bytes = static_cast<std::size_t>(about.st_size);
  void* data = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) return base::unexpected(SnapshotFault::unreadable);
  return std::make_shared<const Mapping>(data, bytes);
}

bool fetch_pages(std::span<const std::byte> bytes) {
  if (bytes.empty()) return true;
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(bytes.data()) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size();
  // Kernels before 5.14 do not know it; then the pages come when they are looked at.
  return madvise(reinterpret_cast<void*>(first), end - first, MADV_POPULATE_READ) == 0 ||
         errno == EINVAL;
}

}  // namespace

std::string_view code_of(SnapshotFault fault) {
  switch (fault) {
    case SnapshotFault::missing:
      return "timeline.snapshot_missing";
    case SnapshotFault::unreadable:
      return "timeline.snapshot_unreadable";
    case SnapshotFault::damaged:
      return "timeline.snapshot_damaged";
    case SnapshotFault::other_version:
      return "timeline.snapshot_other_version";
    case SnapshotFault::foreign_log:
      return "timeline.snapshot_foreign_log";
    case SnapshotFault::ahead_of_log:
      return "timeline.snapshot_ahead_of_log";
    case SnapshotFault::other_row:
      return "timeline.snapshot_other_row";
  }
  base::unreachable();
}

base::Result<Snapshot, SnapshotFault> read_snapshot(std::span<const std::byte> bytes,
                                                    std::shared_ptr<const void> keeper,
                                                    const MarkCheck& check, base::WorkPool& pool) {
  CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % kPartAlignment == 0);
  const auto there = [](std::span<const std::byte>) { return true; };
  return SnapshotReader({bytes, std::move(keeper), there}, pool).read(check);
}

base::Result<Snapshot, SnapshotFault> open_snapshot(const std::string& path, const MarkCheck& check,
                                                    base::WorkPool& pool) {
  auto mapping = map_file(path);
  if (!mapping) return base::unexpected(mapping.error());
  const auto bytes = (*mapping)->bytes();
  return SnapshotReader({bytes, std::move(*mapping), fetch_pages}, pool).read(check);
}

}  // namespace timeline
