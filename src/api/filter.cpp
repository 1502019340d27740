#include "api/filter.h"

#include <string>

#include "customer/person.h"

namespace api {

std::optional<base::Moment> query_moment(Call& call, std::string_view name) {
  const std::string text = call.query(name);
  if (text.empty()) return std::nullopt;
  return call.moment(std::string_view(text), name);
}

std::vector<base::CustomerId> ids_of(store::Session& session, base::CustomerId person) {
  std::vector<base::CustomerId> ids;
  for (const auto& customer : customer::customers_of(session, person)) ids.push_back(customer.id);
  return ids;
}

}  // namespace api
