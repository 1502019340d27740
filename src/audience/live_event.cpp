#include "audience/live_event.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "base/check.h"

namespace audience {

namespace json = boost::json;
using base::Moment;
using timeline::EventAt;
using timeline::History;

namespace {

std::optional<State> state_named(const LiveSubject& subject, std::string_view name) {
  const auto place = std::ranges::find(subject.states, name);
  if (place == subject.states.end()) return std::nullopt;
  return static_cast<State>(place - subject.states.begin());
}

const std::string* text_of(const History& history, std::uint32_t order, base::PropertyId property) {
  const base::Value* value = history.property(order, property);
  return value == nullptr ? nullptr : std::get_if<std::string>(value);
}

std::optional<std::int64_t> integer_of(const History& history, std::uint32_t order,
                                       base::PropertyId property) {
  const base::Value* value = history.property(order, property);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

base::PropertyId property_of(const event_log::EventType& type, std::string_view name) {
  const event_log::Property* property = type.find(name);
  CHECK(property != nullptr);
  return property->id;
}

}  // namespace

LiveEvents::LiveEvents(const event_log::EventTypes& types) {
  const auto read = [&](std::string_view name, std::string_view subject) {
    const event_log::EventType* type = types.find(name);
    CHECK(type != nullptr);
    return Type{type->id, property_of(*type, subject), property_of(*type, "from"),
                property_of(*type, "to"), property_of(*type, "record")};
  };
  audience_ = {read("audience_entered", "audience_id"), read("audience_left", "audience_id"),
               read("audience_corrected", "audience_id")};
  model_ = {read("stage_changed", "model")};
}

std::span<const LiveEvents::Type> LiveEvents::types_of(SubjectKind kind) const {
  return kind == SubjectKind::audience ? std::span<const Type>(audience_)
                                       : std::span<const Type>(model_);
}

event_log::NewEvent LiveEvents::to_event(const LiveSubject& subject, base::CustomerId person,
                                         const DueRecord& due, std::int64_t number) {
  event_log::NewEvent event;
  event.customer = person;
  event.time = due.at;
  json::object& properties = event.properties;
  properties["rule_version"] = std::to_string(subject.version);
  properties["from"] = subject.states[due.from];
  properties["to"] = subject.states[due.to];
  properties["record"] = number;
  if (subject.id.kind == SubjectKind::model) {
    event.name = "stage_changed";
    properties["model"] = subject.name;
    if (due.corrected) properties["corrected"] = true;
    return event;
  }
  event.name = due.corrected ? "audience_corrected"
               : due.to != 0 ? "audience_entered"
                             : "audience_left";
  properties["audience"] = subject.name;
  properties["audience_id"] = subject.id.id;
  return event;
}

std::vector<LiveRecord> LiveEvents::records_in(const History& history, const LiveSubject& subject,
                                               std::int64_t after) const {
  std::vector<LiveRecord> records;
  for (const Type& type : types_of(subject.id.kind)) {
    for (const EventAt& event : history.events(type.type)) {
      if (subject.id.kind == SubjectKind::audience) {
        if (integer_of(history, event.order, type.subject) != subject.id.id) continue;
      } else {
        const std::string* model = text_of(history, event.order, type.subject);
        if (model == nullptr || *model != subject.name) continue;
      }
      const auto number = integer_of(history, event.order, type.record);
      if (!number || *number <= after) continue;
      const std::string* from = text_of(history, event.order, type.from);
      const std::string* to = text_of(history, event.order, type.to);
      if (from == nullptr || to == nullptr) continue;
      const auto from_state = state_named(subject, *from);
      const auto to_state = state_named(subject, *to);
      if (from_state && to_state) records.push_back({*number, event.time, *from_state, *to_state});
    }
  }
  return records;
}

bool LiveEvents::has_records_since(const History& history, SubjectKind kind, Moment from) const {
  return std::ranges::any_of(types_of(kind), [&](const Type& type) {
    const auto events = history.events(type.type);
    return !events.empty() && events.back().time >= from;
  });
}

std::vector<base::EventTypeId> LiveEvents::types() const {
  std::vector<base::EventTypeId> types;
  for (const Type& type : audience_) types.push_back(type.type);
  types.push_back(model_.front().type);
  return types;
}

std::optional<LiveEvents::Told> LiveEvents::told_by(const event_log::Event& event) const {
  const json::object properties = event_log::from_stored(event.properties);
  const auto* record = properties.if_contains("record");
  const auto* to = properties.if_contains("to");
  if (record == nullptr || !record->is_int64() || to == nullptr || !to->is_string()) return {};
  Told told;
  told.record.number = record->as_int64();
  told.record.at = event.time;
  told.to = to->as_string();
  if (event.type == model_.front().type) {
    const auto* model = properties.if_contains("model");
    if (model == nullptr || !model->is_string()) return {};
    told.subject.kind = SubjectKind::model;
    told.model = model->as_string();
    return told;
  }
  const auto* id = properties.if_contains("audience_id");
  if (id == nullptr || !id->is_int64()) return {};
  told.subject = {SubjectKind::audience, id->as_int64()};
  return told;
}

}  // namespace audience
