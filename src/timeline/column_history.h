// One row of a block as a History: what the interval evaluator reads.
//
// Only what is asked for is decoded, once: events of a name, an attribute, a membership, a
// property. A person of a thousand events is opened in about a microsecond; reading the events of a
// name costs some nanoseconds each. One thread at a time (reading remembers what was decoded).
#pragma once

#include <memory>

#include "timeline/block.h"
#include "timeline/history.h"
#include "timeline/origins.h"

namespace timeline {

// Keeps the block alive. Requires block->persons().has(row).
std::unique_ptr<History> history_of(std::shared_ptr<const Block> block, std::size_t row,
                                    std::shared_ptr<const Origins> origins);

}  // namespace timeline
