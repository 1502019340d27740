// Names held in memory, for tests and for the golden cases. Not thread safe while declaring.
//
// Ids are given from 1 upwards across all kinds. Declaring a name twice is a CHECK failure, except
// for the group of a tag and the purpose and channel of a consent.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/bind.h"
#include "audience/stage_source.h"

namespace audience {

class MemoryNames final : public Names {
 public:
  base::AttributeId declare_attribute(std::string_view name, base::ValueType type);
  base::EventTypeId declare_event(std::string_view name);
  base::PropertyId declare_property(base::EventTypeId event, std::string_view name,
                                    base::ValueType type);
  base::TagId declare_tag(std::string_view group, std::string_view name);
  base::ListId declare_list(std::string_view name);
  // The rule must parse.
  base::AudienceId declare_audience(std::string_view name, std::string_view rule);
  // The rules must parse. A stage's labels are its key with 标签 and "label of" before it.
  struct StageRule {
    std::string_view key;
    std::string_view rule;
  };
  ModelId declare_model(std::string_view key, const std::vector<StageRule>& stages);
  // The key of the spans of this consent.
  std::int64_t declare_consent(std::string_view purpose, std::string_view channel);
  std::int64_t declare_identity_kind(std::string_view name);

  // Another definition for a declared audience.
  void define(base::AudienceId audience, Rule rule);
  // A tag keeps its group and gets the new name.
  void rename(Kind kind, std::int64_t id, std::string_view name);
  void remove(Kind kind, std::int64_t id);

  std::optional<Typed> attribute(std::string_view name) const override;
  std::optional<base::EventTypeId> event(std::string_view name) const override;
  std::optional<Typed> property(base::EventTypeId event, std::string_view name) const override;
  std::vector<base::TagId> tags(std::string_view name) const override;
  std::optional<base::TagGroupId> tag_group(std::string_view name) const override;
  std::vector<base::TagId> tags_of(base::TagGroupId group) const override;
  std::optional<base::AudienceId> audience(std::string_view name) const override;
  std::optional<base::ListId> list(std::string_view name) const override;
  const Rule* definition(base::AudienceId audience) const override;
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
  struct Entry {
    Kind kind = Kind::attribute;
    std::int64_t parent = 0;  // the event of a property, the group of a tag
    std::string name;
    base::ValueType type = base::ValueType::text;
  };

  std::int64_t declare(Entry entry);
  std::int64_t declare_once(Entry entry);
  std::optional<std::int64_t> find(const Entry& entry) const;

  std::map<std::int64_t, Entry> entries_;
  StageIndex stages_;
  std::map<std::int64_t, Rule> definitions_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> consents_;  // purpose, channel
  std::int64_t last_id_ = 0;
};

// Attributes and properties of every type, events, tags, a list, nested audiences, consents and
// identity kinds: something of everything for random rules and histories. Attributes and properties
// are called after their types ("an_int", "a_text_list"); three events ("order_paid",
// "app_opened", "下单 成功") have them all.
void declare_something_of_everything(MemoryNames& names);

}  // namespace audience
