#include "audience/stage_source.h"

namespace audience {
namespace {

// Keys first: they never change.
template <typename Named>
const Named* named(const std::vector<Named>& all, std::string_view name) {
  for (const Named& each : all) {
    if (each.key == name) return &each;
  }
  for (const Named& each : all) {
    if (each.chinese == name || each.english == name) return &each;
  }
  return nullptr;
}

template <typename Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& each : all) names.insert(names.end(), {each.key, each.chinese, each.english});
  return names;
}

}  // namespace

void StageIndex::add(const ModelNames& model) {
  places_[model.id] = models_.size();
  models_.push_back(model);
  for (const StageNames& stage : model.stages) stages_[stage.id] = {model.id, stage.key};
}

std::vector<ModelId> StageIndex::models() const {
  std::vector<ModelId> ids;
  for (const ModelNames& model : models_) ids.push_back(model.id);
  return ids;
}

std::optional<ModelId> StageIndex::model(std::string_view name) const {
  const ModelNames* model = named(models_, name);
  return model == nullptr ? std::nullopt : std::optional(model->id);
}

std::optional<StageId> StageIndex::stage(ModelId model, std::string_view name) const {
  const auto place = places_.find(model);
  if (place == places_.end()) return std::nullopt;
  const StageNames* stage = named(models_[place->second].stages, name);
  return stage == nullptr ? std::nullopt : std::optional(stage->id);
}

std::optional<ModelId> StageIndex::model_of(StageId stage) const {
  const auto found = stages_.find(stage);
  return found == stages_.end() ? std::nullopt : std::optional(found->second.first);
}

std::vector<StageId> StageIndex::stages_of(ModelId model) const {
  std::vector<StageId> ids;
  const auto place = places_.find(model);
  if (place == places_.end()) return ids;
  for (const StageNames& stage : models_[place->second].stages) ids.push_back(stage.id);
  return ids;
}

std::vector<std::string> StageIndex::model_names() const { return names_of(models_); }

std::vector<std::string> StageIndex::stage_names(ModelId model) const {
  const auto place = places_.find(model);
  return place == places_.end() ? std::vector<std::string>()
                                : names_of(models_[place->second].stages);
}

std::string StageIndex::key_of(ModelId model) const {
  const auto place = places_.find(model);
  return place == places_.end() ? std::string() : models_[place->second].key;
}

std::string StageIndex::key_of(StageId stage) const {
  const auto found = stages_.find(stage);
  return found == stages_.end() ? std::string() : found->second.second;
}

}  // namespace audience
