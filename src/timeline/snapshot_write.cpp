#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>

#include "base/check.h"
#include "timeline/snapshot.h"
#include "timeline/snapshot_file.h"
#include "timeline/snapshot_form.h"

namespace timeline {
namespace {

template <typename Value>
std::span<const std::byte> bytes_of(const std::vector<Value>& values) {
  return std::as_bytes(std::span(values));
}

// Where the slots at or before `position` end.
std::size_t slots_until(const SlotPositions& positions, event_log::Position position) {
  if (position.sequence == std::numeric_limits<std::int64_t>::max()) return positions.size();
  ++position.sequence;
  return positions.at_or_after(position);
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

// One file from its header to its table. Once something failed nothing more is written.
class SnapshotWriter {
 public:
  SnapshotWriter(const SnapshotPlace& place, const SnapshotSource& source, SnapshotFile& file)
      : place_(place), source_(source), file_(file) {}

  base::Result<std::uint64_t, WriteFault> write() {
    const std::array<std::byte, kHeaderBytes> empty{};
    append(empty);
    for (std::size_t block = 0; block < source_.pin.blocks() && goes_on(); ++block) {
      write_block_part(block);
    }
    write_customers();
    write_rest();
    if (fault_) return base::unexpected(*fault_);
    const SnapshotHeader header = header_of(sum_of(bytes_of(table_)));
    append(bytes_of(table_));
    if (!fault_ && !file_.put_first(header_page(header))) fault_ = WriteFault::disk;
    if (fault_) return base::unexpected(*fault_);
    const std::uint64_t size = file_.size();
    if (!file_.finish()) return base::unexpected(WriteFault::disk);
    return size;
  }

 private:
  bool goes_on() {
    if (!fault_ && place_.stop && place_.stop()) fault_ = WriteFault::stopped;
    return !fault_;
  }
  void append(std::span<const std::byte> bytes) {
    if (!fault_ && !file_.append(bytes)) fault_ = WriteFault::disk;
  }

  // A part: begin, any number of add, end.
  void begin_part(PartKind kind) {
    table_.push_back({kind, file_.size(), 0, 0});
    XXH3_64bits_reset(sum_.get());
  }
  void add(std::span<const std::byte> bytes) {
    XXH3_64bits_update(sum_.get(), bytes.data(), bytes.size());
    append(bytes);
    table_.back().bytes += bytes.size();
  }
  void end_part() {
    const std::uint64_t bytes = table_.back().bytes;
    const std::array<std::byte, kPartAlignment> zeros{};
    add(std::span(zeros).first((kPartAlignment - bytes % kPartAlignment) % kPartAlignment));
    table_.back().bytes = bytes;
    table_.back().sum = XXH3_64bits_digest(sum_.get());
  }
  void write_part(PartKind kind, std::span<const std::byte> bytes) {
    begin_part(kind);
    add(bytes);
    end_part();
  }

  void write_block_part(std::size_t block) {
    const Block& base = source_.pin.block(block);
    const RowMask rows = source_.pin.rows(block);
    if (source_.pin.changed(block).none() && rows == base.persons()) {
      write_part(PartKind::block, base.image());
    } else {
      write_part(PartKind::block, write_block(read_rows(block, rows), source_.changes));
    }
  }
  // With every row where it stands.
  Rows read_rows(std::size_t block, const RowMask& persons) const {
    Rows rows;
    persons.each([&](std::size_t row) {
      PersonRow empty;
      empty.first_event = static_cast<std::uint32_t>(rows.events.size());
      rows.rows.resize(row, empty);
      source_.pin.read_row(block, row, rows);
    });
    return rows;
  }

  void write_customers() {
    std::vector<CustomerLine> lines;
    auto left = source_.customers;
    while (!left.empty() && goes_on()) {
      const auto here = left.first(std::min(left.size(), kCustomersPerPart));
      left = left.subspan(here.size());
      lines.clear();
      for (const auto& [customer, place] : here) {
        const auto id = static_cast<std::uint64_t>(customer.value);
        lines.push_back({static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32),
                         static_cast<std::uint32_t>(place.block * kBlockRows + place.row)});
      }
      write_part(PartKind::customers, bytes_of(lines));
    }
  }

  void write_rest() {
    if (!goes_on()) return;
    const SlotPositions& positions = source_.positions;
    begin_part(PartKind::positions);
    positions.write_image(slots_until(positions, source_.pin.position()),
                          [this](std::span<const std::byte> piece) { add(piece); });
    end_part();
    write_part(PartKind::origins, source_.pin.origins()->image());
  }

  SnapshotHeader header_of(std::uint64_t table_sum) const {
    const LogMark& mark = source_.mark;
    SnapshotHeader header;
    header.version = kSnapshotVersion;
    header.log_id_bytes = static_cast<std::uint32_t>(mark.log_id.size());
    std::ranges::copy(mark.log_id, header.log_id.begin());
    header.epoch = mark.position.epoch;
    header.transaction = mark.position.transaction;
    header.sequence = mark.position.sequence;
    header.digest = mark.digest;
    header.kept = mark.kept;
    header.persons = source_.pin.persons();
    header.events = source_.pin.events();
    header.parts = table_.size();
    header.table_offset = file_.size();
    header.table_sum = table_sum;
    return header;
  }

  const SnapshotPlace& place_;
  const SnapshotSource& source_;
  SnapshotFile& file_;
  std::vector<PartLine> table_;
  std::unique_ptr<XXH3_state_t, FreeState> sum_{XXH3_createState()};  // of the part
  std::optional<WriteFault> fault_;
};

}  // namespace

std::string_view code_of(WriteFault fault) {
  switch (fault) {
    case WriteFault::busy:
      return "timeline.snapshot_busy";
    case WriteFault::stopped:
      return "timeline.snapshot_stopped";
    case WriteFault::disk:
      return "timeline.snapshot_disk";
  }
  base::unreachable();
}

base::Result<std::uint64_t, WriteFault> write_snapshot(const SnapshotPlace& place,
                                                       const SnapshotSource& source) {
  CHECK(source.mark.position == source.pin.position());
  CHECK(source.mark.log_id.size() <= kLogIdBytesMax);
  CHECK(source.pin.blocks() <= kSnapshotBlocksMax);
  auto file = SnapshotFile::take(place, SnapshotFile::Missing::create);
  if (!file) return base::unexpected(file.error());
  return SnapshotWriter(place, source, *file).write();
}

bool remove_snapshot(const SnapshotPlace& place) {
  {
    const auto half = SnapshotFile::take(place, SnapshotFile::Missing::leave);
    if (!half && half.error() == WriteFault::busy) return false;
  }
  std::error_code ignored;
  if (std::filesystem::exists(place.path + ".new", ignored)) return false;
  return remove_file(place, place.path) && sync_folder_of(place);
}

}  // namespace timeline
