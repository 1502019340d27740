#include "log/reader.h"

#include <algorithm>

#include "base/check.h"
#include "log/event_row.h"
#include "log/event_sql.h"

namespace event_log {
Reading read_after(store::Session& session, const Position& after, std::int64_t limit) {
  CHECK(limit > 0);
  limit = std::min(limit, kReadEventsMax);
  Reading reading;
  reading.through = after;
  std::int64_t rows = 0;
  const auto each = [&](const store::Row& row) {
    ++rows;
    reading.through = position_in(row, 0);
    const RowKind kind = kind_in(row);
    if (kind == RowKind::event) {
      reading.events.push_back(event_in(row));
    } else if (kind == RowKind::notice) {
      if (auto subject = notice_subject_from(row.text(11))) {
        reading.notices.push_back({reading.through, *subject});
      }
    }
  };
  if (session.dialect() == store::Dialect::sqlite) {
    session.query(sql::kReadAfterSqlite, {after.sequence, limit}, each);
  } else {
    session.query(sql::kReadAfterPostgresql,
                  {after.epoch, after.transaction, after.sequence, limit}, each);
  }
  reading.more = rows == limit;
  return reading;
}

std::optional<Position> position_of(store::Session& session, std::string_view reader) {
  return session.one(sql::kFindReader, {reader},
                     [](const store::Row& row) { return position_in(row, 0); });
}

bool advance(store::Unit& unit, std::string_view reader, const Position& from, const Position& to) {
  CHECK(!reader.empty());
  CHECK(reader.size() <= kReaderNameBytesMax);
  CHECK(from <= to);
  if (from == Position{}) {
    const std::int64_t started =
        unit.execute(sql::kStartReader, {reader, to.epoch, to.transaction, to.sequence});
    if (started > 0) return true;
  }
  return unit.execute(sql::kAdvanceReader, {reader, from.epoch, from.transaction, from.sequence,
                                            to.epoch, to.transaction, to.sequence}) > 0;
}

void forget_reader(store::Unit& unit, std::string_view reader) {
  unit.execute(sql::kForgetReader, {reader});
}

std::vector<ReaderState> readers(store::Session& session) {
  std::vector<ReaderState> states;
  session.query(sql::kListReaders, {}, [&](const store::Row& row) {
    states.push_back({std::string(row.text(0)), position_in(row, 1)});
  });
  return states;
}

Lag lag_behind(store::Session& session, const Position& position) {
  const auto lag_in = [](const store::Row& row) {
    const auto arrived = row.optional_integer(1);
    return Lag{row.integer(0), arrived ? std::optional(base::Moment{*arrived}) : std::nullopt};
  };
  const auto lag =
      session.dialect() == store::Dialect::sqlite
          ? session.one(sql::kLagSqlite, {position.sequence, kLagRowsMax}, lag_in)
          : session.one(sql::kLagPostgresql,
                        {position.epoch, position.transaction, position.sequence, kLagRowsMax},
                        lag_in);
  return lag.value_or(Lag{});
}

}  // namespace event_log
