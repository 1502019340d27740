#include "order/order_types.h"

#include <algorithm>
#include <array>

#include "order/order.h"
#include "order/projection.h"

namespace order {
namespace {

// What take() reads.
constexpr std::array<std::string_view, 7> kShownProperties = {
    "order_id", "amount", "items", "sku_list", "coupon", "sku", "quantity"};

// What an event says of one line.
struct Line {
  std::string sku;
  std::optional<std::int64_t> quantity;
};

void take(const event_log::EventType& type, const event_log::KnownProperty& known, ReadFact& read,
          Line& line) {
  const auto is = [&](std::string_view name) {
    const event_log::Property* property = type.find(name);
    return property != nullptr && property->id == known.id;
  };
  if (const auto* text = std::get_if<std::string>(&known.value)) {
    if (is("order_id")) read.order_id = *text;
    if (is("coupon")) read.fact.coupon = *text;
    if (is("sku")) line.sku = *text;
  } else if (const auto* money = std::get_if<base::Money>(&known.value)) {
    if (is("amount")) read.fact.amount = *money;
  } else if (const auto* number = std::get_if<std::int64_t>(&known.value)) {
    if (is("items")) read.fact.items = *number;
    if (is("quantity")) line.quantity = *number;
    if (is("sku")) line.sku = std::to_string(*number);
  } else if (const auto* list = std::get_if<base::TextList>(&known.value)) {
    if (is("sku_list")) read.fact.sku_list = *list;
  }
}

}  // namespace

bool shows(const event_log::EventType& type, const event_log::Property& property) {
  if (std::ranges::count(kShownProperties, property.name) == 0) return false;
  for (std::size_t kind = 0; kind < kFactKinds; ++kind) {
    if (type.name == event_of(static_cast<FactKind>(kind))) return true;
  }
  return false;
}

OrderTypes::OrderTypes(const event_log::EventTypes& types) : types_(types) {
  for (std::size_t kind = 0; kind < kFactKinds; ++kind) {
    const auto* type = types.find(event_of(static_cast<FactKind>(kind)));
    if (type != nullptr) kinds_.emplace(type->id, static_cast<FactKind>(kind));
  }
}

std::vector<base::EventTypeId> OrderTypes::ids() const {
  std::vector<base::EventTypeId> ids;
  for (const auto& [id, kind] : kinds_) ids.push_back(id);
  return ids;
}

std::optional<ReadFact> OrderTypes::read(const event_log::Event& event) const {
  const auto kind = kinds_.find(event.type);
  if (kind == kinds_.end()) return std::nullopt;
  const event_log::EventType& type = *types_.find(event.type);
  ReadFact read;
  read.fact.kind = kind->second;
  read.fact.position = event.position;
  read.fact.customer = event.customer;
  read.fact.time = event.time;
  Line line;
  for (const auto& known : event_log::known_properties(type, event.properties)) {
    take(type, known, read, line);
  }
  if (!line.sku.empty() && read.fact.sku_list.empty()) {
    read.fact.is_line = true;
    read.fact.sku_list = {line.sku};
    if (!read.fact.items) read.fact.items = line.quantity;
  }
  if (read.order_id.empty() || read.order_id.size() > kOrderIdBytesMax) {
    read.order_id = "e_" + event_log::to_text(event.position);
  }
  return read;
}

}  // namespace order
