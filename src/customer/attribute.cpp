#include "customer/attribute.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "customer/attribute_sql.h"
#include "customer/attribute_writing.h"
#include "customer/change.h"
#include "customer/computed_name.h"
#include "customer/name_index.h"
#include "customer/name_terms.h"

namespace customer {
namespace {

Attribute attribute_at(const store::Row& row) {
  const auto type = base::value_type_named(row.text(2));
  CHECK(type);
  return {{row.integer(0)},
          std::string(row.text(1)),
          *type,
          row.integer(3) != 0,
          row.integer(4),
          {std::string(row.text(5)), std::string(row.text(6)), row.integer(7) != 0}};
}

}  // namespace

std::vector<Attribute> attributes(store::Session& session) {
  std::vector<Attribute> all;
  session.query(sql::kAttributes, {},
                [&](const store::Row& row) { all.push_back(attribute_at(row)); });
  return all;
}

std::optional<Attribute> attribute_named(store::Session& session, std::string_view name) {
  return session.one(sql::kAttributeNamed, {name}, attribute_at);
}

std::optional<Attribute> attribute_with(store::Session& session, base::AttributeId attribute) {
  return session.one(sql::kAttributeWith, {attribute.value}, attribute_at);
}

base::Result<Attribute, Error> make_attribute(Writing& writing, const std::string& name,
                                              base::ValueType type, Declared declared) {
  if (is_computed_name(name)) return base::unexpected(Error{Fault::computed_name, name});
  const auto count = writing.unit().one(sql::kCountAttributes, {},
                                        [](const store::Row& row) { return row.integer(0); });
  if (count.value_or(0) >= static_cast<std::int64_t>(kAttributesMax)) {
    return base::unexpected(Error{Fault::too_many_names, "attributes"});
  }
  writing.unit().execute(sql::kInsertAttribute,
                         {name, base::name_of(type), std::int64_t{declared == Declared::yes}});
  const Attribute made = *attribute_named(writing.unit(), name);
  audit(writing, {"attribute",
                  declared == Declared::yes ? "declared" : "registered",
                  made.id.value,
                  {},
                  name});
  return made;
}

base::Result<Attribute, Error> declare_attribute(Writing& writing, std::string_view name,
                                                 base::ValueType type) {
  const auto proper = name_from(name, Slash::allowed);
  if (!proper) return base::unexpected(proper.error());
  lock_names(writing);
  auto known = attribute_named(writing.unit(), *proper);
  if (!known) return make_attribute(writing, *proper, type, Declared::yes);
  if (known->type != type) return base::unexpected(Error{Fault::type_conflict, *proper});
  if (!known->declared) {
    writing.unit().execute(sql::kMarkAttributeDeclared, {known->id.value});
    known->declared = true;
    audit(writing, {"attribute", "declared", known->id.value, *proper, *proper});
  }
  return *known;
}

std::optional<Attribute> locked_attribute(Writing& writing, base::AttributeId attribute) {
  lock_names(writing);
  return attribute_with(writing.unit(), attribute);
}

base::Result<Attribute, Error> note_attribute(Writing& writing, base::AttributeId attribute,
                                              const base::FieldNote& note) {
  writing.unit().execute(sql::kNoteAttribute,
                         {attribute.value, std::string_view(note.label_zh),
                          std::string_view(note.label_en), std::int64_t{note.personal}});
  auto noted = attribute_with(writing.unit(), attribute);
  if (!noted) return base::unexpected(Error{Fault::unknown_attribute, {}});
  return *std::move(noted);
}

base::Result<std::int64_t, Error> set_attributes(Writing& writing, base::CustomerId customer,
                                                 std::span<const NewValue> values) {
  if (values.size() > kAttributesAtOnceMax) {
    return base::unexpected(Error{Fault::too_many_values, {}});
  }
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  AttributeWriting attributes(writing, customer, *person);
  for (const NewValue& value : values) {
    if (const auto taken = attributes.take(value); !taken) return base::unexpected(taken.error());
  }
  const std::vector<ValueChange>& changes = attributes.changes();
  std::vector<Change> told;
  for (const ValueChange& each : changes) told.push_back(each.change);
  const auto positions = append(writing, told);
  if (!positions) return base::unexpected(positions.error());
  store_values(writing, changes, *positions);
  if (std::ranges::any_of(told, [](const Change& each) { return is_name(each.changed); })) {
    index_names(writing.unit(), customer);
  }
  return static_cast<std::int64_t>(changes.size());
}

std::vector<AttributeValue> attributes_of(store::Session& session, base::CustomerId person) {
  std::vector<AttributeValue> values;
  session.query(sql::kAttributesOf, {person.value}, [&](const store::Row& row) {
    AttributeValue value;
    value.attribute = {row.integer(0)};
    value.name = std::string(row.text(1));
    const auto type = base::value_type_named(row.text(2));
    CHECK(type);
    if (!row.is_null(3)) value.value = value_from(*type, row.text(3));
    value.raw = std::string(row.text(4));
    value.source = std::string(row.text(5));
    value.by = std::string(row.text(6));
    value.since = {row.integer(7)};
    // Ordered by stamp: the last of an attribute is what the person has.
    if (!values.empty() && values.back().attribute == value.attribute) values.pop_back();
    values.push_back(std::move(value));
  });
  return values;
}

std::optional<base::Value> value_from(base::ValueType type, std::string_view text) {
  const auto value = base::parse_value(type, text, nullptr);
  if (!value) return std::nullopt;
  return *value;
}

}  // namespace customer
