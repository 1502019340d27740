// Which position of the log each slot stands for, and back.
//
// Slots number the events this memory has read, in log order. A run is consecutive sequence numbers
// of one transaction. On SQLite almost all positions are one run, on PostgreSQL those of one append
// are. Runs are kept as differences, so each takes 3 to 5 bytes as a rule and nothing per event:
//
//   chunk   first slot, first position          40 bytes, found by binary search
//           up to kChunkRuns - 1 runs more      slots of the run before - 1, transactions on,
//                                               sequence numbers on (signed): three varints
//
// With one event in each transaction that is 3.6 bytes an event. Finding a slot or a position
// takes a binary search and at most kChunkRuns runs, some 200 ns.
//
// Slots are only added at the end. One writer; readers at once with it (a shared lock inside).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "log/position.h"
#include "timeline/rows.h"

namespace timeline {

inline constexpr std::uint64_t kSlotsMax = 0xffff'fff0;  // of one memory

class SlotPositions {
 public:
  SlotPositions();
  ~SlotPositions();
  SlotPositions(const SlotPositions&) = delete;
  SlotPositions& operator=(const SlotPositions&) = delete;

  // The slot of the next event. Requires a position after all before, and fewer than kSlotsMax.
  Slot add(const event_log::Position& position);
  // Slots 0 to size() - 1 are given.
  std::size_t size() const;
  // Requires slot < size().
  event_log::Position position_of(Slot slot) const;
  // The first slot whose position is at or after this one; size() when there is none.
  Slot at_or_after(const event_log::Position& position) const;
  std::size_t bytes() const;

  // For snapshots: slots 0 to slots - 1, in pieces of some 64 KiB given one after the other.
  // Requires slots <= size(). The lock is not held while a piece is looked at; adding goes on.
  using Piece = std::function<void(std::span<const std::byte>)>;
  void write_image(std::size_t slots, const Piece& piece) const;
  // Takes an image's slots in place of everything; writer only. False, and nothing is changed:
  // the bytes are damaged. Some 10 ns a run.
  bool read(std::span<const std::byte> image);

 private:
  class Runs;
  std::unique_ptr<Runs> runs_;
};

}  // namespace timeline
