#include "customer/person.h"

#include "customer/person_sql.h"
#include "store/list_text.h"

namespace customer {

std::optional<Customer> customer_with(store::Session& session, base::CustomerId id) {
  return session.one(sql::kCustomerWith, {id.value}, [](const store::Row& row) {
    return Customer{{row.integer(0)}, {row.integer(1)}, {row.integer(2)}};
  });
}

std::vector<Customer> customers_of(store::Session& session, base::CustomerId person) {
  std::vector<Customer> customers;
  session.query(sql::kCustomersOf, {person.value}, [&](const store::Row& row) {
    customers.push_back({{row.integer(0)}, person, {row.integer(1)}});
  });
  return customers;
}

std::vector<base::CustomerId> ids_of_all(store::Session& session,
                                         std::span<const base::CustomerId> persons) {
  std::vector<base::CustomerId> ids(persons.begin(), persons.end());
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string list = store::list_text(session.dialect(), persons, &base::CustomerId::value);
  session.query(sqlite ? sql::kMergedIntoSqlite : sql::kMergedIntoPostgresql, {list},
                [&](const store::Row& row) { ids.push_back({row.integer(0)}); });
  return ids;
}

void each_customer(store::Session& session, const std::function<void(const Customer&)>& visit) {
  session.query(sql::kEachCustomer, {}, [&](const store::Row& row) {
    visit({{row.integer(0)}, {row.integer(1)}, {row.integer(2)}});
  });
}

std::vector<CustomerOf> customers_after(store::Session& session, base::CustomerId after,
                                        std::size_t limit) {
  std::vector<CustomerOf> customers;
  session.query(sql::kCustomersAfter, {after.value, static_cast<std::int64_t>(limit)},
                [&](const store::Row& row) {
                  customers.push_back({{{row.integer(0)}, {row.integer(1)}, {row.integer(2)}},
                                       row.integer(3) == 0});
                });
  return customers;
}

std::int64_t count_persons(store::Session& session) {
  return session.one(sql::kCountPersons, {}, [](const store::Row& row) { return row.integer(0); })
      .value_or(0);
}

}  // namespace customer
