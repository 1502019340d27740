// How the API names customers: by key ("wang-1", "c_42") or by any identity, written kind:value
// ("phone:13800138000") or kind:account:value ("openid:gh_1:oAbC"). A name whose part before the
// first colon is no kind of identity is a key. With a second colon both are looked for, the account
// first for kinds that belong to one (openid, external_userid), the value first for all others; the
// first is also what an unknown name makes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "customer/identity.h"
#include "customer/remembered_keys.h"

namespace api {

// Views into `name`.
customer::IdentityRef identity_of(store::Session& session, std::string_view name);

std::optional<customer::Found> find_customer(store::Session& session, std::string_view name);

// A customer as a request names them, with the id they get if there is none yet (drawn outside the
// unit).
struct NamedCustomer {
  std::string name;
  base::CustomerId fresh;
};

// The customer of every name, in their order, made where there is none yet; each name once. A name
// that cannot be one and an unknown "c_<id>" are refused. Keys are remembered once the unit has
// happened; `remembered` outlives the database.
std::vector<base::CustomerId> find_or_create_all(customer::Writing& writing,
                                                 std::span<const NamedCustomer* const> named,
                                                 customer::RememberedKeys& remembered);

}  // namespace api
