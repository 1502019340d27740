// Inside the module: an event as a row of an answer.
#pragma once

#include "log/event.h"
#include "store/database.h"

namespace event_log {

inline Position position_in(const store::Row& row, int column) {
  return {row.integer(column), row.integer(column + 1), row.integer(column + 2)};
}

// Columns 0 to 11: epoch, transaction_id, sequence, customer, type, time, arrived, sent, source,
// live, batch, properties.
Event event_in(const store::Row& row);

// The type of a row that is no event but a notice.
inline constexpr std::int64_t kNoticeType = 0;

// Column 12: what a row is to those who read it, as the view read_event says.
enum class RowKind : std::uint8_t {
  passed_over = 0,  // void, or of a batch that is being undone
  event = 1,
  notice = 2,
  erased = 3,
};
inline RowKind kind_in(const store::Row& row) { return static_cast<RowKind>(row.integer(12)); }

}  // namespace event_log
