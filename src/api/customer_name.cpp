#include "api/customer_name.h"

#include "api/fault.h"

namespace api {

customer::IdentityRef identity_of(store::Session& session, std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view kind = name.substr(0, colon);
    if (customer::identity_kind_named(session, kind)) {
      return {.kind = kind, .value = name.substr(colon + 1)};
    }
  }
  return {.kind = "customer", .value = name};
}

std::optional<customer::Found> find_customer(store::Session& session, std::string_view name) {
  const customer::IdentityRef identity = identity_of(session, name);
  if (identity.kind == "customer") return customer::find_by_key(session, name);
  return customer::find(session, identity);
}

std::map<std::string, base::CustomerId> find_or_create_all(
    customer::Writing& writing, const std::map<std::string, base::CustomerId>& fresh) {
  std::map<std::string, base::CustomerId> found;
  for (const auto& [name, id] : fresh) {
    if (const auto known = find_customer(writing.unit(), name)) {
      found[name] = known->customer;
      continue;
    }
    const auto resolved =
        customer::find_or_create(writing, identity_of(writing.unit(), name), id, std::nullopt);
    found[name] = value_or_refuse(resolved).found.customer;
  }
  return found;
}

}  // namespace api
