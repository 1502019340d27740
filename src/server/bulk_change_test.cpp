// A bulk change through the whole program: begun, ended in the background, taken back.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "server/app.h"
#include "store/test_database.h"
#include "store/test_folder.h"

namespace server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kFailsafe{20};  // nothing below waits this long unless it is broken

class BulkChangeTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    const bool sqlite = GetParam() == store::Dialect::sqlite;
    if (!sqlite && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
    place_ = std::make_unique<store::TestDatabase>(GetParam());
    place_->close();
    AppOptions options;
    options.folder = sqlite ? place_->place() : folder_.path();
    if (!sqlite) options.database_url = place_->place();
    app_ = std::make_unique<App>(options, clock_, random_);
  }

  net::Response send(net::Method method, const std::string& target, std::string body) {
    net::Request out;
    out.method = method;
    EXPECT_TRUE(net::set_target(out, target));
    out.local = true;
    out.headers.set("Content-Type", "application/json");
    out.headers.set("Accept-Language", "en");
    out.body = std::move(body);
    return app_->handle(out);
  }
  json::value ask(net::Method method, const std::string& target, const std::string& body,
                  int status) {
    const net::Response response = send(method, target, body);
    EXPECT_EQ(response.status, status) << target << " " << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  json::value ended(const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
      json::value change = ask(net::Method::get, path, "", 200);
      if (change.at("state") != "running") return change;
      if (std::chrono::steady_clock::now() - begin > kFailsafe) {
        ADD_FAILURE() << "it does not end";
        return change;
      }
      std::this_thread::yield();
    }
  }

  std::int64_t count(const std::string& rule) {
    const std::string body = json::serialize(json::object{{"rule", rule}});
    return ask(net::Method::post, "/api/v1/rules/count", body, 200).at("count").as_int64();
  }

  base::SystemClock clock_;
  base::SystemRandom random_;
  store::TemporaryFolder folder_;
  std::unique_ptr<store::TestDatabase> place_;
  std::unique_ptr<App> app_;
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

INSTANTIATE_TEST_SUITE_P(Both, BulkChangeTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
