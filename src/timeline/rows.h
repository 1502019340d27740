// Persons with all their events, flat: what goes into a block and comes out of it.
//
// Plain data; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/event.h"

namespace timeline {

// The number of an event among all this memory has read, in log order. What stands later in the
// log has the greater slot, whichever database it came from.
using Slot = std::uint32_t;
// Number of a pair (source, batch) in Origins (timeline/origins.h).
using OriginNumber = std::uint32_t;

struct RowEvent {
  base::EventTypeId type;
  base::Moment time;
  Slot slot = 0;
  OriginNumber origin = 0;
  std::uint32_t first_property = 0;  // in Rows::properties
  std::uint32_t property_count = 0;
};

struct PersonRow {
  base::CustomerId person;  // 0: a row left empty, its number is not used again
  // The earliest of the customers that are this person; kMomentMax: none is known of.
  base::Moment created_at = base::kMomentMax;
  std::uint32_t first_event = 0;  // in Rows::events
  std::uint32_t event_count = 0;
};

struct Rows {
  std::vector<PersonRow> rows;
  std::vector<RowEvent> events;  // row after row, each by (time, slot)
  std::vector<event_log::KnownProperty> properties;
};

}  // namespace timeline
