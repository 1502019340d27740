// One row of a block as a History when something has arrived for it since its base was made.
//
// What is asked of names that nothing has arrived for is answered by the base alone; the others are
// the base's and the delta's together, as MemoryHistory would have them. Opening takes about a
// microsecond and some tens of nanoseconds for each event of the delta, however many the base has;
// a membership that has changed since costs the row's events that switch its kind. Only a person
// who is not in the base, or of whom something is hidden, costs all of the row's events. One thread
// at a time (reading remembers what was put together).
#pragma once

#include <memory>

#include "timeline/block_state.h"
#include "timeline/change.h"
#include "timeline/history.h"
#include "timeline/origins.h"

namespace timeline {

struct HistoryMeans {
  std::shared_ptr<const ChangeTypes> changes;
  std::shared_ptr<const Origins> origins;
  Publication publication = 0;
};

// Keeps the block alive. Requires block.has(row, means.publication).
std::unique_ptr<History> changed_history_of(const BlockState& block, std::size_t row,
                                            const HistoryMeans& means);

}  // namespace timeline
