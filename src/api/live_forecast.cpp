// Who will be in an audience in the next days if nothing else happens, all over one moment of the
// log.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/asked.h"
#include "api/live_day.h"
#include "api/named_person.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/everyone.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;
using Rows = std::vector<timeline::RowMask>;

constexpr std::int32_t kDaysAhead = 7;  // behind today

std::int64_t count(const Rows& rows) {
  std::int64_t sum = 0;
  for (const timeline::RowMask& mask : rows) sum += static_cast<std::int64_t>(mask.count());
  return sum;
}

Rows without(Rows rows, const Rows& others) {
  for (std::size_t block = 0; block < rows.size(); ++block) rows[block] -= others[block];
  return rows;
}

// When the days of a forecast made at `at` end: today's first.
struct DayEnd {
  base::LocalDay day;
  base::Moment end;
};
std::vector<DayEnd> days_from(const base::Zone& zone, base::Moment at) {
  std::vector<DayEnd> days;
  const base::LocalDay today = zone.day_of(at);
  for (std::int32_t ahead = 0; ahead <= kDaysAhead; ++ahead) {
    const base::LocalDay day{today.days + ahead};
    days.push_back({day, zone.start_of({day.days + 1})});
  }
  return days;
}

Asked asked_audience(Call& call) { return *ask_for(call, {.rule = {}, .audience = call.id(0)}); }

// The rule at several moments, in one turn.
class RowsAt {
 public:
  RowsAt(Call& call, const Asked& asked, const timeline::Pin& pin, Questions::Turn& turn)
      : call_(call), asked_(asked), pin_(pin), turn_(turn) {}

  Rows at(base::Moment moment, const Questions::Turn::Part& part) const {
    if (asked_.rule->matches_nobody()) return Rows(pin_.blocks());
    audience::Question question = question_of(call_, asked_, moment);
    turn_.watch(question, part);
    auto rows = audience::matching_rows(pin_, question, call_.services().pool);
    if (!rows) throw turn_.refusal();
    return std::move(*rows);
  }

 private:
  Call& call_;
  const Asked& asked_;
  const timeline::Pin& pin_;
  Questions::Turn& turn_;
};

net::Response forecast(Call& call) {
  const Asked asked = asked_audience(call);
  const std::string given = call.query("at_least");
  call.await(given.empty() ? std::nullopt : std::optional(given));
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::count, asked, std::nullopt));
  const auto pinned = call.pin();
  const RowsAt rows_at(call, asked, pinned.pin, turn);
  const std::vector<DayEnd> days = days_from(call.zone(), call.now());
  Rows before = rows_at.at(call.now(), {0, days.size() + 1});
  json::object out{{"members", count(before)}, {"at", iso(call.now())}};
  json::array told;
  for (const DayEnd& day : days) {
    Rows then = rows_at.at(day.end, {told.size() + 1, days.size() + 1});
    told.push_back(json::object{{"day", day_text(day.day)},
                                {"at", iso(day.end)},
                                {"members", count(then)},
                                {"arriving", count(without(then, before))},
                                {"leaving", count(without(before, then))}});
    before = std::move(then);
  }
  out["days"] = std::move(told);
  return ok(with_position(std::move(out), pinned));
}

// Where a page begins: the moment and position of the first page, and whom the page before ended
// with. "<moment>:<position>:<at>:<id>".
struct Flip {
  base::Moment at;
  base::CustomerId person;
  friend auto operator<=>(const Flip&, const Flip&) = default;
};
struct ForecastStart {
  base::Moment at;
  std::optional<std::string> position = {};
  std::optional<Flip> after = {};
};

ForecastStart forecast_start(Call& call) {
  const std::string shown = call.query("after");
  if (shown.empty()) return {call.now()};
  const std::string text = call.given_mark(shown);
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t colon = text.find(':'); colon != std::string::npos;
       colon = text.find(':', from)) {
    parts.push_back(text.substr(from, colon - from));
    from = colon + 1;
  }
  parts.push_back(text.substr(from));
  constexpr std::size_t kParts = 4;
  if (parts.size() == kParts) {
    const auto at = read_integer(parts[0]);
    const auto flip = read_integer(parts[2]);
    const auto id = read_integer(parts[3]);
    const bool known = at && *at >= 0 && *at <= base::kWrittenMomentMax.ms;
    if (known && flip && id && event_log::position_from(parts[1])) {
      return {base::Moment{*at}, parts[1], Flip{base::Moment{*flip}, base::CustomerId{*id}}};
    }
  }
  throw Refusal("api.bad_query", {{"subject", "after"}});
}

// The stretch of a day of the forecast. Refuses another day.
struct Stretch {
  base::Moment from;
  base::Moment end;
};
Stretch stretch_of(Call& call, base::Moment at) {
  const base::LocalDay wanted = given_day(call.query("day"));
  base::Moment from = at;
  for (const DayEnd& day : days_from(call.zone(), at)) {
    if (day.day == wanted) return {from, day.end};
    from = day.end;
  }
  throw Refusal("api.bad_query", {{"subject", "day"}});
}

// When the answer became what it is at the end of the stretch, where it was another one at its
// beginning.
base::Moment last_flip(const audience::BoundRule& rule, const timeline::History& history,
                       const Stretch& stretch, bool arrives) {
  base::Moment last = stretch.end;
  const auto stream = audience::intervals(rule, history, stretch.from);
  while (const auto span = stream->next()) {
    if (span->from > stretch.end) break;
    if (arrives && span->from > stretch.from) last = span->from;
    if (!arrives && span->to <= stretch.end) last = span->to;
  }
  return last;
}

class ForecastPeople {
 public:
  ForecastPeople(Call& call, const Asked& asked, const timeline::Pin& pin, Questions::Turn& turn)
      : call_(call), asked_(asked), pin_(pin), turn_(turn) {}

  // Everybody who arrives or leaves, the earliest first.
  std::vector<Flip> of(const Stretch& stretch, bool arrives) const {
    const RowsAt rows_at(call_, asked_, pin_, turn_);
    const Rows before = rows_at.at(stretch.from, {0, 2});
    const Rows then = rows_at.at(stretch.end, {1, 2});
    const Rows rows = arrives ? without(then, before) : without(before, then);
    std::vector<std::vector<Flip>> found(rows.size());
    const bool whole = call_.services().pool.run(
        rows.size(),
        [&](std::size_t block) {
          rows[block].each([&](std::size_t row) {
            if (turn_.stop_token().stop_requested()) return;
            const auto history = pin_.history(block, row);
            found[block].push_back(
                {last_flip(*asked_.rule, *history, stretch, arrives), pin_.person(block, row)});
          });
        },
        turn_.stop_token());
    if (!whole || turn_.stop_token().stop_requested()) throw turn_.refusal();
    std::vector<Flip> flips;
    for (const auto& some : found) flips.insert(flips.end(), some.begin(), some.end());
    std::ranges::sort(flips);
    return flips;
  }

 private:
  Call& call_;
  const Asked& asked_;
  const timeline::Pin& pin_;
  Questions::Turn& turn_;
};

bool arrives(Call& call) {
  const std::string direction = call.query("direction");
  if (direction == "arriving") return true;
  if (direction == "leaving") return false;
  throw Refusal("api.bad_query", {{"subject", "direction"}});
}

net::Response list_people(Call& call) {
  const ForecastStart start = forecast_start(call);
  const bool arriving = arrives(call);
  const auto limit = static_cast<std::size_t>(call.limit());
  const Stretch stretch = stretch_of(call, start.at);
  const Asked asked = asked_audience(call);
  call.await(start.position);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, asked, std::nullopt));
  const auto pinned = call.pin();
  const std::vector<Flip> flips =
      ForecastPeople(call, asked, pinned.pin, turn).of(stretch, arriving);
  const auto first = start.after ? std::ranges::upper_bound(flips, *start.after) : flips.begin();
  const auto left = static_cast<std::size_t>(flips.end() - first);
  const std::span<const Flip> page(first, std::min(limit, left));
  const Mask mask = call.mask();
  json::array people;
  call.services().database.read([&](store::Session& session) {
    people.clear();
    for (const Flip& flip : page) {
      json::object one = named_person(session, mask, flip.person);
      one["at"] = iso(flip.at);
      people.push_back(std::move(one));
    }
  });
  json::value next;
  if (left > limit) {
    const std::string position = start.position.value_or(event_log::to_text(pinned.pin.position()));
    next = json::value(call.shown_mark(fmt::format("{}:{}:{}:{}", start.at.ms, position,
                                                   page.back().at.ms, page.back().person.value)));
  }
  return ok(json::object{{"people", std::move(people)},
                         {"next", std::move(next)},
                         {"count", flips.size()},
                         {"at", iso(start.at)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/forecast", Guard::of(Permission::audiences_read), forecast},
    {net::Method::get, "/audiences/{id}/forecast/people", Guard::of(Permission::customers_read),
     list_people},
};

}  // namespace

std::span<const Route> live_forecast_routes() { return kRoutes; }

}  // namespace api
