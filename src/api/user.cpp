#include "access/user.h"

#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "account/staff.h"
#include "api/call.h"
#include "api/route.h"
#include "api/user_json.h"

namespace api {

namespace json = boost::json;

json::object to_json(const rights::User& user) {
  return {{"id", user.id.value},
          {"name", user.name},
          {"display_name", user.display_name},
          {"role", rights::name_of(user.role)},
          {"state", rights::name_of(user.state)},
          {"created_at", iso(user.created_at)},
          {"last_sign_in_at", iso_or_null(user.last_sign_in_at)},
          {"second_factor", user.second_factor},
          {"scope", rights::name_of(user.scope)},
          {"staff", user.staff ? json::value(user.staff.value) : json::value(nullptr)}};
}

namespace {

using rights::Permission;

struct NewUserBody {
  std::string name;
  std::optional<std::string> display_name;
  std::string role;
  std::string password;
  std::optional<std::string> scope;
  std::optional<std::int64_t> staff;
};
BOOST_DESCRIBE_STRUCT(NewUserBody, (), (name, display_name, role, password, scope, staff))

struct UserChangeBody {
  std::optional<std::string> display_name;
  std::optional<std::string> role;
  std::optional<std::string> state;
  std::optional<std::string> password;
  std::optional<std::string> scope;
  std::optional<std::int64_t> staff;  // 0: nobody of the staff any more
};
BOOST_DESCRIBE_STRUCT(UserChangeBody, (), (display_name, role, state, password, scope, staff))

rights::Role role_of(const std::string& name) {
  const auto role = rights::role_named(name);
  if (!role) throw Refusal("api.unknown_role", {{"subject", name}});
  return *role;
}

rights::Scope scope_of(const std::string& name) {
  const auto scope = rights::scope_named(name);
  if (!scope) throw Refusal("api.unknown_sight", {{"subject", name}});
  return *scope;
}

// Nobody of the staff is ever deleted: who is there now is there in the unit that follows.
base::StaffId known_staff(Call& call, std::int64_t id) {
  const auto member = call.services().database.read(
      [&](store::Session& session) { return account::staff_with(session, {id}); });
  if (!member) refuse(account::Fault::unknown_staff);
  return member->id;
}

net::Response list_users(Call& call) {
  json::array users;
  for (const rights::User& user : call.services().users.list()) users.push_back(to_json(user));
  return ok(json::object{{"users", std::move(users)}});
}

net::Response create_user(Call& call) {
  const auto body = call.body<NewUserBody>();
  rights::NewUser user{
      .name = body.name, .display_name = body.display_name.value_or(""), .password = body.password};
  if (body.scope) user.scope = scope_of(*body.scope);
  if (body.staff) user.staff = known_staff(call, *body.staff);
  return created(to_json(value_or_refuse(
      call.services().users.create(call.caller().viewer, role_of(body.role), user))));
}

net::Response change_user(Call& call) {
  const auto body = call.body<UserChangeBody>();
  rights::UserChange change;
  change.display_name = body.display_name;
  change.password = body.password;
  if (body.role) change.role = role_of(*body.role);
  if (body.state) {
    change.state = rights::user_state_named(*body.state);
    if (!change.state) throw Refusal("api.unknown_state", {{"subject", *body.state}});
  }
  if (body.scope) change.scope = scope_of(*body.scope);
  if (body.staff)
    change.staff = *body.staff == 0 ? base::StaffId{} : known_staff(call, *body.staff);
  return ok(to_json(value_or_refuse(
      call.services().users.change(call.caller().viewer, base::UserId{call.id(0)}, change))));
}

net::Response delete_user(Call& call) {
  value_or_refuse(call.services().users.remove(call.caller().viewer, base::UserId{call.id(0)}));
  return no_content();
}

net::Response reset_user(Call& call) {
  const auto link = value_or_refuse(
      call.services().users.make_reset(call.caller().viewer, base::UserId{call.id(0)}));
  return created(json::object{{"token", link.token}, {"expires_at", iso(link.expires_at)}});
}

net::Response remove_second_factor(Call& call) {
  value_or_refuse(
      call.services().users.remove_second_factor(call.caller().viewer, base::UserId{call.id(0)}));
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/users", Guard::of(Permission::users_read), list_users},
    {net::Method::post, "/users", Guard::of(Permission::users_write), create_user},
    {net::Method::patch, "/users/{id}", Guard::of(Permission::users_write), change_user},
    {net::Method::del, "/users/{id}", Guard::of(Permission::users_write), delete_user},
    {net::Method::post, "/users/{id}/reset", Guard::of(Permission::users_write), reset_user},
    {net::Method::del, "/users/{id}/second-factor", Guard::of(Permission::owners_write),
     remove_second_factor},
};

}  // namespace

std::span<const Route> user_routes() { return kRoutes; }

}  // namespace api
