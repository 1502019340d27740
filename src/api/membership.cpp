// Where one customer stands: the audiences they are in and their stages, since when and until when.
#include <algorithm>
#include <boost/json/array.hpp>

#include "api/live_answer.h"
#include "api/named_person.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "api/stage_json.h"
#include "audience/audience.h"
#include "audience/evaluate.h"
#include "audience/live_store.h"
#include "audience/state.h"
#include "audience/tree.h"
#include "customer/test_account.h"
#include "lifecycle/state.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kAudiencesBetweenLooks = 64;  // at whether to go on

// One history and what it is asked.
struct Standing {
  const timeline::History& history;
  base::Moment at;
};

// Null: as long as they are known.
json::value since_json(base::Moment since, const timeline::History& history) {
  return since <= history.known_since() ? json::value(nullptr) : json::value(iso(since));
}

// Every saved audience with its rule as of one session.
class Audiences {
 public:
  explicit Audiences(Call& call) {
    options_.zone = &call.zone();
    call.services().database.read([&](store::Session& session) {
      saved_ = audience::audiences(session);
      names_ =
          audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages);
      for (const auto& live : audience::live_ones(session)) live_.push_back(live.id);
    });
  }

  // Those the person is in, by name.
  json::array of(const Standing& asked, Questions::Turn& turn) const {
    json::array in;
    for (std::size_t at = 0; at < saved_.size(); ++at) {
      if (at % kAudiencesBetweenLooks == 0 && !turn.go_on()) throw turn.refusal();
      if (auto one = membership(saved_[at], asked)) in.push_back(std::move(*one));
    }
    return in;
  }

 private:
  std::optional<json::object> membership(const audience::SavedAudience& saved,
                                         const Standing& asked) const {
    const auto tree = audience::from_tree_text(saved.tree);
    if (!tree) return std::nullopt;
    const auto rule = audience::bind(*tree, *names_, options_);
    // What its rule names is no more: nobody is in it.
    if (!rule || (*rule)->matches_nobody()) return std::nullopt;
    if (!audience::holds_at(**rule, asked.history, asked.at)) return std::nullopt;
    const audience::Standing standing = audience::standing_at(**rule, asked.history, asked.at);
    return json::object{{"id", saved.id.value},
                        {"name", saved.name},
                        {"live", std::ranges::find(live_, saved.id) != live_.end()},
                        {"since", since_json(standing.since, asked.history)},
                        {"until", iso_or_null(standing.next_change)}};
  }

  audience::BindOptions options_;
  std::shared_ptr<const audience::Catalog> names_;
  std::vector<audience::SavedAudience> saved_;
  std::vector<base::AudienceId> live_;
};

// Where the person is in one model, since when, and where next if nothing else happens.
json::object stage_of(const lifecycle::BoundModel& bound, const Standing& asked) {
  audience::StateStream stream(bound.rules, asked.history, base::kMomentMin);
  audience::State state = stream.at_start();
  base::Moment since = base::kMomentMin;
  std::optional<audience::StateChange> next = stream.next();
  for (; next && next->at <= asked.at; next = stream.next()) {
    state = next->to;
    since = next->at;
  }
  const auto named = [&](audience::State one) {
    return stage_json(bound.model, one == 0 ? std::nullopt : std::optional<std::size_t>(one - 1U));
  };
  return {
      {"model", json::object{{"key", bound.model.key}, {"label", label_json(bound.model.label)}}},
      {"stage", named(state)},
      {"since", since_json(since, asked.history)},
      {"until", next ? json::value(iso(next->at)) : json::value(nullptr)},
      {"next", next ? named(next->to) : json::value(nullptr)}};
}

// The stage in every active model.
json::array stages_of(Call& call, const Standing& asked) {
  const base::Zone& zone = call.zone();
  const auto models = call.services().database.read([&](store::Session& session) {
    return lifecycle::bound_models({session, call.services().log.catalog(), zone});
  });
  json::array stages;
  for (const lifecycle::BoundModel& bound : models) stages.push_back(stage_of(bound, asked));
  return stages;
}

net::Response list_memberships(Call& call) {
  const std::string given = call.query("at_least");
  const auto pinned = call.pin(given.empty() ? std::nullopt : std::optional(given));
  // Tables may be ahead of the pin: whoever they mean, the person is the pin's.
  const base::CustomerId asked_for = call.services().database.read(
      [&](store::Session& session) { return call.person(session, call.captured(0)); });
  const auto place = pinned.pin.place_of(asked_for);
  if (!place) throw Refusal(pinned.fresh ? "api.unknown_customer" : "api.position_not_reached");
  const base::CustomerId person = pinned.pin.person(place->block, place->row);
  if (!call.caller().viewer.sees(person)) throw Refusal("api.unknown_customer");
  Questions::Turn turn(call.services().questions,
                       table_question(call, QuestionKind::list, std::nullopt, std::nullopt));
  const auto history = pinned.pin.history(place->block, place->row);
  const Standing standing{*history, call.now()};
  json::object out{{"audiences", Audiences(call).of(standing, turn)},
                   {"stages", stages_of(call, standing)},
                   {"at", iso(call.now())}};
  call.services().database.read([&](store::Session& session) {
    out["customer"] = named_person(session, call.mask(), person);
    out["test_account"] = customer::test_account_of(session, person).has_value();
  });
  return ok(with_position(std::move(out), pinned));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/customers/{customer}/memberships", Guard::of(Permission::customers_read),
     list_memberships},
};

}  // namespace

std::span<const Route> membership_routes() { return kRoutes; }

}  // namespace api
