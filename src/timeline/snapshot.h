// A snapshot: the memory of one moment in one file, mapped when the program starts.
//
//   header      one page: magic, version, log mark (timeline/log_mark.h), counts, sum
//   part        a block's image (timeline/block.h), one after the other
//   …           customers: (customer, block and row), ascending, kCustomersPerPart each
//               slot positions (timeline/slot_positions.h), origins (timeline/origins.h)
//   table       of every part: kind, offset, bytes, sum
//
// Every byte of the file is under a sum (XXH3, 64 bits): the header's over itself, the table's in
// the header, the parts' in the table. Parts begin at multiples of kPartAlignment; the bytes
// between are zero and under the sum of the part before. Numbers are little-endian.
//
// Deltas are not in it: a block with a delta is written as the folded block it would be.
//
// Written beside the old one (path + ".new"), synced, then renamed over it and the folder synced:
// whoever stops in between leaves the old file as it was. A file that has its name is never written
// again, so what is mapped stays as it was checked; that is also why an erasure does not overwrite
// it but removes its name (remove_snapshot): the blocks in use lie in it, here and perhaps in other
// processes. Its room on the disk is free when the last of them ends; what it held is then like
// what any deleted file leaves (docs/decisions/0006).
//
// Threads: any. Several processes may read one path; of several that write one at a time does
// (flock), the others get WriteFault::busy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/work_pool.h"
#include "store/disk.h"
#include "timeline/block.h"
#include "timeline/change.h"
#include "timeline/column_store.h"
#include "timeline/log_mark.h"
#include "timeline/origins.h"
#include "timeline/slot_positions.h"

namespace timeline {

// Raised whenever the form of the file or of a part changes: older snapshots are then made anew.
inline constexpr std::uint32_t kSnapshotVersion = 2;
inline constexpr std::size_t kPartAlignment = 64;
inline constexpr std::size_t kCustomersPerPart = 65'536;
inline constexpr std::size_t kSnapshotBlocksMax = std::size_t{1} << 22;  // 4 billion rows

// --- reading

// Why a snapshot is not used. Everything is then read from the log.
enum class SnapshotFault : std::uint8_t {
  missing,
  unreadable,     // the system does not give it
  damaged,        // or no snapshot at all
  other_version,  // of the program that wrote it
  foreign_log,
  ahead_of_log,
  other_row,  // MarkFault::differs
};
std::string_view code_of(SnapshotFault fault);  // "timeline.snapshot_missing", …

struct Snapshot {
  LogMark mark;
  std::vector<std::shared_ptr<const Block>> blocks;                // these keep the mapping alive
  std::vector<std::pair<base::CustomerId, Pin::Place>> customers;  // ascending
  std::shared_ptr<const Origins> origins;
  std::unique_ptr<SlotPositions> positions;
  std::int64_t persons = 0;
  std::int64_t events = 0;
};

// Whether a mark is one of this log's points: fault_of() in a read of the database. Asked when the
// header is known to be sound, before the parts are looked at.
using MarkCheck = std::function<std::optional<MarkFault>(const LogMark&)>;

// Maps the file and checks all of it: sums, forms, and that the parts agree (rows of customers,
// slots and origins of events, counts), with the threads of the pool.
[[nodiscard]] base::Result<Snapshot, SnapshotFault> open_snapshot(const std::string& path,
                                                                  const MarkCheck& check,
                                                                  base::WorkPool& pool);
// The same of bytes that `keeper` keeps; they begin at a multiple of kPartAlignment.
[[nodiscard]] base::Result<Snapshot, SnapshotFault> read_snapshot(
    std::span<const std::byte> bytes, std::shared_ptr<const void> keeper, const MarkCheck& check,
    base::WorkPool& pool);

// --- writing

// What is written. Borrowed while it is.
struct SnapshotSource {
  LogMark mark;  // of pin.position()
  Pin pin;
  // ColumnStore::customers(pin).
  std::span<const std::pair<base::CustomerId, Pin::Place>> customers;
  const SlotPositions& positions;  // those after the pin's position are left out
  const ChangeTypes& changes;
};

enum class WriteFault : std::uint8_t {
  busy,     // another process is writing it
  stopped,  // `stop` said so
  disk,     // full, broken, no such folder
};
std::string_view code_of(WriteFault fault);  // "timeline.snapshot_busy", …

// Where and how.
struct SnapshotPlace {
  std::string path;
  const store::Disk* disk = nullptr;     // of tests
  std::function<bool()> stop = nullptr;  // asked before every part; true: give up
};

// Answers the bytes of the file. Takes memory for one block and its rows beside what is borrowed.
// With WriteFault nothing has changed, except that a disk which breaks after the rename may have
// the new file, whole, under its name.
[[nodiscard]] base::Result<std::uint64_t, WriteFault> write_snapshot(const SnapshotPlace& place,
                                                                     const SnapshotSource& source);

// Takes the file away, also one half written that a dead process left, and syncs the folder; for
// an erasure. No write_snapshot() of this process may be running: it would put an older moment
// back. False: the disk did not do it; to be tried again.
[[nodiscard]] bool remove_snapshot(const SnapshotPlace& place);

}  // namespace timeline
