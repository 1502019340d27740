// Whoever sees phones and names masked never sees one whole: customers carry marks of their own,
// and every way by which customers get out is searched for them. Whoever sees them whole finds them
// at each of those, so that each is looked at where it has something to tell.
#include <fmt/format.h>

#include <array>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "access/permission.h"
#include "api/route.h"
#include "intake/table_file.h"
#include "server/role_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

constexpr int kCustomers = 5;
constexpr const char* kRule = R"("rule": "did order_paid")";
constexpr const char* kColumns =
    R"("columns": ["attribute:name", "attribute:手机", "attribute:住址", "attribute:birthday",)"
    R"( "identity:phone", "identity:email", "identity:id_card", "tags", "net"])";

struct Marked {
  std::string phone;  // also the key
  std::string other;  // a phone in an attribute alone
  std::string name;
  std::string street;    // in an attribute and a property the brand calls personal
  std::string birthday;  // the same, a date
  std::string weight;    // in a property the brand calls personal, a number
  std::string email;
  std::string card;  // of a kind the brand has declared
  std::int64_t id = 0;
  // The part of the name a mask hides.
  std::string hidden() const { return name.substr(std::string("王").size()); }
  std::vector<std::string> marks() const {
    return {phone, other, hidden(), street, birthday, weight, email, card};
  }
};

class MaskedTest : public RoleFixture {
 protected:
  void fill();
  void make_customers();
  void make_events(const Marked& each);
  void mark_personal();

  // Every way by which customers get out, as one asks who may.
  using Exit = std::function<std::string(const SignedIn&)>;
  std::map<std::string, Exit> exits();

  std::string read(const SignedIn& who, const std::string& target) {
    const net::Response response = get(who, "/api/v1" + target);
    EXPECT_EQ(response.status, 200) << target << " " << response.body;
    return response.body;
  }
  std::string asked(const SignedIn& who, const std::string& target, const std::string& body) {
    const net::Response response = post(who, "/api/v1" + target, "{" + body + "}");
    EXPECT_EQ(response.status, 200) << target << " " << response.body;
    return response.body;
  }
  // Of the first of them.
  std::string explained(const SignedIn& who, const char* rule) {
    const json::object question{{"rule", rule},
                                {"customer", fmt::format("c_{}", customers_[0].id)}};
    const std::string body = json::serialize(question);
    return asked(who, "/rules/explain", body.substr(1, body.size() - 2));
  }
  // All of a table with the target for each of them.
  std::string of_each(const SignedIn& who, const std::string& rest) {
    std::string all;
    for (const Marked& each : customers_) {
      all += read(who, fmt::format("/customers/c_{}{}", each.id, rest));
    }
    return all;
  }
  static std::string text_of_book(const std::string& bytes) {
    const auto file = intake::TableFile::of_bytes(bytes);
    EXPECT_TRUE(file.has_value());
    if (!file) return "";
    std::string text;
    std::array<char, 4096> part{};
    while (const std::size_t got = (*file)->read(part)) text.append(part.data(), got);
    return text;
  }

  std::vector<Marked> customers_;
  std::int64_t staff_ = 0, list_ = 0;
};

void MaskedTest::make_customers() {
  local_post("/api/v1/identity-kinds", R"({"name": "id_card", "form": "plain"})");
  json::array rows;
  for (int i = 0; i < kCustomers; ++i) {
    customers_.push_back({.phone = fmt::format("1390013{:04}", 1000 + i * 37),
                          .other = fmt::format("1370024{:04}", 2000 + i * 41),
                          .name = fmt::format("王小云{:02}", i),
                          .street = fmt::format("梧桐路{}号", 7100 + i),
                          .birthday = fmt::format("1987-03-{:02}", 11 + i),
                          .weight = fmt::format("{}.25", 9134 + i),
                          .email = fmt::format("yun{}@example.com", 5200 + i),
                          .card = fmt::format("33060219870311{}X", 640 + i)});
    const Marked& each = customers_.back();
    rows.push_back(json::object{
        {"customer", each.phone},
        {"identities", json::array{json::object{{"kind", "phone"}, {"value", each.phone}},
                                   json::object{{"kind", "email"}, {"value", each.email}},
                                   json::object{{"kind", "id_card"}, {"value", each.card}}}},
        {"attributes", json::object{{"name", each.name},
                                    {"手机", each.other},
                                    {"real_name", each.name},
                                    {"住址", each.street},
                                    {"birthday", each.birthday}}},
        {"tags", json::array{"等级/VIP"}}});
  }
  local_post("/api/v1/customers", json::serialize(json::object{{"customers", rows}}));
  for (Marked& each : customers_) {
    each.id = local(net::Method::get, "/api/v1/customers/" + each.phone, "").at("id").as_int64();
  }
}

void MaskedTest::make_events(const Marked& each) {
  const auto event = [&](const char* name, json::object properties) {
    return json::object{
        {"customer", each.phone}, {"event", name}, {"properties", std::move(properties)}};
  };
  local_post(
      "/api/v1/events",
      json::serialize(json::object{
          {"events", json::array{event("order_paid", {{"order_id", fmt::format("T-{}", each.id)},
                                                      {"amount", "12.50"}}),
                                 event("parcel_sent", {{"mobile", each.phone},
                                                       {"name", each.name},
                                                       {"street", each.street},
                                                       {"weight", std::stod(each.weight)}}),
                                 event("friend_added", {{"staff", "7"}})}}}));
  const std::string path = "/api/v1/customers/" + each.phone;
  local(net::Method::patch, path + "/attributes", R"({"values": {"name": "张大山九号"}})");
  local(net::Method::patch, path + "/attributes",
        json::serialize(json::object{{"values", json::object{{"name", each.name}}}}));
}

void MaskedTest::mark_personal() {
  const json::value all = local(net::Method::get, "/api/v1/attributes", "");
  for (const json::value& each : all.at("attributes").as_array()) {
    if (each.at("name") != "住址" && each.at("name") != "birthday") continue;
    local(net::Method::patch,
          fmt::format("/api/v1/attributes/{}", each.at("id").to_number<std::int64_t>()),
          R"({"personal": true})");
  }
  for (const char* property : {"street", "weight"}) {
    local(net::Method::patch, std::string("/api/v1/event-types/parcel_sent/properties/") + property,
          R"({"personal": true})");
  }
}

void MaskedTest::fill() {
  staff_ = local_post("/api/v1/staff", R"({"number": "7", "name": "林"})").at("id").as_int64();
  make_customers();
  for (const Marked& each : customers_) make_events(each);
  list_ = local_post("/api/v1/lists", R"({"name": "名单"})").at("id").as_int64();
  json::array all;
  for (const Marked& each : customers_) all.emplace_back(each.phone);
  local_post(fmt::format("/api/v1/lists/{}/customers", list_),
             json::serialize(json::object{{"add", all}}));
  local(net::Method::put, "/api/v1/customers/" + customers_[4].phone + "/test-account", "{}");
  mark_personal();
  // A merge that has to be looked at.
  local_post("/api/v1/customers/" + customers_[2].phone + "/merge",
             json::serialize(json::object{{"other", customers_[3].phone}}));
  for (const char* role : {"analyst", "operator"}) make_user(role, role);
}

std::map<std::string, MaskedTest::Exit> MaskedTest::exits() {
  const std::string table = std::string(kRule) + ", " + kColumns;
  return {
      {"record", [this](const SignedIn& who) { return of_each(who, ""); }},
      {"timeline", [this](const SignedIn& who) { return of_each(who, "/events"); }},
      {"orders of one", [this](const SignedIn& who) { return of_each(who, "/orders"); }},
      {"list", [this](const SignedIn& who) { return read(who, "/customers"); }},
      {"search of a name",
       [this](const SignedIn& who) {
         return asked(who, "/customers/list", std::string(R"("search": "王小云00", )") + kColumns);
       }},
      {"orders", [this](const SignedIn& who) { return read(who, "/orders"); }},
      {"one order",
       [this](const SignedIn& who) {
         return read(who, fmt::format("/orders/T-{}", customers_[0].id));
       }},
      {"members of a list",
       [this](const SignedIn& who) {
         return read(who, fmt::format("/lists/{}/customers", list_));
       }},
      {"customers of staff",
       [this](const SignedIn& who) {
         return read(who, fmt::format("/staff/{}/customers", staff_));
       }},
      {"test accounts", [this](const SignedIn& who) { return read(who, "/test-accounts"); }},
      {"table of a rule",
       [=, this](const SignedIn& who) { return asked(who, "/customers/list", table); }},
      {"table of a search",
       [this](const SignedIn& who) {
         return asked(who, "/customers/list", std::string(R"("search": "139", )") + kColumns);
       }},
      {"list of a rule", [this](const SignedIn& who) { return asked(who, "/rules/list", kRule); }},
      {"explanation",
       [this](const SignedIn& who) {
         return explained(who, R"(name starts with "王" and "住址" is known and did parcel_sent)");
       }},
      {"explanation of a change",
       [this](const SignedIn& who) {
         return explained(who,
                          "name is known and did attribute_changed where (to is known) "
                          "and did identity_added where (to is known)");
       }},
      {"explanation of a measure",
       [this](const SignedIn& who) { return explained(who, "did parcel_sent sum(weight) > 1"); }},
      {"CSV",
       [=, this](const SignedIn& who) { return asked(who, "/customers/export?form=csv", table); }},
      {"CSV of everybody",
       [this](const SignedIn& who) { return asked(who, "/customers/export?form=csv", kColumns); }},
      {"xlsx",
       [=, this](const SignedIn& who) {
         return text_of_book(asked(who, "/customers/export?form=xlsx", table));
       }},
  };
}

// Where values of attributes or properties go out.
const std::set<std::string> kPersonalExits = {
    "record",      "timeline", "table of a rule",  "table of a search",
    "explanation", "CSV",      "CSV of everybody", "xlsx"};

// Where identities go out.
const std::set<std::string> kIdentityExits = {
    "record",           "timeline", "table of a rule", "table of a search", "CSV",
    "CSV of everybody", "xlsx"};

TEST_P(MaskedTest, NoWayOutShowsWhatIsMasked) {
  fill();
  const SignedIn whole = sign_in("operator");
  const SignedIn masked = sign_in("analyst");
  for (const auto& [name, ask_for] : exits()) {
    SCOPED_TRACE(name);
    const std::string seen = ask_for(whole);
    const std::string shown = ask_for(masked);
    bool tells = false;
    for (const Marked& each : customers_) {
      for (const std::string& mark : each.marks()) {
        tells = tells || seen.find(mark) != std::string::npos;
        const std::size_t at = shown.find(mark);
        EXPECT_EQ(at, std::string::npos)
            << mark << ": …" << shown.substr(at < 200 ? 0 : at - 200, 400);
      }
    }
    EXPECT_TRUE(tells) << seen;
    if (kIdentityExits.contains(name)) {
      EXPECT_NE(seen.find(customers_[0].email), std::string::npos) << seen;
      EXPECT_NE(seen.find(customers_[0].card), std::string::npos) << seen;
      EXPECT_NE(shown.find("y****@example.com"), std::string::npos) << shown;
    }
    if (kPersonalExits.contains(name)) {
      EXPECT_NE(seen.find(customers_[0].street), std::string::npos) << seen;
      EXPECT_NE(shown.find("****"), std::string::npos) << shown;
    }
    EXPECT_EQ(shown.find("大山九号"), std::string::npos) << shown;  // what a name was before
    // They are there all the same, as their masks show them.
    EXPECT_TRUE(shown.find("139****") != std::string::npos ||
                shown.find("王*") != std::string::npos)
        << shown;
  }
}

// Whatever they may read by a plain GET, what needs nothing but an id included.
TEST_P(MaskedTest, NoRouteThatReadsShowsThem) {
  fill();
  const SignedIn masked = sign_in("analyst");
  for (const api::Route& route : api::routes()) {
    if (route.method != net::Method::get) continue;
    const std::string pattern = std::string(api::kPrefix) + std::string(route.pattern);
    const std::size_t open = pattern.find('{');
    std::vector<std::string> captures = {""};
    if (open != std::string::npos) {
      captures = {std::to_string(staff_), std::to_string(list_), "1"};
      for (const Marked& each : customers_) captures.push_back(fmt::format("c_{}", each.id));
    }
    for (const std::string& capture : captures) {
      const std::string target =
          open == std::string::npos
              ? pattern
              : pattern.substr(0, open) + capture + pattern.substr(pattern.find('}') + 1);
      const std::string body = get(masked, target).body;
      for (const Marked& each : customers_) {
        for (const std::string& mark : each.marks()) {
          EXPECT_EQ(body.find(mark), std::string::npos) << target << ": " << mark;
        }
      }
    }
  }
}

// What shows rows of files, the audit's before and after and two people side by side is not masked,
// and nobody who sees masked may ask for it.
TEST_P(MaskedTest, WhatIsNotMaskedIsNotForThem) {
  using rights::Permission;
  int roles = 0;
  for (const rights::Role role : rights::kRoles) {
    if (rights::masks_of(role) == rights::Masks{}) continue;
    ++roles;
    const rights::PermissionSet held = rights::permissions_of(role, rights::Scope::all);
    for (const Permission one : {Permission::audit_read, Permission::imports_write,
                                 Permission::customers_merge, Permission::keys_write}) {
      EXPECT_FALSE(held.has(one)) << rights::name_of(role);
    }
  }
  EXPECT_EQ(roles, 1);
  make_user("analyst", "analyst");
  const SignedIn masked = sign_in("analyst");
  for (const char* target :
       {"/audit", "/merge-reviews", "/uploads", "/uploads/1", "/mappings", "/keys", "/users"}) {
    EXPECT_EQ(code_of(get(masked, std::string("/api/v1") + target)), "access.not_allowed")
        << target;
  }
  for (const char* target : {"/uploads", "/imports?kind=customers", "/merge-reviews/1"}) {
    EXPECT_EQ(code_of(post(masked, std::string("/api/v1") + target, "{}")), "access.not_allowed")
        << target;
  }
}

// They are told what is masked for them, so that the console can say so.
TEST_P(MaskedTest, TheSessionSaysWhatIsMasked) {
  for (const char* role : {"analyst", "operator"}) make_user(role, role);
  const auto session = [&](const char* name) {
    return json::parse(get(sign_in(name), "/api/v1/session").body).at("masks");
  };
  const json::value masks = session("analyst");
  EXPECT_EQ(masks.at("phones"), json::value(true));
  EXPECT_EQ(masks.at("names"), json::value(true));
  const std::string fields = json::serialize(masks.at("attributes"));
  EXPECT_NE(fields.find("\"手机号\""), std::string::npos) << fields;
  EXPECT_NE(fields.find("\"nickname\""), std::string::npos) << fields;
  EXPECT_EQ(session("operator"), json::value(json::object{{"phones", false},
                                                          {"names", false},
                                                          {"attributes", json::array()},
                                                          {"properties", json::array()}}));
}

INSTANTIATE_TEST_SUITE_P(Both, MaskedTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
