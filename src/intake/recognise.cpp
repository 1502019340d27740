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

// What columns of unknown names are, by their cells.
constexpr KnownColumn kPhones{kAny, "", "identity", "phone", ""};
constexpr KnownColumn kEmails{kAny, "", "identity", "email", ""};
constexpr KnownColumn kTimes{kAny, "", "time", "", ""};
// Attributes that tell that a row is about a person and not about what they did.
constexpr std::array<std::string_view, 6> kOfPersons = {"birthday", "gender", "nickname",
                                                        "member",   "points", "balance"};

// In lower case, without what people put between words.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// cancelled, Cancelled and CANCELLED of a word of Latin letters.
std::vector<std::string> spellings_of(std::string_view word) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  std::string first(word);
  first.front() = upper(first.front());
  if (first == word) return {first};
  std::string all(word);
  std::ranges::transform(all, all.begin(), upper);
  return {std::string(word), std::move(first), std::move(all)};
}

bool is_in(std::span<const std::string> columns, std::string_view column) {
  return std::ranges::find(columns, column) != columns.end();
}

// It is a name of columns, and not of what stands in them.
bool names_column(const KnownColumn& known) {
  return !known.column.empty() && known.use != "state_of" && known.use != "leave_out" &&
         known.use != "of_others";
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
  explicit Proposal(const FileLook& look)
      : look_(look), columns_(look.columns), file_(file_of(look.columns)) {
    mapping_.header = look.header;
  }

  Recognised make() {
    for (const std::string& column : columns_) {
      if (const KnownColumn* known = known_of(column)) found_.emplace_back(&column, known);
    }
    if (file_ == kAny) find_by_cells();
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
      if (known.file != file_ || known.use == "sign" || !names_column(known)) continue;
      if (any ? name == folded(known.column) : column == known.column) return &known;
    }
    return nullptr;
  }

  void find_by_cells() {
    const bool has_time = has("time");
    const bool has_amount = has("amount") || has("price");
    const bool has_person = has("identity");
    const bool customers = kind() == MappingKind::customers;
    for (std::size_t i = 0; i < look_.cells.size(); ++i) {
      const std::string& column = columns_[i];
      if (known_of(column) != nullptr) continue;
      const KnownColumn* as = nullptr;
      if (look_.cells[i] == CellsAre::phones) as = &kPhones;
      if (look_.cells[i] == CellsAre::emails) as = &kEmails;
      if (look_.cells[i] == CellsAre::times && has_amount && !has_time) as = &kTimes;
      if (as == nullptr || !column_of(as->use, as->name).empty()) continue;
      const bool names_others = std::ranges::any_of(kKnownColumns, [&](const KnownColumn& known) {
        return known.use == "of_others" && folded(column).find(known.column) != std::string::npos;
      });
      // Of what is no file of customers a second identity would be somebody else's.
      if (as->use == "identity" && (names_others || (has_person && !customers))) continue;
      found_.emplace_back(&column, as);
    }
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
    const bool of_persons = has("tags") || std::ranges::any_of(kOfPersons, [&](auto name) {
                              return !column_of("attribute", name).empty();
                            });
    const bool paid = (has("amount") || has("price")) && !of_persons;
    const bool is_event = has("event_column") || !column_of("time", "").empty() ||
                          ((has("line") || paid) && has("time"));
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
    // Digits that are no count.
    const auto at =
        static_cast<std::size_t>(std::ranges::find(columns_, column) - columns_.begin());
    const bool phones = at < look_.cells.size() && look_.cells[at] == CellsAre::phones;
    if (phones && !type) type = base::ValueType::text;
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
        mapping_.events.push_back({event, "", paid_when(), std::move(time), amount});
        continue;
      }
      mapping_.events.push_back({event, "", {}, std::move(time), amount});
    }
    add_refund(times);
    add_closed(std::move(times));
  }

  // The words of the table that stand for this in the column of the state, as they are written
  // there.
  std::vector<std::string> states_of(std::string_view name) const {
    std::vector<std::string> out;
    for (const KnownColumn& known : kKnownColumns) {
      if (known.use != "state_of" || known.name != name) continue;
      for (std::string& word : spellings_of(known.column)) out.push_back(std::move(word));
    }
    return out;
  }

  // When a time that is not one of payment is that of a payment nevertheless.
  std::vector<CellCondition> paid_when() const {
    const std::string state = column_of("state");
    if (state.empty()) return {};
    CellCondition condition{state, CellTest::is_not, states_of("order_closed")};
    for (std::string& word : states_of("order_unpaid")) {
      condition.values.push_back(std::move(word));
    }
    return {std::move(condition)};
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
      const CellCondition closed{state, CellTest::is, states_of("order_closed")};
      mapping_.events.push_back({"order_closed", "", {closed}, {std::move(times)}, ""});
    }
  }

  // One at most: that of a payment before others, unless rows say themselves what they are.
  std::vector<std::string> times_of_rows(bool any) const {
    std::string time = any ? std::string() : column_of("time", "order_paid");
    if (time.empty()) time = column_of("time", "");
    if (time.empty()) time = column_of("time");
    return time.empty() ? std::vector<std::string>{} : std::vector<std::string>{time};
  }

  void add_row_events() {
    const std::string named = column_of("event_column");
    const std::vector<std::string> times = times_of_rows(!named.empty());
    if (!named.empty()) {
      mapping_.events.push_back({"", named, {}, {times}, column_of("amount")});
      return;
    }
    const std::string quantity = column_of("quantity");
    const std::string price = column_of("price");
    std::string amount = column_of("amount", "order_paid");
    if (amount.empty()) amount = column_of("amount");
    if (amount.empty() && quantity.empty()) amount = price;
    const bool product = amount.empty() && !quantity.empty() && !price.empty();
    if (product) mapping_.products.push_back({"amount", base::ValueType::money, quantity, price});
    const std::string& counted = quantity.empty() ? amount : quantity;
    if (!counted.empty()) {
      const CellCondition returned{counted, CellTest::below, {"0"}};
      mapping_.events.push_back({"order_refunded", "", {returned}, {times}, amount});
    }
    const bool paid = !amount.empty() || product;
    const bool is_time_of_payment =
        !times.empty() && times.front() == column_of("time", "order_paid");
    mapping_.events.push_back(
        {paid ? "order_paid" : "product_viewed",
         "",
         paid && !is_time_of_payment ? paid_when() : std::vector<CellCondition>{},
         {times},
         amount});
  }

  const FileLook& look_;
  std::span<const std::string> columns_;
  std::string_view file_;
  std::vector<std::pair<const std::string*, const KnownColumn*>> found_;
  std::set<std::string> names_;
  Mapping mapping_;
};

}  // namespace

Recognised recognise(const FileLook& look) { return Proposal(look).make(); }

Recognised recognise(std::span<const std::string> columns) {
  return recognise(FileLook{true, {columns.begin(), columns.end()}});
}

bool is_known_column(std::string_view name) {
  const std::string word = folded(name);
  return std::ranges::any_of(kKnownColumns, [&](const KnownColumn& known) {
    return names_column(known) && folded(known.column) == word;
  });
}

}  // namespace intake
