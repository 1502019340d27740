#include "intake/customer_row.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "customer/apart.h"
#include "customer/computed_name.h"
#include "intake/customer_key.h"
#include "log/event.h"
#include "log/event_type.h"

namespace intake {
namespace {

constexpr std::array<std::string_view, 1> kRequired = {"customer"};
constexpr std::array<std::string_view, 2> kOptional = {"since", "customer_kind"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

std::size_t hash_of(std::string_view customer) { return std::hash<std::string_view>{}(customer); }

std::size_t hash_of(std::string_view customer, std::size_t column) {
  return hash_of(customer) ^ ((column + 1) * 0x9e3779b97f4a7c15ULL);
}

}  // namespace

HeaderRules customer_header_rules() {
  return HeaderRules{kRequired, kOptional, customer::kComputedNames, event_log::is_name, true};
}

base::ValueType CustomerColumns::Attribute::type_now() const {
  return type ? *type : known ? *known : guess.type();
}

std::vector<std::string> telling_attributes(std::vector<std::string> given) {
  const std::string name(customer::kTellingAttribute);
  if (std::ranges::find(given, name) == given.end()) given.push_back(name);
  return given;
}

CustomerColumns::CustomerColumns(const std::vector<Column>& columns,
                                 const std::map<std::string, base::ValueType>& types,
                                 const std::vector<std::string>& telling)
    : customer_(index_of(columns, "customer").value()),
      kind_(index_of(columns, "customer_kind")),
      since_(index_of(columns, "since")) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == customer_ || i == kind_ || i == since_ || columns[i].name.empty()) continue;
    if (columns[i].role != ColumnRole::values) {
      roles_.emplace_back(i, columns[i]);
      continue;
    }
    Attribute attribute{i, columns[i].name, columns[i].type, std::nullopt};
    const auto known = types.find(attribute.name);
    if (known != types.end()) attribute.known = known->second;
    attribute.tells = std::ranges::find(telling, attribute.name) != telling.end();
    attributes_.push_back(std::move(attribute));
  }
}

void CustomerColumns::look_at(const TableRow& row, const RowTime& time) {
  if (row.left_out) return;
  for (Attribute& attribute : attributes_) {
    if (!attribute.type && !attribute.known) attribute.guess.add(row.csv.fields[attribute.index]);
  }
  const std::string customer = name_of(row);
  const auto since = since_of(row, time);
  if (!since) return;
  const auto telling = telling_values(row, customer);
  if (!telling.empty()) persons_.add(customer, telling);
  if (*since) {
    const auto [first, fresh] = known_since_.try_emplace(hash_of(customer), **since);
    if (!fresh) first->second = std::min(first->second, **since);
    return;
  }
  const std::string person = person_of(row, customer);
  if (once_.insert(hash_of(person)).second || !may_be_read(row, time)) return;
  for (const Attribute& attribute : attributes_) {
    if (trimmed(row.csv.fields[attribute.index]).empty()) continue;
    last_lines_[hash_of(person, attribute.index)] = row.csv.line;
  }
}

std::vector<std::string_view> CustomerColumns::telling_values(const TableRow& row,
                                                              std::string_view customer) const {
  std::vector<std::string_view> values;
  if (is_key(customer) || identity_of(customer).kind != customer::kSharedKind) return values;
  for (const Attribute& attribute : attributes_) {
    if (attribute.tells) values.push_back(row.csv.fields[attribute.index]);
  }
  return values;
}

std::string CustomerColumns::person_of(const TableRow& row, std::string_view customer) const {
  const auto telling = telling_values(row, customer);
  const std::size_t place = telling.empty() ? 0 : persons_.find(customer, telling);
  std::string person(customer);
  if (place > 0) person += kKindEnd + std::to_string(place);
  return person;
}

bool CustomerColumns::may_be_read(const TableRow& row, const RowTime& time) const {
  return std::ranges::all_of(attributes_, [&](const Attribute& attribute) {
    const std::string& cell = row.csv.fields[attribute.index];
    if (attribute.type == base::ValueType::text || trimmed(cell).empty()) return true;
    if (is_damaged(cell)) return false;
    return !attribute.type || base::parse_value(*attribute.type, cell, &time.zone).has_value();
  });
}

base::Result<std::optional<base::Moment>, std::string_view> CustomerColumns::since_of(
    const TableRow& row, const RowTime& time) const {
  if (!since_ || trimmed(row.csv.fields[*since_]).empty()) return std::nullopt;
  const auto since = base::parse_value(base::ValueType::time, row.csv.fields[*since_], &time.zone);
  if (!since) return base::unexpected(base::code_of(since.error()));
  const base::Moment moment = std::get<base::Moment>(*since);
  if (moment < base::Moment{0}) {
    return base::unexpected(event_log::code_of(event_log::EventFault::before_1970));
  }
  if (moment > time.now + event_log::kAheadMax) {
    return base::unexpected(event_log::code_of(event_log::EventFault::too_far_ahead));
  }
  return moment;
}

// The customer as the row names them.
std::string CustomerColumns::name_of(const TableRow& row) const {
  const std::string kind = kind_ ? base::to_nfc(trimmed(row.csv.fields[*kind_])) : std::string();
  return key_text(kind, base::to_nfc(trimmed(row.csv.fields[customer_])));
}

std::optional<LeftOut> CustomerColumns::read_role(const Place& place, const Column& column,
                                                  std::size_t index, CustomerRow& out) const {
  const std::string_view cell = trimmed(place.row.csv.fields[index]);
  if (cell.empty()) return std::nullopt;
  if (column.role == ColumnRole::identity) {
    if (is_damaged(cell)) {
      const auto code = base::code_of(base::ValueFault::scientific_notation);
      return place.table.at(place.row, index, code);
    }
    out.identities.push_back({column.name, base::to_nfc(cell)});
    return std::nullopt;
  }
  const bool tags = column.role == ColumnRole::tags;
  const auto type = tags ? base::ValueType::text_list : base::ValueType::boolean;
  const auto value = base::parse_value(type, cell, &place.time.zone);
  if (!value) return place.table.at(place.row, index, base::code_of(value.error()));
  if (!tags) {
    out.consents.emplace_back(column.name, std::get<bool>(*value));
    return std::nullopt;
  }
  for (const std::string& tag : std::get<base::TextList>(*value)) {
    out.tags.push_back({column.name, tag});
  }
  return std::nullopt;
}

std::optional<LeftOut> CustomerColumns::read_value(const Place& place, const Attribute& attribute,
                                                   CustomerRow& out) const {
  const auto& [table, row, time, person] = place;
  const std::string& cell = row.csv.fields[attribute.index];
  const base::ValueType type = attribute.type_now();
  const bool is_text = type == base::ValueType::text || type == base::ValueType::text_list;
  if (cell.empty() || (!is_text && trimmed(cell).empty())) return std::nullopt;
  if (attribute.type != base::ValueType::text && is_damaged(cell)) {
    return table.at(row, attribute.index, base::code_of(base::ValueFault::scientific_notation));
  }
  const auto value = base::parse_value(type, cell, &time.zone);
  if (!value && (attribute.type || !attribute.known)) {
    return table.at(row, attribute.index, base::code_of(value.error()));
  }
  if (!out.since && !attribute.tells) {
    const auto last = last_lines_.find(hash_of(person, attribute.index));
    if (last != last_lines_.end() && last->second > out.line) return std::nullopt;
  }
  customer::NewValue given{attribute.name, std::nullopt, {}, out.since};
  if (value) {
    given.value = *value;
    const bool other = attribute.type && attribute.known && *attribute.type != *attribute.known;
    if (other && !customer::value_as(*attribute.known, *value)) ++out.wrong_types;
  } else {
    given.raw = cell;
    ++out.wrong_types;
  }
  out.values.push_back(std::move(given));
  return std::nullopt;
}

base::Result<CustomerRow, LeftOut> CustomerColumns::read(const Table& table, const TableRow& row,
                                                         const RowTime& time) const {
  if (row.left_out) return base::unexpected(*row.left_out);
  CustomerRow out;
  out.line = row.csv.line;
  const std::string_view named = trimmed(row.csv.fields[customer_]);
  if (named.empty()) {
    return base::unexpected(table.at(row, customer_, "intake.customer_missing"));
  }
  if (is_damaged(named)) {
    const auto code = base::code_of(base::ValueFault::scientific_notation);
    return base::unexpected(table.at(row, customer_, code));
  }
  out.customer = name_of(row);
  const auto since = since_of(row, time);
  if (!since) return base::unexpected(table.at(row, since_.value_or(0), since.error()));
  out.since = *since;
  const auto known = known_since_.find(hash_of(out.customer));
  if (known != known_since_.end()) out.known_since = known->second;
  out.person = person_of(row, out.customer);
  out.shares = persons_.count(out.customer) > 1;
  for (const Attribute& attribute : attributes_) {
    const auto fault = read_value({table, row, time, out.person}, attribute, out);
    if (fault) return base::unexpected(*fault);
  }
  for (const auto& [index, column] : roles_) {
    const auto fault = read_role({table, row, time, out.person}, column, index, out);
    if (fault) return base::unexpected(*fault);
  }
  return out;
}

std::vector<ColumnNote> CustomerColumns::notes() const {
  std::vector<ColumnNote> notes;
  for (const Attribute& attribute : attributes_) {
    notes.push_back({attribute.name, attribute.type_now()});
  }
  return notes;
}

}  // namespace intake
