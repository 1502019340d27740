#include "order/order.h"

#include <algorithm>
#include <iterator>
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

struct Sums {
  std::int64_t orders = 0;
  std::int64_t orders_paid = 0;
  std::int64_t paid_cents = 0;
  std::int64_t refunded_cents = 0;
};

// The orders of these customers; null: of everybody.
Sums sums_of(store::Session& session, const Filter& filter,
             const std::vector<base::CustomerId>* customers) {
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  std::string statement(sql::kSummary);
  std::string list;
  std::vector<store::Param> params = {filter.from.value_or(base::kMomentMin).ms,
                                      filter.to.value_or(base::kMomentMax).ms, state_param(filter)};
  if (customers != nullptr) {
    statement += sqlite ? sql::kSummaryOfCustomersSqlite : sql::kSummaryOfCustomersPostgresql;
    list = store::list_text(session.dialect(), *customers, &base::CustomerId::value);
    params.emplace_back(list);
  }
  Sums sums;
  session.query(statement, params, [&](const store::Row& row) {
    sums = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
  });
  return sums;
}

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
  const bool of_some = !filter.customers.empty();
  std::vector<base::CustomerId> left_out(tests.begin(), tests.end());
  if (of_some) {
    std::ranges::sort(left_out);
    std::vector<base::CustomerId> both;
    std::ranges::copy_if(filter.customers, std::back_inserter(both), [&](base::CustomerId each) {
      return std::ranges::binary_search(left_out, each);
    });
    left_out = std::move(both);
  }
  // All but the test accounts', which are few: taken off what an index adds up.
  const Sums all = sums_of(session, filter, of_some ? &filter.customers : nullptr);
  const Sums out = left_out.empty() ? Sums{} : sums_of(session, filter, &left_out);
  return {.orders = all.orders - out.orders,
          .totals = {all.orders_paid - out.orders_paid,
                     {all.paid_cents - out.paid_cents},
                     {all.refunded_cents - out.refunded_cents}},
          .orders_of_tests = out.orders};
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
