#include "order/order.h"

#include <boost/json/array.hpp>
#include <charconv>

#include "api/call.h"
#include "api/filter.h"
#include "api/route.h"
#include "base/value.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "customer/record.h"
#include "customer/test_account.h"
#include "order/projection.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr std::size_t kOrdersReadMax = 100'000;             // for one page of who does not see all
constexpr base::Duration kRevenueDays{30 * base::kDay.ms};  // when no `from` is given

using OrdersAt = event_log::Projection::Reached;
OrdersAt catch_up(Call& call) { return call.services().orders.catch_up(kAwaitMax); }
json::object with(json::object answer, const OrdersAt& at) {
  answer["position"] = event_log::to_text(at.position);
  answer["fresh"] = at.fresh;
  return answer;
}

json::value yuan(base::Money money) { return json::value(base::to_text(base::Value(money))); }

json::object totals_json(const order::Totals& totals) {
  return {{"orders_paid", totals.orders_paid},
          {"paid", yuan(totals.paid)},
          {"refunded", yuan(totals.refunded)},
          {"net", yuan(totals.net())}};
}

json::array texts_json(std::span<const std::string> texts) {
  json::array out;
  for (const std::string& text : texts) out.push_back(json::value(text));
  return out;
}

json::array facts_json(std::span<const order::Fact> facts) {
  json::array rows;
  for (const order::Fact& fact : facts) {
    rows.push_back(json::object{{"event", order::event_of(fact.kind)},
                                {"time", iso(fact.time)},
                                {"amount", fact.amount ? yuan(*fact.amount) : json::value(nullptr)},
                                {"items", fact.items ? json::value(*fact.items) : nullptr},
                                {"sku_list", texts_json(fact.sku_list)}});
  }
  return rows;
}

// Nothing: the customer is one the caller may not see, or is erased meanwhile.
std::optional<json::object> to_json(Call& call, store::Session& session, const order::Order& each) {
  const auto customer = customer::customer_with(session, each.customer);
  if (!customer || !call.caller().viewer.sees(customer->person)) return std::nullopt;
  const auto attributes = customer::attributes_of(session, customer->person);
  const auto at = [&](order::FactKind kind) {
    return iso_or_null(each.when[static_cast<std::size_t>(kind)]);
  };
  return json::object{
      {"id", each.id},
      {"customer", call.mask().key(customer::key_of(session, customer->person))},
      {"customer_id", customer->person.value},
      {"customer_name", call.mask().name(customer::called(attributes))},
      {"state", order::name_of(each.state)},
      {"placed_at", iso(each.placed_at)},
      {"created_at", at(order::FactKind::created)},
      {"paid_at", at(order::FactKind::paid)},
      {"shipped_at", at(order::FactKind::shipped)},
      {"received_at", at(order::FactKind::received)},
      {"refunded_at", at(order::FactKind::refunded)},
      {"closed_at", at(order::FactKind::closed)},
      {"amount", each.amount ? yuan(*each.amount) : json::value(nullptr)},
      {"paid", yuan(each.paid)},
      {"refunded", yuan(each.refunded)},
      {"items", each.items ? json::value(*each.items) : json::value(nullptr)},
      {"sku_list", texts_json(each.sku_list)},
      {"coupon", each.coupon.empty() ? json::value(nullptr) : json::value(each.coupon)}};
}

// "<placed_at>/<id>".
order::Mark mark_from(const std::string& text) {
  if (text.empty()) return {};
  order::Mark mark;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) throw Refusal("api.bad_query", {{"subject", "after"}});
  const auto [end, failure] = std::from_chars(text.data(), text.data() + slash, mark.placed_at.ms);
  if (failure != std::errc{} || end != text.data() + slash) {
    throw Refusal("api.bad_query", {{"subject", "after"}});
  }
  mark.id = text.substr(slash + 1);
  return mark;
}

order::Filter filter_of(Call& call) {
  order::Filter filter{.from = query_moment(call, "from"), .to = query_moment(call, "to")};
  const std::string state = call.query("state");
  if (!state.empty()) {
    filter.state = order::state_named(state);
    if (!filter.state) throw Refusal("api.bad_query", {{"subject", "state"}});
  }
  return filter;
}

struct Shown {
  json::array rows;
  std::optional<order::Mark> next;
};

// Orders of customers the caller does not see are passed over, kOrdersReadMax at most for a page.
Shown shown_of(Call& call, store::Session& session, const order::Filter& filter,
               order::Mark after) {
  Shown shown;
  const auto limit = static_cast<std::size_t>(call.limit());
  const std::size_t at_once = call.caller().viewer.only() ? order::kOrdersPageMax : limit;
  for (std::size_t read = 0; read < kOrdersReadMax; read += at_once) {
    const auto page = order::orders(session, filter, after, at_once);
    for (const order::Order& each : page.orders) {
      auto row = to_json(call, session, each);
      if (!row) continue;
      if (shown.rows.size() == limit) {
        shown.next = after;
        return shown;
      }
      shown.rows.push_back(std::move(*row));
      after = {each.placed_at, each.id};
    }
    shown.next = page.next;
    if (!page.next || shown.rows.size() == limit) return shown;
    after = *page.next;
  }
  return shown;
}

json::object page_of(Call& call, const OrdersAt& at, const order::Filter& filter) {
  const order::Mark after = mark_from(call.given_mark(call.query("after")));
  Shown shown;
  call.services().database.read(
      [&](store::Session& session) { shown = shown_of(call, session, filter, after); });
  json::value next = nullptr;
  if (shown.next) {
    next = call.shown_mark(std::to_string(shown.next->placed_at.ms) + "/" + shown.next->id);
  }
  return with({{"orders", std::move(shown.rows)}, {"next", std::move(next)}}, at);
}

net::Response list_orders(Call& call) {
  const OrdersAt at = catch_up(call);
  order::Filter filter = filter_of(call);
  const rights::CustomerSet* only = call.caller().viewer.only();
  if (only != nullptr && only->customers().empty()) {
    return ok(with({{"orders", json::array()}, {"next", nullptr}}, at));
  }
  // Of few each is looked up; of many the orders of others are passed over.
  if (only != nullptr && only->customers().size() <= customer::kLookedUpMax) {
    filter.customers = call.services().database.read(
        [&](store::Session& session) { return customer::ids_of_all(session, only->customers()); });
  }
  return ok(page_of(call, at, filter));
}

// The same orders as list_orders, all pages of them.
net::Response get_summary(Call& call) {
  const OrdersAt at = catch_up(call);
  order::Filter filter = filter_of(call);
  const rights::CustomerSet* only = call.caller().viewer.only();
  order::Summary summary;
  if (only == nullptr || !only->customers().empty()) {
    summary = call.services().database.read([&](store::Session& session) {
      if (only != nullptr) filter.customers = customer::ids_of_all(session, only->customers());
      return order::summary_of(session, filter, customer::customers_of_test_accounts(session));
    });
  }
  json::object answer = totals_json(summary.totals);
  answer["orders"] = summary.orders;
  answer["orders_of_tests"] = summary.orders_of_tests;
  return ok(with(std::move(answer), at));
}

net::Response list_customer_orders(Call& call) {
  const OrdersAt at = catch_up(call);
  order::Filter filter = filter_of(call);
  order::Totals totals;
  call.services().database.read([&](store::Session& session) {
    filter.customers = ids_of(session, call.person(session, call.captured(0)));
    totals = order::totals_of(session, filter.customers);
  });
  json::object answer = page_of(call, at, filter);
  answer["totals"] = totals_json(totals);
  return ok(answer);
}

net::Response get_order(Call& call) {
  const OrdersAt at = catch_up(call);
  return call.services().database.read([&](store::Session& session) {
    const auto found = order::order_with(session, call.captured(0));
    auto row = found ? to_json(call, session, *found) : std::nullopt;
    if (!row) throw Refusal("api.unknown_order");
    (*row)["events"] = facts_json(order::facts_of(session, found->id));
    return ok(with(std::move(*row), at));
  });
}

base::CalendarUnit unit_of(Call& call) {
  const std::string by = call.query("by");
  if (by.empty() || by == "day") return base::CalendarUnit::day;
  if (by == "week") return base::CalendarUnit::week;
  if (by == "month") return base::CalendarUnit::month;
  throw Refusal("api.bad_query", {{"subject", "by"}});
}

// Whole periods of the workspace's calendar: the one `from` lies in to the one before `to`.
std::vector<base::Moment> borders_of(Call& call) {
  const base::CalendarUnit unit = unit_of(call);
  const base::Moment to = query_moment(call, "to").value_or(call.now());
  const base::Moment from = query_moment(call, "from").value_or(to - kRevenueDays);
  if (from >= to) throw Refusal("api.bad_query", {{"subject", "from"}});
  std::vector<base::Moment> borders = {call.zone().period_start(from, unit, 0)};
  while (borders.back() < to) {
    if (borders.size() > order::kPeriodsMax) throw Refusal("api.too_many_periods");
    borders.push_back(call.zone().period_start(borders.back(), unit, 1));
  }
  return borders;
}

net::Response get_revenue(Call& call) {
  const std::vector<base::Moment> borders = borders_of(call);
  const OrdersAt at = catch_up(call);
  const rights::CustomerSet* only = call.caller().viewer.only();
  const auto periods = call.services().database.read([&](store::Session& session) {
    if (only == nullptr) return order::revenue(session, borders);
    return order::revenue_of(session, customer::ids_of_all(session, only->customers()), borders);
  });
  json::array rows;
  for (const order::Period& period : periods) {
    rows.push_back(json::object{{"from", iso(period.from)},
                                {"to", iso(period.to)},
                                {"finished", period.to <= call.now()},
                                {"payments", period.payments},
                                {"paid", yuan(period.paid)},
                                {"refunded", yuan(period.refunded)},
                                {"net", yuan(period.net())}});
  }
  return ok(with({{"periods", std::move(rows)}}, at));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/orders", Guard::of(Permission::customers_read), list_orders},
    {net::Method::get, "/orders/summary", Guard::of(Permission::customers_read), get_summary},
    {net::Method::get, "/orders/{id}", Guard::of(Permission::customers_read), get_order},
    {net::Method::get, "/customers/{customer}/orders", Guard::of(Permission::customers_read),
     list_customer_orders},
    {net::Method::get, "/revenue", Guard::of(Permission::audiences_read), get_revenue},
};

}  // namespace

std::span<const Route> order_routes() { return kRoutes; }

}  // namespace api
