// Where an event stands in the total order of the log.
//
// SQLite: (0, 0, row number). PostgreSQL: (epoch, transaction id, sequence within the database);
// the epoch rises when the database turns out to be another one (dump and restore), so that
// positions only ever grow. Readers on PostgreSQL read below pg_snapshot_xmin, so no position can
// appear behind one already read. Written "12" on SQLite and "3-4711-12" on PostgreSQL.
//
// The module's namespace is event_log, since a global `log` is the C library's logarithm.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {
class Unit;
}

namespace event_log {

struct Position {
  std::int64_t epoch = 0;
  std::int64_t transaction = 0;
  std::int64_t sequence = 0;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};
// Behind every event.
inline constexpr Position kPositionMax{std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::max()};

// The next positions of the log, in order, drawn in the unit that writes there. On SQLite they
// begin behind the last row and are only taken by writing it; on PostgreSQL nobody else gets them.
std::vector<Position> next_positions(store::Unit& unit, std::size_t count);

std::string to_text(const Position& position);
std::optional<Position> position_from(std::string_view text);

}  // namespace event_log
