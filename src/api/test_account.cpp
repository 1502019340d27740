// Customers who count in no figure: setting and taking the mark, and who has it.
#include "customer/test_account.h"

#include <boost/json/array.hpp>

#include "api/actor_names.h"
#include "api/change.h"
#include "api/route.h"
#include "customer/identity.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

net::Response set_test_account(Call& call) {
  const bool changed = change(call, "customer.test_account", [&](customer::Writing& writing) {
    const base::CustomerId person = call.person(writing.unit(), call.captured(0));
    return customer::set_test_account(writing, person);
  });
  return ok(json::object{{"changed", changed}, {"position", call.position()}});
}

net::Response take_test_account(Call& call) {
  const bool changed = change(call, "customer.test_account", [&](customer::Writing& writing) {
    const base::CustomerId person = call.person(writing.unit(), call.captured(0));
    return customer::take_test_account(writing, person);
  });
  return ok(json::object{{"changed", changed}, {"position", call.position()}});
}

net::Response list_test_accounts(Call& call) {
  const Mask mask = call.mask();
  json::array accounts;
  call.services().database.read([&](store::Session& session) {
    accounts.clear();
    for (const customer::TestAccount& test : customer::test_accounts(session)) {
      if (!call.caller().viewer.sees(test.person)) continue;
      accounts.push_back(json::object{{"id", test.person.value},
                                      {"key", mask.key(customer::key_of(session, test.person))},
                                      {"since", iso(test.since)},
                                      {"by", test.by}});
    }
  });
  ActorNames names(call.services().users);
  for (json::value& each : accounts) names.show(each.as_object(), "by");
  return ok(json::object{{"test_accounts", std::move(accounts)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/test-accounts", Guard::of(Permission::customers_read), list_test_accounts},
    {net::Method::put, "/customers/{customer}/test-account", Guard::of(Permission::customers_write),
     set_test_account},
    {net::Method::del, "/customers/{customer}/test-account", Guard::of(Permission::customers_write),
     take_test_account},
};

}  // namespace

std::span<const Route> test_account_routes() { return kRoutes; }

}  // namespace api
