// Every route × every role × every scope against the one table of rights (access/permission.h):
// whoever holds the route's permission is not refused, whoever does not hold it is.
#include <set>
#include <thread>

#include "access/permission.h"
#include "api/route.h"
#include "server/role_fixture.h"

namespace server {
namespace {

class RoleTest : public RoleFixture {};

// The pattern with something in its braces that is not there, so that nothing is changed.
std::string target_of(const api::Route& route) {
  std::string target(api::kPrefix);
  bool inside = false;
  for (const char c : route.pattern) {
    inside = inside || c == '{';
    if (c == '}') target += '1';
    if (!inside) target += c;
    inside = inside && c != '}';
  }
  return target;
}

// What would end the session that asks, or start long work: only refusals of it are tried here.
bool is_left_alone(const api::Route& route) {
  static const std::set<std::pair<net::Method, std::string_view>> kLeftAlone = {
      {net::Method::del, "/session"}, {net::Method::post, "/backups"}};
  return kLeftAlone.contains({route.method, route.pattern});
}

TEST_P(RoleTest, MayWhatTheTableSaysOnEveryRouteAndNothingElse) {
  const auto staff =
      local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  std::size_t allowed = 0;
  std::size_t refused = 0;
  for (const rights::Role role : rights::kRoles) {
    for (const rights::Scope scope : rights::kScopes) {
      if (role == rights::Role::owner && scope != rights::Scope::all) continue;
      const std::string name =
          std::string(rights::name_of(role)) + "." + std::string(rights::name_of(scope));
      make_user(name, rights::name_of(role), {{"scope", rights::name_of(scope)}, {"staff", staff}});
      const SignedIn who = sign_in(name);
      const rights::PermissionSet held = rights::permissions_of(role, scope);
      EXPECT_EQ(who.permissions.size(), rights::names_of(held).size()) << name;
      for (const api::Route& route : api::routes()) {
        const std::string target = target_of(route);
        SCOPED_TRACE(name + " " + target);
        const bool is_guarded = route.guard.kind == api::Guard::Kind::permission;
        const bool may =
            !is_guarded || held.has(route.guard.permission) || held.has(route.guard.other);
        if (may && is_left_alone(route)) continue;
        const bool reads = route.method == net::Method::get;
        const net::Response response = ask(who, route.method, target, reads ? "" : "{}");
        const std::string code = code_of(response);
        EXPECT_EQ(code == "access.not_allowed", !may) << response.status << response.body;
        EXPECT_NE(code, "access.not_signed_in");
        EXPECT_NE(response.status, 500) << response.body;
        EXPECT_EQ(response.status == 403 && route.guard.kind != api::Guard::Kind::everybody, !may)
            << response.body;
        ++(may ? allowed : refused);
      }
    }
  }
  EXPECT_GT(allowed, 500u);
  EXPECT_GT(refused, 300u);
}

TEST_P(RoleTest, WhoIsNotSignedInIsRefusedOnEveryRouteThatIsNotForEverybody) {
  for (const api::Route& route : api::routes()) {
    if (route.guard.kind == api::Guard::Kind::everybody) continue;
    const net::Response response = app_->handle(from_outside(route.method, target_of(route), "{}"));
    EXPECT_EQ(response.status, 401) << route.pattern;
  }
}

TEST_P(RoleTest, AScopeNeedsStaffAndOwnersSeeAll) {
  const auto refusal = [&](boost::json::object body) {
    body["password"] = kPassword;
    return code_of(send(net::Method::post, "/api/v1/users", boost::json::serialize(body)));
  };
  const auto staff =
      local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  EXPECT_EQ(refusal({{"name", "a"}, {"role", "analyst"}, {"scope", "own"}}),
            "access.scope_needs_staff");
  EXPECT_EQ(refusal({{"name", "a"}, {"role", "owner"}, {"scope", "own"}, {"staff", staff}}),
            "access.owner_sees_all");
  EXPECT_EQ(refusal({{"name", "a"}, {"role", "analyst"}, {"scope", "own"}, {"staff", 5}}),
            "account.unknown_staff");
  EXPECT_EQ(refusal({{"name", "a"}, {"role", "analyst"}, {"scope", "some"}}), "api.unknown_sight");
}

// From the beginning to the end: what is said of customers, and whose they are.
TEST_P(RoleTest, EachKindOfBulkChangeHasItsOwnRight) {
  const auto staff =
      local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  local_post("/api/v1/tags", R"({"group": "g", "name": "x"})");
  local(net::Method::post, "/api/v1/customers", R"({"customers": [{"customer": "a"}]})");
  const auto key = [&](const std::string& scope) {
    const std::string body = R"({"name": "k", "scopes": [")" + scope + R"("]})";
    return std::string(local_post("/api/v1/keys", body).at("secret").as_string());
  };
  const auto asked = [&](const std::string& secret, net::Method method, const std::string& path,
                         const std::string& body) {
    net::Request request = from_outside(method, "/api/v1/bulk-changes" + path, body);
    request.headers.set("Authorization", "Bearer " + secret);
    return app_->handle(request);
  };
  const std::string assigner = key("customers.assign");
  const std::string tagger = key("tags.write");
  const std::string tag = R"({"customers": ["a"], "add_tags": ["g/x"]})";
  const std::string assign =
      R"({"customers": ["a"], "assign_to_staff": )" + std::to_string(staff) + "}";
  EXPECT_EQ(asked(assigner, net::Method::post, "", tag).status, 403);
  EXPECT_EQ(asked(tagger, net::Method::post, "", assign).status, 403);
  EXPECT_EQ(asked(key("customers.read"), net::Method::post, "", assign).status, 403);

  const net::Response begun = asked(assigner, net::Method::post, "", assign);
  ASSERT_EQ(begun.status, 202) << begun.body;
  const std::string path = "/" + std::to_string(boost::json::parse(begun.body).at("id").as_int64());
  EXPECT_EQ(asked(assigner, net::Method::get, path, "").status, 200);
  EXPECT_EQ(asked(tagger, net::Method::get, path, "").status, 403);
  EXPECT_EQ(asked(tagger, net::Method::post, path + "/stop", "").status, 403);
  EXPECT_EQ(asked(assigner, net::Method::post, path + "/stop", "").status, 200);
}

// A key sees all: whoever sees less from now on keeps none they made.
TEST_P(RoleTest, WhoMayLessLosesTheirKeys) {
  const std::int64_t id = make_user("eng", "engineer");
  const SignedIn eng = sign_in("eng");
  const std::string user = "/api/v1/users/" + std::to_string(id);
  const auto key_of = [&](const std::string& body) {
    const auto made = boost::json::parse(post(eng, "/api/v1/keys", body).body);
    net::Request asked = from_outside(net::Method::get, "/api/v1/customers", "");
    asked.headers.set("Authorization", "Bearer " + std::string(made.at("secret").as_string()));
    return asked;
  };
  const net::Request asked = key_of(R"({"name": "k", "scopes": ["customers.read"]})");
  local(net::Method::patch, user, R"({"display_name": "工"})");
  EXPECT_EQ(app_->handle(asked).status, 200);
  local(net::Method::patch, user, R"({"role": "admin"})");
  EXPECT_EQ(app_->handle(asked).status, 200);
  local(net::Method::patch, user, R"({"role": "analyst"})");
  EXPECT_EQ(app_->handle(asked).status, 401);
}

TEST_P(RoleTest, WhoSeesLessLosesTheirKeys) {
  const auto staff =
      local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  const std::int64_t id = make_user("eng", "engineer");
  const SignedIn eng = sign_in("eng");
  const auto made = boost::json::parse(
      post(eng, "/api/v1/keys", R"({"name": "k", "scopes": ["customers.read"]})").body);
  net::Request asked = from_outside(net::Method::get, "/api/v1/customers", "");
  asked.headers.set("Authorization", "Bearer " + std::string(made.at("secret").as_string()));
  EXPECT_EQ(app_->handle(asked).status, 200);
  const std::string user = "/api/v1/users/" + std::to_string(id);
  local(net::Method::patch, user,
        boost::json::serialize(boost::json::object{{"scope", "own"}, {"staff", staff}}));
  EXPECT_EQ(app_->handle(asked).status, 401);
  EXPECT_EQ(code_of(post(eng, "/api/v1/keys", R"({"name": "k", "scopes": ["customers.read"]})")),
            "access.not_allowed");
  // Nobody of the staff any more: they would see nobody, so they must see all again.
  EXPECT_EQ(code_of(send(net::Method::patch, user, R"({"staff": 0})")), "access.scope_needs_staff");
  local(net::Method::patch, user, R"({"staff": 0, "scope": "all"})");
  EXPECT_EQ(get(eng, "/api/v1/keys").status, 200);
}

// Whoever sees less sees their own bulk changes: not those of a key that is called as they are.
TEST_P(RoleTest, ABulkChangeIsItsMakersWhateverTheirName) {
  const auto staff =
      local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  make_user("lin", "operator", {{"scope", "own"}, {"staff", staff}});
  make_user("boss", "admin");
  const SignedIn lin = sign_in("lin");
  const SignedIn boss = sign_in("boss");
  const auto key = boost::json::parse(
      post(boss, "/api/v1/keys", R"({"name": "lin", "scopes": ["tags.write"]})").body);
  const std::string body = R"({"customers": [], "add_tags": ["g/a"]})";
  const auto id_of = [](const net::Response& response) {
    EXPECT_EQ(response.status, 202) << response.body;
    return std::to_string(boost::json::parse(response.body).at("id").as_int64());
  };
  net::Request asked = from_outside(net::Method::post, "/api/v1/bulk-changes", body);
  asked.headers.set("Authorization", "Bearer " + std::string(key.at("secret").as_string()));
  const std::string of_key = "/api/v1/bulk-changes/" + id_of(app_->handle(asked));
  EXPECT_EQ(get(lin, of_key).status, 404);
  EXPECT_EQ(get(boss, of_key).status, 200);
  while (boost::json::parse(get(boss, of_key).body).at("state") == "running") {
    std::this_thread::yield();
  }
  // The one before has said its end a moment before it is gone.
  net::Response second = post(lin, "/api/v1/bulk-changes", body);
  const auto end = std::chrono::steady_clock::now() + kFailsafe;
  while (second.status == 409 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
    second = post(lin, "/api/v1/bulk-changes", body);
  }
  const std::string own = "/api/v1/bulk-changes/" + id_of(second);
  EXPECT_EQ(get(lin, own).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Both, RoleTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
