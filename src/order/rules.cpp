#include "order/rules.h"

#include <algorithm>

#include "base/check.h"

namespace order {
namespace {

constexpr std::string_view kEvents[kFactKinds] = {"order_created",  "order_paid",
                                                  "order_shipped",  "order_received",
                                                  "order_refunded", "order_closed"};
constexpr std::string_view kStateNames[kStates] = {"created",  "paid",     "shipped",
                                                   "received", "refunded", "closed"};

State state_of(const Order& order) {
  const auto is = [&](FactKind kind) {
    return order.when[static_cast<std::size_t>(kind)].has_value();
  };
  if (is(FactKind::refunded) && order.paid.cents > 0 && order.refunded >= order.paid) {
    return State::refunded;
  }
  if (is(FactKind::closed)) return State::closed;
  if (is(FactKind::received)) return State::received;
  if (is(FactKind::shipped)) return State::shipped;
  if (is(FactKind::paid)) return State::paid;
  return State::created;
}

// Of the lines of this kind.
void add_lines(Order& order, std::span<const Fact> facts, FactKind kind) {
  const bool has_items = order.items.has_value();
  const bool has_skus = !order.sku_list.empty();
  for (const Fact& fact : facts) {
    if (!fact.is_line || fact.kind != kind) continue;
    if (!has_items && fact.items) order.items = order.items.value_or(0) + *fact.items;
    if (has_skus) continue;
    const std::string& sku = fact.sku_list.front();
    if (std::ranges::count(order.sku_list, sku) == 0) order.sku_list.push_back(sku);
  }
}

}  // namespace

base::Moment bucket_of(base::Moment moment) {
  const std::int64_t width = kRevenueBucket.ms;
  return {moment.ms - ((moment.ms % width) + width) % width};
}

std::string_view event_of(FactKind kind) { return kEvents[static_cast<std::size_t>(kind)]; }

std::string_view name_of(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::optional<State> state_named(std::string_view name) {
  const auto found = std::ranges::find(kStateNames, name);
  if (found == std::end(kStateNames)) return std::nullopt;
  return static_cast<State>(found - std::begin(kStateNames));
}

Order order_of(std::string_view id, std::span<const Fact> facts) {
  CHECK(!facts.empty());
  Order order;
  order.id = id;
  order.customer = facts.front().customer;
  order.placed_at = facts.front().time;
  for (const Fact& fact : facts) {
    auto& when = order.when[static_cast<std::size_t>(fact.kind)];
    if (!when && fact.kind == FactKind::paid) order.customer = fact.customer;
    if (!when) when = fact.time;
    const std::int64_t cents = fact.amount.value_or(base::Money{}).cents;
    if (fact.kind == FactKind::created && !order.amount) order.amount = fact.amount;
    if (fact.kind == FactKind::paid) order.paid.cents += cents;
    if (fact.kind == FactKind::refunded) order.refunded.cents += cents;
    if (!order.items && !fact.is_line) order.items = fact.items;
    if (order.sku_list.empty() && !fact.is_line) order.sku_list = fact.sku_list;
    if (order.coupon.empty()) order.coupon = fact.coupon;
  }
  const auto is_paid_line = [](const Fact& fact) {
    return fact.is_line && fact.kind == FactKind::paid;
  };
  const bool paid = std::ranges::any_of(facts, is_paid_line);
  add_lines(order, facts, paid ? FactKind::paid : FactKind::created);
  order.state = state_of(order);
  return order;
}

}  // namespace order
