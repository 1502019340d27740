#include "customer/attribute_writing.h"

#include <limits>

#include "base/text.h"
#include "customer/attribute_sql.h"
#include "customer/known.h"
#include "store/list_text.h"

namespace customer {
namespace {

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
    const auto made = make_attribute(writing, *name, type, Declared::no);
    if (!made) return base::unexpected(made.error());
    found = *made;
  }
  known.emplace(given.attribute, *found);
  return found;
}

store::Param text_param(const std::optional<std::string>& text) {
  return text ? store::Param(std::string_view(*text)) : store::Param(std::monostate{});
}

void add_text(store::ListText& list, const std::optional<std::string>& text) {
  if (text) {
    list.add(*text);
  } else {
    list.add_null();
  }
}

void store_one_by_one(Writing& writing, std::span<const ValueChange> changes,
                      std::span<const event_log::Position> positions) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i].change;
    writing.unit().execute(
        sql::kSetAttributeValue,
        {change.customer.value, change.ref, text_param(change.to), text_param(changes[i].raw),
         change.time.ms, positions[i].epoch, positions[i].transaction, positions[i].sequence,
         std::string_view(writing.source()), std::string_view(writing.by()),
         store::param(batch_of(writing))});
  }
}

void store_lists(Writing& writing, std::span<const ValueChange> changes,
                 std::span<const event_log::Position> positions) {
  const store::ListText none(writing.unit().dialect());
  store::ListText customers = none, attributes = none, values = none, raws = none, sinces = none,
                  sequences = none;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i].change;
    customers.add(change.customer.value);
    attributes.add(change.ref);
    add_text(values, change.to);
    add_text(raws, changes[i].raw);
    sinces.add(change.time.ms);
    sequences.add(positions[i].sequence);
  }
  // One unit has one epoch and one transaction.
  writing.unit().execute(sql::kSetAttributeValuesPostgresql,
                         {customers.text(), attributes.text(), values.text(), raws.text(),
                          sinces.text(), sequences.text(), positions.front().epoch,
                          positions.front().transaction, std::string_view(writing.source()),
                          std::string_view(writing.by()), store::param(batch_of(writing))});
}

}  // namespace

std::optional<base::Value> value_as(base::ValueType type, const base::Value& value) {
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

std::int64_t wrong_types(Writing& writing) { return writing.known().wrong_types; }

void store_values(Writing& writing, std::span<const ValueChange> changes,
                  std::span<const event_log::Position> positions) {
  if (writing.unit().dialect() == store::Dialect::sqlite || changes.size() < 2) {
    store_one_by_one(writing, changes, positions);
  } else {
    store_lists(writing, changes, positions);
  }
  std::map<std::int64_t, std::int64_t> wrong;  // in order of the id: units wait in one order
  for (const ValueChange& each : changes) {
    if (each.raw) ++wrong[each.change.ref];
  }
  for (const auto& [attribute, count] : wrong) {
    writing.unit().execute(sql::kCountWrongTypes, {attribute, count});
  }
}

AttributeWriting::State AttributeWriting::state_of(const Attribute& attribute,
                                                   const NewValue& given) {
  if (!given.value) {
    if (given.raw.empty()) return {};
    return {std::nullopt, cut_raw(given.raw)};
  }
  const auto value = value_as(attribute.type, *given.value);
  std::string text = base::to_text(value ? *value : *given.value);
  if (!value || text.size() > base::kValueTextBytesMax) return {std::nullopt, cut_raw(text)};
  return {std::move(text), std::nullopt};
}

base::Result<void, Error> AttributeWriting::take(const NewValue& given) {
  const auto time = time_of(writing_, given.since);
  if (!time) return base::unexpected(time.error());
  const auto attribute = attribute_for(writing_, given);
  if (!attribute) return base::unexpected(attribute.error());
  if (!*attribute) return {};
  return take(**attribute, state_of(**attribute, given), {*time, given.since.has_value()});
}

base::Result<void, Error> AttributeWriting::take(const Attribute& attribute, State state,
                                                 Said said) {
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
  if (!is_newcomer_) {
    if (const auto fine = check(writing_, change); !fine) return base::unexpected(fine.error());
  }
  if (state.raw) ++writing_.known().wrong_types;
  // Behind everything in the log, in the order of this call.
  const Stood stood{
      {said.time,
       {std::numeric_limits<std::int64_t>::max(), 0, static_cast<std::int64_t>(changes_.size())}},
      state};
  for (auto* at : {&stands.own, &stands.person}) {
    if (!*at || (*at)->stamp < stood.stamp) *at = stood;
  }
  changes_.push_back({std::move(change), std::move(state.raw), attribute.type});
  return {};
}

AttributeWriting::Stands& AttributeWriting::standing(base::AttributeId attribute) {
  const auto [at, fresh] = standing_.try_emplace(attribute);
  Stands& stands = at->second;
  if (!fresh || is_newcomer_) return stands;
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

}  // namespace customer
