// Whether what the columns hold of a person beside their events is what the events come to:
// attributes, memberships and since when they are known. Masks read those columns and never the
// events. For `siyu check`; some microseconds a person, and one look at each column of the block.
#pragma once

#include "timeline/change.h"
#include "timeline/column_store.h"
#include "timeline/rows.h"

namespace timeline {

// `rows`: what read_row() gives for the place, alone. Requires that somebody stands there.
bool changes_agree(const Pin& pin, const Pin::Place& place, const Rows& rows,
                   const ChangeTypes& changes);

}  // namespace timeline
