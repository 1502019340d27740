#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "account/brand_account.h"
#include "api/account_change.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

struct NewAccountBody {
  std::string kind;
  std::string external_id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewAccountBody, (), (kind, external_id, name))

struct AccountChangeBody {
  std::optional<std::string> external_id;
  std::optional<std::string> name;
  std::optional<std::string> state;
};
BOOST_DESCRIBE_STRUCT(AccountChangeBody, (), (external_id, name, state))

json::object to_json(const account::BrandAccount& account) {
  return {{"id", account.id.value},
          {"kind", account::name_of(account.kind)},
          {"external_id", account.external_id},
          {"name", account.name},
          {"state", account::name_of(account.state)},
          {"created_at", iso(account.created_at)}};
}

net::Response list_accounts(Call& call) {
  const auto found = call.services().database.read(
      [](store::Session& session) { return account::brand_accounts(session); });
  json::array accounts;
  for (const account::BrandAccount& account : found) accounts.push_back(to_json(account));
  return ok(json::object{{"accounts", std::move(accounts)}});
}

net::Response create_account(Call& call) {
  const auto body = call.body<NewAccountBody>();
  const auto kind = account::account_kind_named(body.kind);
  if (!kind) refuse(account::Fault::unknown_kind);
  const account::BrandAccount given{.id = {call.services().random.id()},
                                    .kind = *kind,
                                    .external_id = body.external_id,
                                    .name = body.name,
                                    .created_at = call.now()};
  return created(to_json(change_accounts(call, "account.create", [&](const account::Change& by) {
    return account::add_brand_account(by, given);
  })));
}

net::Response change_account(Call& call) {
  const auto body = call.body<AccountChangeBody>();
  account::BrandAccountChange to{.external_id = body.external_id, .name = body.name};
  if (body.state) to.state = state_of(*body.state);
  const base::AccountId id{call.id(0)};
  return ok(to_json(change_accounts(call, "account.change", [&](const account::Change& by) {
    return account::change_brand_account(by, id, to);
  })));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/accounts", Guard::of(Permission::accounts_read), list_accounts},
    {net::Method::post, "/accounts", Guard::of(Permission::accounts_write), create_account},
    {net::Method::patch, "/accounts/{id}", Guard::of(Permission::accounts_write), change_account},
};

}  // namespace

account::State state_of(const std::string& name) {
  const auto state = account::state_named(name);
  if (!state) refuse(account::Fault::unknown_state);
  return *state;
}

account::Cut cut_of(const ListQuery& query) {
  return {.search = query.search, .after = query.after, .rows = query.limit + 1};
}

ListQuery list_query(Call& call) {
  ListQuery query{.search = call.query("search"),
                  .after = call.query("after"),
                  .limit = static_cast<std::size_t>(call.limit())};
  if (query.search.size() > account::kSearchBytesMax) {
    throw Refusal("api.bad_query", {{"subject", "search"}});
  }
  if (query.after.size() > account::kCodeBytesMax) {
    throw Refusal("api.bad_query", {{"subject", "after"}});
  }
  return query;
}

std::span<const Route> account_routes() { return kRoutes; }

}  // namespace api
