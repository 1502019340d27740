// Inside the module: the second reading of a file of events, chunk by chunk, so that one chunk is
// read and typed while the one before it is written.
//
//   EventReader reader(table, columns, {now, zone, dry_run});
//   for (EventChunk chunk = reader.next(); !chunk.is_empty(); chunk = reader.next()) …
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "base/calendar.h"
#include "base/moment.h"
#include "intake/event_chunk.h"
#include "intake/event_row.h"
#include "intake/table.h"
#include "log/key_hash.h"
#include "log/log.h"

namespace intake {

static_assert(kEventRowsAtOnce <= event_log::kAppendEventsMax);

class EventReader {
 public:
  struct Options {
    base::Moment now;  // the arrival of all rows
    const base::Zone& zone;
    bool dry_run = false;
  };
  // Borrows all of it.
  EventReader(Table& table, EventColumns& columns, const Options& options)
      : table_(table), columns_(columns), options_(options) {}

  // The next rows: at most kEventRowsAtOnce, and as many again that are left out. One without any
  // is behind the last.
  EventChunk next();

 private:
  void count(EventChunk& chunk);

  Table& table_;
  EventColumns& columns_;
  Options options_;
  TableRow row_;
  event_log::RowOrdinals ordinals_;
  std::unordered_set<event_log::KeyHash> keys_seen_;
};

}  // namespace intake
