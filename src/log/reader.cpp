#include "log/reader.h"

#include <algorithm>

#include "base/check.h"
#include "log/event_row.h"
#include "log/event_sql.h"
#include "store/list_text.h"

namespace event_log {
namespace {

void take(const store::Row& row, Reading& reading) {
  reading.through = position_in(row, 0);
  const RowKind kind = kind_in(row);
  if (kind == RowKind::event) {
    reading.events.push_back(event_in(row));
  } else if (kind == RowKind::notice) {
    if (auto subject = notice_subject_from(row.text(11))) {
      reading.notices.push_back({reading.through, *subject});
    }
  }
}

// Where so many rows end, or all there are.
struct Stretch {
  Position end;
  bool is_whole = false;  // there are as many rows
};
Stretch stretch_after(store::Session& session, const Position& after, std::int64_t rows) {
  const auto stretch_in = [&](const store::Row& row) {
    return Stretch{position_in(row, 0), row.integer(3) >= rows};
  };
  const auto found =
      session.dialect() == store::Dialect::sqlite
          ? session.one(sql::kStretchAfterSqlite, {after.sequence, rows}, stretch_in)
          : session.one(sql::kStretchAfterPostgresql,
                        {after.epoch, after.transaction, after.sequence, rows}, stretch_in);
  return found.value_or(Stretch{after});
}

}  // namespace

Reading read_after(store::Session& session, const Position& after, std::int64_t limit) {
  CHECK(limit > 0);
  limit = std::min(limit, kReadEventsMax);
  Reading reading;
  reading.through = after;
  std::int64_t rows = 0;
  const auto each = [&](const store::Row& row) {
    ++rows;
    take(row, reading);
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

Reading read_after(store::Session& session, const Position& after, const Wanted& wanted) {
  const std::int64_t limit = std::min(wanted.events_max, kReadEventsMax);
  CHECK(limit > 0 && wanted.rows_max > 0);
  Reading reading;
  reading.through = after;
  const Stretch stretch = stretch_after(session, after, wanted.rows_max);
  const Position& end = stretch.end;
  if (end <= after) return reading;
  store::ListText types(session.dialect());
  types.add(kNoticeType);
  for (const base::EventTypeId type : wanted.types) types.add(type.value);
  std::int64_t rows = 0;
  const auto each = [&](const store::Row& row) {
    ++rows;
    take(row, reading);
  };
  if (session.dialect() == store::Dialect::sqlite) {
    session.query(sql::kReadTypesAfterSqlite, {after.sequence, end.sequence, types.text(), limit},
                  each);
  } else {
    session.query(sql::kReadTypesAfterPostgresql,
                  {after.epoch, after.transaction, after.sequence, end.epoch, end.transaction,
                   end.sequence, types.text(), limit},
                  each);
  }
  const bool is_cut = rows == limit;
  if (!is_cut) reading.through = end;
  reading.more = is_cut || stretch.is_whole;
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
