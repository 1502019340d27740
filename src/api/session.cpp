#include "access/session.h"

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>

#include "api/call.h"
#include "api/field_note.h"
#include "api/route.h"
#include "api/user_json.h"
#include "log/log.h"
#include "setting/setting.h"

namespace api {
namespace {

namespace json = boost::json;

struct Setup {
  std::string token;
  std::string name;
  std::optional<std::string> display_name;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(Setup, (), (token, name, display_name, password))

struct DemoEntrance {
  std::optional<std::string> ticket;
};
BOOST_DESCRIBE_STRUCT(DemoEntrance, (), (ticket))

struct SignIn {
  std::string name;
  std::string password;
  std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (name, password, code))

struct PasswordChange {
  std::string current;
  std::string next;
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (current, next))

// What the user sees masked, so that they can be told.
json::object masks_json(Call& call, const rights::User& user) {
  const rights::Masks masks = rights::masks_of(user.role);
  auto personal = call.services().database.read([&](store::Session& session) {
    return personal_fields(masks, session, call.services().log.catalog());
  });
  const FieldMask mask(masks, std::move(personal));
  json::array attributes;
  for (const std::string& name : mask.hidden_attributes()) attributes.push_back(json::value(name));
  json::array properties;
  for (const auto& [event, name] : mask.hidden_properties()) {
    properties.push_back(json::object{{"event", event}, {"name", name}});
  }
  return {{"phones", masks.phone},
          {"names", masks.name},
          {"attributes", std::move(attributes)},
          {"properties", std::move(properties)}};
}

json::object session_json(Call& call, const rights::User& user, const std::string& token) {
  const auto settings =
      call.services().database.read([](store::Session& session) { return setting::read(session); });
  json::array permissions;
  for (const std::string_view name :
       rights::names_of(rights::permissions_of(user.role, user.scope))) {
    permissions.push_back(json::value(name));
  }
  return {{"user", to_json(user)},
          {"permissions", std::move(permissions)},
          {"masks", masks_json(call, user)},
          {"csrf_token", rights::csrf_token_of(token)},
          {"zone", settings.zone.name()},
          {"language", settings.console_language},
          {"demo", call.services().demo.is_demo},
          {"demo_made_at", iso_or_null(call.services().demo.made_at)}};
}

// Behind a proxy that speaks TLS to the world the cookie must stay within TLS.
bool is_secure(Call& call) {
  const auto& trusted = call.services().trusted_proxies;
  return std::ranges::find(trusted, call.request().remote) != trusted.end() &&
         call.request().headers.find("X-Forwarded-Proto").value_or("") == "https";
}

net::Response signed_in(Call& call, const rights::SignedIn& in) {
  net::Response response = created(session_json(call, in.user, in.token));
  response.headers.add("Set-Cookie",
                       net::set_cookie({.name = std::string(call.services().session_cookie()),
                                        .value = in.token,
                                        .max_age_seconds = rights::kSessionTime.ms / 1000,
                                        .secure = is_secure(call)}));
  if (!in.browser.empty()) {
    response.headers.add("Set-Cookie",
                         net::set_cookie({.name = std::string(rights::kBrowserCookie),
                                          .value = in.browser,
                                          .max_age_seconds = rights::kAddressKnownTime.ms / 1000,
                                          .secure = is_secure(call)}));
  }
  return response;
}

net::Response create_owner(Call& call) {
  const auto body = call.body<Setup>();
  const auto user = value_or_refuse(
      call.services().users.claim_owner(body.token,
                                        {.name = body.name,
                                         .display_name = body.display_name.value_or(""),
                                         .password = body.password},
                                        call.peer().text));
  return signed_in(call, call.services().sessions.start(user, call.peer()));
}

net::Response sign_in(Call& call) {
  const auto body = call.body<SignIn>();
  auto session = call.services().sessions.sign_in(
      {.name = body.name, .password = body.password, .code = body.code.value_or("")}, call.peer());
  // The code that is asked for next is no failure.
  if (!session && session.error().fault != rights::Fault::code_needed) {
    call.services().counts.sign_in_failed();
  }
  return signed_in(call, value_or_refuse(std::move(session)));
}

constexpr std::string_view kDemoUser = "demo";
constexpr std::size_t kDemoPasswordLetters = 32;

// The demo's own owner; their password is nobody's.
rights::User demo_owner(Call& call) {
  rights::Users& users = call.services().users;
  if (const auto token = users.make_owner_link()) {
    std::string password;
    while (password.size() < kDemoPasswordLetters) {
      password.push_back(static_cast<char>('a' + call.services().random.next() % 26));
    }
    return value_or_refuse(users.claim_owner(
        *token, {.name = std::string(kDemoUser), .display_name = "", .password = password},
        call.peer().text));
  }
  const auto user = users.find(kDemoUser);
  const bool enters = user && user->state == rights::UserState::active && !user->second_factor;
  if (!enters) throw Refusal("api.no_demo_entrance");
  return *user;
}

// Asked by a browser on this machine under the machine's own name: not through a proxy, and not by
// a page whose name was made to lead here.
bool is_of_this_machine(Call& call) {
  if (call.request().headers.find("X-Forwarded-For")) return false;
  const std::string_view name = call.host_name();
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

bool has_ticket(Call& call) {
  DemoTickets* const tickets = call.services().demo.tickets;
  if (tickets == nullptr || call.request().body.empty()) return false;
  const auto ticket = call.body<DemoEntrance>().ticket;
  return ticket && tickets->take(*ticket, call.now());
}

// For whoever sits at the machine that serves the demo to nobody else, and whoever was given a
// ticket by the program beside it.
net::Response enter_demo(Call& call) {
  const bool is_open = call.services().demo.entrance && is_of_this_machine(call);
  if (!is_open && !has_ticket(call)) throw Refusal("api.no_demo_entrance");
  return signed_in(call, call.services().sessions.start(demo_owner(call), call.peer()));
}

net::Response get_session(Call& call) {
  const rights::User& user = call.session_user();
  return ok(session_json(call, user, call.caller().token));
}

net::Response sign_out(Call& call) {
  call.session_user();
  call.services().sessions.sign_out(call.caller().token, call.peer());
  net::Response response = no_content();
  response.headers.add("Set-Cookie",
                       net::set_cookie({.name = std::string(call.services().session_cookie()),
                                        .value = "",
                                        .max_age_seconds = 0,
                                        .secure = is_secure(call)}));
  return response;
}

net::Response change_password(Call& call) {
  call.session_user();
  const auto body = call.body<PasswordChange>();
  value_or_refuse(call.services().sessions.change_password(
      call.caller().token, {.current = body.current, .next = body.next}, call.peer()));
  return no_content();
}

struct Reset {
  std::string token;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(Reset, (), (token, password))

net::Response claim_reset(Call& call) {
  const auto body = call.body<Reset>();
  value_or_refuse(call.services().users.claim_reset(body.token, body.password, call.peer()));
  return no_content();
}

// Whose sessions are asked about: one's own, or those of `user`. Keys and the command line have
// none of their own.
base::UserId asked_user(Call& call) {
  const std::string text = call.query("user");
  if (text.empty()) return call.session_user().id;
  const auto id = read_integer(text);
  if (!id || *id < 1) throw Refusal("api.bad_query", {{"subject", "user"}});
  return base::UserId{*id};
}

net::Response list_sessions(Call& call) {
  const base::UserId user = asked_user(call);
  const auto& own = call.caller().user;
  if (!(own && own->id == user) && !call.caller().viewer.may(rights::Permission::users_read)) {
    refuse(rights::Error{rights::Fault::not_allowed});
  }
  json::array sessions;
  for (const rights::OpenSession& each : call.services().sessions.list(user, call.caller().token)) {
    sessions.push_back(json::object{{"id", each.id.value},
                                    {"user", each.user.value},
                                    {"started_at", iso(each.started_at)},
                                    {"last_used_at", iso(each.last_used_at)},
                                    {"address", each.address},
                                    {"device", each.device},
                                    {"current", each.current}});
  }
  return ok(json::object{{"sessions", std::move(sessions)}});
}

net::Response end_session(Call& call) {
  value_or_refuse(
      call.services().sessions.end(call.caller().viewer, rights::SessionId{call.id(0)}));
  return no_content();
}

net::Response end_sessions(Call& call) {
  const std::int64_t ended = value_or_refuse(call.services().sessions.end_all(
      call.caller().viewer, asked_user(call), call.caller().token));
  return ok(json::object{{"ended", ended}});
}

constexpr Route kRoutes[] = {
    {net::Method::post, "/setup", Guard::everybody(), create_owner},
    {net::Method::post, "/reset", Guard::everybody(), claim_reset},
    {net::Method::post, "/session", Guard::everybody(), sign_in},
    {net::Method::post, "/demo/session", Guard::everybody(), enter_demo},
    {net::Method::get, "/session", Guard::signed_in(), get_session},
    {net::Method::del, "/session", Guard::signed_in(), sign_out},
    {net::Method::put, "/session/password", Guard::signed_in(), change_password},
    {net::Method::get, "/sessions", Guard::signed_in(), list_sessions},
    {net::Method::del, "/sessions", Guard::signed_in(), end_sessions},
    {net::Method::del, "/sessions/{id}", Guard::signed_in(), end_session},
};

}  // namespace

std::span<const Route> session_routes() { return kRoutes; }

}  // namespace api
