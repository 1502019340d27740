#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "access/audit.h"
#include "audience/catalog.h"
#include "audience/dependency.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "base/check.h"
#include "base/text.h"
#include "lifecycle/bind_model.h"
#include "lifecycle/model.h"
#include "lifecycle/model_sql.h"
#include "log/event_type.h"

namespace lifecycle {
namespace {

namespace json = boost::json;
using audience::Saving;

base::unexpected<Error> error(Fault fault, std::string stage = {}) {
  return base::unexpected(Error{fault, std::move(stage), std::nullopt, {}});
}

json::object to_json(const Text& text) { return {{"zh", text.chinese}, {"en", text.english}}; }

// What versions and the audit hold.
std::string content_of(const Model& model) {
  json::array stages;
  for (const Stage& stage : model.stages) {
    stages.push_back(json::object{{"key", stage.key},
                                  {"label", to_json(stage.label)},
                                  {"description", to_json(stage.description)},
                                  {"rule", stage.text}});
  }
  return json::serialize(json::object{{"key", model.key},
                                      {"version", model.version},
                                      {"label", to_json(model.label)},
                                      {"description", to_json(model.description)},
                                      {"active", model.active},
                                      {"stages", std::move(stages)}});
}

struct Change {
  std::string_view verb;
  std::optional<Model> before;
  std::optional<Model> after;
};
void record(const Saving& saving, const Change& change) {
  rights::AuditEntry entry;
  entry.actor = saving.actor;
  entry.at = saving.now;
  entry.noun = "lifecycle_model";
  entry.verb = change.verb;
  entry.subject = (change.after ? change.after : change.before)->key;
  if (change.before) entry.before = content_of(*change.before);
  if (change.after) entry.after = content_of(*change.after);
  rights::record(saving.unit, entry);
}

bool is_key(const std::string& key) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_rest = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !key.empty() && key.size() <= kKeyBytesMax && is_letter(key.front()) &&
         std::ranges::all_of(key, is_rest);
}

// In NFC; false: it cannot be one.
bool make_label(std::string& label) {
  if (label.size() > kLabelBytesMax || !base::is_utf8(label)) return false;
  label = base::to_nfc(label);
  return event_log::is_name(label);
}

bool is_description(const std::string& text) {
  return text.size() <= kDescriptionBytesMax && base::is_utf8(text) &&
         text.find('\0') == std::string::npos;
}

std::optional<Fault> check_texts(Text& label, const Text& description) {
  if (!make_label(label.chinese) || !make_label(label.english)) return Fault::bad_label;
  if (!is_description(description.chinese) || !is_description(description.english)) {
    return Fault::bad_description;
  }
  return std::nullopt;
}

// Keys and labels of several things are all different; one thing's own may be the same.
bool add_names(std::set<std::string>& taken, const std::string& key, const Text& label) {
  const std::set<std::string> own{key, label.chinese, label.english};
  const std::size_t before = taken.size();
  taken.insert(own.begin(), own.end());
  return taken.size() == before + own.size();
}

std::optional<Error> check_stages(std::vector<GivenStage>& stages) {
  if (stages.empty()) return Error{.fault = Fault::no_stages};
  if (stages.size() > kStagesMax) return Error{.fault = Fault::too_many_stages};
  std::set<std::string> taken;
  for (GivenStage& stage : stages) {
    // In flows it is where those come from who were not known before.
    if (!is_key(stage.key) || stage.key == "new")
      return Error{.fault = Fault::bad_key, .stage = stage.key};
    if (const auto fault = check_texts(stage.label, stage.description)) {
      return Error{.fault = *fault, .stage = stage.key};
    }
    if (!add_names(taken, stage.key, stage.label)) {
      return Error{.fault = Fault::name_taken, .stage = stage.key};
    }
  }
  return std::nullopt;
}

// The model's own key and labels, among those of the others.
std::optional<Error> check_names(const std::vector<Model>& all, NewModel& given, ModelId itself) {
  if (!is_key(given.key)) return Error{.fault = Fault::bad_key};
  if (const auto fault = check_texts(given.label, given.description)) {
    return Error{.fault = *fault};
  }
  std::set<std::string> taken;
  for (const Model& model : all) {
    if (model.id != itself) add_names(taken, model.key, model.label);
  }
  if (!add_names(taken, given.key, given.label)) return Error{.fault = Fault::name_taken};
  return std::nullopt;
}

std::vector<GivenStage> copied(const std::vector<GivenStage>& stages) {
  std::vector<GivenStage> copy;
  for (const GivenStage& stage : stages) {
    GivenStage& one = copy.emplace_back();
    one.key = stage.key;
    one.label = stage.label;
    one.description = stage.description;
    one.rule.text = stage.rule.text;
    if (stage.rule.tree) one.rule.tree = stage.rule.tree->clone();
  }
  return copy;
}

// A stage keeps its id as long as its key stays.
std::vector<StageId> ids_of(const std::vector<GivenStage>& given, const Model* before,
                            const FreshIds& fresh) {
  std::vector<StageId> ids;
  for (std::size_t i = 0; i < given.size(); ++i) {
    StageId id = fresh.stages[i];
    for (const Stage& stage : before == nullptr ? std::vector<Stage>() : before->stages) {
      if (stage.key == given[i].key) id = stage.id;
    }
    ids.push_back(id);
  }
  return ids;
}

struct Bound {
  std::vector<Stage> stages;
  std::vector<std::set<std::int64_t>> used;  // by each of them
  std::vector<StageWarning> warnings;
};

base::Result<Bound, Error> bound_stages(const Saving& saving, ModelId model, const NewModel& given,
                                        const std::vector<StageId>& ids) {
  auto edited = names_of(model, given, ids);
  if (!edited) return base::unexpected(edited.error());
  CHECK(saving.stages != nullptr);
  const EditedStages source(*saving.stages, std::move(*edited));
  const auto names = audience::Catalog::of(saving.unit, saving.events, &source);
  const auto rules = bind_stages(*names, saving.zone, given.stages, ids);
  if (!rules) return base::unexpected(rules.error());
  Bound bound;
  for (std::size_t i = 0; i < given.stages.size(); ++i) {
    const GivenStage& stage = given.stages[i];
    const audience::Rule& rule = (*rules)[i]->rule();
    std::string text = stage.rule.text.empty() ? audience::print(rule) : stage.rule.text;
    bound.stages.push_back({ids[i], stage.key, stage.label, stage.description, std::move(text),
                            audience::to_tree_text(rule)});
    bound.used.push_back(audience::named_by(rule, *names));
  }
  std::vector<std::string> keys;
  for (const GivenStage& stage : given.stages) keys.push_back(stage.key);
  bound.warnings = warnings_of(keys, *rules);
  return bound;
}

void store_stages(const Saving& saving, ModelId model, const Bound& bound) {
  saving.unit.execute(sql::kDeleteUses, {model.value});
  saving.unit.execute(sql::kDeleteStages, {model.value});
  for (std::size_t i = 0; i < bound.stages.size(); ++i) {
    const Stage& stage = bound.stages[i];
    saving.unit.execute(
        sql::kInsertStage,
        {stage.id.value, model.value, static_cast<std::int64_t>(i + 1), std::string_view(stage.key),
         std::string_view(stage.label.chinese), std::string_view(stage.label.english),
         std::string_view(stage.description.chinese), std::string_view(stage.description.english),
         std::string_view(stage.text), std::string_view(stage.tree)});
    for (const std::int64_t used : bound.used[i]) {
      saving.unit.execute(sql::kInsertUse, {stage.id.value, used});
    }
  }
}

Model stored(const Saving& saving, std::string_view key) {
  std::optional<Model> model = model_with(saving.unit, key);
  CHECK(model);
  return *std::move(model);
}

void store_version(const Saving& saving, const Model& model) {
  const std::string content = content_of(model);
  saving.unit.execute(sql::kInsertVersion,
                      {model.id.value, model.version, std::string_view(content),
                       model.changed_at.ms, std::string_view(model.changed_by)});
}

// Who names the model or stage.
std::vector<std::string> users(const Saving& saving, std::int64_t named) {
  std::vector<std::string> found = audience::users_of(saving.unit, named);
  std::ranges::move(Stages().users_of(saving.unit, named), std::back_inserter(found));
  return found;
}

std::optional<Error> check_removed(const Saving& saving, const Model& before,
                                   const std::vector<GivenStage>& after) {
  for (const Stage& stage : before.stages) {
    if (std::ranges::find(after, stage.key, &GivenStage::key) != after.end()) continue;
    std::vector<std::string> found = users(saving, stage.id.value);
    if (!found.empty()) {
      return Error{Fault::in_use, stage.key, std::nullopt, std::move(found)};
    }
  }
  return std::nullopt;
}

// The model as it is to be; stages as they stand where none are given.
NewModel changed(const Model& before, const ModelChange& change) {
  NewModel after{before.key,
                 change.label.value_or(before.label),
                 change.description.value_or(before.description),
                 {},
                 before.shipped,
                 change.active.value_or(before.active)};
  if (change.stages) after.stages = copied(*change.stages);
  return after;
}

}  // namespace

FreshIds FreshIds::draw(base::Random& random) {
  FreshIds ids{ModelId{random.id()}, {}};
  for (StageId& stage : ids.stages) stage = StageId{random.id()};
  return ids;
}

base::Result<Saved, Error> create(const Saving& saving, const FreshIds& fresh,
                                  const NewModel& given) {
  audience::lock_audiences(saving.unit);
  const std::vector<Model> all = models(saving.unit);
  NewModel after{given.key,     given.label, given.description, copied(given.stages),
                 given.shipped, given.active};
  if (const auto wrong = check_names(all, after, {})) return base::unexpected(*wrong);
  if (all.size() >= kModelsMax) return error(Fault::too_many_models);
  if (const auto wrong = check_stages(after.stages)) return base::unexpected(*wrong);
  const std::vector<StageId> ids = ids_of(after.stages, nullptr, fresh);
  const auto bound = bound_stages(saving, fresh.model, after, ids);
  if (!bound) return base::unexpected(bound.error());
  const auto place =
      saving.unit.one(sql::kNextPlace, {}, [](const store::Row& row) { return row.integer(0); });
  const std::string by = rights::to_text(saving.actor);
  saving.unit.execute(
      sql::kInsertModel,
      {fresh.model.value, std::string_view(after.key), std::string_view(after.label.chinese),
       std::string_view(after.label.english), std::string_view(after.description.chinese),
       std::string_view(after.description.english), std::int64_t{after.shipped},
       std::int64_t{after.active}, *place, saving.now.ms, std::string_view(by)});
  store_stages(saving, fresh.model, *bound);
  Model model = stored(saving, after.key);
  store_version(saving, model);
  record(saving, {"created", std::nullopt, model});
  return Saved{std::move(model), bound->warnings};
}

base::Result<Saved, Error> change(const Saving& saving, const FreshIds& fresh, std::string_view key,
                                  const ModelChange& change) {
  audience::lock_audiences(saving.unit);
  const std::vector<Model> all = models(saving.unit);
  const auto before = std::ranges::find(all, key, &Model::key);
  if (before == all.end()) return error(Fault::no_such_model);
  if (change.version != before->version) return error(Fault::version_differs);
  NewModel after = changed(*before, change);
  if (const auto wrong = check_names(all, after, before->id)) return base::unexpected(*wrong);
  Bound bound{before->stages, {}, {}};
  if (change.stages) {
    if (const auto wrong = check_stages(after.stages)) return base::unexpected(*wrong);
    if (const auto wrong = check_removed(saving, *before, after.stages)) {
      return base::unexpected(*wrong);
    }
    auto made = bound_stages(saving, before->id, after, ids_of(after.stages, &*before, fresh));
    if (!made) return base::unexpected(made.error());
    bound = std::move(*made);
  }
  const bool same = after.label == before->label && after.description == before->description &&
                    after.active == before->active && bound.stages == before->stages;
  if (!same) {
    const std::string by = rights::to_text(saving.actor);
    saving.unit.execute(
        sql::kSetModel,
        {before->id.value, std::string_view(after.label.chinese),
         std::string_view(after.label.english), std::string_view(after.description.chinese),
         std::string_view(after.description.english), std::int64_t{after.active}, saving.now.ms,
         std::string_view(by)});
    if (change.stages) store_stages(saving, before->id, bound);
    const Model model = stored(saving, key);
    store_version(saving, model);
    record(saving, {"changed", *before, model});
  }
  return Saved{stored(saving, key), std::move(bound.warnings)};
}

base::Result<Model, Error> remove(const Saving& saving, std::string_view key,
                                  std::int64_t version) {
  audience::lock_audiences(saving.unit);
  const auto before = model_with(saving.unit, key);
  if (!before) return error(Fault::no_such_model);
  if (version != before->version) return error(Fault::version_differs);
  // Whoever names one of its stages names the model.
  std::vector<std::string> found = users(saving, before->id.value);
  if (!found.empty()) {
    return base::unexpected(Error{Fault::in_use, {}, std::nullopt, std::move(found)});
  }
  const std::string by = rights::to_text(saving.actor);
  saving.unit.execute(sql::kDeleteModel, {before->id.value, saving.now.ms, std::string_view(by)});
  saving.unit.execute(sql::kDeleteUses, {before->id.value});
  saving.unit.execute(sql::kDeleteStages, {before->id.value});
  record(saving, {"deleted", before, std::nullopt});
  return *before;
}

base::Result<Draft, Error> draft(const Drafting& drafting, std::string_view key,
                                 const std::vector<GivenStage>& stages) {
  std::vector<GivenStage> given = copied(stages);
  if (const auto wrong = check_stages(given)) return base::unexpected(*wrong);
  const auto before = model_with(drafting.session, key);
  // Ids that nothing else has; they are stored nowhere.
  FreshIds fresh{before ? before->id : ModelId{-1}, {}};
  for (std::size_t i = 0; i < kStagesMax; ++i) {
    fresh.stages[i] = StageId{-2 - static_cast<std::int64_t>(i)};
  }
  const std::vector<StageId> ids = ids_of(given, before ? &*before : nullptr, fresh);
  NewModel model{before ? before->key : std::string(key), {}, {}, std::move(given), false, true};
  if (before) model.label = before->label;
  auto edited = names_of(fresh.model, model, ids);
  if (!edited) return base::unexpected(edited.error());
  const Stages today;
  const EditedStages source(today, std::move(*edited));
  const auto names = audience::Catalog::of(drafting.session, drafting.events, &source);
  auto rules = bind_stages(*names, drafting.zone, model.stages, ids);
  if (!rules) return base::unexpected(rules.error());
  Draft made;
  for (const GivenStage& stage : model.stages) made.keys.push_back(stage.key);
  made.warnings = warnings_of(made.keys, *rules);
  made.rules = std::move(*rules);
  audience::BindOptions options;
  options.zone = &drafting.zone;
  auto everyone = audience::compile("everyone", *names, options);
  CHECK(everyone.has_value());
  made.everyone = std::move(*everyone);
  return made;
}

}  // namespace lifecycle
