#include "log/event_type.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"
#include "log/event_type_sql.h"

namespace event_log {
namespace {

// Another unit can take the same next id or name again and again, but not for ever.
constexpr int kAddTriesMax = 100;
constexpr store::LockKey kNotesLock{720, 0};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::optional<std::int64_t> integer_of(store::Session& session, std::string_view sql,
                                       std::initializer_list<store::Param> params) {
  return session.one(sql, params, [](const store::Row& row) { return row.integer(0); });
}

struct FoundType {
  std::int64_t id = 0;
  bool declared = false;
};

std::optional<FoundType> find_type(store::Session& session, std::string_view name) {
  return session.one(sql::kFindType, {name}, [](const store::Row& row) {
    return FoundType{row.integer(0), row.integer(1) != 0};
  });
}

std::optional<base::ValueType> find_property(store::Session& session, std::int64_t type,
                                             std::string_view name) {
  const auto found = session.one(sql::kFindProperty, {type, name}, [](const store::Row& row) {
    return base::value_type_named(row.text(0));
  });
  if (!found) return std::nullopt;
  CHECK(found->has_value());
  return *found;
}

base::Result<FoundType, CatalogError> find_or_add_type(store::Unit& unit, std::string_view name,
                                                       bool declared) {
  for (int tries = 0; tries < kAddTriesMax; ++tries) {
    if (const auto found = find_type(unit, name)) return *found;
    const std::int64_t count = integer_of(unit, sql::kCountTypes, {}).value_or(0);
    if (static_cast<std::size_t>(count) >= kEventTypesMax) {
      return base::unexpected(CatalogError{CatalogFault::too_many_types, std::string(name)});
    }
    if (unit.execute(sql::kAddType, {name, std::int64_t{declared}}) > 0) {
      unit.execute(sql::kRaiseCatalogVersion, {});
    }
  }
  throw store::Failure(store::FailureKind::serialization, "an event name could not be added");
}

base::Result<void, CatalogError> add_property(store::Unit& unit, std::int64_t type,
                                              const TypedName& property, bool declared) {
  for (int tries = 0; tries < kAddTriesMax; ++tries) {
    if (const auto found = find_property(unit, type, property.name)) {
      if (!declared || *found == property.type) return {};
      return base::unexpected(CatalogError{CatalogFault::type_differs, property.name});
    }
    const std::int64_t count = integer_of(unit, sql::kCountProperties, {type}).value_or(0);
    if (static_cast<std::size_t>(count) >= kPropertiesPerTypeMax) {
      return base::unexpected(CatalogError{CatalogFault::too_many_properties, property.name});
    }
    const std::string_view value_type = base::name_of(property.type);
    if (unit.execute(sql::kAddProperty, {type, property.name, value_type}) > 0) {
      unit.execute(sql::kRaiseCatalogVersion, {});
    }
  }
  throw store::Failure(store::FailureKind::serialization, "a property could not be added");
}

}  // namespace

std::string_view code_of(CatalogFault fault) {
  switch (fault) {
    case CatalogFault::bad_name:
      return "log.bad_name";
    case CatalogFault::reserved_property:
      return "log.reserved_property";
    case CatalogFault::type_differs:
      return "log.type_differs";
    case CatalogFault::too_many_types:
      return "log.too_many_types";
    case CatalogFault::too_many_properties:
      return "log.too_many_properties";
  }
  base::unreachable();
}

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  if (name.front() == ' ' || name.back() == ' ') return false;
  if (std::ranges::any_of(name, is_control)) return false;
  return base::is_utf8(name) && base::to_nfc(name) == name;
}

bool is_reserved_property(std::string_view name) {
  return name == "source" || name == "local_hour" || name == "local_weekday";
}

const Property* EventType::find(std::string_view property) const {
  const auto at = std::ranges::lower_bound(properties, property, {}, &Property::name);
  return at != properties.end() && at->name == property ? &*at : nullptr;
}

EventTypes::EventTypes(std::int64_t version, std::vector<EventType> types)
    : version_(version), types_(std::move(types)) {
  for (std::size_t type = 0; type < types_.size(); ++type) {
    by_id_.emplace(types_[type].id, type);
    for (std::size_t i = 0; i < types_[type].properties.size(); ++i) {
      properties_.emplace(types_[type].properties[i].id, std::pair(type, i));
    }
  }
}

const EventType* EventTypes::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(types_, name, {}, &EventType::name);
  return at != types_.end() && at->name == name ? &*at : nullptr;
}

const EventType* EventTypes::find(base::EventTypeId id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &types_[at->second];
}

const Property* EventTypes::property(base::PropertyId id) const {
  const auto at = properties_.find(id);
  if (at == properties_.end()) return nullptr;
  return &types_[at->second.first].properties[at->second.second];
}

EventCatalog::EventCatalog() : types_(std::make_shared<EventTypes>()) {}

std::shared_ptr<const EventTypes> EventCatalog::load(store::Session& session,
                                                     std::int64_t version) {
  std::vector<EventType> types;
  std::unordered_map<base::EventTypeId, std::size_t> by_id;
  session.query(sql::kListTypes, {}, [&](const store::Row& row) {
    const base::EventTypeId id{row.integer(0)};
    by_id.emplace(id, types.size());
    types.push_back({id, std::string(row.text(1)), row.integer(2) != 0, row.integer(3) != 0, {}});
  });
  session.query(sql::kListProperties, {}, [&](const store::Row& row) {
    const auto type = by_id.find({row.integer(1)});
    const auto value_type = base::value_type_named(row.text(3));
    CHECK(type != by_id.end());
    CHECK(value_type.has_value());
    types[type->second].properties.push_back(
        {{row.integer(0)},
         std::string(row.text(2)),
         *value_type,
         {std::string(row.text(4)), std::string(row.text(5)), row.integer(6) != 0}});
  });
  return std::make_shared<EventTypes>(version, std::move(types));
}

std::shared_ptr<const EventTypes> EventCatalog::of(store::Session& session) {
  const std::int64_t version = integer_of(session, sql::kCatalogVersion, {}).value_or(0);
  auto types = known();
  if (types->version() == version) return types;
  types = load(session, version);
  install(types);
  return types;
}

std::shared_ptr<const EventTypes> EventCatalog::of(store::Unit& unit) {
  const std::int64_t version = integer_of(unit, sql::kCatalogVersion, {}).value_or(0);
  auto types = known();
  if (types->version() == version) return types;
  types = load(unit, version);
  // What this unit itself has added may yet be rolled back.
  unit.after_commit([this, types] { install(types); });
  return types;
}

std::shared_ptr<const EventTypes> EventCatalog::known() const {
  const std::lock_guard lock(mutex_);
  return types_;
}

void EventCatalog::install(std::shared_ptr<const EventTypes> types) {
  const std::lock_guard lock(mutex_);
  if (types->version() > types_->version()) types_ = std::move(types);
}

base::Result<base::EventTypeId, CatalogError> EventCatalog::declare(
    store::Unit& unit, std::string_view name, std::span<const TypedName> properties) {
  return add(unit, name, properties, Way::declared);
}

base::Result<base::EventTypeId, CatalogError> EventCatalog::register_seen(
    store::Unit& unit, std::string_view name, std::span<const TypedName> properties) {
  return add(unit, name, properties, Way::seen);
}

base::Result<base::EventTypeId, CatalogError> EventCatalog::add(
    store::Unit& unit, std::string_view name, std::span<const TypedName> properties, Way way) {
  if (!is_name(name)) {
    return base::unexpected(CatalogError{CatalogFault::bad_name, std::string(name)});
  }
  for (const TypedName& property : properties) {
    if (!is_name(property.name)) {
      return base::unexpected(CatalogError{CatalogFault::bad_name, property.name});
    }
    if (is_reserved_property(property.name)) {
      return base::unexpected(CatalogError{CatalogFault::reserved_property, property.name});
    }
  }
  const bool declared = way == Way::declared;
  const auto type = find_or_add_type(unit, name, declared);
  if (!type) return base::unexpected(type.error());
  for (const TypedName& property : properties) {
    const auto added = add_property(unit, type->id, property, declared);
    if (!added) return base::unexpected(added.error());
  }
  if (declared && !type->declared) {
    unit.execute(sql::kMarkDeclared, {type->id});
    unit.execute(sql::kRaiseCatalogVersion, {});
  }
  return base::EventTypeId{type->id};
}

void EventCatalog::lock_notes(store::Unit& unit) { unit.lock({kNotesLock}); }

bool EventCatalog::note(store::Unit& unit, base::PropertyId property, const base::FieldNote& note) {
  const auto noted = unit.execute(sql::kNoteProperty,
                                  {property.value, std::string_view(note.label_zh),
                                   std::string_view(note.label_en), std::int64_t{note.personal}});
  if (noted > 0) unit.execute(sql::kRaiseCatalogVersion, {});
  return noted > 0;
}

std::vector<PropertyReport> EventCatalog::report(store::Session& session,
                                                 base::EventTypeId type) const {
  std::vector<PropertyReport> reports;
  session.query(sql::kWrongValues, {type.value}, [&](const store::Row& row) {
    reports.push_back({base::PropertyId{row.integer(0)}, row.integer(1)});
  });
  return reports;
}

}  // namespace event_log
