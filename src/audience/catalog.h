// Names over the database: what the workspace knows, as one session sees it.
//
//   auto bound = database.read([&](store::Session& session) {
//     return compile(text, *Catalog::of(session, log.catalog()), options);
//   });
//
// A picture: what is declared, renamed or deleted later is not in it. Made anew for every question:
// one row read for every name of the workspace; definitions of audiences are read from their trees
// when first asked for. Immutable; any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audience/bind.h"
#include "audience/stage_source.h"
#include "store/database.h"

namespace event_log {
class EventCatalog;
class EventTypes;
}  // namespace event_log

namespace audience {

class Catalog final : public Names {
 public:
  // Throws store::Failure; kind `corrupt` later, from definition(), for a tree that is none.
  // Without `stages` there are no lifecycle models.
  static std::shared_ptr<const Catalog> of(store::Session& session, event_log::EventCatalog& events,
                                           const StageSource* stages = nullptr);
  // The same inside a unit: with what the unit itself has changed.
  static std::shared_ptr<const Catalog> of(store::Unit& unit, event_log::EventCatalog& events,
                                           const StageSource* stages = nullptr);

  std::optional<Typed> attribute(std::string_view name) const override;
  std::optional<base::EventTypeId> event(std::string_view name) const override;
  std::optional<Typed> property(base::EventTypeId event, std::string_view name) const override;
  std::vector<base::TagId> tags(std::string_view name) const override;
  std::optional<base::TagGroupId> tag_group(std::string_view name) const override;
  std::vector<base::TagId> tags_of(base::TagGroupId group) const override;
  std::optional<base::AudienceId> audience(std::string_view name) const override;
  std::optional<base::ListId> list(std::string_view name) const override;
  const Rule* definition(base::AudienceId audience) const override;
  // Keys of every channel that is known today, and of none.
  std::vector<std::int64_t> consent_keys(std::string_view purpose,
                                         std::optional<std::string_view> channel) const override;
  std::optional<std::int64_t> identity_kind(std::string_view name) const override;
  std::vector<ModelId> models() const override { return stages_.models(); }
  std::optional<ModelId> model(std::string_view name) const override { return stages_.model(name); }
  std::optional<StageId> stage(ModelId model, std::string_view name) const override {
    return stages_.stage(model, name);
  }
  std::optional<ModelId> model_of(StageId stage) const override { return stages_.model_of(stage); }
  std::vector<StageId> stages_of(ModelId model) const override { return stages_.stages_of(model); }
  std::vector<std::string> stage_names(ModelId model) const override {
    return stages_.stage_names(model);
  }
  std::vector<std::string> all(Kind kind, base::EventTypeId event = {}) const override;
  std::string name_of(Kind kind, std::int64_t id) const override;

 private:
  // The names of one kind.
  struct Index {
    std::map<std::string, std::int64_t, std::less<>> ids;
    std::map<std::int64_t, std::string> names;
    void add(std::int64_t id, const std::string& name);
    std::optional<std::int64_t> find(std::string_view name) const;
  };

  Catalog() = default;
  void load(store::Session& session, const StageSource* stages);
  const Index& index(Kind kind) const;

  std::shared_ptr<const event_log::EventTypes> events_;
  std::map<Kind, Index> indexes_;  // of every kind but event and property; tags by full name
  std::map<std::int64_t, base::ValueType> attribute_types_;
  std::multimap<std::string, base::TagId, std::less<>> tags_by_name_;
  std::map<base::TagGroupId, std::vector<base::TagId>> tags_by_group_;
  StageIndex stages_;
  std::map<base::AudienceId, std::string> trees_;  // of stages, too
  mutable std::mutex mutex_;
  mutable std::map<base::AudienceId, Rule> definitions_;
};

}  // namespace audience
