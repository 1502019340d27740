#include "audience/memory_types.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/check.h"

namespace audience {

using base::ValueType;
using timeline::MembershipKind;

namespace {

constexpr std::int64_t kFirstStandardId = 100'000;  // behind those of the names

constexpr std::string_view kChangeEvents[] = {
    "attribute_changed", "consent_given", "consent_withdrawn", "identity_added", "identity_removed",
    "list_joined",       "list_left",     "tag_added",         "tag_removed"};

std::string_view change_name(MembershipKind kind, bool on) {
  switch (kind) {
    case MembershipKind::tag:
      return on ? "tag_added" : "tag_removed";
    case MembershipKind::list:
      return on ? "list_joined" : "list_left";
    case MembershipKind::consent:
      return on ? "consent_given" : "consent_withdrawn";
    case MembershipKind::identity:
      return on ? "identity_added" : "identity_removed";
  }
  base::unreachable();
}

}  // namespace

MemoryTypes::MemoryTypes(const MemoryNames& names) {
  std::vector<event_log::EventType> list;
  for (const std::string& name : names.all(Names::Kind::event)) {
    event_log::EventType type{*names.event(name), name, false, true, {}};
    for (const std::string& property : names.all(Names::Kind::property, type.id)) {
      const auto typed = names.property(type.id, property);
      if (typed) type.properties.push_back({{typed->id}, property, typed->type});
    }
    std::ranges::sort(type.properties, {}, &event_log::Property::name);
    list.push_back(std::move(type));
  }
  for (std::int64_t id = kFirstStandardId; const std::string_view name : kChangeEvents) {
    event_log::EventType type{{id}, std::string(name), true, false, {}};
    type.properties = {{{id + 1}, "ref", ValueType::integer}, {{id + 2}, "to", ValueType::text}};
    list.push_back(std::move(type));
    id += 3;
  }
  std::ranges::sort(list, {}, &event_log::EventType::name);
  types_ = event_log::EventTypes(1, std::move(list));
  std::unordered_map<base::AttributeId, ValueType> attributes;
  for (const std::string& name : names.all(Names::Kind::attribute)) {
    const auto typed = names.attribute(name);
    attributes.emplace(base::AttributeId{typed->id}, typed->type);
  }
  changes_ = std::make_shared<const timeline::ChangeTypes>(types_, std::move(attributes));
}

MemoryTypes::Said MemoryTypes::event(base::EventTypeId type, base::Moment time,
                                     std::vector<event_log::KnownProperty> properties) {
  Said said;
  said.event.type = type;
  said.event.time = time;
  said.properties = std::move(properties);
  std::ranges::sort(said.properties, {}, &event_log::KnownProperty::id);
  return said;
}

MemoryTypes::Said MemoryTypes::change(std::string_view name, std::int64_t ref) const {
  const event_log::EventType* type = types_.find(name);
  CHECK(type != nullptr);
  return event(type->id, {}, {{type->find("ref")->id, base::Value(ref)}});
}

MemoryTypes::Said MemoryTypes::attribute(base::AttributeId attribute, base::Moment since,
                                         const std::optional<base::Value>& value) const {
  Said said = change("attribute_changed", attribute.value);
  said.event.time = since;
  if (value) {
    const auto to = types_.find("attribute_changed")->find("to")->id;
    said.properties.push_back({to, base::Value(base::to_text(*value))});
  }
  return said;
}

MemoryTypes::Said MemoryTypes::membership(timeline::MembershipKey key, base::Moment since,
                                          bool on) const {
  Said said = change(change_name(key.kind, on), key.id);
  said.event.time = since;
  return said;
}

}  // namespace audience
