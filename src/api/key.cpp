#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "access/api_key.h"
#include "api/call.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewKeyBody {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<std::string> expires_at;
  std::optional<bool> write_only;
  static constexpr std::string_view kDefaults[] = {"origins"};
  std::vector<std::string> origins;
};
BOOST_DESCRIBE_STRUCT(NewKeyBody, (), (name, scopes, expires_at, write_only, origins))

json::object to_json(const rights::ApiKey& key) {
  json::array scopes;
  for (const std::string_view scope : rights::names_of(key.scopes)) {
    scopes.push_back(json::value(scope));
  }
  json::array origins;
  for (const std::string& origin : key.origins) origins.push_back(json::value(origin));
  return {{"id", key.id.value},
          {"name", key.name},
          {"prefix", key.prefix},
          {"scopes", std::move(scopes)},
          {"write_only", key.write_only},
          {"origins", std::move(origins)},
          {"created_at", iso(key.created_at)},
          {"expires_at", iso_or_null(key.expires_at)},
          {"last_used_at", iso_or_null(key.last_used_at)},
          {"revoked_at", iso_or_null(key.revoked_at)}};
}

net::Response list_keys(Call& call) {
  json::array keys;
  for (const rights::ApiKey& key : call.services().keys.list()) keys.push_back(to_json(key));
  return ok(json::object{{"keys", std::move(keys)}});
}

net::Response create_key(Call& call) {
  const auto body = call.body<NewKeyBody>();
  rights::NewKey key{.name = body.name, .scopes = {}};
  for (const std::string& scope : body.scopes) {
    const auto permission = rights::permission_named(scope);
    if (!permission) throw Refusal("api.unknown_scope", {{"subject", scope}});
    key.scopes.add(*permission);
  }
  key.write_only = body.write_only.value_or(false);
  key.origins = body.origins;
  key.expires_at = call.moment(body.expires_at, "/expires_at");
  const auto made = value_or_refuse(call.services().keys.create(call.caller().viewer, key));
  return created(json::object{{"key", to_json(made.key)}, {"secret", made.secret}});
}

net::Response revoke_key(Call& call) {
  value_or_refuse(call.services().keys.revoke(call.caller().viewer, base::KeyId{call.id(0)}));
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/keys", Guard::of(Permission::keys_read), list_keys},
    {net::Method::post, "/keys", Guard::of(Permission::keys_write), create_key},
    {net::Method::del, "/keys/{id}", Guard::of(Permission::keys_write), revoke_key},
};

}  // namespace

std::span<const Route> key_routes() { return kRoutes; }

}  // namespace api
