#include "outbox/intent.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "outbox/intent_sql.h"
#include "store/list_text.h"

namespace outbox {
namespace {

bool is_printable(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_pace(const Pace& pace) {
  return pace.count > 0 && pace.count <= kPaceMax && pace.burst > 0 && pace.burst <= kPaceMax &&
         pace.in > base::Duration{0} && pace.in <= base::kDay;
}

// "marketing", "account/17", "lane/4711".
bool is_pausable(std::string_view what) {
  if (what == kMarketing) return true;
  const std::size_t slash = what.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view number = what.substr(slash + 1);
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), id);
  const bool is_number = failure == std::errc{} && end == number.data() + number.size();
  // Written as it would be written here.
  return is_number && id > 0 && (paused_account(id) == what || paused_lane({id}) == what);
}

bool is_payload(std::string_view payload) {
  return payload.size() <= kPayloadBytesMax && base::is_utf8(payload) &&
         payload.find('\0') == std::string_view::npos;
}

Lane lane_in(const store::Row& row) {
  return {.id = {row.integer(0)},
          .account = row.integer(1),
          .kind = std::string(row.text(2)),
          .pace = {row.integer(3), {row.integer(4)}, row.integer(5)}};
}

Intent intent_in(const store::Row& row) {
  const auto ended_at = row.optional_integer(12);
  return {.id = {row.integer(0)},
          .effect_id = std::string(row.text(1)),
          .lane = {row.integer(2)},
          .priority = static_cast<Priority>(row.integer(3)),
          .cause = std::string(row.text(4)),
          .payload = std::string(row.text(5)),
          .state = static_cast<State>(row.integer(6)),
          .tries = row.integer(7),
          .due = {row.integer(8)},
          .problem = std::string(row.text(9)),
          .receipt = std::string(row.text(10)),
          .created_at = {row.integer(11)},
          .ended_at = ended_at ? std::optional(base::Moment{*ended_at}) : std::nullopt};
}

std::optional<Fault> fault_of(const NewIntent& intent) {
  if (!is_printable(intent.effect_id, kEffectIdBytesMax)) return Fault::bad_effect_id;
  if (!is_printable(intent.cause, kCauseBytesMax)) return Fault::bad_cause;
  if (!is_payload(intent.payload)) return Fault::bad_payload;
  return std::nullopt;
}

bool is_same(const Intent& known, const NewIntent& intent) {
  return known.lane == intent.lane && known.cause == intent.cause &&
         known.payload == intent.payload && known.priority == intent.priority;
}

std::optional<Fault> fault_of_all(store::Unit& unit, std::span<const NewIntent> intents) {
  std::set<LaneId> lanes;
  for (const NewIntent& intent : intents) {
    if (const auto fault = fault_of(intent)) return fault;
    const bool is_new = lanes.insert(intent.lane).second;
    if (is_new && !lane_with(unit, intent.lane)) return Fault::bad_lane;
  }
  return std::nullopt;
}

// Those that stand, by their effect ids.
using Named = std::map<std::string, Intent, std::less<>>;
Named intents_named(store::Unit& unit, std::span<const NewIntent> intents) {
  Named named;
  const bool is_sqlite = unit.dialect() == store::Dialect::sqlite;
  const std::string names = store::list_text(unit.dialect(), intents, &NewIntent::effect_id);
  unit.query(is_sqlite ? sql::kIntentsNamedSqlite : sql::kIntentsNamedPostgresql, {names},
             [&](const store::Row& row) {
               Intent intent = intent_in(row);
               named.emplace(intent.effect_id, std::move(intent));
             });
  return named;
}

// The turn before the first of each, in one statement a cause.
using Cause = std::tuple<LaneId, Priority, std::string_view>;
std::map<Cause, std::int64_t> turns_of(store::Unit& unit,
                                       std::span<const NewIntent* const> intents) {
  std::map<Cause, std::int64_t> counts;
  for (const NewIntent* each : intents) ++counts[{each->lane, each->priority, each->cause}];
  std::map<Cause, std::int64_t> turns;
  for (const auto& [cause, count] : counts) {
    const auto& [lane, priority, name] = cause;
    const auto last =
        unit.one(sql::kTakeTurns, {lane.value, static_cast<std::int64_t>(priority), name, count},
                 [](const store::Row& row) { return row.integer(0); });
    turns[cause] = *last - count;
  }
  return turns;
}

// Answers how many were not there.
std::int64_t insert(store::Unit& unit, std::span<const NewIntent* const> intents,
                    base::Moment now) {
  if (intents.empty()) return 0;
  auto turns = turns_of(unit, intents);
  std::vector<std::vector<store::Param>> rows;
  for (const NewIntent* each : intents) {
    const State state = each->due <= now ? State::queued : State::waiting;
    rows.push_back({each->id.value, each->effect_id, each->lane.value,
                    static_cast<std::int64_t>(each->priority), each->cause, each->payload,
                    static_cast<std::int64_t>(state),
                    ++turns[{each->lane, each->priority, each->cause}], each->due.ms,
                    each->give_up.ms, now.ms, std::string_view(), std::string_view(),
                    std::monostate{}});
  }
  return unit.execute_batch(sql::kInsertIntent, rows);
}

}  // namespace

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::bad_effect_id:
      return "outbox.bad_effect_id";
    case Fault::bad_cause:
      return "outbox.bad_cause";
    case Fault::bad_lane:
      return "outbox.bad_lane";
    case Fault::bad_payload:
      return "outbox.bad_payload";
    case Fault::effect_reused:
      return "outbox.effect_reused";
    case Fault::unknown_intent:
      return "outbox.unknown_intent";
    case Fault::unknown_lane:
      return "outbox.unknown_lane";
    case Fault::bad_pause:
      return "outbox.bad_pause";
  }
  base::unreachable();
}

bool is_lane_kind(std::string_view kind) {
  return !kind.empty() && kind.size() <= kLaneKindBytesMax && std::ranges::all_of(kind, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

base::Result<Lane, Fault> open_lane(store::Unit& unit, const Lane& wanted) {
  if (!is_lane_kind(wanted.kind) || !is_pace(wanted.pace)) return base::unexpected(Fault::bad_lane);
  unit.execute(sql::kInsertLane, {wanted.id.value, wanted.account, wanted.kind, wanted.pace.count,
                                  wanted.pace.in.ms, wanted.pace.burst});
  auto lane = unit.one(sql::kLaneWith, {wanted.account, wanted.kind}, lane_in);
  CHECK(lane);
  return std::move(*lane);
}

base::Result<Lane, Fault> set_pace(store::Unit& unit, LaneId id, const Pace& pace) {
  if (!is_pace(pace)) return base::unexpected(Fault::bad_lane);
  if (unit.execute(sql::kSetPace, {id.value, pace.count, pace.in.ms, pace.burst}) == 0) {
    return base::unexpected(Fault::unknown_lane);
  }
  return *unit.one(sql::kLaneOf, {id.value}, lane_in);
}

std::optional<Lane> lane_with(store::Session& session, LaneId id) {
  return session.one(sql::kLaneOf, {id.value}, lane_in);
}

std::vector<Lane> lanes(store::Session& session) {
  std::vector<Lane> found;
  session.query(sql::kAllLanes, {}, [&](const store::Row& row) { found.push_back(lane_in(row)); });
  return found;
}

std::vector<LaneId> busy_lanes(store::Session& session, base::Moment now) {
  std::vector<LaneId> found;
  session.query(sql::kBusyLanes, {now.ms},
                [&](const store::Row& row) { found.push_back({row.integer(0)}); });
  return found;
}

base::Result<std::int64_t, Fault> enqueue(store::Unit& unit, std::span<const NewIntent> intents,
                                          base::Moment now) {
  CHECK(intents.size() <= kIntentsAtOnce);
  if (const auto fault = fault_of_all(unit, intents)) return base::unexpected(*fault);
  const Named known = intents_named(unit, intents);
  std::vector<const NewIntent*> fresh;
  std::set<std::string_view> names;
  for (const NewIntent& intent : intents) {
    const auto found = known.find(intent.effect_id);
    if (found != known.end() && !is_same(found->second, intent)) {
      return base::unexpected(Fault::effect_reused);
    }
    if (found == known.end() && names.insert(intent.effect_id).second) fresh.push_back(&intent);
  }
  const std::int64_t made = insert(unit, fresh, now);
  if (names.size() + known.size() == intents.size() && made == std::ssize(fresh)) return made;
  // Named twice here, or another unit was quicker.
  const Named stands = intents_named(unit, intents);
  for (const NewIntent& intent : intents) {
    if (!is_same(stands.at(intent.effect_id), intent)) {
      return base::unexpected(Fault::effect_reused);
    }
  }
  return made;
}

std::int64_t standing_in(store::Session& session, LaneId lane, std::int64_t rows_max) {
  return *session.one(sql::kStandingIn, {lane.value, rows_max},
                      [](const store::Row& row) { return row.integer(0); });
}

std::int64_t drop_all(store::Unit& unit, LaneId lane, base::Moment now) {
  std::int64_t dropped = 0;
  for (const std::string_view sql :
       {sql::kDropQueued, sql::kDropWaiting, sql::kDropUnknown, sql::kDropDeadOfLane}) {
    dropped += unit.execute(sql, {lane.value, now.ms});
  }
  return dropped;
}

std::optional<Intent> intent_with(store::Session& session, std::string_view effect_id) {
  return session.one(sql::kIntentWith, {effect_id}, intent_in);
}

std::vector<Intent> dead_letters(store::Session& session, const Page& page) {
  std::vector<Intent> found;
  session.query(sql::kDeadLetters, {page.created_at.ms, page.id.value, page.rows_max},
                [&](const store::Row& row) { found.push_back(intent_in(row)); });
  return found;
}

std::vector<Intent> of_cause(store::Session& session, std::string_view cause, const Page& page) {
  std::vector<Intent> found;
  session.query(sql::kIntentsOfCause, {cause, page.created_at.ms, page.id.value, page.rows_max},
                [&](const store::Row& row) { found.push_back(intent_in(row)); });
  return found;
}

base::Result<Intent, Fault> replay(store::Unit& unit, IntentId id, base::Moment now) {
  // Whoever sends it again by hand wants it now, however late it is.
  if (unit.execute(sql::kReplayDead, {id.value, now.ms, base::kMomentMax.ms}) == 0) {
    return base::unexpected(Fault::unknown_intent);
  }
  return *unit.one(sql::kIntentOf, {id.value}, intent_in);
}

base::Result<Intent, Fault> drop(store::Unit& unit, IntentId id, base::Moment now) {
  if (unit.execute(sql::kDropDead, {id.value, now.ms}) == 0) {
    return base::unexpected(Fault::unknown_intent);
  }
  return *unit.one(sql::kIntentOf, {id.value}, intent_in);
}

std::string paused_account(std::int64_t account) { return "account/" + std::to_string(account); }

std::string paused_lane(LaneId lane) { return "lane/" + std::to_string(lane.value); }

base::Result<bool, Fault> pause(store::Unit& unit, const Pause& pause) {
  if (!is_pausable(pause.what)) return base::unexpected(Fault::bad_pause);
  return unit.execute(sql::kInsertPause, {pause.what, pause.since.ms, pause.by_whom}) > 0;
}

bool resume(store::Unit& unit, std::string_view what) {
  return unit.execute(sql::kDeletePause, {what}) > 0;
}

std::vector<Pause> pauses(store::Session& session) {
  std::vector<Pause> found;
  session.query(sql::kAllPauses, {}, [&](const store::Row& row) {
    found.push_back({std::string(row.text(0)), {row.integer(1)}, std::string(row.text(2))});
  });
  return found;
}

}  // namespace outbox
