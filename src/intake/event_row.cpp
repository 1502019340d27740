#include "intake/event_row.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/value_json.h"

namespace intake {
namespace {

constexpr std::array<std::string_view, 3> kRequired = {"customer", "event", "time"};
constexpr std::array<std::string_view, 1> kOptional = {"key"};
constexpr std::array<std::string_view, 3> kReserved = {"source", "local_hour", "local_weekday"};

constexpr std::array<std::string_view, 12> kOwnRecords = {
    "customer_created", "customers_merged",  "customers_unmerged", "attribute_changed",
    "tag_added",        "tag_removed",       "list_joined",        "list_left",
    "consent_given",    "consent_withdrawn", "identity_added",     "identity_removed"};

// Numbers of seconds since 1970 have nine or ten digits, of milliseconds twelve or thirteen.
constexpr std::size_t kSecondsDigitsMin = 9;
constexpr std::size_t kSecondsDigitsMax = 10;
constexpr std::size_t kMillisecondsDigitsMin = 12;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// How many digits when it is nothing but digits, else 0.
std::size_t count_digits(std::string_view text) {
  const bool number = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return number ? text.size() : 0;
}

}  // namespace

HeaderRules event_header_rules() {
  return HeaderRules{kRequired, kOptional, kReserved, event_log::is_name};
}

bool is_own_record(std::string_view event) {
  return std::ranges::find(kOwnRecords, event) != kOwnRecords.end();
}

EventColumns::EventColumns(const std::vector<Column>& columns,
                           std::shared_ptr<const event_log::EventTypes> types)
    : customer_(index_of(columns, "customer").value()),
      event_(index_of(columns, "event").value()),
      time_(index_of(columns, "time").value()),
      key_(index_of(columns, "key")),
      time_is_last_(time_ + 1 == columns.size()),
      types_(std::move(types)) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool own = i == customer_ || i == event_ || i == time_ || i == key_;
    if (own || columns[i].name.empty()) continue;
    properties_.push_back(Property{i, columns[i].name, columns[i].type});
  }
}

void EventColumns::look_at(const TableRow& row) {
  if (row.left_out) return;
  const event_log::EventType* type = types_->find(trimmed(row.csv.fields[event_]));
  for (Property& property : properties_) {
    // What the header or the catalog says is not guessed.
    if (property.type) continue;
    const event_log::Property* known = type == nullptr ? nullptr : type->find(property.name);
    if (known != nullptr) {
      property.known = known->type;
    } else {
      property.guess.add(row.csv.fields[property.index]);
    }
  }
}

// A last line without its end whose time has lost digits against the row before.
bool EventColumns::is_cut(const TableRow& row, std::string_view time) {
  const std::size_t digits = count_digits(time);
  const bool cut = time_is_last_ && !row.csv.has_line_end && digits > 0 &&
                   time_digits_before_ >= kMillisecondsDigitsMin && digits < time_digits_before_;
  time_digits_before_ = digits;
  return cut;
}

std::optional<LeftOut> EventColumns::read_time(const EventPlace& place, EventRow& out) {
  const auto& [table, row, zone] = place;
  const std::string_view cell = trimmed(row.csv.fields[time_]);
  if (cell.empty()) return table.at(row, time_, "intake.time_missing");
  if (is_cut(row, cell)) return table.at(row, time_, "intake.cut_last_line");
  const auto time = base::parse_value(base::ValueType::time, cell, &zone);
  if (!time) return table.at(row, time_, base::code_of(time.error()));
  out.event.time = std::get<base::Moment>(*time);
  const std::size_t digits = count_digits(cell);
  out.number_of_seconds = digits >= kSecondsDigitsMin && digits <= kSecondsDigitsMax;
  return std::nullopt;
}

std::optional<LeftOut> EventColumns::read_property(const EventPlace& place,
                                                   const Property& property, EventRow& out) const {
  const auto& [table, row, zone] = place;
  const std::string& cell = row.csv.fields[property.index];
  if (cell.empty()) return std::nullopt;
  if (property.type != base::ValueType::text && is_damaged(cell)) {
    return table.at(row, property.index, base::code_of(base::ValueFault::scientific_notation));
  }
  const event_log::EventType* event = types_->find(out.event.name);
  const event_log::Property* known = event == nullptr ? nullptr : event->find(property.name);
  const base::ValueType type = property.type      ? *property.type
                               : known != nullptr ? known->type
                                                  : property.guess.type();
  const bool is_list_or_text = type == base::ValueType::text || type == base::ValueType::text_list;
  if (!is_list_or_text && trimmed(cell).empty()) return std::nullopt;
  const auto value = base::parse_value(type, cell, &zone);
  if (value) {
    out.event.properties[property.name] = base::value_to_json(*value);
    if (known == nullptr) out.unseen.push_back({property.name, type});
    return std::nullopt;
  }
  const bool set_earlier = !property.type && known != nullptr && !event->standard;
  if (!set_earlier) return table.at(row, property.index, base::code_of(value.error()));
  const auto raw = base::parse_value(base::ValueType::text, cell, &zone);
  if (!raw) return table.at(row, property.index, base::code_of(raw.error()));
  out.event.properties[property.name] = base::value_to_json(*raw);
  ++out.wrong_types;
  return std::nullopt;
}

base::Result<EventRow, LeftOut> EventColumns::read(const EventPlace& place, base::Moment now) {
  const auto& [table, row, zone] = place;
  if (row.left_out) return base::unexpected(*row.left_out);
  const std::vector<std::string>& fields = row.csv.fields;
  EventRow out;
  out.line = row.csv.line;
  out.customer = base::to_nfc(trimmed(fields[customer_]));
  out.event.name = base::to_nfc(trimmed(fields[event_]));
  if (out.customer.empty()) {
    return base::unexpected(table.at(row, customer_, "intake.customer_missing"));
  }
  if (is_damaged(out.customer)) {
    const auto code = base::code_of(base::ValueFault::scientific_notation);
    return base::unexpected(table.at(row, customer_, code));
  }
  if (out.event.name.empty()) {
    return base::unexpected(table.at(row, event_, "intake.event_missing"));
  }
  if (const auto fault = read_time(place, out)) return base::unexpected(*fault);
  if (key_ && is_damaged(fields[*key_])) {
    const auto code = base::code_of(base::ValueFault::scientific_notation);
    return base::unexpected(table.at(row, *key_, code));
  }
  if (key_ && !trimmed(fields[*key_]).empty()) {
    out.event.key = "import/" + base::to_nfc(trimmed(fields[*key_]));
  }
  for (const Property& property : properties_) {
    const auto fault = read_property(place, property, out);
    if (fault) return base::unexpected(*fault);
  }
  if (is_own_record(out.event.name) && out.event.properties.contains("ref")) {
    return base::unexpected(table.at(row, event_, "intake.record_of_the_product"));
  }
  const auto refused = event_log::error_of(out.event, now);
  if (!refused) return out;
  const event_log::EventFault fault = refused->fault;
  const bool of_time =
      fault == event_log::EventFault::before_1970 || fault == event_log::EventFault::too_far_ahead;
  const std::size_t column = fault == event_log::EventFault::bad_name  ? event_
                             : fault == event_log::EventFault::bad_key ? key_.value_or(event_)
                             : of_time                                 ? time_
                                                                       : table.columns().size();
  LeftOut left_out = table.at(row, column, event_log::code_of(fault));
  if (column == table.columns().size()) left_out.column = 0;
  return base::unexpected(left_out);
}

std::vector<ColumnNote> EventColumns::notes() const {
  std::vector<ColumnNote> notes;
  for (const Property& property : properties_) {
    base::ValueType type = property.type.value_or(property.known.value_or(base::ValueType::text));
    if (!property.type && property.guess.has_values()) type = property.guess.type();
    notes.push_back({property.name, type});
  }
  return notes;
}

}  // namespace intake
