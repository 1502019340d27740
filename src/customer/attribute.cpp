#include "customer/attribute.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "customer/attribute_sql.h"
#include "customer/change.h"
#include "customer/known.h"
#include "customer/name_index.h"
#include "customer/name_terms.h"

namespace customer {
namespace {

Attribute attribute_at(const store::Row& row) {
  const auto type = base::value_type_named(row.text(2));
  CHECK(type);
  return {{row.integer(0)}, std::string(row.text(1)), *type, row.integer(3) != 0, row.integer(4)};
}

base::Result<Attribute, Error> make_attribute(Writing& writing, const std::string& name,
                                              base::ValueType type, bool declared) {
  const auto count = writing.unit().one(sql::kCountAttributes, {},
                                        [](const store::Row& row) { return row.integer(0); });
  if (count.value_or(0) >= static_cast<std::int64_t>(kAttributesMax)) {
    return base::unexpected(Error{Fault::too_many_names, "attributes"});
  }
  writing.unit().execute(sql::kInsertAttribute,
                         {name, base::name_of(type), std::int64_t{declared}});
  const Attribute made = *attribute_named(writing.unit(), name);
  audit(writing, {"attribute", declared ? "declared" : "registered", made.id.value, {}, name});
  return made;
}

// What a value is for an attribute of `type`: neither value nor raw: unknown as it came.
struct State {
  std::optional<std::string> value;  // in the one spelling
  std::optional<std::string> raw;    // of the wrong type
  friend bool operator==(const State&, const State&) = default;
};

std::string cut_raw(std::string_view raw) {
  std::string text = base::is_utf8(raw) ? base::to_nfc(raw) : std::string("\ufffd");
  std::erase(text, '\0');
  if (text.size() <= kRawBytesMax) return text;
  std::size_t end = kRawBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

// Whether a value of type `from` may be read as `to` by its spelling: a number as another kind of
// number, a text as anything; true is not the text "true".
bool may_be_read_as(base::ValueType from, base::ValueType to) {
  const auto is_number = [](base::ValueType type) {
    return type == base::ValueType::integer || type == base::ValueType::decimal ||
           type == base::ValueType::money;
  };
  return from == to || from == base::ValueType::text || (is_number(from) && is_number(to));
}

std::optional<base::Value> as_type(base::ValueType type, const base::Value& value) {
  const base::ValueType from = base::type_of(value);
  if (from == type) return value;
  if (!may_be_read_as(from, type)) return std::nullopt;
  if (const auto number = base::number_of(value)) {
    // 30.00 is the int 30 and 12.500000 the money 12.50; 30.5 is no int.
    const auto whole = number->micros / 1'000'000;
    if (type == base::ValueType::integer) {
      if (number->micros % 1'000'000 != 0) return std::nullopt;
      return base::Value(static_cast<std::int64_t>(whole));
    }
  }
  const auto read = base::parse_value(type, base::to_text(value), nullptr);
  if (!read) return std::nullopt;
  return *read;
}

State state_of(const Attribute& attribute, const NewValue& given) {
  if (!given.value) {
    if (given.raw.empty()) return {};
    return {std::nullopt, cut_raw(given.raw)};
  }
  const auto value = as_type(attribute.type, *given.value);
  std::string text = base::to_text(value ? *value : *given.value);
  if (!value || text.size() > base::kValueTextBytesMax) return {std::nullopt, cut_raw(text)};
  return {std::move(text), std::nullopt};
}

base::Result<std::optional<Attribute>, Error> attribute_for(Writing& writing,
                                                            const NewValue& given) {
  auto& known = writing.known().attributes;
  if (const auto at = known.find(given.attribute); at != known.end()) return at->second;
  const auto name = name_from(given.attribute, Slash::allowed);
  if (!name) return base::unexpected(name.error());
  auto found = attribute_named(writing.unit(), *name);
  if (!found) {
    if (!given.value && given.raw.empty()) return std::optional<Attribute>();
    lock_names(writing);
    found = attribute_named(writing.unit(), *name);  // somebody may have been faster
  }
  if (!found) {
    const base::ValueType type = given.value ? base::type_of(*given.value) : base::ValueType::text;
    const auto made = make_attribute(writing, *name, type, false);
    if (!made) return base::unexpected(made.error());
    found = *made;
  }
  known.emplace(given.attribute, *found);
  return found;
}

// The values of one customer in one call: what stands, what changes, and their events.
class AttributeWriting {
 public:
  AttributeWriting(Writing& writing, base::CustomerId customer, base::CustomerId person)
      : writing_(writing), customer_(customer), person_(person) {}

  base::Result<void, Error> take(const NewValue& given) {
    const auto time = time_of(writing_, given.since);
    if (!time) return base::unexpected(time.error());
    const auto attribute = attribute_for(writing_, given);
    if (!attribute) return base::unexpected(attribute.error());
    if (!*attribute) return {};
    return take(**attribute, state_of(**attribute, given), {*time, given.since.has_value()});
  }

  // How many changes.
  base::Result<std::int64_t, Error> write() {
    const auto positions = append(writing_, changes_);
    if (!positions) return base::unexpected(positions.error());
    for (std::size_t at = 0; at < changes_.size(); ++at) {
      store_row(changes_[at], states_[at], (*positions)[at]);
    }
    if (std::ranges::any_of(changes_, [](const Change& each) { return is_name(each.changed); })) {
      index_names(writing_.unit(), customer_);
    }
    return static_cast<std::int64_t>(changes_.size());
  }

 private:
  struct Stood {
    Stamp stamp;
    State state;
  };
  struct Stands {
    std::optional<Stood> own;
    std::optional<Stood> person;
  };

  base::Result<void, Error> take(const Attribute& attribute, State state, Said said) {
    Stands& stands = standing(attribute.id);
    const auto seen = [&](const std::optional<Stood>& stood) -> std::optional<Standing> {
      if (!stood) return std::nullopt;
      return Standing{stood->stamp, stood->state == state};
    };
    said.same_as_nothing = !state.value && !state.raw;
    if (!judge(seen(stands.own), seen(stands.person), said).change) return {};
    Change change{customer_, "attribute_changed", said.time, attribute.name};
    if (stands.person) change.from = stands.person->state.value;
    change.to = state.value;
    change.ref = attribute.id.value;
    if (state.raw) change.more.emplace_back("raw", *state.raw);
    if (const auto fine = check(writing_, change); !fine) return base::unexpected(fine.error());
    // Behind everything in the log, in the order of this call.
    const Stood stood{
        {said.time,
         {std::numeric_limits<std::int64_t>::max(), 0, static_cast<std::int64_t>(changes_.size())}},
        state};
    for (auto* at : {&stands.own, &stands.person}) {
      if (!*at || (*at)->stamp < stood.stamp) *at = stood;
    }
    changes_.push_back(std::move(change));
    states_.push_back(std::move(state));
    return {};
  }

  Stands& standing(base::AttributeId attribute) {
    const auto [at, fresh] = standing_.try_emplace(attribute);
    Stands& stands = at->second;
    if (!fresh) return stands;
    writing_.unit().query(sql::kAttributeStanding, {person_.value, attribute.value},
                          [&](const store::Row& row) {
                            const auto text = [&](int column) -> std::optional<std::string> {
                              if (row.is_null(column)) return std::nullopt;
                              return std::string(row.text(column));
                            };
                            Stood stood{stamp_at(row, 3), {text(1), text(2)}};
                            if (row.integer(0) == customer_.value) stands.own = stood;
                            if (!stands.person || stands.person->stamp < stood.stamp)
                              stands.person = stood;
                          });
    return stands;
  }

  void store_row(const Change& change, const State& state, const event_log::Position& position) {
    const auto text = [](const std::optional<std::string>& value) {
      return value ? store::Param(std::string_view(*value)) : store::Param(std::monostate{});
    };
    writing_.unit().execute(sql::kSetAttributeValue,
                            {customer_.value, change.ref, text(state.value), text(state.raw),
                             change.time.ms, position.epoch, position.transaction,
                             position.sequence, std::string_view(writing_.source()),
                             std::string_view(writing_.by()), store::param(batch_of(writing_))});
    if (state.raw) writing_.unit().execute(sql::kCountWrongTypes, {change.ref, std::int64_t{1}});
  }

  Writing& writing_;
  base::CustomerId customer_;
  base::CustomerId person_;
  std::map<base::AttributeId, Stands> standing_;
  std::vector<Change> changes_;
  std::vector<State> states_;
};

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

base::Result<Attribute, Error> declare_attribute(Writing& writing, std::string_view name,
                                                 base::ValueType type) {
  const auto proper = name_from(name, Slash::allowed);
  if (!proper) return base::unexpected(proper.error());
  lock_names(writing);
  auto known = attribute_named(writing.unit(), *proper);
  if (!known) return make_attribute(writing, *proper, type, true);
  if (known->type != type) return base::unexpected(Error{Fault::type_conflict, *proper});
  if (!known->declared) {
    writing.unit().execute(sql::kMarkAttributeDeclared, {known->id.value});
    known->declared = true;
    audit(writing, {"attribute", "declared", known->id.value, *proper, *proper});
  }
  return *known;
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
  return attributes.write();
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
