// A bulk change through the whole program: begun, ended in the background, taken back.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "server/app_fixture.h"

namespace server {
namespace {

namespace json = boost::json;

// The system's clock, at which threads of the program can be made to stand still: a bulk change
// asks the time before each of its units.
class StandingClock final : public base::Clock {
 public:
  // While it lives, who asks the time on another thread than its maker's waits.
  class [[nodiscard]] Held {
   public:
    explicit Held(StandingClock& clock) : clock_(clock) { clock_.set(std::this_thread::get_id()); }
    ~Held() { clock_.set(std::nullopt); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    StandingClock& clock_;
  };
  Held hold_other_threads() { return Held(*this); }

  base::Moment now() const override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !free_ || *free_ == std::this_thread::get_id(); });
    return system_.now();
  }

 private:
  void set(std::optional<std::thread::id> free) {
    {
      const std::lock_guard lock(mutex_);
      free_ = free;
    }
    changed_.notify_all();
  }

  base::SystemClock system_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<std::thread::id> free_;  // the only one that does not wait; nothing: nobody waits
};

class BulkChangeTest : public AppFixture {
 protected:
  const base::Clock& clock() const override { return clock_; }
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

  StandingClock clock_;
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

TEST_P(BulkChangeTest, WhatIsRefusedWhileOneRunsChangesNothing) {
  ask(net::Method::post, "/api/v1/customers", std::string(kFour), 200);
  const std::string staff = lin();
  const std::string three = R"({"customers": ["a", "b", "c"], )";
  const auto start_three = [&](const std::string& change, int status) {
    return ask(net::Method::post, "/api/v1/bulk-changes", three + change + "}", status);
  };
  const json::value tags = ask(net::Method::get, "/api/v1/tags", "", 200);
  std::string path;
  {
    const StandingClock::Held held = clock_.hold_other_threads();
    const json::value given = start_three(R"("assign_to_staff": )" + staff, 202);
    path = "/api/v1/bulk-changes/" + std::to_string(given.at("id").as_int64());
    EXPECT_EQ(ask(net::Method::post, path + "/undo", "", 409).at("code"), "api.bulk_not_undone");
    EXPECT_EQ(start_three(R"("assign_to_staff": )" + staff, 409).at("code"), "api.bulk_runs");
    // A wrong request is told what is wrong with it, running or not.
    EXPECT_EQ(start_three(R"("assign_to_staff": 99)", 404).at("code"), "account.unknown_staff");
    EXPECT_EQ(start_three(R"("add_tags": ["g/new", "none"])", 422).at("code"),
              "customer.name_invalid");
    EXPECT_EQ(start_three(R"("add_tags": ["g/new"])", 409).at("code"), "api.bulk_runs");
    EXPECT_EQ(ask(net::Method::get, "/api/v1/tags", "", 200), tags);
  }
  const json::value done = ended(path);
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("changed"), 3);
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
