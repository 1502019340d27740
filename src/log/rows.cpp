#include "log/rows.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "log/batch.h"
#include "log/event_row.h"
#include "log/rows_sql.h"
#include "store/list_text.h"

namespace event_log {
namespace {

constexpr std::size_t kPositionsAtOnce = 4'000;
constexpr std::int64_t kNoBatch = 0;

using Customers = std::unordered_set<base::CustomerId>;

// What is known of where rows stand: nothing, when there is no index.
class Known {
 public:
  explicit Known(const CustomerRows* index) : view_(index == nullptr ? nullptr : index->view()) {}

  Position through() const { return view_ ? view_->through() : Position{}; }
  std::vector<RowPlace> rows_of(std::span<const base::CustomerId> customers,
                                std::span<const base::EventTypeId> types) const {
    if (!view_) return {};
    std::vector<RowPlace> places = view_->rows_of(customers, types);
    std::erase_if(places, [&](const RowPlace& place) { return place.position > through(); });
    return places;
  }
  std::vector<Position> positions_of(std::span<const base::CustomerId> customers,
                                     std::span<const base::EventTypeId> types) const {
    std::vector<Position> positions;
    for (const RowPlace& place : rows_of(customers, types)) positions.push_back(place.position);
    return positions;
  }
  std::vector<Position> rows_at(std::span<const RowAt> wanted) const {
    if (!view_) return {};
    std::vector<Position> positions = view_->rows_at(wanted);
    std::erase_if(positions, [&](const Position& position) { return position > through(); });
    std::ranges::sort(positions);
    const auto [first, last] = std::ranges::unique(positions);
    positions.erase(first, last);
    return positions;
  }

 private:
  std::unique_ptr<CustomerRows::View> view_;
};

using EachRow = std::function<void(const store::Row&)>;

void look_up(store::Session& session, std::span<const Position> positions, const EachRow& each) {
  const store::Dialect dialect = session.dialect();
  while (!positions.empty()) {
    const auto some = positions.first(std::min(positions.size(), kPositionsAtOnce));
    positions = positions.subspan(some.size());
    const std::string sequences = store::list_text(dialect, some, &Position::sequence);
    if (dialect == store::Dialect::sqlite) {
      session.query(sql::kRowsByPositionSqlite, {sequences}, each);
      continue;
    }
    const std::string epochs = store::list_text(dialect, some, &Position::epoch);
    const std::string units = store::list_text(dialect, some, &Position::transaction);
    session.query(sql::kRowsByPositionPostgresql, {epochs, units, sequences}, each);
  }
}

void scan_behind(store::Session& session, const Position& after,
                 std::span<const base::CustomerId> customers, const EachRow& each) {
  const std::string list = store::list_text(session.dialect(), customers, &base::CustomerId::value);
  if (session.dialect() == store::Dialect::sqlite) {
    session.query(sql::kRowsBehindOfSqlite, {after.sequence, list}, each);
  } else {
    session.query(sql::kRowsBehindOfPostgresql,
                  {after.epoch, after.transaction, after.sequence, list}, each);
  }
}

struct RowAtHash {
  std::size_t operator()(const RowAt& row) const noexcept {
    const std::size_t customer = std::hash<base::CustomerId>{}(row.customer);
    const std::size_t rest = std::hash<base::CustomerId>{}({row.time.ms + row.type.value});
    return customer ^ (rest * 3);
  }
};

bool later(const Event& one, const Event& other) {
  return std::pair(one.time, one.position) > std::pair(other.time, other.position);
}

}  // namespace

std::vector<Event> rows_of(store::Session& session, const CustomerRows* index,
                           std::span<const base::CustomerId> customers,
                           std::span<const base::EventTypeId> types) {
  std::vector<Event> events;
  if (customers.empty()) return events;
  const Known known(index);
  const Customers asked(customers.begin(), customers.end());
  const EachRow each = [&](const store::Row& row) {
    if (kind_in(row) != RowKind::event || !asked.contains({row.integer(3)})) return;
    const base::EventTypeId type{row.integer(4)};
    if (types.empty() || std::ranges::find(types, type) != types.end()) {
      events.push_back(event_in(row));
    }
  };
  look_up(session, known.positions_of(customers, types), each);
  scan_behind(session, known.through(), customers, each);
  std::ranges::sort(events, {}, &Event::position);
  return events;
}

std::vector<Event> latest_rows_of(store::Session& session, const CustomerRows* index,
                                  std::span<const base::CustomerId> customers,
                                  const Latest& latest) {
  std::vector<Event> events;
  if (customers.empty() || latest.rows == 0) return events;
  const Known known(index);
  const Customers asked(customers.begin(), customers.end());
  const auto in_time = [&](base::Moment time, const Position& position) {
    return time >= latest.from &&
           std::pair(time, position) < std::pair(latest.before, latest.before_position);
  };
  const EachRow each = [&](const store::Row& row) {
    if (kind_in(row) != RowKind::event || !asked.contains({row.integer(3)})) return;
    if (!in_time({row.integer(5)}, position_in(row, 0))) return;
    Event event = event_in(row);
    const bool of_types =
        latest.types.empty() || std::ranges::find(latest.types, event.type) != latest.types.end();
    if (of_types && (!latest.source || event.source == *latest.source)) {
      events.push_back(std::move(event));
    }
  };
  std::vector<RowPlace> places = known.rows_of(customers, latest.types);
  std::erase_if(places, [&](const auto& at) { return !in_time(at.time, at.position); });
  // The latest candidates in slices, until enough of them turn out to count.
  auto rest = places.begin();
  while (events.size() < latest.rows && rest != places.end()) {
    const auto left = static_cast<std::size_t>(places.end() - rest);
    const auto slice = rest + static_cast<std::ptrdiff_t>(std::min(latest.rows, left));
    std::partial_sort(rest, slice, places.end(), [](const RowPlace& one, const RowPlace& other) {
      return std::pair(one.time, one.position) > std::pair(other.time, other.position);
    });
    std::vector<Position> positions;
    for (; rest != slice; ++rest) positions.push_back(rest->position);
    look_up(session, positions, each);
  }
  scan_behind(session, known.through(), customers, each);
  std::ranges::sort(events, later);
  if (events.size() > latest.rows) events.resize(latest.rows);
  return events;
}

void each_row_at(store::Session& session, const CustomerRows* index, const WantedRows& wanted,
                 const std::function<void(const Event&)>& each) {
  if (wanted.rows.empty()) return;
  const Known known(index);
  std::unordered_set<RowAt, RowAtHash> asked;  // filled when there is a row to be looked for in it
  const auto visit = [&](const store::Row& row) {
    if (asked.empty()) asked.insert(wanted.rows.begin(), wanted.rows.end());
    const RowAt at{{row.integer(3)}, {row.integer(4)}, {row.integer(5)}};
    if (asked.contains(at)) each(event_in(row));
  };
  const std::optional<OwnRows>& but = wanted.but;
  const std::int64_t left_out = but ? but->batch.value : kNoBatch;
  look_up(session, known.rows_at(wanted.rows), [&](const store::Row& row) {
    const bool counts = kind_in(row) == RowKind::event;
    if (counts && row.optional_integer(10).value_or(kNoBatch - 1) != left_out) visit(row);
  });
  const auto scan = [&](const Position& after, const Position& through) {
    if (after >= through) return;
    if (session.dialect() == store::Dialect::sqlite) {
      session.query(sql::kEventsBetweenSqlite, {after.sequence, through.sequence, left_out}, visit);
    } else {
      session.query(sql::kEventsBetweenPostgresql,
                    {after.epoch, after.transaction, after.sequence, through.epoch,
                     through.transaction, through.sequence, left_out},
                    visit);
    }
  };
  const Position after = known.through();
  if (but && but->after < but->through) {
    scan(after, but->after);
    scan(std::max(after, but->through), kPositionMax);
  } else {
    scan(after, kPositionMax);
  }
}

bool are_own_rows(store::Session& session, const OwnRows& rows) {
  const Position& after = rows.after;
  const Position& through = rows.through;
  return !session.one(sql::kIsOtherBetweenPostgresql,
                      {after.epoch, after.transaction, after.sequence, through.epoch,
                       through.transaction, through.sequence, rows.batch.value},
                      [](const store::Row&) { return true; });
}

std::vector<RowOfCustomer> places_of(store::Session& session, const CustomerRows* index,
                                     std::span<const base::CustomerId> customers) {
  std::vector<RowOfCustomer> places;
  if (customers.empty()) return places;
  const Known known(index);
  const Customers asked(customers.begin(), customers.end());
  const EachRow each = [&](const store::Row& row) {
    const base::CustomerId customer{row.integer(3)};
    if (asked.contains(customer)) places.push_back({customer, position_in(row, 0)});
  };
  look_up(session, known.positions_of(customers, {}), each);
  scan_behind(session, known.through(), customers, each);
  // No history has these, and who holds histories need not know them.
  each_row_being_undone(session, [&](base::CustomerId customer, const Position& position) {
    if (asked.contains(customer)) places.push_back({customer, position});
  });
  std::ranges::sort(places, {}, &RowOfCustomer::position);
  const auto [first, last] = std::ranges::unique(places);
  places.erase(first, last);
  return places;
}

std::vector<Event> visible_rows_with(store::Session& session, std::span<const Position> positions) {
  std::vector<Event> events;
  look_up(session, positions, [&](const store::Row& row) {
    if (kind_in(row) == RowKind::event) events.push_back(event_in(row));
  });
  std::ranges::sort(events, {}, &Event::position);
  return events;
}

std::vector<Event> rows_with(store::Session& session, std::span<const Position> positions) {
  std::vector<Event> events;
  look_up(session, positions, [&](const store::Row& row) {
    const RowKind kind = kind_in(row);
    if (kind == RowKind::event || kind == RowKind::passed_over) events.push_back(event_in(row));
  });
  std::ranges::sort(events, {}, &Event::position);
  return events;
}

}  // namespace event_log
