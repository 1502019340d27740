#include "lifecycle/model.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "lifecycle/model_sql.h"

namespace lifecycle {

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::no_such_model:
      return "lifecycle.no_such_model";
    case Fault::no_such_stage:
      return "lifecycle.no_such_stage";
    case Fault::version_differs:
      return "lifecycle.version_differs";
    case Fault::bad_key:
      return "lifecycle.bad_key";
    case Fault::bad_label:
      return "lifecycle.bad_label";
    case Fault::bad_description:
      return "lifecycle.bad_description";
    case Fault::name_taken:
      return "lifecycle.name_taken";
    case Fault::too_many_models:
      return "lifecycle.too_many_models";
    case Fault::too_many_stages:
      return "lifecycle.too_many_stages";
    case Fault::no_stages:
      return "lifecycle.no_stages";
    case Fault::rule_refused:
      return "lifecycle.rule_refused";
    case Fault::in_use:
      return "lifecycle.in_use";
  }
  base::unreachable();
}

std::vector<Model> models(store::Session& session) {
  std::vector<Model> found;
  session.query(sql::kModels, {}, [&](const store::Row& row) {
    found.push_back({ModelId{row.integer(0)},
                     std::string(row.text(1)),
                     {std::string(row.text(2)), std::string(row.text(3))},
                     {std::string(row.text(4)), std::string(row.text(5))},
                     row.integer(6) != 0,
                     row.integer(7) != 0,
                     row.integer(8),
                     {},
                     base::Moment{row.integer(9)},
                     base::Moment{row.integer(10)},
                     std::string(row.text(11))});
  });
  std::map<ModelId, Model*> by_id;
  for (Model& model : found) by_id[model.id] = &model;
  session.query(sql::kStages, {}, [&](const store::Row& row) {
    const auto model = by_id.find(ModelId{row.integer(0)});
    if (model == by_id.end()) return;
    model->second->stages.push_back({StageId{row.integer(1)},
                                     std::string(row.text(2)),
                                     {std::string(row.text(3)), std::string(row.text(4))},
                                     {std::string(row.text(5)), std::string(row.text(6))},
                                     std::string(row.text(7)),
                                     std::string(row.text(8))});
  });
  return found;
}

std::optional<Model> model_with(store::Session& session, std::string_view key) {
  // There are few.
  std::vector<Model> all = models(session);
  const auto found = std::ranges::find(all, key, &Model::key);
  return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

std::vector<ModelVersion> versions_of(store::Session& session, ModelId model) {
  std::vector<ModelVersion> found;
  session.query(sql::kVersionsOf, {model.value}, [&](const store::Row& row) {
    found.push_back({row.integer(0), std::string(row.text(1)), base::Moment{row.integer(2)},
                     std::string(row.text(3))});
  });
  return found;
}

std::vector<audience::ModelNames> Stages::models(store::Session& session) const {
  std::vector<audience::ModelNames> names;
  for (Model& model : lifecycle::models(session)) {
    audience::ModelNames& one = names.emplace_back();
    one.id = model.id;
    one.key = std::move(model.key);
    one.chinese = std::move(model.label.chinese);
    one.english = std::move(model.label.english);
    for (Stage& stage : model.stages) {
      one.stages.push_back({stage.id, std::move(stage.key), std::move(stage.label.chinese),
                            std::move(stage.label.english), std::move(stage.tree)});
    }
  }
  return names;
}

std::vector<std::string> Stages::users_of(store::Session& session, std::int64_t named) const {
  std::vector<std::string> found;
  session.query(sql::kUsersOf, {named}, [&](const store::Row& row) {
    found.push_back(std::string(row.text(0)) + "/" + std::string(row.text(1)));
  });
  return found;
}

}  // namespace lifecycle
