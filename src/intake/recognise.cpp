#include "intake/recognise.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "intake/known_columns_table.h"
#include "log/event_type.h"

namespace intake {
namespace {

constexpr std::string_view kAny = "any";

// In lower case, without what people put between words.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool is_in(std::span<const std::string> columns, std::string_view column) {
  return std::ranges::find(columns, column) != columns.end();
}

// The known file all of whose signs are there; of several the one with most.
std::string_view file_of(std::span<const std::string> columns) {
  std::map<std::string_view, int> signs;
  std::set<std::string_view> missing;
  for (const KnownColumn& known : kKnownColumns) {
    if (known.use != "sign") continue;
    ++signs[known.file];
    if (!is_in(columns, known.column)) missing.insert(known.file);
  }
  std::string_view best = kAny;
  int most = 0;
  for (const auto& [file, count] : signs) {
    if (missing.contains(file) || count <= most) continue;
    best = file;
    most = count;
  }
  // A template of two columns is that file only when there are no others.
  return most > 0 && most < 3 && columns.size() > static_cast<std::size_t>(most) ? kAny : best;
}

std::optional<ColumnUse> use_named(std::string_view use) {
  for (const ColumnUse known : {ColumnUse::attribute, ColumnUse::property, ColumnUse::tags,
                                ColumnUse::identity, ColumnUse::consent}) {
    if (name_of(known) == use) return known;
  }
  return std::nullopt;
}

class Proposal {
 public:
  explicit Proposal(std::span<const std::string> columns)
      : columns_(columns), file_(file_of(columns)) {}

  Recognised make() {
    for (const std::string& column : columns_) {
      if (const KnownColumn* known = known_of(column)) found_.emplace_back(&column, known);
    }
    mapping_.kind = kind();
    add_columns();
    if (mapping_.kind == MappingKind::customers) {
      add_customer_rules();
    } else if (mapping_.kind == MappingKind::orders) {
      mapping_.order = column_of("order");
      add_order_events();
    } else {
      add_row_events();
    }
    return {file_, std::move(mapping_)};
  }

 private:
  const KnownColumn* known_of(const std::string& column) const {
    const bool any = file_ == kAny;
    const std::string name = folded(column);
    for (const KnownColumn& known : kKnownColumns) {
      if (known.file != file_ || known.use == "sign" || known.use == "state_of") continue;
      if (known.use == "leave_out" || known.column.empty()) continue;
      if (any ? name == folded(known.column) : column == known.column) return &known;
    }
    return nullptr;
  }

  // Of the first that is known by the use, for this event where one is named.
  std::string column_of(std::string_view use, std::optional<std::string_view> name = {}) const {
    for (const auto& [column, known] : found_) {
      if (known->use == use && (!name || known->name == *name)) return *column;
    }
    return {};
  }
  bool has(std::string_view use) const { return !column_of(use).empty(); }

  MappingKind kind() const {
    for (const KnownColumn& known : kKnownColumns) {
      if (known.file != file_ || known.use != "kind") continue;
      for (const MappingKind kind :
           {MappingKind::customers, MappingKind::events, MappingKind::orders}) {
        if (name_of(kind) == known.name) return kind;
      }
    }
    if (has("order")) return has("line") ? MappingKind::events : MappingKind::orders;
    const bool is_event =
        has("event_column") || !column_of("time", "").empty() || (has("line") && has("time"));
    return is_event ? MappingKind::events : MappingKind::customers;
  }

  void add_columns() {
    const bool customers = mapping_.kind == MappingKind::customers;
    for (const std::string& column : columns_) {
      const auto found =
          std::ranges::find_if(found_, [&](const auto& each) { return *each.first == column; });
      if (found == found_.end()) {
        if (file_ == kAny && mapping_.kind != MappingKind::orders) add_unknown(column);
        continue;
      }
      const KnownColumn& known = *found->second;
      auto use = use_named(known.use);
      if (!customers && use == ColumnUse::attribute) use = ColumnUse::property;
      if (mapping_.kind == MappingKind::events &&
          (known.use == "line" || known.use == "quantity")) {
        use = ColumnUse::property;
      }
      if (customers && use == ColumnUse::property) use = ColumnUse::attribute;
      if (!customers && use == ColumnUse::tags) use.reset();
      // Who an order belongs to is told by its identity; names and phones are not its properties.
      const bool personal = !customers && file_ == kAny && use == ColumnUse::property &&
                            (known.name == "name" || known.name == "nickname");
      if (!use || personal) continue;
      add(column, *use, std::string(known.name), base::value_type_named(known.type));
    }
    if (mapping_.kind != MappingKind::events) return;
    if (const std::string order = column_of("order"); !order.empty()) {
      add(order, ColumnUse::property, "order_id", base::ValueType::text);
    }
  }

  void add(const std::string& column, ColumnUse use, std::string name,
           std::optional<base::ValueType> type) {
    // Two columns of one meaning: the first has the name, the other its own.
    if (use != ColumnUse::identity && !names_.insert(name).second) {
      return add_unknown(column);
    }
    mapping_.columns.push_back({column, use, std::move(name), type});
  }

  // By its own name, "name:type" as the product's own files have it.
  void add_unknown(const std::string& column) {
    const std::size_t colon = column.rfind(':');
    std::string name = column.substr(0, colon);
    std::optional<base::ValueType> type;
    if (colon != std::string::npos) {
      type = base::value_type_named(std::string_view(column).substr(colon + 1));
    }
    if (colon != std::string::npos && !type) std::ranges::replace(name = column, ':', ' ');
    constexpr std::array<std::string_view, 7> kOwn = {"customer", "customer_kind", "since", "event",
                                                      "time",     "key",           "amount"};
    const bool usable = event_log::is_name(name) && !event_log::is_reserved_property(name) &&
                        std::ranges::find(kOwn, name) == kOwn.end() && !name.starts_with('#');
    if (!usable || !names_.insert(name).second) return;
    mapping_.columns.push_back(
        {column,
         mapping_.kind == MappingKind::customers ? ColumnUse::attribute : ColumnUse::property,
         std::move(name), type});
  }

  void add_customer_rules() {
    for (const KnownColumn& known : kKnownColumns) {
      if (known.file != file_) continue;
      if (known.use == "apart") mapping_.apart.emplace_back(known.name);
      if (known.use == "leave_out") {
        mapping_.leave_out.push_back(
            {std::string(known.column), CellTest::contains, {std::string(known.name)}});
      }
    }
    if (file_ != kAny) return;
    for (const char* name : {"name", "gender", "member"}) {
      const bool is_there = std::ranges::any_of(mapping_.columns, [&](const MappedColumn& column) {
        return column.as == ColumnUse::attribute && column.name == name;
      });
      if (is_there) mapping_.apart.emplace_back(name);
    }
  }

  void add_order_events() {
    std::vector<std::string> times;  // the latest that an order has comes first
    for (const char* event : {"order_received", "order_shipped", "order_paid", "order_created"}) {
      if (std::string column = column_of("time", event); !column.empty()) times.push_back(column);
    }
    if (std::string column = column_of("time", ""); !column.empty()) times.push_back(column);
    for (const char* event : {"order_created", "order_paid", "order_shipped", "order_received"}) {
      MappedTime time{{column_of("time", event)}};
      const std::string amount = column_of("amount", event);
      if (time.columns.front().empty()) {
        // A file with one time alone is of orders that are paid.
        const bool only = std::string_view(event) == "order_paid" && !amount.empty();
        if (!only || times.empty()) continue;
        time.columns = {times.back()};
      }
      mapping_.events.push_back({event, "", {}, std::move(time), amount});
    }
    add_refund(times);
    add_closed(std::move(times));
  }

  void add_refund(const std::vector<std::string>& times) {
    const std::string amount = column_of("amount", "order_refunded");
    if (amount.empty()) return;
    std::vector<std::string> columns = times;
    const std::string own = column_of("time", "order_refunded");
    if (!own.empty()) columns.insert(columns.begin(), own);
    mapping_.events.push_back({"order_refunded", "", {}, {std::move(columns)}, amount});
  }

  void add_closed(std::vector<std::string> times) {
    const std::string own = column_of("time", "order_closed");
    const std::string state = column_of("state");
    if (!own.empty()) {
      mapping_.events.push_back({"order_closed", "", {}, {{own}}, ""});
    } else if (!state.empty()) {
      CellCondition closed{state, CellTest::is};
      for (const KnownColumn& known : kKnownColumns) {
        if (known.use == "state_of") closed.values.emplace_back(known.column);
      }
      mapping_.events.push_back({"order_closed", "", {closed}, {std::move(times)}, ""});
    }
  }

  void add_row_events() {
    std::vector<std::string> times;
    for (const auto& [column, known] : found_) {
      if (known->use == "time") times.push_back(*column);
    }
    if (times.size() > 1) times.resize(1);
    const std::string named = column_of("event_column");
    if (!named.empty()) {
      mapping_.events.push_back({"", named, {}, {times}, column_of("amount")});
      return;
    }
    const std::string quantity = column_of("quantity");
    const std::string price = column_of("price");
    const std::string amount = column_of("amount");
    const bool product = amount.empty() && !quantity.empty() && !price.empty();
    if (product) mapping_.products.push_back({"amount", base::ValueType::money, quantity, price});
    if (!quantity.empty()) {
      const CellCondition returned{quantity, CellTest::below, {"0"}};
      mapping_.events.push_back({"order_refunded", "", {returned}, {times}, amount});
    }
    const char* event = amount.empty() && !product ? "product_viewed" : "order_paid";
    mapping_.events.push_back({event, "", {}, {times}, amount});
    const std::string order = column_of("order");
    const std::string line = column_of("line");
    if (!order.empty() && !line.empty()) mapping_.key = {order, line};
  }

  std::span<const std::string> columns_;
  std::string_view file_;
  std::vector<std::pair<const std::string*, const KnownColumn*>> found_;
  std::set<std::string> names_;
  Mapping mapping_;
};

}  // namespace

Recognised recognise(std::span<const std::string> columns) { return Proposal(columns).make(); }

}  // namespace intake
