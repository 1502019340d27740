#include "intake/event_row.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "base/check.h"
#include "base/text.h"
#include "base/value_json.h"
#include "intake/customer_key.h"

namespace intake {
namespace {

constexpr std::array<std::string_view, 3> kRequired = {"customer", "event", "time"};
constexpr std::array<std::string_view, 2> kOptional = {"key", "customer_kind"};
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

// A value that did not fit is kept as text.
constexpr base::ValueType kRawType = base::ValueType::text;

// Of an event's name as files write it, beyond the catalog's limit: names that are none.
constexpr std::size_t kEventsKeptMax = 10'000;

void append_text(std::string_view text, std::string& out) {
  const bool plain = std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
  if (!plain) {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

// As to_stored writes base::value_to_json of it.
void append_json(const base::Value& value, std::string& out) {
  switch (base::type_of(value)) {
    case base::ValueType::integer:
    case base::ValueType::boolean:
      out += base::to_text(value);
      return;
    case base::ValueType::text:
      append_text(std::get<std::string>(value), out);
      return;
    case base::ValueType::decimal:
    case base::ValueType::money:
    case base::ValueType::time:
    case base::ValueType::date:
      append_text(base::to_text(value), out);
      return;
    case base::ValueType::text_list:
      out += boost::json::serialize(base::value_to_json(value));
      return;
  }
  base::unreachable();
}

// Of values that were read as `type` and written by append_json.
event_log::ShapedProperty shaped(const std::string& name, base::ValueType type) {
  event_log::ShapedProperty property{name, base::ValueType::text, type};
  switch (type) {
    case base::ValueType::integer:
    case base::ValueType::boolean:
      property.first = type;
      break;
    case base::ValueType::text_list:
      property.first = type;
      property.reads_as.reset();  // joined with its escapes a list may be too long
      break;
    case base::ValueType::decimal:
    case base::ValueType::money:
    case base::ValueType::text:
    case base::ValueType::time:
    case base::ValueType::date:
      break;
  }
  return property;
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
      kind_(index_of(columns, "customer_kind")),
      event_(index_of(columns, "event").value()),
      time_(index_of(columns, "time").value()),
      key_(index_of(columns, "key")),
      time_is_last_(time_ + 1 == columns.size()),
      types_(std::move(types)) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool own = i == customer_ || i == event_ || i == time_ || i == key_ || i == kind_;
    if (own || columns[i].name.empty()) continue;
    std::string json;
    append_text(columns[i].name, json);
    properties_.push_back(Property{i, columns[i].name, json + ":", columns[i].type});
    by_name_.push_back(by_name_.size());
  }
  std::ranges::stable_sort(by_name_, {}, [&](std::size_t i) { return properties_[i].name; });
}

bool EventColumns::needs_look() const {
  return std::ranges::any_of(properties_, [](const Property& property) { return !property.type; });
}

void EventColumns::look_at(const TableRow& row) {
  if (row.left_out || row.is_known) return;
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

const EventColumns::Event& EventColumns::event_of(std::string_view cell) {
  if (const auto known = events_.find(cell); known != events_.end()) return known->second;
  if (events_.size() >= kEventsKeptMax) events_.clear();
  Event event;
  event.name = base::to_nfc(cell);
  event.is_name = event_log::is_name(event.name);
  event.is_own_record = is_own_record(event.name);
  const event_log::EventType* type = types_->find(event.name);
  event.standard = type != nullptr && type->standard;
  for (const Property& property : properties_) {
    event.known.push_back(type == nullptr ? nullptr : type->find(property.name));
  }
  return events_.emplace(cell, std::move(event)).first->second;
}

std::optional<LeftOut> EventColumns::read_time(const EventPlace& place, base::Moment& out) {
  const auto& [table, row, zone] = place;
  const std::string_view cell = trimmed(row.csv.fields[time_]);
  if (cell.empty()) return table.at(row, time_, "intake.time_missing");
  if (is_cut(row, cell)) return table.at(row, time_, "intake.cut_last_line");
  const auto time = base::parse_value(base::ValueType::time, cell, &zone);
  if (!time) return table.at(row, time_, base::code_of(time.error()));
  out = std::get<base::Moment>(*time);
  return std::nullopt;
}

std::optional<LeftOut> EventColumns::read_key(const EventPlace& place,
                                              event_log::PreparedEvent& out) {
  key_bytes_ = 0;
  if (!key_) return std::nullopt;
  const std::string& cell = place.row.csv.fields[*key_];
  if (is_damaged(cell)) {
    const auto code = base::code_of(base::ValueFault::scientific_notation);
    return place.table.at(place.row, *key_, code);
  }
  const std::string_view given = trimmed(cell);
  if (!given.empty()) {
    const std::string key = "import/" + base::to_nfc(given);
    key_bytes_ = key.size();
    out.key = event_log::hash_of(key);
  }
  return std::nullopt;
}

base::ValueType EventColumns::type_of(const Event& event, const Property& property) const {
  if (property.type) return *property.type;
  const auto* known = event.known[static_cast<std::size_t>(&property - properties_.data())];
  return known != nullptr ? known->type : property.guess.type();
}

std::optional<LeftOut> EventColumns::read_property(const EventPlace& place, const Event& event,
                                                   Property& property) const {
  const auto& [table, row, zone] = place;
  property.cell = Cell::none;
  const std::string& cell = row.csv.fields[property.index];
  if (cell.empty()) return std::nullopt;
  if (property.type != base::ValueType::text && is_damaged(cell)) {
    return table.at(row, property.index, base::code_of(base::ValueFault::scientific_notation));
  }
  const auto* known = event.known[static_cast<std::size_t>(&property - properties_.data())];
  const base::ValueType type = type_of(event, property);
  const bool is_list_or_text = type == base::ValueType::text || type == base::ValueType::text_list;
  if (!is_list_or_text && trimmed(cell).empty()) return std::nullopt;
  property.json.clear();
  const auto value = base::parse_value(type, cell, &zone);
  if (value) {
    append_json(*value, property.json);
    property.cell = Cell::value;
    return std::nullopt;
  }
  const bool set_earlier = !property.type && known != nullptr && !event.standard;
  if (!set_earlier) return table.at(row, property.index, base::code_of(value.error()));
  const auto raw = base::parse_value(base::ValueType::text, cell, &zone);
  if (!raw) return table.at(row, property.index, base::code_of(raw.error()));
  append_json(*raw, property.json);
  property.cell = Cell::raw;
  return std::nullopt;
}

// As to_stored writes it.
std::string EventColumns::stored() const {
  std::string out = "{";
  for (std::size_t i = 0; i < by_name_.size(); ++i) {
    const Property& property = properties_[by_name_[i]];
    if (!counts(i)) continue;
    if (out.size() > 1) out += ',';
    out += property.name_json;
    out += property.json;
  }
  out += '}';
  return out;
}

// A name may stand over two columns of two types: the last one with a value counts.
bool EventColumns::counts(std::size_t place) const {
  const Property& property = properties_[by_name_[place]];
  if (property.cell == Cell::none) return false;
  for (std::size_t next = place + 1; next < by_name_.size(); ++next) {
    const Property& other = properties_[by_name_[next]];
    if (other.name != property.name) return true;
    if (other.cell != Cell::none) return false;
  }
  return true;
}

std::uint32_t EventColumns::shape_of(const Event& event, EventChunk& chunk) {
  signature_ = event.name;
  for (const Property& property : properties_) signature_ += static_cast<char>(property.cell);
  const auto next = static_cast<std::uint32_t>(chunk.events.shapes.size());
  if (const auto known = chunk.shape_indexes.find(signature_); known != chunk.shape_indexes.end()) {
    return known->second;
  }
  chunk.shape_indexes.emplace(signature_, next);
  event_log::EventShape& shape = chunk.events.shapes.emplace_back();
  auto& unseen = chunk.unseen.emplace_back();
  shape.event = event.name;
  for (std::size_t i = 0; i < by_name_.size(); ++i) {
    const Property& property = properties_[by_name_[i]];
    const base::ValueType type = type_of(event, property);
    const bool raw = property.cell == Cell::raw;
    if (property.cell == Cell::value && event.known[by_name_[i]] == nullptr) {
      unseen.push_back({property.name, type});
    }
    if (counts(i)) shape.properties.push_back(shaped(property.name, raw ? kRawType : type));
  }
  return next;
}

// What is wrong with a row that could be read, in the order of EventFault.
std::optional<LeftOut> EventColumns::fault_of(const EventPlace& place, const Event& event,
                                              const event_log::PreparedEvent& row,
                                              base::Moment now) const {
  const auto at = [&](std::size_t column, event_log::EventFault fault) {
    return place.table.at(place.row, column, event_log::code_of(fault));
  };
  const auto whole = [&](event_log::EventFault fault) {
    LeftOut left_out = at(place.table.columns().size(), fault);
    left_out.column = 0;
    return left_out;
  };
  if (!event.is_name) return at(event_, event_log::EventFault::bad_name);
  if (key_bytes_ > event_log::kKeyBytesMax) return at(*key_, event_log::EventFault::bad_key);
  if (row.time < base::Moment{0}) return at(time_, event_log::EventFault::before_1970);
  if (row.time > now + event_log::kAheadMax) {
    return at(time_, event_log::EventFault::too_far_ahead);
  }
  if (properties_.size() > event_log::kPropertiesMax) {
    std::size_t values = 0;
    for (std::size_t i = 0; i < by_name_.size(); ++i) values += counts(i) ? 1 : 0;
    if (values > event_log::kPropertiesMax) {
      return whole(event_log::EventFault::too_many_properties);
    }
  }
  if (row.properties.size() > event_log::kEventBytesMax) {
    return whole(event_log::EventFault::too_large);
  }
  return std::nullopt;
}

base::Result<void, LeftOut> EventColumns::read(const EventPlace& place, base::Moment now,
                                               EventChunk& chunk) {
  const auto& [table, row, zone] = place;
  if (row.left_out) return base::unexpected(*row.left_out);
  const std::vector<std::string>& fields = row.csv.fields;
  const std::string named = base::to_nfc(trimmed(fields[customer_]));
  const Event& event = event_of(trimmed(fields[event_]));
  if (named.empty()) {
    return base::unexpected(table.at(row, customer_, "intake.customer_missing"));
  }
  if (is_damaged(named)) {
    const auto code = base::code_of(base::ValueFault::scientific_notation);
    return base::unexpected(table.at(row, customer_, code));
  }
  if (event.name.empty()) {
    return base::unexpected(table.at(row, event_, "intake.event_missing"));
  }
  event_log::PreparedEvent out;
  if (auto fault = read_time(place, out.time)) return base::unexpected(std::move(*fault));
  if (auto fault = read_key(place, out)) return base::unexpected(std::move(*fault));
  std::int64_t raw = 0;
  for (Property& property : properties_) {
    if (auto fault = read_property(place, event, property)) {
      return base::unexpected(std::move(*fault));
    }
    raw += property.cell == Cell::raw ? 1 : 0;
  }
  const bool has_ref = std::ranges::any_of(properties_, [](const Property& property) {
    return property.cell != Cell::none && property.name == "ref";
  });
  if (event.is_own_record && has_ref) {
    return base::unexpected(table.at(row, event_, "intake.record_of_the_product"));
  }
  out.properties = stored();
  if (auto fault = fault_of(place, event, out, now)) return base::unexpected(std::move(*fault));
  out.shape = shape_of(event, chunk);
  chunk.wrong_types += raw;
  const std::size_t digits = count_digits(trimmed(fields[time_]));
  if (digits >= kSecondsDigitsMin && digits <= kSecondsDigitsMax) ++chunk.rows_of_seconds;
  const std::string kind = kind_ ? base::to_nfc(trimmed(fields[*kind_])) : std::string();
  chunk.rows.push_back({row.csv.line, chunk.index_of_customer(key_text(kind, named))});
  chunk.events.events.push_back(std::move(out));
  return {};
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
