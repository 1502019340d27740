#include "intake/mapping.h"

#include <algorithm>
#include <array>
#include <boost/describe.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <unordered_map>

#include "base/json.h"
#include "base/text.h"
#include "customer/computed_name.h"
#include "intake/mapped_cell.h"
#include "log/event_type.h"

namespace intake {
namespace {

template <typename Word, std::size_t Count>
std::optional<Word> word_named(const std::array<std::string_view, Count>& names,
                               std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Word>(found - names.begin());
}

constexpr std::array<std::string_view, 3> kKinds = {"customers", "events", "orders"};
constexpr std::array<std::string_view, 6> kUses = {"ignored", "attribute", "property",
                                                   "tags",    "identity",  "consent"};
constexpr std::array<std::string_view, 5> kFormats = {"auto", "iso", "unix_s", "unix_ms", "excel"};
constexpr std::array<std::string_view, 7> kTests = {"is",     "is_not", "contains", "empty",
                                                    "filled", "above",  "below"};

// As JSON has it.
struct ColumnBody {
  std::string column;
  std::string as;
  std::optional<std::string> name;
  std::optional<std::string> type;
  std::optional<std::string> split;
};
BOOST_DESCRIBE_STRUCT(ColumnBody, (), (column, as, name, type, split))

struct ConstantBody {
  std::string name;
  std::string value;
  std::optional<std::string> type;
};
BOOST_DESCRIBE_STRUCT(ConstantBody, (), (name, value, type))

struct ProductBody {
  std::string name;
  std::optional<std::string> type;
  std::vector<std::string> factors;
};
BOOST_DESCRIBE_STRUCT(ProductBody, (), (name, type, factors))

struct ConditionBody {
  std::string column;
  std::string test;
  std::optional<std::vector<std::string>> values;
};
BOOST_DESCRIBE_STRUCT(ConditionBody, (), (column, test, values))

struct TimeBody {
  std::vector<std::string> columns;
  std::optional<std::string> format;
};
BOOST_DESCRIBE_STRUCT(TimeBody, (), (columns, format))

struct EventBody {
  std::optional<std::string> event;
  std::optional<std::string> event_column;
  std::optional<std::vector<ConditionBody>> when;
  std::optional<TimeBody> time;
  std::optional<std::string> amount;
};
BOOST_DESCRIBE_STRUCT(EventBody, (), (event, event_column, when, time, amount))

struct MappingBody {
  std::string kind;
  std::optional<std::vector<ColumnBody>> columns;
  std::optional<std::vector<ConstantBody>> constants;
  std::optional<std::vector<ProductBody>> products;
  std::optional<std::vector<ConditionBody>> leave_out;
  std::optional<TimeBody> since;
  std::optional<std::vector<std::string>> apart;
  std::optional<std::vector<EventBody>> events;
  std::optional<std::vector<std::string>> key;
  std::optional<std::string> order;
  std::optional<bool> header;
};
BOOST_DESCRIBE_STRUCT(MappingBody, (),
                      (kind, columns, constants, products, leave_out, since, apart, events, key,
                       order, header))

constexpr std::size_t kFactors = 2;

// Collects the first fault while a body becomes a mapping.
class BodyReader {
 public:
  base::Result<Mapping, MappingError> read(MappingBody& body) {
    Mapping mapping;
    mapping.kind = word<MappingKind>(kKinds, body.kind);
    each(body.columns, [&](ColumnBody& column) {
      mapping.columns.push_back({std::move(column.column), word<ColumnUse>(kUses, column.as),
                                 column.name.value_or(""), type(column.type),
                                 column.split.value_or("")});
    });
    each(body.constants, [&](ConstantBody& constant) {
      mapping.constants.push_back(
          {std::move(constant.name), std::move(constant.value), type(constant.type)});
    });
    each(body.products, [&](ProductBody& product) { mapping.products.push_back(of(product)); });
    mapping.leave_out = conditions(body.leave_out);
    if (body.since) mapping.since = of(*body.since);
    each(body.apart, [&](std::string& name) { mapping.apart.push_back(std::move(name)); });
    each(body.events, [&](EventBody& event) { mapping.events.push_back(of(event)); });
    each(body.key, [&](std::string& column) { mapping.key.push_back(std::move(column)); });
    mapping.order = body.order.value_or("");
    mapping.header = body.header.value_or(true);
    if (fault_) return base::unexpected(std::move(*fault_));
    return mapping;
  }

 private:
  void fail(MappingFault fault, std::string_view subject) {
    if (!fault_) fault_ = MappingError{fault, std::string(subject)};
  }

  template <typename Word, std::size_t Count>
  Word word(const std::array<std::string_view, Count>& names, std::string_view name) {
    const auto found = word_named<Word>(names, name);
    if (!found) fail(MappingFault::unknown_word, name);
    return found.value_or(Word{});
  }

  std::optional<base::ValueType> type(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    const auto type = base::value_type_named(*name);
    if (!type) fail(MappingFault::unknown_word, *name);
    return type;
  }

  template <typename T, typename Visit>
  void each(std::optional<std::vector<T>>& list, const Visit& visit) {
    if (!list) return;
    if (list->size() > kMappingListMax) return fail(MappingFault::too_many, "");
    for (T& element : *list) visit(element);
  }

  std::vector<CellCondition> conditions(std::optional<std::vector<ConditionBody>>& list) {
    std::vector<CellCondition> out;
    each(list, [&](ConditionBody& body) {
      CellCondition condition{std::move(body.column), word<CellTest>(kTests, body.test)};
      if (body.values) condition.values = std::move(*body.values);
      if (condition.values.size() > kConditionValuesMax) {
        fail(MappingFault::too_many, condition.column);
      }
      out.push_back(std::move(condition));
    });
    return out;
  }

  MappedTime of(TimeBody& body) {
    if (body.columns.size() > kMappingListMax) fail(MappingFault::too_many, "time");
    return {std::move(body.columns),
            body.format ? word<TimeFormat>(kFormats, *body.format) : TimeFormat::automatic};
  }

  MappedProduct of(ProductBody& body) {
    MappedProduct product;
    product.name = std::move(body.name);
    if (const auto given = type(body.type)) product.type = *given;
    if (body.factors.size() != kFactors) {
      fail(MappingFault::bad_number, product.name);
      return product;
    }
    product.one = std::move(body.factors[0]);
    product.other = std::move(body.factors[1]);
    return product;
  }

  MappedEvent of(EventBody& body) {
    MappedEvent event{body.event.value_or(""), body.event_column.value_or("")};
    event.when = conditions(body.when);
    if (body.time) event.time = of(*body.time);
    event.amount = body.amount.value_or("");
    return event;
  }

  std::optional<MappingError> fault_;
};

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> type_text(std::optional<base::ValueType> type) {
  if (!type) return std::nullopt;
  return std::string(base::name_of(*type));
}

std::optional<std::vector<ConditionBody>> bodies_of(const std::vector<CellCondition>& conditions) {
  if (conditions.empty()) return std::nullopt;
  std::vector<ConditionBody> out;
  for (const CellCondition& condition : conditions) {
    ConditionBody body{condition.column, std::string(name_of(condition.test)), std::nullopt};
    if (!condition.values.empty()) body.values = condition.values;
    out.push_back(std::move(body));
  }
  return out;
}

TimeBody body_of(const MappedTime& time) {
  TimeBody body{time.columns, std::nullopt};
  if (time.format != TimeFormat::automatic) body.format = std::string(name_of(time.format));
  return body;
}

EventBody body_of(const MappedEvent& event) {
  EventBody body;
  body.event = unless_empty(event.event);
  body.event_column = unless_empty(event.event_column);
  body.when = bodies_of(event.when);
  if (!event.time.columns.empty()) body.time = body_of(event.time);
  body.amount = unless_empty(event.amount);
  return body;
}

// What check_mapping looks at, part by part.
class Check {
 public:
  Check(const Mapping& mapping, std::span<const std::string> columns)
      : mapping_(mapping), columns_(columns) {}

  std::vector<MappingError> run() {
    look_at_columns();
    for (const MappedConstant& constant : mapping_.constants) take_name(constant.name);
    for (const MappedProduct& product : mapping_.products) look_at(product);
    for (const CellCondition& condition : mapping_.leave_out) look_at(condition);
    mapping_.kind == MappingKind::customers ? look_at_customers() : look_at_events();
    return std::move(errors_);
  }

 private:
  void fail(MappingFault fault, std::string_view subject) {
    MappingError error{fault, std::string(subject)};
    if (std::ranges::find(errors_, error) == errors_.end()) errors_.push_back(std::move(error));
  }
  void need(const std::string& column) {
    if (std::ranges::find(columns_, column) == columns_.end()) {
      fail(MappingFault::no_such_column, column);
    }
  }
  void take_name(const std::string& name) {
    if (!event_log::is_name(name) || name.find(':') != std::string::npos) {
      return fail(MappingFault::bad_name, name);
    }
    constexpr std::array<std::string_view, 6> kOwn = {"customer", "customer_kind", "since",
                                                      "event",    "time",          "key"};
    if (std::ranges::find(kOwn, name) != kOwn.end() || event_log::is_reserved_property(name)) {
      return fail(MappingFault::bad_name, name);
    }
    if (mapping_.kind == MappingKind::customers && customer::is_computed_name(name)) {
      return fail(MappingFault::computed_name, name);
    }
    if (!names_.insert(name).second) fail(MappingFault::doubled_name, name);
  }

  void look_at_columns() {
    std::set<std::string_view> seen;
    bool has_identity = false;
    const bool customers = mapping_.kind == MappingKind::customers;
    for (const MappedColumn& column : mapping_.columns) {
      need(column.column);
      if (!seen.insert(column.column).second) fail(MappingFault::doubled_column, column.column);
      switch (column.as) {
        case ColumnUse::ignored:
          break;
        case ColumnUse::attribute:
        case ColumnUse::property:
          if (customers != (column.as == ColumnUse::attribute)) {
            fail(MappingFault::not_of_kind, column.column);
          }
          take_name(column.name);
          break;
        case ColumnUse::tags:
        case ColumnUse::consent:
          if (!customers) fail(MappingFault::not_of_kind, column.column);
          if (!event_log::is_name(column.name)) fail(MappingFault::bad_name, column.name);
          break;
        case ColumnUse::identity:
          has_identity = true;
          if (!event_log::is_name(column.name)) fail(MappingFault::bad_name, column.name);
          break;
      }
    }
    if (!has_identity) fail(MappingFault::no_customer, "");
  }

  void look_at(const MappedProduct& product) {
    take_name(product.name);
    need(product.one);
    need(product.other);
    if (product.type != base::ValueType::money && product.type != base::ValueType::decimal &&
        product.type != base::ValueType::integer) {
      fail(MappingFault::bad_number, product.name);
    }
  }

  void look_at(const CellCondition& condition) {
    need(condition.column);
    const bool is_bound = condition.test == CellTest::above || condition.test == CellTest::below;
    const bool is_alone = condition.test == CellTest::empty || condition.test == CellTest::filled;
    if (is_alone != condition.values.empty()) fail(MappingFault::bad_number, condition.column);
    if (!is_bound) return;
    for (const std::string& bound : condition.values) {
      if (!base::parse_value(base::ValueType::decimal, bound, nullptr)) {
        fail(MappingFault::bad_number, bound);
      }
    }
  }

  void look_at_customers() {
    if (mapping_.since) {
      for (const std::string& column : mapping_.since->columns) need(column);
    }
    if (mapping_.apart.size() > kApartMax) fail(MappingFault::too_many, "apart");
    for (const std::string& name : mapping_.apart) {
      if (!names_.contains(name)) fail(MappingFault::bad_name, name);
    }
    if (!mapping_.events.empty()) fail(MappingFault::not_of_kind, "events");
    if (!mapping_.key.empty()) fail(MappingFault::not_of_kind, "key");
    if (!mapping_.order.empty()) fail(MappingFault::not_of_kind, "order");
  }

  void look_at_events() {
    const bool orders = mapping_.kind == MappingKind::orders;
    if (mapping_.since) fail(MappingFault::not_of_kind, "since");
    if (!mapping_.apart.empty()) fail(MappingFault::not_of_kind, "apart");
    if (mapping_.events.empty()) fail(MappingFault::no_event, "");
    bool has_amount = false;
    for (const MappedEvent& event : mapping_.events) {
      look_at(event);
      has_amount = has_amount || !event.amount.empty();
    }
    if (has_amount) take_name("amount");
    for (const std::string& column : mapping_.key) need(column);
    if (!orders) {
      if (!mapping_.order.empty()) fail(MappingFault::not_of_kind, "order");
      return;
    }
    if (!mapping_.key.empty()) fail(MappingFault::not_of_kind, "key");
    mapping_.order.empty() ? fail(MappingFault::no_order, "") : need(mapping_.order);
    take_name("order_id");
  }

  void look_at(const MappedEvent& event) {
    const bool named = !event.event.empty();
    if (named == !event.event_column.empty()) fail(MappingFault::no_event, event.event);
    if (named && !event_log::is_name(event.event)) fail(MappingFault::bad_name, event.event);
    if (!event.event_column.empty()) {
      need(event.event_column);
      if (mapping_.kind == MappingKind::orders) fail(MappingFault::not_of_kind, "event_column");
    }
    for (const CellCondition& condition : event.when) look_at(condition);
    if (event.time.columns.empty()) fail(MappingFault::no_time, event.event);
    for (const std::string& column : event.time.columns) need(column);
    if (!event.amount.empty()) need(event.amount);
  }

  const Mapping& mapping_;
  std::span<const std::string> columns_;
  std::set<std::string> names_;
  std::vector<MappingError> errors_;
};

}  // namespace

std::string_view name_of(MappingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view name_of(ColumnUse use) { return kUses[static_cast<std::size_t>(use)]; }
std::string_view name_of(TimeFormat format) { return kFormats[static_cast<std::size_t>(format)]; }
std::string_view name_of(CellTest test) { return kTests[static_cast<std::size_t>(test)]; }

std::string_view code_of(MappingFault fault) {
  constexpr std::array<std::string_view, 14> kCodes = {
      "mapping.not_json",       "mapping.unknown_word",   "mapping.too_many",
      "mapping.no_such_column", "mapping.doubled_column", "mapping.bad_name",
      "mapping.doubled_name",   "mapping.not_of_kind",    "mapping.no_customer",
      "mapping.no_event",       "mapping.no_time",        "mapping.no_order",
      "mapping.bad_number",     "mapping.computed_name"};
  return kCodes[static_cast<std::size_t>(fault)];
}

base::Result<Mapping, MappingError> read_mapping(std::string_view json) {
  auto body = base::read_json<MappingBody>(json, kMappingBytesMax);
  if (!body) {
    return base::unexpected(MappingError{MappingFault::not_json, body.error().path});
  }
  return BodyReader().read(*body);
}

std::string to_json_text(const Mapping& mapping) {
  MappingBody body;
  body.kind = name_of(mapping.kind);
  for (const MappedColumn& column : mapping.columns) {
    if (!body.columns) body.columns.emplace();
    body.columns->push_back({column.column, std::string(name_of(column.as)),
                             unless_empty(column.name), type_text(column.type),
                             unless_empty(column.split)});
  }
  for (const MappedConstant& constant : mapping.constants) {
    if (!body.constants) body.constants.emplace();
    body.constants->push_back({constant.name, constant.value, type_text(constant.type)});
  }
  for (const MappedProduct& product : mapping.products) {
    if (!body.products) body.products.emplace();
    body.products->push_back({product.name, type_text(product.type), {product.one, product.other}});
  }
  body.leave_out = bodies_of(mapping.leave_out);
  if (mapping.since) body.since = body_of(*mapping.since);
  if (!mapping.apart.empty()) body.apart = mapping.apart;
  for (const MappedEvent& event : mapping.events) {
    if (!body.events) body.events.emplace();
    body.events->push_back(body_of(event));
  }
  if (!mapping.key.empty()) body.key = mapping.key;
  body.order = unless_empty(mapping.order);
  if (!mapping.header) body.header = false;
  return boost::json::serialize(base::to_json(body));
}

std::vector<MappingError> check_mapping(const Mapping& mapping,
                                        std::span<const std::string> columns) {
  return Check(mapping, columns).run();
}

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

}  // namespace intake
