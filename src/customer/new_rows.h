// Inside the module: rows of identities and customers nobody has heard of, many in few statements.
#pragma once

#include <span>
#include <vector>

#include "customer/checked_identity.h"
#include "customer/writing.h"

namespace customer {

struct NewIdentity {
  const CheckedIdentity* identity;
  base::CustomerId customer;
  base::Moment since;
};
// Each is given unless somebody has it: whether it was. In their order, so that two units that give
// the same ones in one order never wait for each other.
std::vector<bool> claim(Writing& writing, std::span<const NewIdentity> identities);

// Also known to the unit as persons of their own.
struct NewCustomer {
  base::CustomerId id;
  base::Moment created_at;
};
void insert_customers(Writing& writing, std::span<const NewCustomer> customers);

}  // namespace customer
