// How the API names customers: by key ("wang-1", "c_42") or by any identity, written kind:value
// ("phone:13800138000") or kind:account:value ("openid:gh_1:oAbC"). A name whose part before the
// first colon is no kind of identity is a key. With a second colon both are looked for, the account
// first for kinds that belong to one (openid, external_userid), the value first for all others; the
// first is also what an unknown name makes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "customer/identity.h"

namespace api {

// Views into `name`.
customer::IdentityRef identity_of(store::Session& session, std::string_view name);

std::optional<customer::Found> find_customer(store::Session& session, std::string_view name);

// The customer of every name, made where there is none yet with the id given for it (drawn outside
// the unit). A name that cannot be one and an unknown "c_<id>" are refused.
std::map<std::string, base::CustomerId> find_or_create_all(
    customer::Writing& writing, const std::map<std::string, base::CustomerId>& fresh);

}  // namespace api
