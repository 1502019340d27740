#include "intake/mapped_rows.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "customer/apart.h"
#include "intake/column_guess.h"
#include "intake/customer_row.h"
#include "intake/mapped_cell.h"

namespace intake {
namespace {

const std::string kNoCell;

std::string header_of(const std::string& name, std::optional<base::ValueType> type) {
  return type ? name + ":" + std::string(base::name_of(*type)) : name;
}

}  // namespace

std::vector<std::string> column_names(std::span<const std::string> first, bool header) {
  std::vector<std::string> names;
  std::unordered_map<std::string, int> seen;
  for (std::size_t i = 0; i < first.size(); ++i) {
    std::string name = header ? base::to_nfc(without_spaces(first[i])) : std::string();
    if (name.empty()) name = "#" + std::to_string(i + 1);
    const int count = ++seen[name];
    if (count > 1) name += "#" + std::to_string(count);
    names.push_back(std::move(name));
  }
  return names;
}

MappedRows::MappedRows(ByteSource& file, const Mapping& mapping, const MappedMeans& means)
    : mapping_(mapping),
      means_(means),
      reader_(file, encoding_of(file)),
      telling_(telling_attributes(mapping.apart)) {}

base::Result<std::unique_ptr<MappedRows>, MappingError> MappedRows::open(ByteSource& file,
                                                                         const Mapping& mapping,
                                                                         const MappedMeans& means) {
  std::unique_ptr<MappedRows> rows(new MappedRows(file, mapping, means));
  if (!rows->reader_.next(rows->csv_) || rows->csv_.fault) {
    return base::unexpected(MappingError{MappingFault::not_json, "header"});
  }
  rows->names_ = column_names(rows->csv_.fields, mapping.header);
  rows->is_first_unread_ = !mapping.header;
  auto errors = check_mapping(mapping, rows->names_);
  if (!errors.empty()) return base::unexpected(std::move(errors.front()));
  rows->lay_out(rows->names_);
  return rows;
}

void MappedRows::add_field(std::string name, const std::string& column,
                           std::optional<base::ValueType> type) {
  const bool has_column = !column.empty();
  Field field{has_column ? index_of(column) + 1 : 0, column, type};
  const auto guessed = means_.guessed.find(name);
  if (!type && has_column && guessed != means_.guessed.end()) field.guessed = guessed->second;
  fields_.push_back(std::move(field));
  header_.push_back(std::move(name));
}

void MappedRows::lay_out(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) indexes_.emplace(names[i], i);
  add_field("customer", "", std::nullopt);
  add_field("customer_kind", "", std::nullopt);
  if (mapping_.kind == MappingKind::customers) {
    add_field("since", mapping_.since ? mapping_.since->columns.front() : "", std::nullopt);
  } else {
    add_field("event", "", std::nullopt);
    add_field("time", "", std::nullopt);
    add_field("key", "", std::nullopt);
  }
  lay_out_values();
  const bool amounts = std::ranges::any_of(
      mapping_.events, [](const MappedEvent& event) { return !event.amount.empty(); });
  if (mapping_.kind == MappingKind::orders) {
    add_field("order_id:text", mapping_.order, base::ValueType::text);
  }
  if (amounts) add_field("amount:money", "", base::ValueType::money);
}

void MappedRows::lay_out_values() {
  for (const MappedColumn& column : mapping_.columns) {
    switch (column.as) {
      case ColumnUse::ignored:
        break;
      case ColumnUse::attribute:
      case ColumnUse::property:
        add_field(header_of(column.name, column.type), column.column, column.type);
        break;
      case ColumnUse::identity:
        if (mapping_.kind == MappingKind::customers) {
          add_field(column.name + ":identity", column.column, std::nullopt);
        }
        break;
      case ColumnUse::tags:
        add_field(column.name + ":tags", column.column, std::nullopt);
        break;
      case ColumnUse::consent:
        add_field(column.name + ":consent", column.column, std::nullopt);
        break;
    }
  }
  for (const MappedConstant& constant : mapping_.constants) {
    add_field(header_of(constant.name, constant.type), "", constant.type);
  }
  for (const MappedProduct& product : mapping_.products) {
    add_field(header_of(product.name, product.type), product.one, product.type);
  }
}

std::size_t MappedRows::index_of(const std::string& column) const {
  const auto found = indexes_.find(column);
  CHECK(found != indexes_.end());  // check_mapping has seen it
  return found->second;
}

const std::string& MappedRows::cell(const std::string& column) const {
  const std::size_t index = index_of(column);
  return index < csv_.fields.size() ? csv_.fields[index] : kNoCell;
}

bool MappedRows::next(MappedRow& row) {
  while (ready_.empty()) {
    if (!read_row()) return false;
  }
  row = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

// False at the end of the file.
bool MappedRows::read_row() {
  if (!is_first_unread_ && !reader_.next(csv_)) return false;
  is_first_unread_ = false;
  ++notes_.rows;
  if (csv_.fault) {
    refuse(csv_.fault_field + 1, code_of(*csv_.fault));
    return true;
  }
  while (csv_.fields.size() > names_.size() && csv_.fields.back().empty()) csv_.fields.pop_back();
  if (std::ranges::all_of(csv_.fields, is_blank)) {
    ++notes_.without_value;
    return true;
  }
  if (csv_.fields.size() > names_.size()) {
    refuse(names_.size() + 1, "intake.too_many_fields");
  } else if (csv_.fields.size() < names_.size()) {
    refuse(csv_.fields.size() + 1,
           csv_.has_line_end ? "intake.too_few_fields" : "intake.cut_last_line");
  } else if (is_left_by_rule()) {
    ++notes_.left_by_rule;
  } else if (const auto customer = customer_of_row()) {
    switch (mapping_.kind) {
      case MappingKind::customers:
        take_customer_row(*customer);
        break;
      case MappingKind::events:
        take_event_row(*customer);
        break;
      case MappingKind::orders:
        take_order_row(*customer);
        break;
    }
  }
  return true;
}

bool MappedRows::is_left_by_rule() const {
  return std::ranges::any_of(mapping_.leave_out, [&](const CellCondition& condition) {
    return holds(condition, cell(condition.column));
  });
}

// Nothing: the row has been refused.
std::optional<MappedRows::Customer> MappedRows::customer_of_row() {
  std::size_t first = 0;
  std::string_view fault = "intake.identity_missing";
  for (const MappedColumn& column : mapping_.columns) {
    if (column.as != ColumnUse::identity) continue;
    const std::size_t place = index_of(column.column) + 1;
    if (first == 0) first = place;
    const std::string& text = cell(column.column);
    if (is_blank(text)) continue;
    auto value = read_identity(column.name, text);
    if (value) return Customer{column.name, std::move(*value), place};
    if (fault == "intake.identity_missing") {
      fault = value.error();
      first = place;
    }
  }
  refuse(first, fault);
  return std::nullopt;
}

bool MappedRows::is_another_person(const Customer& customer) {
  if (customer.kind != ::customer::kSharedKind) return false;
  std::vector<std::string_view> values;
  for (const std::string& name : telling_) {
    std::string_view text;
    for (const MappedColumn& column : mapping_.columns) {
      if (column.as == ColumnUse::attribute && column.name == name) text = cell(column.column);
    }
    values.push_back(text);
  }
  return persons_.add(customer.value, values) > 0;
}

std::vector<std::string> MappedRows::blank_fields(const Customer& customer) const {
  std::vector<std::string> fields(header_.size());
  fields[0] = customer.value;
  fields[1] = customer.kind;
  return fields;
}

void MappedRows::take_customer_row(const Customer& customer) {
  // The importers find out whose the phone is: it is another's, or theirs.
  if (is_another_person(customer)) {
    ++notes_.other_persons_count;
    list(notes_.other_persons, customer.column, "intake.another_person");
  }
  std::vector<std::string> fields = blank_fields(customer);
  std::size_t since_column = 0;
  if (mapping_.since) {
    const Timed since = time_of(*mapping_.since);
    if (!since.fault.empty()) return refuse(since.column, since.fault);
    if (since.time) fields[2] = base::to_iso8601_utc(*since.time);
    since_column = since.column;
  }
  fill_values(fields);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields_[i].column == customer.column && header_[i].ends_with(":identity")) fields[i] = "";
  }
  answer(std::move(fields), nullptr, since_column);
}

void MappedRows::take_event_row(const Customer& customer) {
  const auto found = std::ranges::find_if(mapping_.events, [&](const MappedEvent& event) {
    return std::ranges::all_of(event.when, [&](const CellCondition& condition) {
      return holds(condition, cell(condition.column));
    });
  });
  if (found == mapping_.events.end()) return refuse(0, "intake.event_missing");
  const Timed time = time_of(found->time);
  if (!time.fault.empty()) return refuse(time.column, time.fault);
  if (!time.time) return refuse(time.column, "intake.time_missing");
  std::vector<std::string> fields = blank_fields(customer);
  fields[2] = found->event.empty() ? without_spaces(cell(found->event_column)) : found->event;
  fields[3] = base::to_iso8601_utc(*time.time);
  if (fields[2] == "order_paid") {
    // A product has no sign: what was given back would count as sold.
    if (const std::size_t column = product_below_zero(); column > 0) {
      return refuse(column, "intake.paid_below_zero");
    }
  }
  fields[4] = key_of_row(fields[2]);
  fill_values(fields);
  if (!found->amount.empty()) {
    fields.back() = typed({index_of(found->amount) + 1, found->amount, base::ValueType::money},
                          cell(found->amount));
    // Written by some with a minus: what is refunded is refunded.
    if (fields[2] == "order_refunded" && fields.back().starts_with('-')) fields.back().erase(0, 1);
  }
  answer(std::move(fields), &*found, time.column);
}

// The column of a product that is the row's amount and below zero; 0: none is.
std::size_t MappedRows::product_below_zero() const {
  for (const MappedProduct& product : mapping_.products) {
    if (product.name != "amount") continue;
    if (const int factor = factor_below_zero(cell(product.one), cell(product.other)); factor > 0) {
      return index_of(factor == 1 ? product.one : product.other) + 1;
    }
  }
  return 0;
}

std::string MappedRows::key_of_row(std::string_view event) const {
  std::vector<std::string_view> cells;
  for (const std::string& column : mapping_.key) cells.push_back(cell(column));
  return key_of(event, cells);
}

// The amount of an order's event in the file's row, its key made complete; nothing: it is no event.
std::optional<std::string> MappedRows::amount_of(const MappedEvent& event, std::string& key) {
  const bool refund = event.event == "order_refunded";
  if (event.amount.empty()) return refund ? std::nullopt : std::optional<std::string>("");
  std::string text =
      typed({index_of(event.amount) + 1, event.amount, base::ValueType::money}, cell(event.amount));
  if (!refund) return text;
  if (text.empty()) return std::nullopt;
  const auto value = base::parse_value(base::ValueType::money, text, nullptr);
  std::int64_t cents = std::get<base::Money>(*value).cents;
  key += "/" + std::to_string(cents);
  if (means_.refunded_cents) {
    cents -= means_.refunded_cents(without_spaces(cell(mapping_.order)));
  }
  if (cents <= 0) return std::nullopt;
  return base::to_text(base::Value(base::Money{cents}));
}

void MappedRows::take_order_row(const Customer& customer) {
  const std::string order(without_spaces(cell(mapping_.order)));
  const std::size_t order_column = index_of(mapping_.order) + 1;
  if (is_blank(order)) return refuse(order_column, "intake.order_missing");
  std::vector<std::string> values = blank_fields(customer);
  fill_values(values);
  bool any = false;
  for (const MappedEvent& event : mapping_.events) {
    const bool holds_all = std::ranges::all_of(event.when, [&](const CellCondition& condition) {
      return holds(condition, cell(condition.column));
    });
    if (!holds_all) continue;
    const Timed time = time_of(event.time);
    if (!time.fault.empty()) note(time.column, time.fault);
    if (!time.time) continue;
    std::string key = "order/" + order + "/" + event.event;
    const auto amount = amount_of(event, key);
    // A refund that is known already is no reason to say that the row has none.
    any = true;
    if (!amount) continue;
    std::vector<std::string> fields = values;
    fields[2] = event.event;
    fields[3] = base::to_iso8601_utc(*time.time);
    fields[4] = std::move(key);
    if (!event.amount.empty()) fields.back() = *amount;
    answer(std::move(fields), &event, time.column);
  }
  if (!any) refuse(0, "intake.event_missing");
}

MappedRows::Timed MappedRows::time_of(const MappedTime& time) const {
  Timed out;
  for (const std::string& column : time.columns) {
    const std::size_t place = index_of(column) + 1;
    if (out.column == 0) out.column = place;
    const std::string& text = cell(column);
    if (is_blank(text)) continue;
    const auto moment = read_time(time.format, text, means_.zone);
    out.column = place;
    if (moment) {
      out.time = *moment;
    } else {
      out.fault = moment.error();
    }
    break;
  }
  return out;
}

void MappedRows::fill_values(std::vector<std::string>& fields) {
  const std::size_t first = mapping_.kind == MappingKind::customers ? 3 : 5;
  std::size_t at = first;
  for (const MappedColumn& column : mapping_.columns) {
    const bool identity = column.as == ColumnUse::identity;
    if (column.as == ColumnUse::ignored) continue;
    if (identity && mapping_.kind != MappingKind::customers) continue;
    const Field& field = fields_[at];
    std::string& out = fields[at++];
    const std::string& text = cell(column.column);
    if (is_blank(text)) continue;
    if (identity) {
      auto value = read_identity(column.name, text);
      if (value) {
        out = std::move(*value);
      } else {
        note(field.column, value.error());
      }
    } else if (column.as == ColumnUse::tags) {
      out = base::to_text(base::Value(base::TextList(tags_in(text, column.split))));
    } else if (column.as == ColumnUse::consent) {
      out = typed({field.column, column.column, base::ValueType::boolean}, text);
    } else {
      out = typed(field, text);
    }
  }
  for (const MappedConstant& constant : mapping_.constants) fields[at++] = constant.value;
  for (const MappedProduct& product : mapping_.products) {
    const std::string& one = cell(product.one);
    const std::string& other = cell(product.other);
    std::string& out = fields[at++];
    if (is_blank(one) || is_blank(other)) continue;
    auto value = product_of(product.type, one, other);
    if (value) {
      out = std::move(*value);
    } else {
      note(index_of(product.one) + 1, value.error());
    }
  }
  if (mapping_.kind == MappingKind::orders) fields[at++] = without_spaces(cell(mapping_.order));
}

// As the importers read it; nothing, noted, when it is not of the type.
std::string MappedRows::typed(const Field& field, std::string_view cell) {
  if (is_blank(cell)) return {};
  if (!field.type) {
    const bool damaged = is_damaged(cell);
    if (!damaged && !field.guessed) return std::string(cell);
    const auto type = damaged ? base::ValueType::integer : *field.guessed;
    const auto value = base::parse_value(type, cell, &means_.zone);
    if (value) return std::string(cell);
    note(field.column, base::code_of(value.error()));
    return {};
  }
  if (*field.type == base::ValueType::time) {
    const auto moment = read_time(TimeFormat::automatic, cell, means_.zone);
    if (moment) return base::to_iso8601_utc(*moment);
    note(field.column, moment.error());
    return {};
  }
  std::string text = value_text(*field.type, cell);
  const auto value = base::parse_value(*field.type, text, &means_.zone);
  if (value) return text;
  note(field.column, base::code_of(value.error()));
  return {};
}

void MappedRows::refuse(std::size_t column, std::string_view code) {
  ++notes_.unusable;
  auto origin = std::make_shared<RowOrigin>();
  const bool named = column > 0 && column <= names_.size();
  origin->fault = code;
  origin->fault_at = {column, named ? names_[column - 1] : std::string()};
  ready_.push_back({csv_.line, {}, std::move(origin)});
}

void MappedRows::note(std::size_t column, std::string_view code) {
  if (noted_line_ != csv_.line) noted_columns_.clear();
  noted_line_ = csv_.line;
  // A cell that several events of an order read is told once.
  if (!noted_columns_.insert(column).second) return;
  ++notes_.values_left_out_counts[code];
  list(notes_.values_left_out, column, code);
}

void MappedRows::list(std::vector<LeftOut>& out, std::size_t column, std::string_view code) {
  if (out.size() >= kLeftOutListedMax) return;
  out.push_back({csv_.line, column, column > 0 ? names_[column - 1] : std::string(), code});
}

void MappedRows::answer(std::vector<std::string> fields, const MappedEvent* event,
                        std::size_t time_column) {
  auto& origin = origins_[{event, time_column}];
  if (origin == nullptr) origin = origin_of(event, time_column);
  ready_.push_back({csv_.line, std::move(fields), origin});
}

std::shared_ptr<const RowOrigin> MappedRows::origin_of(const MappedEvent* event,
                                                       std::size_t time_column) const {
  auto origin = std::make_shared<RowOrigin>();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    std::size_t column = fields_[i].column;
    const bool amount = event != nullptr && !event->amount.empty() && i + 1 == fields_.size();
    if (amount) column = index_of(event->amount) + 1;
    const std::string_view name = header_[i];
    if (name == "time" || name == "since") column = time_column;
    if (name == "event" && event != nullptr && !event->event_column.empty()) {
      column = index_of(event->event_column) + 1;
    }
    origin->columns.push_back({column, column > 0 ? names_[column - 1] : header_[i]});
  }
  return origin;
}

}  // namespace intake
