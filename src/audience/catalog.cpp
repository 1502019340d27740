#include "audience/catalog.h"

#include "audience/audience_sql.h"
#include "audience/tree.h"
#include "base/check.h"
#include "customer/attribute.h"
#include "customer/consent.h"
#include "customer/identity.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/event_type.h"

namespace audience {
namespace {

template <typename Id>
std::optional<Id> as_id(std::optional<std::int64_t> id) {
  return id ? std::optional(Id{*id}) : std::nullopt;
}

}  // namespace

void Catalog::Index::add(std::int64_t id, const std::string& name) {
  ids.emplace(name, id);
  names.emplace(id, name);
}

std::optional<std::int64_t> Catalog::Index::find(std::string_view name) const {
  const auto found = ids.find(name);
  return found == ids.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const Catalog> Catalog::of(store::Session& session, event_log::EventCatalog& events,
                                           const StageSource* stages) {
  const std::shared_ptr<Catalog> catalog(new Catalog());
  catalog->events_ = events.of(session);
  catalog->load(session, stages);
  return catalog;
}

std::shared_ptr<const Catalog> Catalog::of(store::Unit& unit, event_log::EventCatalog& events,
                                           const StageSource* stages) {
  const std::shared_ptr<Catalog> catalog(new Catalog());
  catalog->events_ = events.of(unit);
  catalog->load(unit, stages);
  return catalog;
}

void Catalog::load(store::Session& session, const StageSource* stages) {
  for (const customer::Attribute& attribute : customer::attributes(session)) {
    indexes_[Kind::attribute].add(attribute.id.value, attribute.name);
    attribute_types_[attribute.id.value] = attribute.type;
  }
  for (const customer::TagGroup& group : customer::tag_groups(session)) {
    indexes_[Kind::tag_group].add(group.id.value, group.name);
  }
  for (const customer::Tag& tag : customer::tags(session)) {
    indexes_[Kind::tag].add(tag.id.value, tag.group_name + "/" + tag.name);
    tags_by_name_.emplace(tag.name, tag.id);
    tags_by_group_[tag.group].push_back(tag.id);
  }
  for (const customer::StaticList& list : customer::lists(session)) {
    indexes_[Kind::list].add(list.id.value, list.name);
  }
  for (const customer::Purpose& purpose : customer::purposes(session)) {
    indexes_[Kind::purpose].add(purpose.id.value, purpose.name);
  }
  for (const customer::Channel& channel : customer::channels(session)) {
    indexes_[Kind::channel].add(channel.id.value, channel.name);
  }
  for (const customer::IdentityKind& kind : customer::identity_kinds(session)) {
    indexes_[Kind::identity_kind].add(kind.id.value, kind.name);
  }
  session.query(sql::kAudienceTrees, {}, [&](const store::Row& row) {
    indexes_[Kind::audience].add(row.integer(0), std::string(row.text(1)));
    trees_.emplace(base::AudienceId{row.integer(0)}, row.text(2));
  });
  if (stages == nullptr) return;
  for (const ModelNames& model : stages->models(session)) {
    stages_.add(model);
    for (const StageNames& stage : model.stages) {
      trees_.emplace(definition_of(stage.id), stage.tree);
    }
  }
}

const Catalog::Index& Catalog::index(Kind kind) const {
  static const Index none;
  const auto found = indexes_.find(kind);
  return found == indexes_.end() ? none : found->second;
}

std::optional<Names::Typed> Catalog::attribute(std::string_view name) const {
  const auto id = index(Kind::attribute).find(name);
  if (!id) return std::nullopt;
  return Typed{*id, attribute_types_.at(*id)};
}

std::optional<base::EventTypeId> Catalog::event(std::string_view name) const {
  const event_log::EventType* type = events_->find(name);
  return type == nullptr ? std::nullopt : std::optional(type->id);
}

std::optional<Names::Typed> Catalog::property(base::EventTypeId event,
                                              std::string_view name) const {
  const event_log::EventType* type = events_->find(event);
  const event_log::Property* property = type == nullptr ? nullptr : type->find(name);
  if (property == nullptr) return std::nullopt;
  return Typed{property->id.value, property->type};
}

std::vector<base::TagId> Catalog::tags(std::string_view name) const {
  if (const auto full = index(Kind::tag).find(name)) return {base::TagId{*full}};
  std::vector<base::TagId> found;
  const auto [begin, end] = tags_by_name_.equal_range(name);
  for (auto at = begin; at != end; ++at) found.push_back(at->second);
  return found;
}

std::optional<base::TagGroupId> Catalog::tag_group(std::string_view name) const {
  return as_id<base::TagGroupId>(index(Kind::tag_group).find(name));
}

std::vector<base::TagId> Catalog::tags_of(base::TagGroupId group) const {
  const auto found = tags_by_group_.find(group);
  return found == tags_by_group_.end() ? std::vector<base::TagId>() : found->second;
}

std::optional<base::AudienceId> Catalog::audience(std::string_view name) const {
  return as_id<base::AudienceId>(index(Kind::audience).find(name));
}

std::optional<base::ListId> Catalog::list(std::string_view name) const {
  return as_id<base::ListId>(index(Kind::list).find(name));
}

const Rule* Catalog::definition(base::AudienceId audience) const {
  const auto tree = trees_.find(audience);
  if (tree == trees_.end()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto known = definitions_.find(audience);
  if (known != definitions_.end()) return &known->second;
  auto rule = from_tree_text(tree->second);
  if (!rule) {
    throw store::Failure(store::FailureKind::corrupt,
                         "the rule of a saved audience or stage cannot be read; restore a backup");
  }
  return &definitions_.emplace(audience, std::move(*rule)).first->second;
}

std::vector<std::int64_t> Catalog::consent_keys(std::string_view purpose,
                                                std::optional<std::string_view> channel) const {
  const auto purpose_id = index(Kind::purpose).find(purpose);
  if (!purpose_id) return {};
  const customer::PurposeId of{*purpose_id};
  if (channel) {
    const auto channel_id = index(Kind::channel).find(*channel);
    if (!channel_id) return {};
    return {customer::consent_key(of, customer::ChannelId{*channel_id})};
  }
  std::vector<std::int64_t> keys{customer::consent_key(of, {})};
  for (const auto& [id, name] : index(Kind::channel).names) {
    keys.push_back(customer::consent_key(of, customer::ChannelId{id}));
  }
  return keys;
}

std::optional<std::int64_t> Catalog::identity_kind(std::string_view name) const {
  return index(Kind::identity_kind).find(name);
}

std::vector<std::string> Catalog::all(Kind kind, base::EventTypeId event) const {
  std::vector<std::string> names;
  if (kind == Kind::event) {
    for (const event_log::EventType& type : events_->all()) names.push_back(type.name);
  } else if (kind == Kind::property) {
    const event_log::EventType* type = events_->find(event);
    if (type == nullptr) return names;
    for (const event_log::Property& property : type->properties) names.push_back(property.name);
  } else if (kind == Kind::model) {
    names = stages_.model_names();
  } else {
    for (const auto& [name, id] : index(kind).ids) names.push_back(name);
  }
  return names;
}

std::string Catalog::name_of(Kind kind, std::int64_t id) const {
  if (kind == Kind::event) {
    const event_log::EventType* type = events_->find(base::EventTypeId{id});
    return type == nullptr ? std::string() : type->name;
  }
  if (kind == Kind::property) {
    const event_log::Property* property = events_->property(base::PropertyId{id});
    return property == nullptr ? std::string() : property->name;
  }
  if (kind == Kind::model) return stages_.key_of(ModelId{id});
  if (kind == Kind::stage) return stages_.key_of(StageId{id});
  const auto& names = index(kind).names;
  const auto found = names.find(id);
  return found == names.end() ? std::string() : found->second;
}

}  // namespace audience
