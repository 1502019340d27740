#include "customer/identity.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/change.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewIdentityKind {
  std::string name;
  std::string form;
  std::optional<bool> one_per_person;
};
BOOST_DESCRIBE_STRUCT(NewIdentityKind, (), (name, form, one_per_person))

json::object to_json(const customer::IdentityKind& kind) {
  return {{"id", kind.id.value},
          {"name", kind.name},
          {"form", customer::name_of(kind.form)},
          {"one_per_person", kind.one_per_person}};
}

net::Response list_identity_kinds(Call& call) {
  json::array kinds;
  call.services().database.read([&](store::Session& session) {
    for (const auto& kind : customer::identity_kinds(session)) kinds.push_back(to_json(kind));
  });
  return ok(json::object{{"identity_kinds", std::move(kinds)}});
}

net::Response declare_identity_kind(Call& call) {
  const auto body = call.body<NewIdentityKind>();
  const auto form = customer::identity_form_named(body.form);
  if (!form) throw Refusal("api.unknown_form", {{"subject", body.form}});
  const customer::IdentityKind kind{{}, body.name, *form, body.one_per_person.value_or(false)};
  return created(to_json(change(call, "identity_kind.declare", [&](customer::Writing& writing) {
    return customer::declare_identity_kind(writing, kind);
  })));
}

struct GoneIdentity {
  std::string kind;
  std::string value;
  std::optional<std::string> account;
};
BOOST_DESCRIBE_STRUCT(GoneIdentity, (), (kind, value, account))

// A POST, since the value may be a phone: it does not stand in an address.
net::Response remove_identity(Call& call) {
  const auto gone = call.body<GoneIdentity>();
  change(call, "customer.identity", [&](customer::Writing& writing) {
    return customer::remove_identity(
        writing, call.person(writing.unit(), call.captured(0)),
        {.kind = gone.kind, .value = gone.value, .account = gone.account.value_or("")},
        std::nullopt);
  });
  return ok(json::object{{"position", call.position()}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/identity-kinds", Guard::of(Permission::customers_read),
     list_identity_kinds},
    {net::Method::post, "/identity-kinds", Guard::of(Permission::customers_declare),
     declare_identity_kind},
    {net::Method::post, "/customers/{customer}/identities/remove",
     Guard::of(Permission::customers_write), remove_identity},
};

}  // namespace

std::span<const Route> identity_routes() { return kRoutes; }

}  // namespace api
