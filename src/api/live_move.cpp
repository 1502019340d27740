// Who came into a live audience and who left it, as recorded: by day, and one by one.
#include "audience/live_move.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <utility>

#include "api/live_day.h"
#include "api/named_person.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/audience.h"
#include "audience/live_store.h"
#include "customer/person.h"
#include "customer/test_account.h"

namespace api {
namespace {

namespace json = boost::json;
using audience::LiveDay;
using audience::LiveMove;
using audience::SubjectId;
using audience::SubjectKind;
using rights::Permission;

constexpr std::int64_t kDaysMax = 400;
constexpr std::int64_t kDays = 30;  // when none are given
// Of somebody who does not see everybody a page may end before it is full, with a `next`.
constexpr std::int64_t kMovesReadMax = 20'000;
constexpr std::string_view kIn = "in";
constexpr std::string_view kOut = "out";

SubjectId subject_of(Call& call, store::Session& session) {
  const base::AudienceId id{call.id(0)};
  if (!audience::audience_with(session, id)) throw Refusal("audience.no_such_audience");
  return {SubjectKind::audience, id.value};
}

std::int64_t days_of(Call& call) {
  const std::string given = call.query("days");
  if (given.empty()) return kDays;
  const auto days = read_integer(given);
  if (!days || *days < 1 || *days > kDaysMax) throw Refusal("api.bad_query", {{"subject", "days"}});
  return *days;
}

void add_move(LiveDay& day, const LiveMove& move, std::int64_t sign) {
  if (move.corrected) {
    day.corrected += sign;
  } else if (move.to == kIn) {
    day.entered += sign;
  } else {
    day.left += sign;
  }
}

// Counts by local day, of those one sees and without test accounts.
class Movements {
 public:
  Movements(Call& call, base::Moment from) : zone_(call.zone()), from_(from), call_(call) {}

  void read(store::Session& session, SubjectId id) {
    days_.clear();
    const auto tests = customer::customers_of_test_accounts(session);
    if (const rights::CustomerSet* only = call_.caller().viewer.only()) {
      std::vector<base::CustomerId> seen;
      const auto ids = customer::ids_of_all(session, only->customers());
      std::ranges::copy_if(ids, std::back_inserter(seen), [&](base::CustomerId customer) {
        return !std::ranges::binary_search(tests, customer);
      });
      take(audience::moves_of_customers(session, id, seen, from_), 1);
      return;
    }
    for (const LiveDay& day : audience::days_of(session, id, from_)) {
      LiveDay& sum = days_[zone_.day_of(day.day)];
      sum.entered += day.entered;
      sum.left += day.left;
      sum.corrected += day.corrected;
    }
    take(audience::moves_of_customers(session, id, tests, from_), -1);
  }

  LiveDay of(base::LocalDay day) const {
    const auto found = days_.find(day);
    if (found == days_.end()) return {};
    const LiveDay& counted = found->second;
    // The zone may have been another one when they were counted.
    return {{},
            std::max<std::int64_t>(0, counted.entered),
            std::max<std::int64_t>(0, counted.left),
            std::max<std::int64_t>(0, counted.corrected)};
  }

 private:
  void take(const std::vector<LiveMove>& moves, std::int64_t sign) {
    for (const LiveMove& move : moves) add_move(days_[zone_.day_of(move.at)], move, sign);
  }

  const base::Zone& zone_;
  base::Moment from_;
  Call& call_;
  std::map<base::LocalDay, LiveDay> days_;
};

// The start of the first day of which something is recorded; when it went live on that day, then.
std::optional<base::Moment> recorded_since(store::Session& session, const base::Zone& zone,
                                           SubjectId id) {
  const auto days = audience::days_of(session, id, base::kMomentMin);
  const auto switched = audience::switched_at(session, id);
  const auto is_before = [&](base::Moment day) {
    return !switched || day < zone.period_start(*switched, base::CalendarUnit::day, 0);
  };
  if (!days.empty() && is_before(days.front().day)) return days.front().day;
  return switched;
}

net::Response list_movements(Call& call) {
  const std::int64_t count = days_of(call);
  const std::string given = call.query("at_least");
  const auto pinned = call.pin(given.empty() ? std::nullopt : std::optional(given));
  const base::Zone& zone = call.zone();
  const base::LocalDay today = zone.day_of(call.now());
  const base::LocalDay first{today.days - static_cast<std::int32_t>(count) + 1};
  Movements movements(call, zone.start_of(first));
  std::optional<base::Moment> since;
  call.services().database.read([&](store::Session& session) {
    const SubjectId id = subject_of(call, session);
    movements.read(session, id);
    since = recorded_since(session, zone, id);
  });
  json::array days;
  for (base::LocalDay day = first; day <= today; ++day.days) {
    const LiveDay counted = movements.of(day);
    days.push_back(json::object{{"day", day_text(day)},
                                {"entered", counted.entered},
                                {"left", counted.left},
                                {"corrected", counted.corrected},
                                {"unfinished", day == today}});
  }
  return ok(with_position(
      {{"days", std::move(days)}, {"since", iso_or_null(since)}, {"at", iso(call.now())}}, pinned));
}

// What a page of moves is asked.
struct AskedMoves {
  audience::MovesWanted wanted;
  std::size_t rows = 0;
};

// "<at>:<record>".
audience::MoveMark given_move(Call& call, const std::string& shown) {
  const std::string text = call.given_mark(shown);
  const std::size_t colon = text.find(':');
  const auto at = read_integer(std::string_view(text).substr(0, colon));
  const auto record = colon == std::string::npos
                          ? std::nullopt
                          : read_integer(std::string_view(text).substr(colon + 1));
  if (!at || !record) throw Refusal("api.bad_query", {{"subject", "before"}});
  return {base::Moment{*at}, *record};
}

AskedMoves asked_moves(Call& call) {
  AskedMoves asked;
  asked.rows = static_cast<std::size_t>(call.limit());
  const std::string direction = call.query("direction");
  if (direction == "entered") {
    asked.wanted.to = kIn;
  } else if (direction == "left") {
    asked.wanted.to = kOut;
  } else if (!direction.empty()) {
    throw Refusal("api.bad_query", {{"subject", "direction"}});
  }
  if (const std::string day = call.query("day"); !day.empty()) {
    const base::LocalDay local = given_day(day);
    asked.wanted.from = call.zone().start_of(local);
    asked.wanted.before = {call.zone().start_of({local.days + 1}), 0};
  }
  if (const std::string before = call.query("before"); !before.empty()) {
    const audience::MoveMark mark = given_move(call, before);
    if (mark.at < asked.wanted.before.at) asked.wanted.before = mark;
  }
  return asked;
}

// One page of those one sees.
class MovesPage {
 public:
  MovesPage(Call& call, store::Session& session)
      : call_(call),
        session_(session),
        mask_(call.mask()),
        tests_(customer::customers_of_test_accounts(session)) {}

  json::object of(SubjectId id, AskedMoves asked) {
    json::array moves;
    json::value next;
    std::int64_t read = 0;
    asked.wanted.rows = static_cast<std::int64_t>(asked.rows) + 1;
    while (true) {
      const auto found = audience::moves_of(session_, id, asked.wanted);
      read += static_cast<std::int64_t>(found.size());
      for (const LiveMove& move : found) {
        if (moves.size() == asked.rows) {
          next = json::value(mark_of(asked.wanted.before));
          return {{"moves", std::move(moves)}, {"next", std::move(next)}};
        }
        asked.wanted.before = {move.at, move.record};
        if (auto one = shown(move)) moves.push_back(std::move(*one));
      }
      if (std::cmp_less(found.size(), asked.wanted.rows)) break;
      if (read < kMovesReadMax) continue;
      next = json::value(mark_of(asked.wanted.before));
      break;
    }
    return {{"moves", std::move(moves)}, {"next", std::move(next)}};
  }

 private:
  std::string mark_of(const audience::MoveMark& mark) const {
    return call_.shown_mark(fmt::format("{}:{}", mark.at.ms, mark.record));
  }

  std::optional<json::object> shown(const LiveMove& move) const {
    if (std::ranges::binary_search(tests_, move.customer)) return std::nullopt;
    const auto customer = customer::customer_with(session_, move.customer);
    if (!customer || !call_.caller().viewer.sees(customer->person)) return std::nullopt;
    return json::object{{"customer", named_person(session_, mask_, customer->person)},
                        {"direction", move.to == kIn ? "entered" : "left"},
                        {"at", iso(move.at)},
                        {"recorded_at", iso(move.recorded_at)},
                        {"corrected", move.corrected}};
  }

  Call& call_;
  store::Session& session_;
  Mask mask_;
  std::vector<base::CustomerId> tests_;
};

net::Response list_moves(Call& call) {
  const AskedMoves asked = asked_moves(call);
  return ok(call.services().database.read([&](store::Session& session) {
    const SubjectId id = subject_of(call, session);
    return json::value(MovesPage(call, session).of(id, asked));
  }));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/movements", Guard::of(Permission::audiences_read),
     list_movements},
    {net::Method::get, "/audiences/{id}/moves", Guard::of(Permission::customers_read), list_moves},
};

}  // namespace

std::span<const Route> live_move_routes() { return kRoutes; }

}  // namespace api
