#include "order/order.h"

#include <algorithm>

#include "base/check.h"
#include "order/fact_rows.h"
#include "order/order_sql.h"
#include "store/list_text.h"

namespace order {
namespace {

std::string page_statement(store::Dialect dialect, const Filter& filter) {
  std::string statement = std::string(sql::kOrders) + std::string(sql::kPage);
  if (!filter.customers.empty()) {
    const bool sqlite = dialect == store::Dialect::sqlite;
    statement += sqlite ? sql::kOfCustomersSqlite : sql::kOfCustomersPostgresql;
  }
  return statement + std::string(sql::kLatestFirst);
}

}  // namespace

Page orders(store::Session& session, const Filter& filter, const Mark& after, std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, kOrdersPageMax);
  std::vector<store::Param> params = {
      after.placed_at.ms,
      after.id,
      filter.from.value_or(base::kMomentMin).ms,
      filter.to.value_or(base::kMomentMax).ms,
      filter.state ? static_cast<std::int64_t>(*filter.state) : std::int64_t{-1},
      static_cast<std::int64_t>(limit + 1)};
  const std::string customers =
      store::list_text(session.dialect(), filter.customers, &base::CustomerId::value);
  if (!filter.customers.empty()) params.emplace_back(customers);
  Page page;
  session.query(page_statement(session.dialect(), filter), params,
                [&](const store::Row& row) { page.orders.push_back(order_at(row)); });
  if (page.orders.size() > limit) {
    page.orders.pop_back();
    page.next = Mark{page.orders.back().placed_at, page.orders.back().id};
  }
  return page;
}

std::optional<Order> order_with(store::Session& session, std::string_view id) {
  const std::string statement = std::string(sql::kOrders) + std::string(sql::kWithId);
  return session.one(statement, {id}, order_at);
}

Totals totals_of(store::Session& session, std::span<const base::CustomerId> customers) {
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string ids = store::list_text(session.dialect(), customers, &base::CustomerId::value);
  const auto totals = session.one(
      sqlite ? sql::kTotalsSqlite : sql::kTotalsPostgresql, {ids}, [](const store::Row& row) {
        return Totals{row.integer(0), {row.integer(1)}, {row.integer(2)}};
      });
  return totals.value_or(Totals{});
}

std::vector<Period> revenue(store::Session& session, std::span<const base::Moment> borders) {
  CHECK(borders.size() <= kPeriodsMax + 1);
  std::vector<Period> periods;
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    CHECK(borders[i] < borders[i + 1]);
    periods.push_back(
        {.from = borders[i], .to = borders[i + 1], .payments = 0, .paid = {}, .refunded = {}});
  }
  if (periods.empty()) return periods;
  auto period = periods.begin();
  session.query(sql::kRevenue, {bucket_of(borders.front()).ms, bucket_of(borders.back()).ms},
                [&](const store::Row& row) {
                  const base::Moment bucket{row.integer(0)};
                  while (bucket_of(period->to) <= bucket) ++period;
                  if (row.integer(1) == static_cast<std::int64_t>(FactKind::paid)) {
                    period->payments += row.integer(2);
                    period->paid.cents += row.integer(3);
                  } else {
                    period->refunded.cents += row.integer(3);
                  }
                });
  return periods;
}

}  // namespace order
