// A point of a log, told apart from the same point of another: what a snapshot carries, so that it
// is not used over a log it was not made of.
//
//   log id      random, of the log; a copy of the database keeps it
//   position    of the last row read
//   digest      of that row, since a restored copy that goes on by itself gives the same positions
//               to other rows
//   kept        of what is left of the row when its import is undone
//
// The digest covers every column of the row but its state. A row that is void by now is told by
// `kept`: the customer, the type, the source, the batch and the days of its times, of which the
// batch alone is no other import's. An erasure changes both, which is wanted: the snapshot still
// holds what was erased. Void or erased rows before the position are announced by notices after it.
//
// Threads: those of the session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "log/position.h"
#include "store/database.h"

namespace timeline {

struct LogMark {
  std::string log_id;            // event_log::Log::id(), at most kLogIdBytesMax bytes
  event_log::Position position;  // zero: of a log without rows
  std::uint64_t digest = 0;      // zero with it
  std::uint64_t kept = 0;        // zero with it
  friend bool operator==(const LogMark&, const LogMark&) = default;
};
inline constexpr std::size_t kLogIdBytesMax = 64;

// The mark at `position`; nothing: the log has no row there.
std::optional<LogMark> mark_at(store::Session& session, std::string_view log_id,
                               const event_log::Position& position);

enum class MarkFault : std::uint8_t {
  foreign,  // another log's
  ahead,    // after everything the log has
  differs,  // the row there is another one, or gone
};

// Holds a mark against the log; nothing: it is one of its points.
std::optional<MarkFault> fault_of(store::Session& session, std::string_view log_id,
                                  const LogMark& mark);

}  // namespace timeline
