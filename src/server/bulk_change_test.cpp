// A bulk change through the whole program: begun, ended in the background, taken back.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

class BulkChangeTest : public AppFixture {
 protected:
  json::value ended(const std::string& path) { return no_longer("running", path); }
  std::int64_t count(const std::string& rule) {
    const std::string body = json::serialize(json::object{{"rule", rule}});
    return ask(net::Method::post, "/api/v1/rules/count", body, 200).at("count").as_int64();
  }
  std::string lin() {
    const json::value made =
        ask(net::Method::post, "/api/v1/staff", R"({"number": "7", "name": "林"})", 201);
    return std::to_string(made.at("id").as_int64());
  }
  std::size_t customers_of(const std::string& staff) {
    const json::value all = ask(net::Method::get, "/api/v1/staff/" + staff + "/customers", "", 200);
    return all.at("customers").as_array().size();
  }
  // Of those in x. One in a test: the one before may still be ending.
  json::value start(const std::string& change, int status) {
    return ask(net::Method::post, "/api/v1/bulk-changes",
               R"({"rule": "city = \"x\"", )" + change + "}", status);
  }
};

constexpr std::string_view kFour = R"({"customers": [
  {"customer": "a", "attributes": {"city": "x"}}, {"customer": "b", "attributes": {"city": "x"}},
  {"customer": "c", "attributes": {"city": "x"}, "tags": ["g/new"]},
  {"customer": "d", "attributes": {"city": "y"}, "tags": ["g/new"]}]})";

TEST_P(BulkChangeTest, WhatItChangedIsTakenBackButNotWhatOthersChangedSince) {
  ask(net::Method::post, "/api/v1/customers", std::string(kFour), 200);
  const json::value list = ask(net::Method::post, "/api/v1/lists", R"({"name": "l"})", 201);
  const std::string id = std::to_string(list.at("id").as_int64());
  const json::value started =
      ask(net::Method::post, "/api/v1/bulk-changes",
          R"({"rule": "city = \"x\"", "add_tags": ["g/new"], "add_to_list": )" + id + "}", 202);
  const std::string path = "/api/v1/bulk-changes/" + std::to_string(started.at("id").as_int64());
  const json::value done = ended(path);
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("customers"), 3);
  EXPECT_EQ(done.at("changed"), 3);
  EXPECT_EQ(count("tag \"new\""), 4);
  EXPECT_EQ(count("audience \"l\""), 3);
  ask(net::Method::post, "/api/v1/lists/" + id + "/customers", R"({"remove": ["b"]})", 200);

  const json::value undone = ask(net::Method::post, path + "/undo", "", 200);
  EXPECT_EQ(undone.at("bulk_change").at("state"), "undone");
  ASSERT_EQ(undone.at("kept").as_array().size(), 1U);
  EXPECT_EQ(count("tag \"new\""), 2);  // c and d had it before
  EXPECT_EQ(count("audience \"l\""), 0);
  ask(net::Method::post, path + "/undo", "", 409);
}

TEST_P(BulkChangeTest, WhoIsSoAlreadyIsNotChanged) {
  ask(net::Method::post, "/api/v1/customers", std::string(kFour), 200);
  const json::value started = ask(net::Method::post, "/api/v1/bulk-changes",
                                  R"({"customers": ["c", "d", "c"], "add_tags": ["g/new"]})", 202);
  const json::value done =
      ended("/api/v1/bulk-changes/" + std::to_string(started.at("id").as_int64()));
  EXPECT_EQ(done.at("changed"), 0);
  EXPECT_EQ(done.at("as_before"), 2);
}

TEST_P(BulkChangeTest, SaysWhomAndWhat) {
  const auto code = [&](const std::string& body, int status) {
    return ask(net::Method::post, "/api/v1/bulk-changes", body, status).at("code");
  };
  EXPECT_EQ(code(R"({"add_tags": ["g/new"]})", 422), "api.bulk_who");
  EXPECT_EQ(code(R"({"customers": []})", 422), "api.bulk_nothing");
  EXPECT_EQ(code(R"({"customers": ["z"], "add_tags": ["g/new"]})", 404), "api.unknown_customer");
  EXPECT_EQ(code(R"({"customers": [], "remove_tags": ["g/z"]})", 404), "customer.unknown_tag");
  EXPECT_EQ(code(R"({"customers": [], "add_to_list": 9})", 404), "customer.unknown_list");
  ask(net::Method::get, "/api/v1/bulk-changes/9", "", 404);
}

TEST_P(BulkChangeTest, CustomersAreGivenToStaff) {
  ask(net::Method::post, "/api/v1/customers", std::string(kFour), 200);
  const std::string staff = lin();
  ask(net::Method::post, "/api/v1/staff/" + staff + "/customers", R"({"assign": ["a"]})", 200);
  const json::value given = start(R"("assign_to_staff": )" + staff, 202);
  const std::string id = std::to_string(given.at("id").as_int64());
  const json::value done = ended("/api/v1/bulk-changes/" + id);
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("changed"), 2);
  EXPECT_EQ(done.at("as_before"), 1);
  EXPECT_EQ(done.at("undoable"), false);
  EXPECT_EQ(customers_of(staff), 3U);
  for (const std::string what : {"bulk-changes/", "imports/"}) {
    const std::string path = "/api/v1/" + what + id + "/undo";
    EXPECT_EQ(ask(net::Method::post, path, "", 409).at("code"), "api.bulk_not_undone");
  }
  EXPECT_EQ(customers_of(staff), 3U);
}

// As many that it still runs when it is asked about.
TEST_P(BulkChangeTest, WhatIsRefusedWhileOneRunsChangesNothing) {
  const int batches = GetParam() == store::Dialect::sqlite ? 15 : 3;
  for (int batch = 0; batch < batches; ++batch) {
    json::array customers;
    for (int i = 0; i < 1000; ++i) {
      customers.push_back(json::object{{"customer", std::to_string(batch * 1000 + i)},
                                       {"attributes", {{"city", "x"}}}});
    }
    ask(net::Method::post, "/api/v1/customers",
        json::serialize(json::object{{"customers", std::move(customers)}}), 200);
  }
  const std::string staff = lin();
  const json::value given = start(R"("assign_to_staff": )" + staff, 202);
  const std::string path = "/api/v1/bulk-changes/" + std::to_string(given.at("id").as_int64());
  EXPECT_EQ(ask(net::Method::post, path + "/undo", "", 409).at("code"), "api.bulk_not_undone");
  EXPECT_EQ(ask(net::Method::post, "/api/v1/bulk-changes",
                R"({"customers": ["1"], "assign_to_staff": )" + staff + "}", 409)
                .at("code"),
            "api.bulk_runs");
  // A wrong request is told what is wrong with it, running or not.
  EXPECT_EQ(start(R"("assign_to_staff": 99)", 404).at("code"), "account.unknown_staff");
  EXPECT_EQ(start(R"("add_tags": ["g/new", "none"])", 422).at("code"), "customer.name_invalid");
  EXPECT_EQ(start(R"("add_tags": ["g/new"])", 409).at("code"), "api.bulk_runs");
  EXPECT_TRUE(ask(net::Method::get, "/api/v1/tags", "", 200).at("groups").as_array().empty());
  const json::value done = ended(path);
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("changed"), batches * 1000);
  const json::value audit =
      ask(net::Method::get, "/api/v1/audit?noun=bulk_change&verb=started", "", 200);
  EXPECT_EQ(audit.at("entries").as_array().size(), 1U);
}

TEST_P(BulkChangeTest, CustomersAreTakenFromStaff) {
  ask(net::Method::post, "/api/v1/customers", std::string(kFour), 200);
  const std::string staff = lin();
  ask(net::Method::post, "/api/v1/staff/" + staff + "/customers", R"({"assign": ["a", "d"]})", 200);
  EXPECT_EQ(start(R"("take_from_staff": 9)", 404).at("code"), "account.unknown_staff");
  EXPECT_EQ(start(R"("add_tags": ["g/new"], "assign_to_staff": )" + staff, 422).at("code"),
            "api.bulk_staff_alone");
  const json::value taken = start(R"("take_from_staff": )" + staff, 202);
  const json::value done =
      ended("/api/v1/bulk-changes/" + std::to_string(taken.at("id").as_int64()));
  EXPECT_EQ(done.at("changed"), 1);
  EXPECT_EQ(done.at("as_before"), 2);
  EXPECT_EQ(customers_of(staff), 1U);
}

INSTANTIATE_TEST_SUITE_P(Both, BulkChangeTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
