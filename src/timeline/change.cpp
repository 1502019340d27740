#include "timeline/change.h"

#include <algorithm>
#include <string_view>

#include "base/check.h"
#include "customer/attribute.h"

namespace timeline {
namespace {

struct ChangeName {
  std::string_view event;
  ChangeKind kind;
  MembershipKind membership;
};
constexpr ChangeName kChangeNames[] = {
    {"attribute_changed", ChangeKind::attribute, MembershipKind::tag},
    {"tag_added", ChangeKind::on, MembershipKind::tag},
    {"tag_removed", ChangeKind::off, MembershipKind::tag},
    {"list_joined", ChangeKind::on, MembershipKind::list},
    {"list_left", ChangeKind::off, MembershipKind::list},
    {"consent_given", ChangeKind::on, MembershipKind::consent},
    {"consent_withdrawn", ChangeKind::off, MembershipKind::consent},
    {"identity_added", ChangeKind::on, MembershipKind::identity},
    {"identity_removed", ChangeKind::off, MembershipKind::identity},
};

base::PropertyId property_of(const event_log::EventType& type, std::string_view name) {
  const event_log::Property* property = type.find(name);
  CHECK(property != nullptr);  // of the standard vocabulary
  return property->id;
}

template <typename Value>
const Value* find_property(std::span<const event_log::KnownProperty> known, base::PropertyId id) {
  const auto at = std::ranges::find(known, id, &event_log::KnownProperty::id);
  return at == known.end() ? nullptr : std::get_if<Value>(&at->value);
}

std::unordered_map<base::AttributeId, base::ValueType> attribute_types(store::Session& session) {
  std::unordered_map<base::AttributeId, base::ValueType> types;
  for (const customer::Attribute& attribute : customer::attributes(session)) {
    types.emplace(attribute.id, attribute.type);
  }
  return types;
}

}  // namespace

std::shared_ptr<const ChangeTypes> ChangeTypes::of(store::Session& session,
                                                   const event_log::EventTypes& types) {
  return std::make_shared<const ChangeTypes>(types, attribute_types(session));
}

ChangeTypes::ChangeTypes(const event_log::EventTypes& types,
                         std::unordered_map<base::AttributeId, base::ValueType> attributes)
    : attributes_(std::move(attributes)) {
  for (const ChangeName& name : kChangeNames) {
    const event_log::EventType* type = types.find(name.event);
    CHECK(type != nullptr);
    changes_.emplace(type->id, ChangeType{name.kind, name.membership, property_of(*type, "ref"),
                                          property_of(*type, "to")});
  }
}

std::vector<base::EventTypeId> ChangeTypes::types() const {
  std::vector<base::EventTypeId> types;
  for (const auto& [type, change] : changes_) types.push_back(type);
  return types;
}

std::vector<ChangeTypes::SwitchType> ChangeTypes::switch_types(MembershipKind kind) const {
  std::vector<SwitchType> types;
  for (const auto& [type, change] : changes_) {
    if (change.kind == ChangeKind::attribute || change.membership != kind) continue;
    types.push_back({type, change.ref, change.kind == ChangeKind::on});
  }
  return types;
}

std::optional<Change> ChangeTypes::change_of(
    base::EventTypeId type, std::span<const event_log::KnownProperty> properties) const {
  const auto found = changes_.find(type);
  if (found == changes_.end()) return std::nullopt;
  const auto* ref = find_property<std::int64_t>(properties, found->second.ref);
  if (ref == nullptr) return std::nullopt;
  Change change{.kind = found->second.kind};
  if (change.kind != ChangeKind::attribute) {
    change.membership = {found->second.membership, *ref};
    return change;
  }
  change.attribute = {*ref};
  const auto* to = find_property<std::string>(properties, found->second.to);
  const auto value_type = type_of(change.attribute);
  if (to != nullptr && value_type) change.value = customer::value_from(*value_type, *to);
  return change;
}

std::optional<base::ValueType> ChangeTypes::type_of(base::AttributeId attribute) const {
  const auto found = attributes_.find(attribute);
  if (found == attributes_.end()) return std::nullopt;
  return found->second;
}

void add_change(MemoryHistory::Builder& build, base::Moment time, Change change) {
  switch (change.kind) {
    case ChangeKind::attribute:
      build.attribute(change.attribute, time, std::move(change.value));
      return;
    case ChangeKind::on:
      build.on(change.membership, time);
      return;
    case ChangeKind::off:
      build.off(change.membership, time);
      return;
  }
  base::unreachable();
}

}  // namespace timeline
