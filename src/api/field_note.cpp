#include "api/field_note.h"

#include <boost/describe.hpp>
#include <boost/json/serialize.hpp>

#include "api/change.h"
#include "api/record.h"
#include "api/route.h"
#include "customer/attribute.h"
#include "log/event_label.h"
#include "log/event_type.h"
#include "order/order.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NoteChange {
  std::optional<std::string> label_zh;
  std::optional<std::string> label_en;
  std::optional<bool> personal;
};
BOOST_DESCRIBE_STRUCT(NoteChange, (), (label_zh, label_en, personal))

struct LabelChange {
  std::optional<std::string> label_zh;
  std::optional<std::string> label_en;
};
BOOST_DESCRIBE_STRUCT(LabelChange, (), (label_zh, label_en))

std::string label_of(const std::string& given, std::string_view path) {
  auto label = base::label_from(given);
  if (!label) throw Refusal("api.bad_label", {{"path", path}});
  return *std::move(label);
}

base::FieldNote changed(base::FieldNote note, std::string_view name, const NoteChange& change) {
  if (change.label_zh) note.label_zh = label_of(*change.label_zh, "/label_zh");
  if (change.label_en) note.label_en = label_of(*change.label_en, "/label_en");
  if (change.personal) {
    // Phones, e-mail addresses and names are masked in any case.
    if (!*change.personal && !mask_named(name).empty()) {
      throw Refusal("api.always_personal", {{"path", "/personal"}});
    }
    note.personal = *change.personal && mask_named(name).empty();
  }
  return note;
}

json::object noted(std::string_view name, const base::FieldNote& note) {
  json::object out{{"name", name}};
  add_note(out, name, note);
  return out;
}

net::Response note_attribute(Call& call) {
  const auto body = call.body<NoteChange>();
  const base::AttributeId id{call.id(0)};
  const auto attribute =
      change(call, "attribute.note",
             [&](customer::Writing& writing) -> base::Result<customer::Attribute, customer::Error> {
               const auto before = customer::locked_attribute(writing, id);
               if (!before) {
                 return base::unexpected(customer::Error{customer::Fault::unknown_attribute, {}});
               }
               const base::FieldNote note = changed(before->note, before->name, body);
               if (note == before->note) return *before;
               record_change(call, writing.unit(),
                             {"attribute", "changed", std::to_string(id.value),
                              noted(before->name, before->note), noted(before->name, note)});
               return customer::note_attribute(writing, id, note);
             });
  return ok(noted(attribute.name, attribute.note));
}

net::Response note_property(Call& call) {
  const auto body = call.body<NoteChange>();
  auto& catalog = call.services().log.catalog();
  return ok(call.services().database.write("event_type.note", [&](store::Unit& unit) {
    event_log::EventCatalog::lock_notes(unit);
    const auto types = catalog.of(unit);
    const event_log::EventType* type = types->find(call.captured(0));
    const auto* property = type == nullptr ? nullptr : type->find(call.captured(1));
    if (property == nullptr) throw Refusal("api.not_there");
    // Orders show these to whoever sees orders: a mark would promise what they do not keep.
    if (body.personal.value_or(false) && order::shows(*type, *property)) {
      throw Refusal("api.never_personal", {{"path", "/personal"}});
    }
    const base::FieldNote note = changed(property->note, property->name, body);
    const json::object after = noted(property->name, note);
    if (note != property->note) {
      event_log::EventCatalog::note(unit, property->id, note);
      record_change(
          call, unit,
          {"event_type", "changed", type->name, noted(property->name, property->note), after});
    }
    return json::value(after);
  }));
}

json::object labelled(std::string_view name, const event_log::EventLabel& label) {
  return {{"name", name}, {"label_zh", label.zh}, {"label_en", label.en}};
}

net::Response label_event(Call& call) {
  const auto body = call.body<LabelChange>();
  auto& catalog = call.services().log.catalog();
  return ok(call.services().database.write("event_type.label", [&](store::Unit& unit) {
    event_log::EventCatalog::lock_notes(unit);
    const auto types = catalog.of(unit);
    const event_log::EventType* type = types->find(call.captured(0));
    if (type == nullptr) throw Refusal("api.not_there");
    const event_log::EventLabel before = event_log::event_label(unit, type->id);
    event_log::EventLabel label = before;
    if (body.label_zh) label.zh = label_of(*body.label_zh, "/label_zh");
    if (body.label_en) label.en = label_of(*body.label_en, "/label_en");
    const json::object after = labelled(type->name, label);
    if (label != before) {
      event_log::label_event(unit, type->id, label);
      record_change(call, unit,
                    {"event_type", "changed", type->name, labelled(type->name, before), after});
    }
    return json::value(after);
  }));
}

constexpr Route kRoutes[] = {
    {net::Method::patch, "/attributes/{id}", Guard::of(Permission::customers_declare),
     note_attribute},
    {net::Method::patch, "/event-types/{event}", Guard::of(Permission::events_declare),
     label_event},
    {net::Method::patch, "/event-types/{event}/properties/{property}",
     Guard::of(Permission::events_declare), note_property},
};

}  // namespace

void add_note(json::object& out, std::string_view name, const base::FieldNote& note) {
  out["label_zh"] = note.label_zh;
  out["label_en"] = note.label_en;
  out["personal"] = note.personal || !mask_named(name).empty();
}

PersonalFields personal_fields(const rights::Masks& masks, store::Session& session,
                               event_log::EventCatalog& catalog) {
  PersonalFields fields;
  if (masks == rights::Masks{}) return fields;
  for (const customer::Attribute& attribute : customer::attributes(session)) {
    if (attribute.note.personal) fields.attributes.insert(attribute.name);
  }
  for (const event_log::EventType& type : catalog.of(session)->all()) {
    for (const event_log::Property& property : type.properties) {
      if (property.note.personal) fields.properties[type.name].insert(property.name);
    }
  }
  return fields;
}

base::LabelLanguage label_language(const Call& call) {
  return language_of(call.request()) == Language::chinese ? base::LabelLanguage::chinese
                                                          : base::LabelLanguage::english;
}

std::span<const Route> field_note_routes() { return kRoutes; }

}  // namespace api
