// Event types: every event name with its typed properties.
//
// The standard names of event_vocabulary.md are there from the first migration on; others are
// declared, or registered when first seen (the type of a property by its first value). A type, once
// set, stays. Every event also has source, local_hour and local_weekday, which are no stored
// properties and cannot be used as their names.
//
// EventTypes is an immutable picture of the catalog, EventCatalog the way to it. Names are valid
// UTF-8 in NFC, 1 to kNameBytesMax bytes, without control characters and without spaces at the
// ends. Threads: any. Several processes on one database agree: the catalog has a version that every
// change raises in its own unit, and `of` looks at it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/field_note.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "store/database.h"

namespace event_log {

inline constexpr std::size_t kNameBytesMax = 100;  // of an event, a property, a source
inline constexpr std::size_t kEventTypesMax = 5'000;
inline constexpr std::size_t kPropertiesPerTypeMax = 500;

struct Property {
  base::PropertyId id;
  std::string name;
  base::ValueType type = base::ValueType::text;
  base::FieldNote note = {};
};

struct EventType {
  base::EventTypeId id;
  std::string name;
  bool standard = false;             // of the shipped vocabulary
  bool declared = false;             // by a person; else registered at first sight (or standard)
  std::vector<Property> properties;  // by name, in byte order

  const Property* find(std::string_view property) const;
};

class EventTypes {
 public:
  EventTypes() = default;
  // `types` by name and their properties by name, in byte order.
  EventTypes(std::int64_t version, std::vector<EventType> types);

  std::int64_t version() const { return version_; }
  // By name, in byte order.
  std::span<const EventType> all() const { return types_; }
  // Null: no such event name, id, property.
  const EventType* find(std::string_view name) const;
  const EventType* find(base::EventTypeId id) const;
  const Property* property(base::PropertyId id) const;

 private:
  std::int64_t version_ = 0;
  std::vector<EventType> types_;
  std::unordered_map<base::EventTypeId, std::size_t> by_id_;
  std::unordered_map<base::PropertyId, std::pair<std::size_t, std::size_t>> properties_;
};

// In order of precedence.
enum class CatalogFault : std::uint8_t {
  bad_name,           // empty, too long, not UTF-8, a control character, a space at an end
  reserved_property,  // source, local_hour, local_weekday
  type_differs,       // the property is there with another type
  too_many_types,
  too_many_properties,
};
std::string_view code_of(CatalogFault fault);  // "log.bad_name", …

struct CatalogError {
  CatalogFault fault;
  std::string name;  // of the event or property it is about
};

// A property to be declared.
struct TypedName {
  std::string name;
  base::ValueType type = base::ValueType::text;
};

// What a type's values were like.
struct PropertyReport {
  base::PropertyId property;
  std::int64_t wrong_values = 0;  // of another type: kept raw, unknown to rules
};

bool is_name(std::string_view name);
// source, local_hour, local_weekday.
bool is_reserved_property(std::string_view name);

class EventCatalog {
 public:
  EventCatalog();

  // The types as `session` sees them: from memory while the version is the same.
  std::shared_ptr<const EventTypes> of(store::Session& session);
  // The same inside a unit; sees what the unit itself has registered.
  std::shared_ptr<const EventTypes> of(store::Unit& unit);
  // What is in memory, without looking at the database: never ahead of it.
  std::shared_ptr<const EventTypes> known() const;

  // Makes the event name and its properties known; what is there already stays as it is. Of two
  // units that do so at once, one waits for the other.
  [[nodiscard]] base::Result<base::EventTypeId, CatalogError> declare(
      store::Unit& unit, std::string_view name, std::span<const TypedName> properties);
  // The same for names seen in an appended event: not marked as declared.
  [[nodiscard]] base::Result<base::EventTypeId, CatalogError> register_seen(
      store::Unit& unit, std::string_view name, std::span<const TypedName> properties);

  // Until the unit ends nobody else who locks notes: before what is noted is read and changed.
  static void lock_notes(store::Unit& unit);
  // Says what a property is called and whether it is personal. False: there is none.
  static bool note(store::Unit& unit, base::PropertyId property, const base::FieldNote& note);

  // One entry for every property of `type` that has had wrong values.
  std::vector<PropertyReport> report(store::Session& session, base::EventTypeId type) const;

 private:
  enum class Way : std::uint8_t { declared, seen };
  [[nodiscard]] base::Result<base::EventTypeId, CatalogError> add(
      store::Unit& unit, std::string_view name, std::span<const TypedName> properties, Way way);
  static std::shared_ptr<const EventTypes> load(store::Session& session, std::int64_t version);
  void install(std::shared_ptr<const EventTypes> types);

  mutable std::mutex mutex_;
  std::shared_ptr<const EventTypes> types_;  // committed; never null
};

}  // namespace event_log
