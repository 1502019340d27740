// Lifecycle models: kept, changed, tried before they are changed.

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/actor_names.h"
#include "api/asked.h"
#include "api/filter.h"
#include "api/lifecycle_question.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "base/json.h"
#include "lifecycle/model.h"
#include "lifecycle/state.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct TextBody {
  std::string zh;
  std::string en;
};
BOOST_DESCRIBE_STRUCT(TextBody, (), (zh, en))

struct StageBody {
  std::string key;
  std::optional<TextBody> label;
  std::optional<TextBody> description;
  std::optional<std::string> rule;
  std::optional<json::object> tree;
};
BOOST_DESCRIBE_STRUCT(StageBody, (), (key, label, description, rule, tree))

struct NewModelBody {
  std::string key;
  TextBody label;
  std::optional<TextBody> description;
  std::vector<StageBody> stages;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(NewModelBody, (), (key, label, description, stages, active))

struct StagesBody {
  std::vector<StageBody> stages;
};
BOOST_DESCRIBE_STRUCT(StagesBody, (), (stages))

struct ModelChangeBody {
  std::int64_t version = 0;
  std::optional<TextBody> label;
  std::optional<TextBody> description;
  std::optional<json::value> stages;  // read as StagesBody: g++ 12 warns of an optional of those
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(ModelChangeBody, (), (version, label, description, stages, active))

struct PreviewBody {
  std::optional<std::string> key;
  std::vector<StageBody> stages;
};
BOOST_DESCRIBE_STRUCT(PreviewBody, (), (key, stages))

lifecycle::Text text_of(const TextBody& body) { return {body.zh, body.en}; }

std::optional<lifecycle::Text> text_of(const std::optional<TextBody>& body) {
  return body ? std::optional(text_of(*body)) : std::nullopt;
}

// Where a stage has no label, its key stands for it.
std::vector<lifecycle::GivenStage> stages_of(const std::vector<StageBody>& bodies) {
  std::vector<lifecycle::GivenStage> stages;
  for (const StageBody& body : bodies) {
    lifecycle::GivenStage& stage = stages.emplace_back();
    stage.key = body.key;
    stage.label = text_of(body.label).value_or(lifecycle::Text{body.key, body.key});
    stage.description = text_of(body.description).value_or(lifecycle::Text{});
    stage.rule = given_rule({body.rule, body.tree});
  }
  return stages;
}

json::object to_json(const lifecycle::Text& text) {
  return {{"zh", text.chinese}, {"en", text.english}};
}

json::array to_json(const std::vector<lifecycle::StageWarning>& warnings) {
  json::array out;
  for (const auto& [stage, warning] : warnings) {
    json::object one{{"stage", stage},
                     {"code", warning.code},
                     {"offset", warning.offset},
                     {"name", warning.name}};
    one["nearest"] = warning.nearest ? json::value(*warning.nearest) : json::value(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

// `states`: null where nobody was counted.
json::object to_json(const lifecycle::Model& model, const audience::Names& names,
                     const lifecycle::States* states) {
  json::array stages;
  for (std::size_t i = 0; i < model.stages.size(); ++i) {
    const lifecycle::Stage& stage = model.stages[i];
    const auto rule = audience::from_tree_text(stage.tree);
    stages.push_back(json::object{
        {"key", stage.key},
        {"label", to_json(stage.label)},
        {"description", to_json(stage.description)},
        {"rule", rule ? audience::print(*rule, names) : stage.text},
        {"customers", states == nullptr ? json::value(nullptr) : json::value(states->count(i))}});
  }
  return {{"id", model.id.value},
          {"key", model.key},
          {"label", to_json(model.label)},
          {"description", to_json(model.description)},
          {"shipped", model.shipped},
          {"active", model.active},
          {"version", model.version},
          {"changed_at", iso(model.changed_at)},
          {"changed_by", model.changed_by},
          {"stages", std::move(stages)},
          {"none", states == nullptr ? json::value(nullptr)
                                     : json::value(states->count(model.stages.size()))}};
}

std::shared_ptr<const audience::Catalog> names_of(Call& call) {
  return call.services().database.read([&](store::Session& session) {
    return audience::Catalog::of(session, call.services().log.catalog(), &call.services().stages);
  });
}

std::optional<std::string> at_least_asked(Call& call) {
  const std::string given = call.query("at_least");
  return given.empty() ? std::nullopt : std::optional(given);
}

// Drops all but the one asked for by key or label, which is then counted even if it is not active.
void keep_asked(Call& call, std::vector<lifecycle::Model>& all,
                std::vector<lifecycle::BoundModel>& bound) {
  const std::string name = call.query("model");
  if (name.empty()) return;
  const auto is_other = [&](const lifecycle::Model& model) {
    return model.key != name && model.label.chinese != name && model.label.english != name;
  };
  std::erase_if(all, is_other);
  if (all.empty()) throw Refusal("lifecycle.no_such_model");
  bound.clear();
  bound.push_back(model_asked(call, all.front().key));
}

// Of a model that is not active nobody is counted.
net::Response list_models(Call& call) {
  const base::Moment at = query_moment(call, "at").value_or(call.now());
  const base::Zone& zone = call.zone();
  std::vector<lifecycle::Model> all;
  std::vector<lifecycle::BoundModel> bound;
  call.services().database.read([&](store::Session& session) {
    all = lifecycle::models(session);
    bound = lifecycle::bound_models({session, call.services().log.catalog(), zone});
  });
  keep_asked(call, all, bound);
  StatesQuestion question(call, at_least_asked(call));
  const auto names = names_of(call);
  json::array models;
  std::size_t part = 0;
  for (const lifecycle::Model& model : all) {
    const auto found = std::ranges::find(
        bound, model.id, [](const lifecycle::BoundModel& one) { return one.model.id; });
    std::optional<lifecycle::States> states;
    if (found != bound.end()) states = question.at(at, *found, {part++, bound.size()});
    models.push_back(to_json(model, *names, states ? &*states : nullptr));
  }
  ActorNames actors(call.services().users);
  for (json::value& model : models) actors.show(model.as_object(), "changed_by");
  return ok(with_position({{"models", std::move(models)}, {"at", iso(at)}}, question.pinned()));
}

// What may be wrong with the model as it stands, as far as it can be said without counting.
std::vector<lifecycle::StageWarning> warnings_of(Call& call, std::string_view key) {
  const base::Zone& zone = call.zone();
  return value_or_refuse(call.services().database.read([&](store::Session& session) {
    return lifecycle::warnings_of({session, call.services().log.catalog(), zone}, key);
  }));
}

// What has been saved is answered also where nobody can be counted now.
enum class Counting : std::uint8_t { must, may };

struct Counted {
  std::optional<lifecycle::States> states;
  Call::Pinned pinned;
};
Counted counted(Call& call, const lifecycle::BoundModel& bound, Counting counting) {
  try {
    StatesQuestion question(call);
    auto states = question.at(call.now(), bound);
    return {std::move(states), question.pinned()};
  } catch (const Refusal&) {
    if (counting == Counting::must) throw;
    return {std::nullopt, call.pin()};
  }
}

json::object whole(Call& call, std::string_view key, Counting counting) {
  const lifecycle::BoundModel bound = model_asked(call, key);
  const auto warnings = warnings_of(call, key);
  const Counted found = counted(call, bound, counting);
  json::object out = to_json(bound.model, *names_of(call), found.states ? &*found.states : nullptr);
  json::array versions;
  json::array users;
  call.services().database.read([&](store::Session& session) {
    versions.clear();
    users.clear();
    for (const auto& version : lifecycle::versions_of(session, bound.model.id)) {
      versions.push_back(json::object{
          {"version", version.version},
          {"at", iso(version.at)},
          {"by", version.by},
          {"content", base::parse_stored_json(version.content).value_or(json::object{})}});
    }
    for (const std::string& user : audience::users_of(
             session, base::AudienceId{bound.model.id.value}, &call.services().stages)) {
      users.push_back(json::value(user));
    }
  });
  ActorNames actors(call.services().users);
  actors.show(out, "changed_by");
  for (json::value& version : versions) actors.show(version.as_object(), "by");
  out["used_by"] = std::move(users);
  out["versions"] = std::move(versions);
  out["warnings"] = to_json(warnings);
  out["at"] = iso(call.now());
  return with_position(std::move(out), found.pinned);
}

net::Response get_model(Call& call) { return ok(whole(call, call.captured(0), Counting::must)); }

template <typename Work>
auto saved(Call& call, std::string_view name, const Work& work) {
  const base::Zone& zone = call.zone();
  const lifecycle::FreshIds fresh = lifecycle::FreshIds::draw(call.services().random);
  return value_or_refuse(call.services().database.write(name, [&](store::Unit& unit) {
    return work(audience::Saving{unit, call.services().log.catalog(), zone,
                                 call.caller().viewer.actor(), call.now(), &call.services().stages},
                fresh);
  }));
}

net::Response create_model(Call& call) {
  const auto body = call.body<NewModelBody>();
  lifecycle::NewModel given{
      .key = body.key, .label = text_of(body.label), .active = body.active.value_or(true)};
  given.description = text_of(body.description).value_or(lifecycle::Text{});
  given.stages = stages_of(body.stages);
  saved(call, "lifecycle.create",
        [&](const audience::Saving& saving, const lifecycle::FreshIds& fresh) {
          return lifecycle::create(saving, fresh, given);
        });
  return created(whole(call, body.key, Counting::may));
}

net::Response change_model(Call& call) {
  const auto body = call.body<ModelChangeBody>();
  lifecycle::ModelChange change{.version = body.version,
                                .label = text_of(body.label),
                                .description = text_of(body.description),
                                .active = body.active};
  if (body.stages) {
    const json::object given{{"stages", *body.stages}};
    change.stages = stages_of(value_or_refuse(base::from_json<StagesBody>(given)).stages);
  }
  saved(call, "lifecycle.change",
        [&](const audience::Saving& saving, const lifecycle::FreshIds& fresh) {
          return lifecycle::change(saving, fresh, call.captured(0), change);
        });
  return ok(whole(call, call.captured(0), Counting::may));
}

net::Response delete_model(Call& call) {
  const auto version = read_integer(call.query("version"));
  if (!version) throw Refusal("api.bad_query", {{"subject", "version"}});
  saved(call, "lifecycle.remove", [&](const audience::Saving& saving, const lifecycle::FreshIds&) {
    return lifecycle::remove(saving, call.captured(0), *version);
  });
  return no_content();
}

// Today's stages and those of the edit, by key.
json::array stages_compared(const lifecycle::Draft& draft, const lifecycle::States& edited,
                            const lifecycle::BoundModel* today, const lifecycle::States* now) {
  json::array stages;
  for (std::size_t i = 0; i < draft.keys.size(); ++i) {
    json::object stage{{"key", draft.keys[i]}, {"customers", edited.count(i)}};
    for (std::size_t j = 0; today != nullptr && j < today->model.stages.size(); ++j) {
      if (today->model.stages[j].key == draft.keys[i]) stage["now"] = now->count(j);
    }
    stages.push_back(std::move(stage));
  }
  return stages;
}

// How many people an edit would move, each from one key to another.
json::array moves_between(const lifecycle::Draft& draft, const lifecycle::States& edited,
                          const lifecycle::BoundModel& today, const lifecycle::States& now) {
  const auto key_before = [&](std::size_t state) {
    return state < today.model.stages.size() ? today.model.stages[state].key : std::string();
  };
  const auto key_after = [&](std::size_t state) {
    return state < draft.keys.size() ? draft.keys[state] : std::string();
  };
  const auto flows = lifecycle::flows(now, edited);
  json::array moves;
  for (std::size_t i = 0; i <= today.model.stages.size(); ++i) {
    for (std::size_t j = 0; j <= draft.keys.size(); ++j) {
      if (flows[i][j] == 0 || key_before(i) == key_after(j)) continue;
      moves.push_back(
          json::object{{"from", key_before(i)}, {"to", key_after(j)}, {"customers", flows[i][j]}});
    }
  }
  return moves;
}

net::Response preview_model(Call& call) {
  const auto body = call.body<PreviewBody>();
  const std::vector<lifecycle::GivenStage> stages = stages_of(body.stages);
  const base::Zone& zone = call.zone();
  std::optional<lifecycle::BoundModel> today;
  if (body.key) today = model_asked(call, *body.key);
  auto draft = value_or_refuse(call.services().database.read([&](store::Session& session) {
    return lifecycle::draft({session, call.services().log.catalog(), zone}, body.key.value_or("?"),
                            stages);
  }));
  StatesQuestion question(call);
  const std::size_t of = today ? 2 : 1;
  lifecycle::BoundModel asked;
  asked.everyone = draft.everyone;
  const lifecycle::States edited = question.at(call.now(), asked, draft.rules, {0, of});
  std::optional<lifecycle::States> now;
  if (today) now = question.at(call.now(), *today, {1, of});
  lifecycle::add_unreachable(draft, edited);
  return ok(with_position(
      {{"at", iso(call.now())},
       {"stages", stages_compared(draft, edited, today ? &*today : nullptr, now ? &*now : nullptr)},
       {"none", edited.count(draft.keys.size())},
       {"moves", today ? moves_between(draft, edited, *today, *now) : json::array()},
       {"warnings", to_json(draft.warnings)}},
      question.pinned()));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/lifecycle/models", Guard::of(Permission::audiences_read), list_models},
    {net::Method::post, "/lifecycle/models", Guard::of(Permission::audiences_write), create_model},
    {net::Method::post, "/lifecycle/models/preview", Guard::of(Permission::audiences_read),
     preview_model},
    {net::Method::get, "/lifecycle/models/{key}", Guard::of(Permission::audiences_read), get_model},
    {net::Method::put, "/lifecycle/models/{key}", Guard::of(Permission::audiences_write),
     change_model},
    {net::Method::del, "/lifecycle/models/{key}", Guard::of(Permission::audiences_write),
     delete_model},
};

}  // namespace

std::span<const Route> lifecycle_routes() { return kRoutes; }

}  // namespace api
