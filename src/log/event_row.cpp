#include "log/event_row.h"

namespace event_log {

Event event_in(const store::Row& row) {
  Event event;
  event.position = position_in(row, 0);
  event.customer = {row.integer(3)};
  event.type = {row.integer(4)};
  event.time = {row.integer(5)};
  event.arrived = {row.integer(6)};
  if (!row.is_null(7)) event.sent = base::Moment{row.integer(7)};
  event.source = row.integer(8);
  event.liveness = row.integer(9) != 0 ? Liveness::live : Liveness::history;
  if (!row.is_null(10)) event.batch = base::BatchId{row.integer(10)};
  event.properties = row.text(11);
  return event;
}

}  // namespace event_log
