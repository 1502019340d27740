// Whoever has something in a stretch of time that a rule looks at: the other half of may_change.h.
// Together they are all whose answer can change in it.
#pragma once

#include <vector>

#include "audience/may_change.h"
#include "base/work_pool.h"
#include "timeline/column_store.h"

namespace audience {

// For every block of the pin the rows of the persons who have an event, a change of an attribute or
// a beginning or end of a membership that is mentioned in (from, to], or are first known there.
// Exact. About 10 ns a row and name by columns; of whom something has just arrived that is
// mentioned their histories are asked. Any thread.
std::vector<timeline::RowMask> something_ahead(const timeline::Pin& pin,
                                               const timeline::Mentions& mentions,
                                               const Stretch& stretch, base::WorkPool& pool);

}  // namespace audience
