// What is kept live: which audiences, how far, who is in them and what it costs.
#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <iterator>
#include <map>

#include "api/live_answer.h"
#include "api/record.h"
#include "api/route.h"
#include "audience/audience.h"
#include "audience/live_store.h"
#include "log/reader.h"

namespace api {
namespace {

namespace json = boost::json;
using audience::LiveEngine;
using audience::LiveFigures;
using audience::LivePhase;
using audience::SubjectId;
using audience::SubjectKind;
using rights::Permission;

struct LiveBody {
  bool live = false;
};
BOOST_DESCRIBE_STRUCT(LiveBody, (), (live))

// A subject as the database has it.
struct Kept {
  SubjectId id;
  std::string name;
  std::int64_t version = 1;
  bool live = false;
  std::optional<audience::StoredSubject> stored = {};  // where no engine can be asked
};

Kept kept_audience(store::Session& session, base::AudienceId id) {
  const auto saved = audience::audience_with(session, id);
  if (!saved) throw Refusal("audience.no_such_audience");
  return {{SubjectKind::audience, id.value},
          saved->name,
          saved->version,
          audience::is_live(session, id)};
}

// Where another process keeps it: what that one has stored last.
void add_stored(store::Session& session, std::vector<Kept>& all) {
  for (auto& stored : audience::stored_subjects(session)) {
    const auto kept = std::ranges::find(all, stored.id, &Kept::id);
    if (kept != all.end()) kept->stored = std::move(stored);
  }
}

// Which version is live, which one is being computed.
void add_state(json::object& out, const Kept& kept, const std::optional<LiveFigures>& figures) {
  // Of a definition that was changed just now the engine does not know yet.
  const bool is_there =
      figures && (figures->phase == LivePhase::live || !figures->in_state.empty());
  std::optional<std::int64_t> version;
  if (is_there) version = figures->version;
  if (!figures && kept.stored) version = kept.stored->version;
  const bool is_live = version == kept.version && (!figures || figures->phase == LivePhase::live);
  out["state"] = is_live ? "live" : "computing";
  out["version"] = kept.version;
  if (is_live) return;
  const bool is_computed = figures && figures->phase == LivePhase::computing;
  out["progress"] = is_computed ? std::clamp(figures->progress, 0.0, 1.0) : 0.0;
  if (version && kept.id.kind == SubjectKind::audience) out["version_before"] = *version;
}

void add_cost(Call& call, json::object& out, const LiveFigures& figures) {
  const LiveCost cost = cost_of(call, figures);
  out["bytes"] = figures.bytes;
  out["microseconds_per_change"] = cost.microseconds;
  out["evaluations"] = figures.evaluations;
  out["cpu_share"] = cost.share;
  out["waiting_flips"] = figures.due_soon;
}

// Members by subject: those one sees, test accounts left out.
class Counted {
 public:
  Counted(Call& call, const LiveEngine& engine) {
    std::vector<base::CustomerId> tests = uncounted(call);
    std::ranges::sort(tests);
    const rights::CustomerSet* only = call.caller().viewer.only();
    is_everybody_ = only == nullptr;
    if (is_everybody_) {
      looked_at_ = engine.in_state_of(tests);
      return;
    }
    std::vector<base::CustomerId> seen;
    std::ranges::set_difference(only->customers(), tests, std::back_inserter(seen));
    looked_at_ = engine.in_state_of(seen);
  }

  std::int64_t members(const LiveFigures& figures) const {
    const auto found = looked_at_.find(figures.id);
    const std::int64_t looked_at = found == looked_at_.end() ? 0 : members_of(found->second);
    if (!is_everybody_) return looked_at;
    return std::max<std::int64_t>(0, members_of(figures.in_state) - looked_at);
  }

 private:
  bool is_everybody_ = true;
  std::map<SubjectId, std::vector<std::int64_t>> looked_at_;
};

json::object live_json(Call& call, const Kept& kept) {
  json::object out{{"live", kept.live}, {"state", "off"}, {"version", kept.version}};
  if (!kept.live) return out;
  const auto engine = call.services().live.engine();
  const auto figures = engine ? engine->figures_of(kept.id) : std::nullopt;
  add_state(out, kept, figures);
  if (!figures) {
    if (!kept.stored) return out;
    out["switched_at"] = iso(kept.stored->switched_at);
    out["recorded_since"] = iso(kept.stored->switched_at);
    return out;
  }
  add_cost(call, out, *figures);
  if (figures->in_state.empty()) return out;
  const audience::LivePoint point = engine->point();
  out["members"] = Counted(call, *engine).members(*figures);
  out["position"] = event_log::to_text(point.position);
  out["at"] = iso(point.moment);
  out["switched_at"] = iso(figures->switched_at);
  // Between two versions nothing is recorded.
  out["recorded_since"] = iso(figures->switched_at);
  return out;
}

net::Response get_live(Call& call) {
  const bool ask_stored = call.services().live.engine() == nullptr;
  std::vector<Kept> kept;
  call.services().database.read([&](store::Session& session) {
    kept = {kept_audience(session, base::AudienceId{call.id(0)})};
    if (ask_stored) add_stored(session, kept);
  });
  return ok(live_json(call, kept.front()));
}

net::Response change_live(Call& call) {
  const auto body = call.body<LiveBody>();
  const base::AudienceId id{call.id(0)};
  const bool changed = call.services().database.write("audience.live", [&](store::Unit& unit) {
    audience::lock_audiences(unit);
    const Kept kept = kept_audience(unit, id);
    if (kept.live == body.live) return false;
    const auto most = static_cast<std::int64_t>(audience::kLiveSubjectsMax);
    if (body.live && audience::count_live(unit) >= most) throw Refusal("live.too_many_subjects");
    audience::set_live(unit, id, body.live);
    record_change(call, unit,
                  {"audience", body.live ? "made live" : "no longer live", std::to_string(id.value),
                   json::object{{"live", kept.live}}, json::object{{"live", body.live}}});
    return true;
  });
  if (const auto engine = call.services().live.engine(); changed && engine) engine->refresh();
  return get_live(call);
}

std::vector<Kept> all_kept(store::Session& session) {
  std::vector<Kept> all;
  for (const audience::SavedAudience& saved : audience::live_ones(session)) {
    all.push_back({{SubjectKind::audience, saved.id.value}, saved.name, saved.version, true});
  }
  return all;
}

// What was recorded of it since midnight.
audience::LiveDay today_of(store::Session& session, SubjectId id, base::Moment midnight) {
  audience::LiveDay today;
  for (const audience::LiveDay& day : audience::days_of(session, id, midnight)) {
    today.entered += day.entered;
    today.left += day.left;
    today.corrected += day.corrected;
  }
  return today;
}

std::int64_t flips(const audience::LiveDay& day) { return day.entered + day.left + day.corrected; }

json::object subject_json(const Kept& kept, const audience::LiveDay& today) {
  json::object out{{"kind", audience::name_of(kept.id.kind)},
                   {"id", kept.id.id},
                   {"name", kept.name},
                   {"members", nullptr},
                   {"bytes", 0},
                   {"microseconds_per_change", 0.0},
                   {"evaluations", 0},
                   {"cpu_share", 0.0},
                   {"waiting_flips", 0},
                   {"flips_today", flips(today)}};
  if (kept.id.kind == SubjectKind::model) {
    out["key"] = kept.name;
    return out;
  }
  out["entered_today"] = today.entered;
  out["left_today"] = today.left;
  out["corrected_today"] = today.corrected;
  return out;
}

// Up to where everything has been taken into account, and how long what was not has been there.
void add_point(Call& call, json::object& out, const LiveEngine* engine,
               const std::vector<Kept>& all) {
  std::optional<audience::LivePoint> point;
  if (engine != nullptr) point = engine->point();
  for (const Kept& kept : all) {
    if (kept.stored && (!point || point->moment < kept.stored->point.moment)) {
      point = kept.stored->point;
    }
  }
  std::int64_t behind = 0;
  if (point && !all.empty()) {
    const auto lag = call.services().database.read(
        [&](store::Session& session) { return event_log::lag_behind(session, point->position); });
    if (lag.since) behind = std::max<std::int64_t>(0, (call.now() - *lag.since).ms);
  }
  const bool is_known = point && point->moment != base::kMomentMin && point->moment.ms != 0;
  out["at"] = iso(is_known ? point->moment : call.now());
  out["position"] = is_known ? event_log::to_text(point->position) : call.position();
  out["behind_ms"] = behind;
}

void add_models(const std::vector<LiveFigures>& figures, std::vector<Kept>& all) {
  const auto first = static_cast<std::ptrdiff_t>(all.size());
  for (const LiveFigures& each : figures) {
    if (each.id.kind == SubjectKind::model) all.push_back({each.id, each.name, each.version, true});
  }
  std::ranges::sort(all.begin() + first, all.end(), {}, &Kept::id);
}

void add_totals(json::object& out, const LiveEngine* engine, std::size_t subjects) {
  LiveEngine::Memory memory;
  if (engine != nullptr) memory = engine->memory();
  const std::size_t bytes = memory.people + memory.states + memory.due;
  const std::size_t places = memory.persons * subjects;
  out["subjects_max"] = audience::kLiveSubjectsMax;
  out["customers"] = memory.persons;
  out["bytes"] = bytes;
  out["bytes_per_customer_and_rule"] =
      places == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(places);
}

net::Response list_live(Call& call) {
  const auto engine = call.services().live.engine();
  const std::vector<LiveFigures> figures = engine ? engine->figures() : std::vector<LiveFigures>{};
  const base::Moment midnight = call.zone().period_start(call.now(), base::CalendarUnit::day, 0);
  std::vector<Kept> all;
  std::map<SubjectId, audience::LiveDay> days;
  call.services().database.read([&](store::Session& session) {
    all = all_kept(session);
    add_models(figures, all);
    if (!engine) add_stored(session, all);
    for (const Kept& kept : all) days[kept.id] = today_of(session, kept.id, midnight);
  });
  std::optional<Counted> counted;
  if (engine) counted.emplace(call, *engine);
  json::array subjects;
  std::int64_t flips_today = 0;
  double share = 0;
  for (const Kept& kept : all) {
    const audience::LiveDay& today = days.at(kept.id);
    json::object one = subject_json(kept, today);
    const auto found = std::ranges::find(figures, kept.id, &LiveFigures::id);
    const auto known = found == figures.end() ? std::nullopt : std::optional(*found);
    add_state(one, kept, known);
    one.erase("version_before");
    if (known) add_cost(call, one, *known);
    if (known && !known->in_state.empty()) {
      one["members"] = counted->members(*known);
      one["switched_at"] = iso(known->switched_at);
    }
    flips_today += flips(today);
    if (known) share += cost_of(call, *known).share;
    subjects.push_back(std::move(one));
  }
  json::object out{
      {"subjects", std::move(subjects)}, {"cpu_share", share}, {"flips_today", flips_today}};
  add_totals(out, engine.get(), all.size());
  add_point(call, out, engine.get(), all);
  return ok(out);
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/audiences/{id}/live", Guard::of(Permission::audiences_read), get_live},
    {net::Method::put, "/audiences/{id}/live", Guard::of(Permission::audiences_write), change_live},
    {net::Method::get, "/live", Guard::of(Permission::audiences_read), list_live},
};

}  // namespace

std::span<const Route> live_routes() { return kRoutes; }

}  // namespace api
