// Readers: whoever wants to know what happened, each under a name with its own position.
//
//   const Position from = position_of(session, "orders").value_or(Position{});
//   const Reading reading = read_after(session, from, 1000);
//   database.write("orders.project", [&](store::Unit& unit) -> base::Result<…> {
//     if (!advance(unit, "orders", from, reading.through)) …another process was faster: start again
//     … effects of reading.events, in the same unit
//   });
//
// Every reader sees each event once and in order: the position moves by compare-and-set in the unit
// of the effects, and on PostgreSQL nothing is read at or above the oldest unit still running, so
// that no event can appear behind a position already passed. A unit that stays open holds readers
// back; it never makes them skip. Void and erased rows are passed over. Notices (log/notice.h) are
// for memories of the log; others need not look at them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "log/event.h"
#include "log/notice.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {

inline constexpr std::int64_t kReadEventsMax = 10'000;
inline constexpr std::size_t kReaderNameBytesMax = 100;

struct Reading {
  std::vector<Event> events;    // in order
  std::vector<Notice> notices;  // in order
  Position through;             // everything at or before it has been seen; where to go on
  bool more = false;            // the limit was reached
};

// At most `limit` (up to kReadEventsMax) rows after `after`.
Reading read_after(store::Session& session, const Position& after, std::int64_t limit);

// The same for who wants events of some types alone: the others, and what readers pass over, are
// not brought out of the database. Notices come along. `more`: a limit was reached.
struct Wanted {
  std::span<const base::EventTypeId> types;
  std::int64_t events_max = kReadEventsMax;     // and notices; up to kReadEventsMax
  std::int64_t rows_max = 10 * kReadEventsMax;  // of the log, looked at
};
Reading read_after(store::Session& session, const Position& after, const Wanted& wanted);

// Nothing: no reader of this name has ever advanced.
std::optional<Position> position_of(store::Session& session, std::string_view reader);

// Moves the reader from `from` (Position{} for one that never advanced) to `to`, in the caller's
// unit. False: the position is another one by now; nothing was changed, and the caller ends its
// unit without effects.
[[nodiscard]] bool advance(store::Unit& unit, std::string_view reader, const Position& from,
                           const Position& to);

// It begins anew at the first event: for who has taken away all its effects in the same unit.
void forget_reader(store::Unit& unit, std::string_view reader);

// Every reader with its position, by name.
struct ReaderState {
  std::string name;
  Position position;
};
std::vector<ReaderState> readers(store::Session& session);

// What stands behind a position and can be read.
inline constexpr std::int64_t kLagRowsMax = 100'000;
struct Lag {
  std::int64_t rows = 0;  // of the log, also those that readers pass over; at most kLagRowsMax
  std::optional<base::Moment> since;  // when the first of them arrived; nothing: there is none
};
Lag lag_behind(store::Session& session, const Position& position);

}  // namespace event_log
