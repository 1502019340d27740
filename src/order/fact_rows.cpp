#include "order/fact_rows.h"

#include <boost/json.hpp>
#include <iterator>

#include "order/projection_sql.h"

namespace order {
namespace {

namespace json = boost::json;

std::vector<std::string> texts_from(std::string_view stored) {
  std::vector<std::string> texts;
  if (stored.empty()) return texts;
  const json::value list = json::parse(stored);
  if (list.is_string()) return {std::string(list.get_string())};
  for (const json::value& text : list.as_array()) texts.emplace_back(text.as_string());
  return texts;
}

std::optional<base::Money> money_at(const store::Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return base::Money{row.integer(column)};
}

store::Param optional_text(std::string_view text) {
  return text.empty() ? store::Param(std::monostate{}) : store::Param(text);
}

store::Param optional_moment(const std::optional<base::Moment>& moment) {
  return moment ? store::Param(moment->ms) : store::Param(std::monostate{});
}

}  // namespace

std::string stored_list(std::span<const std::string> texts) {
  if (texts.empty()) return {};
  json::array list;
  for (const std::string& text : texts) list.push_back(json::value(text));
  return json::serialize(list);
}

std::string stored_skus(const Fact& fact) {
  if (!fact.is_line) return stored_list(fact.sku_list);
  return json::serialize(json::value(fact.sku_list.front()));
}

Fact fact_at(const store::Row& row, int first) {
  Fact fact;
  fact.kind = static_cast<FactKind>(row.integer(first));
  fact.position = {row.integer(first + 1), row.integer(first + 2), row.integer(first + 3)};
  fact.customer = {row.integer(first + 4)};
  fact.time = {row.integer(first + 5)};
  fact.amount = money_at(row, first + 6);
  fact.items = row.optional_integer(first + 7);
  const std::string_view skus = row.text(first + 8);
  fact.is_line = skus.starts_with('"');
  fact.sku_list = texts_from(skus);
  fact.coupon = row.text(first + 9);
  return fact;
}

Order order_at(const store::Row& row) {
  Order order;
  order.id = row.text(0);
  order.customer = {row.integer(1)};
  order.state = static_cast<State>(row.integer(2));
  order.placed_at = {row.integer(3)};
  int column = 4;
  for (auto& when : order.when) {
    if (const auto ms = row.optional_integer(column)) when = base::Moment{*ms};
    ++column;
  }
  order.amount = money_at(row, 10);
  order.paid = {row.integer(11)};
  order.refunded = {row.integer(12)};
  order.items = row.optional_integer(13);
  order.sku_list = texts_from(row.text(14));
  order.coupon = row.text(15);
  return order;
}

void set_order(store::Unit& unit, const Order& order) {
  const std::string skus = stored_list(order.sku_list);
  std::vector<store::Param> params = {order.id, order.customer.value,
                                      static_cast<std::int64_t>(order.state), order.placed_at.ms};
  for (const auto& when : order.when) params.push_back(optional_moment(when));
  params.push_back(order.amount ? store::Param(order.amount->cents)
                                : store::Param(std::monostate{}));
  params.insert(params.end(), {order.paid.cents, order.refunded.cents, store::param(order.items),
                               optional_text(skus), optional_text(order.coupon)});
  unit.execute(sql::kSetOrder, params);
}

}  // namespace order
