// Attributes: typed values of a customer, with all their past in the log (attribute_changed).
//
// An attribute is declared, or registered at first sight with the type of its first value. A value
// of the wrong type replaces the one before and is unknown: the text that came is kept raw beside
// it and counted in the type's report. A change may be to unknown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_note.h"
#include "base/value.h"
#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kAttributesMax = 2000;       // of the workspace
inline constexpr std::size_t kAttributesAtOnceMax = 500;  // in one call, else too_many_values
inline constexpr std::size_t kRawBytesMax = 1024;         // longer raw texts are cut at a character

struct Attribute {
  base::AttributeId id;
  std::string name;
  base::ValueType type = base::ValueType::text;
  bool declared = false;              // false: registered at first sight
  std::int64_t wrong_type_count = 0;  // values of the wrong type that came, ever
  base::FieldNote note = {};
};
std::vector<Attribute> attributes(store::Session& session);  // by name
std::optional<Attribute> attribute_named(store::Session& session, std::string_view name);
std::optional<Attribute> attribute_with(store::Session& session, base::AttributeId attribute);

// Declared again with the same type it answers the one that stands; another type: type_conflict. A
// name of kComputedNames that is not there: computed_name; so it is when a value would register it.
[[nodiscard]] base::Result<Attribute, Error> declare_attribute(Writing& writing,
                                                               std::string_view name,
                                                               base::ValueType type);

// The same, and until the unit ends nobody else declares or notes any: for who changes what they
// read.
std::optional<Attribute> locked_attribute(Writing& writing, base::AttributeId attribute);

// Says what it is called and whether it is personal. Fault: unknown_attribute.
[[nodiscard]] base::Result<Attribute, Error> note_attribute(Writing& writing,
                                                            base::AttributeId attribute,
                                                            const base::FieldNote& note);

// A value as it came. Neither value nor raw: unknown from here on. `raw` without value: a text that
// could not be read in the type meant for it, of the wrong type whatever the attribute is.
// A value of another type than the attribute's is taken if it means the same there (int 30 for a
// decimal, a text that reads as the type), else it is of the wrong type.
struct NewValue {
  std::string attribute;  // name
  std::optional<base::Value> value;
  std::string raw;
  std::optional<base::Moment> since;  // none: now
};

// The value as this type, where it means the same there; nothing: it is of the wrong type.
std::optional<base::Value> value_as(base::ValueType type, const base::Value& value);

// How many of `values` are recorded as changes. A value equal to the one that stands is none when
// it comes without a time; with one it is, unless it stands with exactly that time. An attribute
// never seen that comes without a value is registered as text when `raw` is there, and left out
// when not.
[[nodiscard]] base::Result<std::int64_t, Error> set_attributes(Writing& writing,
                                                               base::CustomerId customer,
                                                               std::span<const NewValue> values);

// How many values of the wrong type the unit has recorded so far.
std::int64_t wrong_types(Writing& writing);

struct AttributeValue {
  base::AttributeId attribute;
  std::string name;
  std::optional<base::Value> value;  // none: unknown
  std::string raw;                   // what came instead, when of the wrong type
  base::Moment since;
  std::string source;
  std::string by;
};
// What the person has today, by name of the attribute.
std::vector<AttributeValue> attributes_of(store::Session& session, base::CustomerId person);

// The text of `attribute_changed.to` back as the value it was made from.
std::optional<base::Value> value_from(base::ValueType type, std::string_view text);

}  // namespace customer
