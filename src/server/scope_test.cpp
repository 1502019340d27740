// Whoever does not see all never sees anybody else: every customer carries marks of their own (key,
// id, name, phone), made at random to be somebody's or nobody's, and all answers of all routes that
// read are searched for the marks of those who are not to be seen.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>

#include "api/route.h"
#include "server/role_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

constexpr int kCustomers = 14;

struct Marked {
  std::string key;
  std::string name;
  std::string phone;
  std::int64_t id = 0;
  bool assigned = false;  // to Lin
  bool in_store = false;  // by the attribute, or by a colleague who has them
};

class ScopeTest : public RoleFixture {
 protected:
  void fill(unsigned seed);
  void make_customers();
  void make_staff(std::mt19937& random);
  void make_merges();

  // Answers of every route that reads, and of every question, as one text.
  std::string everything(const SignedIn& who);
  // One answer and the pages that follow it.
  std::string pages(const SignedIn& who, const std::string& target);
  // Who a search finds, two a page.
  std::string found(const SignedIn& who, std::string_view search);
  std::vector<std::string> captures_of(std::string_view pattern) const;

  // Everybody who is to be seen is there, nobody else in any of their marks.
  void expect_sees(const std::string& answers, bool (*sees)(const Marked&));
  std::int64_t count(const SignedIn& who, const std::string& rule) {
    const auto answer =
        post(who, "/api/v1/rules/count", json::serialize(json::object{{"rule", rule}}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? json::parse(answer.body).at("count").as_int64() : -1;
  }
  // A merged pair is one: of the two only the survivor counts.
  std::int64_t expected(bool (*sees)(const Marked&)) const {
    return std::ranges::count_if(
        customers_, [&](const Marked& each) { return sees(each) && !gone_.contains(each.key); });
  }
  std::string path(const Marked& each) const { return "/api/v1/customers/" + each.key; }
  const Marked& first_that(bool assigned, bool in_store) const {
    return *std::ranges::find_if(customers_, [&](const Marked& each) {
      return each.assigned == assigned && each.in_store == in_store && !gone_.contains(each.key) &&
             !survivors_.contains(each.key);
    });
  }

  std::vector<Marked> customers_;
  std::set<std::string> gone_, survivors_;
  std::vector<std::int64_t> merges_, ids_;
  std::int64_t store_ = 0, lin_ = 0, wang_ = 0, zhou_ = 0, list_ = 0;
};

bool own(const Marked& each) { return each.assigned; }
bool of_store(const Marked& each) { return each.assigned || each.in_store; }

void ScopeTest::make_customers() {
  json::array rows;
  json::array events;
  for (const Marked& each : customers_) {
    json::object attributes{{"name", each.name}};
    if (each.in_store && each.key.back() % 2 == 0) attributes["store"] = "西湖店";
    rows.push_back(json::object{
        {"customer", each.key},
        {"identities",
         json::array{json::object{{"kind", "phone"}, {"value", each.phone}},
                     json::object{{"kind", "member_number"}, {"value", "N" + each.phone}}}},
        {"attributes", std::move(attributes)},
        {"tags", json::array{"等级/VIP"}}});
    events.push_back(json::object{
        {"customer", each.key},
        {"event", "order_paid"},
        {"properties", json::object{{"order_id", "T-" + each.phone}, {"amount", "10.00"}}}});
    events.push_back(json::object{{"customer", each.key},
                                  {"event", "note_taken"},
                                  {"properties", json::object{{"phone", each.phone}}}});
  }
  local_post("/api/v1/customers", json::serialize(json::object{{"customers", rows}}));
  local_post("/api/v1/events", json::serialize(json::object{{"events", events}}));
  for (Marked& each : customers_) {
    each.id = local(net::Method::get, path(each), "").at("id").as_int64();
  }
  list_ = local_post("/api/v1/lists", R"({"name": "名单"})").at("id").as_int64();
  json::array all;
  for (const Marked& each : customers_) all.emplace_back(each.key);
  local_post(fmt::format("/api/v1/lists/{}/customers", list_),
             json::serialize(json::object{{"add", all}}));
  ids_.push_back(local_post("/api/v1/audiences", R"({"name": "买过", "rule": "did order_paid"})")
                     .at("id")
                     .as_int64());
}

void ScopeTest::make_staff(std::mt19937& random) {
  store_ =
      local_post("/api/v1/stores", R"({"code": "HZ01", "name": "西湖店"})").at("id").as_int64();
  const auto member = [&](const std::string& number, json::array stores) {
    return local_post("/api/v1/staff",
                      json::serialize(json::object{
                          {"number", number}, {"name", "员工" + number}, {"stores", stores}}))
        .at("id")
        .as_int64();
  };
  lin_ = member("1", {store_});
  wang_ = member("2", {store_});
  zhou_ = member("3", {});
  const auto give = [&](std::int64_t staff, const Marked& each, bool by_event) {
    if (!by_event) {
      local_post(fmt::format("/api/v1/staff/{}/customers", staff),
                 json::serialize(json::object{{"assign", json::array{each.key}}}));
      return;
    }
    const std::string number = staff == lin_ ? "1" : staff == wang_ ? "2" : "3";
    const json::object added{{"customer", each.key},
                             {"event", "friend_added"},
                             {"properties", json::object{{"staff", number}}}};
    local_post("/api/v1/events", json::serialize(json::object{{"events", json::array{added}}}));
  };
  for (const Marked& each : customers_) {
    const bool by_colleague = each.in_store && each.key.back() % 2 != 0;
    for (const std::int64_t staff : {lin_, wang_, zhou_}) {
      const bool has = staff == lin_    ? each.assigned
                       : staff == wang_ ? by_colleague
                                        : random() % 2 == 0;
      if (!has) continue;
      give(staff, each, random() % 2 == 0);
    }
  }
}

// One pair that Lin has, one that is nobody's.
void ScopeTest::make_merges() {
  for (const bool mine : {true, false}) {
    std::vector<const Marked*> pair;
    for (const Marked& each : customers_) {
      if (each.assigned == mine && each.in_store == mine) pair.push_back(&each);
    }
    ASSERT_GE(pair.size(), 2u);
    const auto merged = local_post(path(*pair[0]) + "/merge",
                                   json::serialize(json::object{{"other", pair[1]->key}}));
    const std::string survivor(merged.at("survivor").as_string());
    survivors_.insert(survivor);
    gone_.insert(pair[0]->key == survivor ? pair[1]->key : pair[0]->key);
    merges_.push_back(merged.at("id").as_int64());
  }
}

void ScopeTest::fill(unsigned seed) {
  std::mt19937 random(seed);
  for (int i = 0; i < kCustomers; ++i) {
    Marked each;
    each.key = fmt::format("key-{}-{:02}", seed, i);
    each.name = fmt::format("标{}号{:02}", seed, i);
    each.phone = fmt::format("1390{}{:06}", seed, 100 + i * 37);
    each.assigned = i < 6 ? i % 3 != 0 : random() % 3 == 0;
    each.in_store = i < 6 ? i % 3 != 0 : random() % 3 == 0;
    // The first are of every kind: both, neither (0, 3), his own alone (12), his store's alone
    // (13).
    if (i == 12) each.assigned = true, each.in_store = false;
    if (i == 13) each.assigned = false, each.in_store = true;
    customers_.push_back(each);
  }
  make_customers();
  make_staff(random);
  make_merges();
  for (const char* scope : {"own", "stores"}) {
    for (const char* role : {"admin", "operator", "analyst"}) {
      make_user(fmt::format("{}.{}", role, scope), role, {{"scope", scope}, {"staff", lin_}});
    }
  }
}

std::vector<std::string> ScopeTest::captures_of(std::string_view pattern) const {
  std::vector<std::string> all;
  if (pattern.find("{customer}") != std::string_view::npos) {
    for (const Marked& each : customers_) {
      all.push_back(each.key);
      all.push_back("phone:" + each.phone);
      all.push_back(fmt::format("c_{}", each.id));
    }
    return all;
  }
  if (pattern.find("/orders/") != std::string_view::npos) {
    for (const Marked& each : customers_) all.push_back("T-" + each.phone);
    return all;
  }
  for (const std::int64_t id : {list_, lin_, wang_, zhou_, store_})
    all.push_back(std::to_string(id));
  for (const std::int64_t id : ids_) all.push_back(std::to_string(id));
  for (const std::int64_t id : merges_) all.push_back(std::to_string(id));
  for (int id = 1; id < 4; ++id) all.push_back(std::to_string(id));
  return all;
}

std::string ScopeTest::pages(const SignedIn& who, const std::string& target) {
  constexpr int kPagesMax = 100;
  std::string all;
  std::string mark;
  const char* joint = target.find('?') == std::string::npos ? "?" : "&";
  for (int page = 0; page < kPagesMax; ++page) {
    const net::Response response =
        get(who, mark.empty() ? target : target + joint + "after=" + mark);
    EXPECT_NE(response.status, 500) << target << response.body;
    all += response.body + "\n";
    if (response.status != 200 || !response.body.starts_with("{")) return all;
    const auto body = json::parse(response.body);
    const auto* next = body.get_object().if_contains("next");
    if (next == nullptr || !next->is_string()) return all;
    mark = std::string(next->get_string());
  }
  ADD_FAILURE() << target << " has no end";
  return all;
}

std::string ScopeTest::found(const SignedIn& who, std::string_view search) {
  constexpr int kPagesMax = 100;
  std::string all;
  json::object question{{"search", search}, {"limit", 2}};
  for (int page = 0; page < kPagesMax; ++page) {
    const net::Response response = post(who, "/api/v1/customers/list", json::serialize(question));
    EXPECT_EQ(response.status, 200) << search << response.body;
    all += response.body + "\n";
    const auto next = json::parse(response.body).as_object().at("next");
    if (!next.is_string()) return all;
    question["after"] = next;
  }
  ADD_FAILURE() << search << " has no end";
  return all;
}

std::string ScopeTest::everything(const SignedIn& who) {
  std::string all;
  for (const api::Route& route : api::routes()) {
    if (route.method != net::Method::get) continue;
    const std::string pattern(route.pattern);
    const std::string base = std::string(api::kPrefix);
    const std::size_t open = pattern.find('{');
    if (open == std::string::npos) {
      all += pages(who, base + pattern) + pages(who, base + pattern + "?limit=2");
      continue;
    }
    const std::size_t close = pattern.find('}');
    for (const std::string& capture : captures_of(pattern)) {
      all += pages(who, base + pattern.substr(0, open) + capture + pattern.substr(close + 1));
    }
  }
  for (const Marked& each : customers_) {
    const std::string typed[] = {each.key, each.phone, each.phone.substr(each.phone.size() - 4)};
    for (const std::string& text : typed) all += found(who, text);
    all += post(who, "/api/v1/rules/explain",
                json::serialize(json::object{{"rule", "did order_paid"}, {"customer", each.key}}))
               .body;
    all += found(who, each.phone.substr(0, 3));
  }
  for (const char* search : {"", "key", "139", "标", "b"}) all += found(who, search);
  const std::string columns =
      R"("columns": ["attribute:name", "identity:phone", "tags", "lists", "net", "orders"])";
  for (const std::string rule : {R"("rule": "did order_paid", )", R"("rule": "everyone", )", ""}) {
    all += post(who, "/api/v1/customers/list", "{" + rule + columns + "}").body;
    all += post(who, "/api/v1/customers/export?form=csv", "{" + rule + columns + "}").body;
    for (const char* column : {"attribute:name", "created_at", "last_event_at"}) {
      const std::string sort =
          fmt::format(R"({{{}{}, "sort": {{"column": "{}"}}}})", rule, columns, column);
      all += post(who, "/api/v1/customers/list", sort).body;
      all += post(who, "/api/v1/customers/export?form=csv", sort).body;
    }
    all += post(who, "/api/v1/customers/export?form=csv",
                "{" + rule + columns + R"(, "search": "139", "sort": {"column": "created_at"}})")
               .body;
    if (rule.empty()) continue;
    all += post(who, "/api/v1/rules/list", "{" + rule + R"("limit": 2})").body;
    all += post(who, "/api/v1/rules/count", "{" + rule + R"("profile": true})").body;
  }
  return all;
}

void ScopeTest::expect_sees(const std::string& answers, bool (*sees)(const Marked&)) {
  for (const Marked& each : customers_) {
    SCOPED_TRACE(each.key);
    if (sees(each)) {
      EXPECT_NE(answers.find(gone_.contains(each.key) ? fmt::format("c_{}", each.id) : each.key),
                std::string::npos);
      continue;
    }
    for (const std::string& mark :
         {each.key, each.name, each.phone, std::to_string(each.id), "N" + each.phone}) {
      const std::size_t at = answers.find(mark);
      EXPECT_EQ(at, std::string::npos)
          << mark << ": …" << answers.substr(at < 300 ? 0 : at - 300, 600);
    }
  }
}

TEST_P(ScopeTest, NobodyElseIsInAnyAnswer) {
  for (const unsigned seed : {1u, 2u}) {
    SCOPED_TRACE(seed);
    if (seed > 1) {
      customers_.clear(), gone_.clear(), survivors_.clear(), merges_.clear(), ids_.clear();
      app_.reset();
      SetUp();
    }
    fill(seed);
    for (const bool is_own : {true, false}) {
      bool (*const sees)(const Marked&) = is_own ? own : of_store;
      for (const char* role : {"admin", "operator", "analyst"}) {
        const std::string name = fmt::format("{}.{}", role, is_own ? "own" : "stores");
        SCOPED_TRACE(name);
        const SignedIn who = sign_in(name);
        EXPECT_EQ(count(who, "everyone"), expected(sees));
        EXPECT_EQ(count(who, "not (did order_refunded)"), expected(sees));
        const auto revenue = json::parse(get(who, "/api/v1/revenue?by=month").body);
        std::int64_t payments = 0;
        for (const auto& period : revenue.at("periods").as_array()) {
          payments += period.at("payments").as_int64();
        }
        EXPECT_EQ(payments, std::ranges::count_if(customers_, sees));
        expect_sees(everything(who), sees);
      }
    }
  }
}

TEST_P(ScopeTest, WhoIsTakenAwayIsGoneFromTheNextAnswer) {
  fill(1);
  const SignedIn lin = sign_in("operator.own");
  const SignedIn shop = sign_in("operator.stores");
  const Marked& mine = first_that(true, false);
  EXPECT_EQ(get(lin, path(mine)).status, 200);
  EXPECT_EQ(get(shop, path(mine)).status, 200);
  const std::int64_t before = count(lin, "everyone");
  const std::string customers = fmt::format("/api/v1/staff/{}/customers", lin_);
  const std::string body = json::serialize(json::object{{"unassign", json::array{mine.key}}});
  local_post(customers, body);
  for (const SignedIn* who : {&lin, &shop}) {
    EXPECT_EQ(code_of(get(*who, path(mine))), "api.unknown_customer");
    EXPECT_EQ(code_of(get(*who, path(mine) + "/events")), "api.unknown_customer");
  }
  EXPECT_EQ(count(lin, "everyone"), before - 1);
  // The attribute that says whose store they are: taken away, and gone.
  const Marked& near = first_that(false, true);
  EXPECT_EQ(get(lin, path(near)).status, 404);
  EXPECT_EQ(get(shop, path(near)).status, 200);
  local(net::Method::patch, path(near) + "/attributes", R"({"values": {"store": null}})");
  local_post(fmt::format("/api/v1/staff/{}/customers", wang_),
             json::serialize(json::object{{"unassign", json::array{near.key}}}));
  EXPECT_EQ(get(shop, path(near)).status, 404);
  // Who leaves sees nobody.
  local(net::Method::patch, fmt::format("/api/v1/staff/{}", lin_), R"({"state": "left"})");
  EXPECT_EQ(count(lin, "everyone"), 0);
  EXPECT_EQ(count(shop, "everyone"), 0);
  EXPECT_EQ(json::parse(get(lin, "/api/v1/orders").body).at("orders").as_array().size(), 0u);
  EXPECT_EQ(json::parse(get(lin, "/api/v1/customers").body).at("customers").as_array().size(), 0u);
}

TEST_P(ScopeTest, NobodyElseIsChangedEither) {
  fill(1);
  const SignedIn admin = sign_in("admin.own");
  const Marked& mine = first_that(true, false);
  const Marked& other = first_that(false, false);
  const auto refused = [&](net::Method method, const std::string& target, const std::string& body) {
    const net::Response response = ask(admin, method, target, body);
    EXPECT_EQ(response.status, 404) << target << " " << response.body;
  };
  const std::string key = json::serialize(json::value(other.key));
  refused(net::Method::patch, path(other) + "/attributes", R"({"values": {"city": "x"}})");
  refused(net::Method::post, path(other) + "/tags", R"({"tags": ["等级/金"]})");
  refused(net::Method::post, path(other) + "/identities", R"({"kind": "openid", "value": "o"})");
  refused(net::Method::post, path(other) + "/consents",
          R"({"purpose": "marketing", "state": "given"})");
  refused(net::Method::del, path(other), "");
  refused(net::Method::post, path(mine) + "/merge", R"({"other": )" + key + "}");
  refused(net::Method::post, path(other) + "/merge",
          json::serialize(json::object{{"other", mine.key}}));
  refused(net::Method::post, "/api/v1/customers", R"({"customers": [{"customer": )" + key + "}]}");
  refused(net::Method::post, "/api/v1/customers", R"({"customers": [{"customer": "brand-new"}]})");
  refused(net::Method::post, fmt::format("/api/v1/lists/{}/customers", list_),
          R"({"remove": [)" + key + "]}");
  refused(net::Method::post, fmt::format("/api/v1/staff/{}/customers", lin_),
          R"({"assign": [)" + key + "]}");
  refused(net::Method::del, fmt::format("/api/v1/merges/{}", merges_[1]), "");
  EXPECT_EQ(
      ask(admin, net::Method::patch, path(mine) + "/attributes", R"({"values": {"city": "杭州"}})")
          .status,
      200);
  EXPECT_EQ(ask(admin, net::Method::del, fmt::format("/api/v1/merges/{}", merges_[0]), "").status,
            200);
  // What is to be looked at of the other's merge is not for them to close.
  const auto all = local(net::Method::get, "/api/v1/merge-reviews", "");
  const auto& reviews = all.at("merge_reviews").as_array();
  ASSERT_GE(reviews.size(), 1u);
  for (const auto& review : reviews) {
    refused(net::Method::post, fmt::format("/api/v1/merge-reviews/{}", review.at("id").as_int64()),
            R"({"decision": "merge"})");
  }
}

INSTANTIATE_TEST_SUITE_P(Both, ScopeTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
