// Which position of the log each slot stands for, and back.
//
// Slots number the events this memory has read, in log order. On SQLite positions are almost
// consecutive, on PostgreSQL those of one transaction are; runs of such take some 20 bytes each and
// nothing per event. Positions of transactions of one event take up to 6 bytes an event.
//
// Slots are only added at the end. One writer; readers at once with it (a shared lock inside).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

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
  event_log::Position position_of(Slot slot) const;
  // The first slot whose position is at or after this one; size() when there is none.
  Slot at_or_after(const event_log::Position& position) const;
  std::size_t bytes() const;

  // For snapshots. read: nothing when the bytes are damaged.
  std::vector<std::byte> image() const;
  bool read(std::span<const std::byte> image);  // in place of everything

 private:
  class Runs;
  std::unique_ptr<Runs> runs_;
};

}  // namespace timeline
