#include "order/order.h"

#include <algorithm>
#include <utility>

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

std::string summary_statement(store::Dialect dialect, const Filter& filter) {
  const bool sqlite = dialect == store::Dialect::sqlite;
  std::string statement(sqlite ? sql::kSummarySqlite : sql::kSummaryPostgresql);
  if (!filter.customers.empty()) {
    statement += sqlite ? sql::kSummaryOfCustomersSqlite : sql::kSummaryOfCustomersPostgresql;
  }
  return statement + std::string(sql::kByTest);
}

std::int64_t state_param(const Filter& filter) {
  return filter.state ? static_cast<std::int64_t>(*filter.state) : std::int64_t{-1};
}

// Sums of quarters of an hour, rising, put into the periods they lie in.
class PeriodSums {
 public:
  struct Part {
    base::Moment bucket;
    FactKind kind;
    std::int64_t facts;
    base::Money amount;
  };

  explicit PeriodSums(std::span<const base::Moment> borders) {
    CHECK(borders.size() <= kPeriodsMax + 1);
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
      CHECK(borders[i] < borders[i + 1]);
      periods_.push_back(
          {.from = borders[i], .to = borders[i + 1], .payments = 0, .paid = {}, .refunded = {}});
    }
  }

  void add(const Part& part) {
    while (bucket_of(periods_[at_].to) <= part.bucket) ++at_;
    Period& period = periods_[at_];
    if (part.kind == FactKind::paid) {
      period.payments += part.facts;
      period.paid.cents += part.amount.cents;
    } else {
      period.refunded.cents += part.amount.cents;
    }
  }

  std::vector<Period> take() { return std::move(periods_); }

 private:
  std::vector<Period> periods_;
  std::size_t at_ = 0;
};

}  // namespace

Page orders(store::Session& session, const Filter& filter, const Mark& after, std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, kOrdersPageMax);
  std::vector<store::Param> params = {after.placed_at.ms,
                                      after.id,
                                      filter.from.value_or(base::kMomentMin).ms,
                                      filter.to.value_or(base::kMomentMax).ms,
                                      state_param(filter),
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

std::vector<Fact> facts_of(store::Session& session, std::string_view id) {
  std::vector<Fact> facts;
  session.query(sql::kFactsOfOrder, {id, static_cast<std::int64_t>(kFactsOfOneMax)},
                [&](const store::Row& row) { facts.push_back(fact_at(row, 0)); });
  return facts;
}

Summary summary_of(store::Session& session, const Filter& filter,
                   std::span<const base::CustomerId> tests) {
  const store::Dialect dialect = session.dialect();
  const std::string left_out = store::list_text(dialect, tests, &base::CustomerId::value);
  const std::string customers =
      store::list_text(dialect, filter.customers, &base::CustomerId::value);
  std::vector<store::Param> params = {filter.from.value_or(base::kMomentMin).ms,
                                      filter.to.value_or(base::kMomentMax).ms, state_param(filter),
                                      left_out};
  if (!filter.customers.empty()) params.emplace_back(customers);
  Summary summary;
  session.query(summary_statement(dialect, filter), params, [&](const store::Row& row) {
    if (row.integer(0) == 1) {
      summary.orders_of_tests = row.integer(1);
    } else {
      summary.orders = row.integer(1);
      summary.totals = {row.integer(2), {row.integer(3)}, {row.integer(4)}};
    }
  });
  return summary;
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
  PeriodSums sums(borders);
  if (borders.size() < 2) return sums.take();
  session.query(sql::kRevenue, {bucket_of(borders.front()).ms, bucket_of(borders.back()).ms},
                [&](const store::Row& row) {
                  sums.add({.bucket = {row.integer(0)},
                            .kind = static_cast<FactKind>(row.integer(1)),
                            .facts = row.integer(2),
                            .amount = {row.integer(3)}});
                });
  return sums.take();
}

std::vector<Period> revenue_of(store::Session& session, std::span<const base::CustomerId> customers,
                               std::span<const base::Moment> borders) {
  PeriodSums sums(borders);
  if (borders.size() < 2) return sums.take();
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string ids = store::list_text(session.dialect(), customers, &base::CustomerId::value);
  session.query(sqlite ? sql::kRevenueOfSqlite : sql::kRevenueOfPostgresql,
                {ids, bucket_of(borders.front()).ms, bucket_of(borders.back()).ms},
                [&](const store::Row& row) {
                  sums.add({.bucket = bucket_of({row.integer(0)}),
                            .kind = static_cast<FactKind>(row.integer(1)),
                            .facts = 1,
                            .amount = {row.integer(2)}});
                });
  return sums.take();
}

}  // namespace order
