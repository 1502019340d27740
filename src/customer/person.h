// Who is who today: customers and the persons they are merged into.
//
// customer_alias holds one row for every customer that is merged away: whom it was merged into, and
// the person at the end of that path. The view customer_person (customer, person, created_at) has
// one row for every customer not erased.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace customer {

struct Customer {
  base::CustomerId id;
  base::CustomerId person;  // id itself when not merged away
  base::Moment created_at;
};

// Nothing when there is no such customer or it is erased.
std::optional<Customer> customer_with(store::Session& session, base::CustomerId id);
// The customers that are this person today, the survivor among them, ascending by id.
std::vector<Customer> customers_of(store::Session& session, base::CustomerId person);
// The same of many persons at once, in any order: themselves, and whoever was merged into them.
std::vector<base::CustomerId> ids_of_all(store::Session& session,
                                         std::span<const base::CustomerId> persons);
// Every customer, ascending by (person, id).
void each_customer(store::Session& session, const std::function<void(const Customer&)>& visit);
// At most `limit` customers with ids after this one, ascending by id.
struct CustomerOf {
  Customer customer;
  bool is_alone = false;  // nobody is merged with them
};
std::vector<CustomerOf> customers_after(store::Session& session, base::CustomerId after,
                                        std::size_t limit);
std::int64_t count_persons(store::Session& session);

}  // namespace customer
