#include "timeline/person_events.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "timeline/person_events_sql.h"

namespace timeline {
namespace {

// Where a page ended: "<time>/<position>".
struct Mark {
  base::Moment time;
  event_log::Position position;
};

Mark mark_from(std::string_view text) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  const Mark none{{kLast}, {kLast, kLast, kLast}};
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return none;
  Mark mark = none;
  const char* end = text.data() + slash;
  const auto [stop, failure] = std::from_chars(text.data(), end, mark.time.ms);
  const auto position = event_log::position_from(text.substr(slash + 1));
  if (failure != std::errc{} || stop != end || !position) return none;
  mark.position = *position;
  return mark;
}

event_log::Event event_from(const store::Row& row) {
  event_log::Event event;
  event.position = {row.integer(0), row.integer(1), row.integer(2)};
  event.customer = {row.integer(3)};
  event.type = {row.integer(4)};
  event.time = {row.integer(5)};
  event.arrived = {row.integer(6)};
  if (!row.is_null(7)) event.sent = base::Moment{row.integer(7)};
  event.source = row.integer(8);
  event.liveness = row.integer(9) == 1 ? event_log::Liveness::live : event_log::Liveness::history;
  if (!row.is_null(10)) event.batch = base::BatchId{row.integer(10)};
  event.properties = std::string(row.text(11));
  return event;
}

}  // namespace

PersonEvents person_events(store::Session& session, base::CustomerId person,
                           const PersonEventsCut& cut) {
  const Mark mark = mark_from(cut.after);
  const std::int64_t rows = std::clamp(cut.rows, std::int64_t{1}, kPersonEventsMax);
  PersonEvents page;
  // One more than asked for tells whether there is a next page.
  session.query(sql::kPersonEvents,
                {person.value, mark.time.ms, mark.position.epoch, mark.position.transaction,
                 mark.position.sequence, rows + 1},
                [&](const store::Row& row) { page.events.push_back(event_from(row)); });
  if (static_cast<std::int64_t>(page.events.size()) > rows) {
    page.events.pop_back();
    const event_log::Event& last = page.events.back();
    page.next = std::to_string(last.time.ms) + "/" + event_log::to_text(last.position);
  }
  return page;
}

std::optional<base::Moment> known_since(store::Session& session, base::CustomerId person) {
  const auto found = session.one(sql::kKnownSince, {person.value},
                                 [](const store::Row& row) { return row.optional_integer(0); });
  if (!found || !*found) return std::nullopt;
  return base::Moment{**found};
}

}  // namespace timeline
