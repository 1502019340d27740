#include "server/order_persons.h"

#include "customer/person.h"
#include "customer/test_account.h"

namespace server {

std::vector<base::CustomerId> OrderPersons::of_test_accounts(store::Session& session) const {
  return customer::customers_of_test_accounts(session);
}

std::vector<base::CustomerId> OrderPersons::one_with(store::Session& session,
                                                     base::CustomerId customer) const {
  std::vector<base::CustomerId> ids;
  const auto known = customer::customer_with(session, customer);
  if (!known) return ids;
  for (const customer::Customer& each : customer::customers_of(session, known->person)) {
    ids.push_back(each.id);
  }
  return ids;
}

}  // namespace server
