#include "customer/new_rows.h"

#include <set>
#include <string>
#include <tuple>

#include "customer/identity_sql.h"
#include "customer/known.h"
#include "store/list_text.h"

namespace customer {
namespace {

std::vector<bool> claim_one_by_one(Writing& writing, std::span<const NewIdentity> identities) {
  std::vector<bool> given;
  given.reserve(identities.size());
  for (const auto& [identity, customer, since] : identities) {
    const std::int64_t rows = writing.unit().execute(
        sql::kInsertIdentity,
        {identity->kind.id.value, std::string_view(identity->account),
         std::string_view(identity->normal), std::string_view(identity->value), customer.value,
         since.ms, writing.now().ms, std::string_view(writing.source()),
         std::string_view(writing.by()), store::param(batch_of(writing))});
    given.push_back(rows == 1);
  }
  return given;
}

}  // namespace

std::vector<bool> claim(Writing& writing, std::span<const NewIdentity> identities) {
  store::Unit& unit = writing.unit();
  if (unit.dialect() == store::Dialect::sqlite || identities.size() == 1) {
    return claim_one_by_one(writing, identities);
  }
  const store::ListText none(unit.dialect());
  store::ListText kinds = none, accounts = none, normals = none, values = none, customers = none,
                  sinces = none;
  for (const auto& [identity, customer, since] : identities) {
    kinds.add(identity->kind.id.value);
    accounts.add(identity->account);
    normals.add(identity->normal);
    values.add(identity->value);
    customers.add(customer.value);
    sinces.add(since.ms);
  }
  std::set<std::tuple<std::int64_t, std::string, std::string>> given;
  unit.query(sql::kInsertIdentitiesPostgresql,
             {kinds.text(), accounts.text(), normals.text(), values.text(), customers.text(),
              sinces.text(), writing.now().ms, std::string_view(writing.source()),
              std::string_view(writing.by()), store::param(batch_of(writing))},
             [&](const store::Row& row) {
               given.emplace(row.integer(0), std::string(row.text(1)), std::string(row.text(2)));
             });
  std::vector<bool> answers;
  for (const NewIdentity& each : identities) {
    const CheckedIdentity& identity = *each.identity;
    answers.push_back(given.contains({identity.kind.id.value, identity.account, identity.normal}));
  }
  return answers;
}

void insert_customers(Writing& writing, std::span<const NewCustomer> customers) {
  store::Unit& unit = writing.unit();
  // Nobody else sees them before the unit has happened.
  for (const auto& [id, created_at] : customers) writing.known().persons.emplace(id, id);
  const auto batch = store::param(batch_of(writing));
  if (unit.dialect() == store::Dialect::sqlite || customers.size() == 1) {
    for (const auto& [id, created_at] : customers) {
      unit.execute(sql::kInsertCustomer,
                   {id.value, created_at.ms, writing.now().ms, std::string_view(writing.source()),
                    std::string_view(writing.by()), batch});
    }
    return;
  }
  store::ListText ids(unit.dialect());
  store::ListText created(unit.dialect());
  for (const auto& [id, created_at] : customers) {
    ids.add(id.value);
    created.add(created_at.ms);
  }
  unit.execute(sql::kInsertCustomersPostgresql,
               {ids.text(), created.text(), writing.now().ms, std::string_view(writing.source()),
                std::string_view(writing.by()), batch});
}

}  // namespace customer
