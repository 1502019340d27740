// The program when its database fails, when many ask at once, and when much comes at once.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "runner.h"
#include "store/disk.h"
#include "store/test_cluster.h"
#include "store/test_database.h"

namespace scenario {
namespace {

namespace json = boost::json;
using net::Method;

constexpr auto kRecoveryMax = std::chrono::seconds(30);

class FillableDisk final : public store::Disk {
 public:
  store::DiskAnswer before(const store::DiskCall& call) const override {
    const bool grows = call.step == store::DiskStep::write;
    return full && grows ? store::DiskAnswer::full : store::DiskAnswer::proceed;
  }
  std::atomic<bool> full = false;
};

std::string one_event(const std::string& customer, const std::string& key) {
  return json::serialize(json::object{{"events",
                                       {json::object{{"customer", customer},
                                                     {"event", "order_paid"},
                                                     {"properties", {{"amount", "12.50"}}},
                                                     {"key", key}}}}});
}

// One program over a place; members in the order they need each other.
struct Program {
  explicit Program(const server::AppOptions& options)
      : app(options, clock, random), runner({app, clock, gate}, "storm") {}

  net::Response append(const std::string& customer, const std::string& key) {
    return runner.ask(Method::post, "/api/v1/events", one_event(customer, key));
  }
  std::int64_t count(const std::string& rule) {
    const net::Response response = runner.ask(Method::post, "/api/v1/rules/count",
                                              json::serialize(json::object{{"rule", rule}}));
    EXPECT_EQ(response.status, 200) << response.body;
    return response.status == 200 ? json::parse(response.body).at("count").as_int64() : -1;
  }
  // Asks until it is taken; the status of the last answer.
  int append_until_taken(const std::string& customer, const std::string& key) {
    const auto end = std::chrono::steady_clock::now() + kRecoveryMax;
    int status = 0;
    while (status != 201 && std::chrono::steady_clock::now() < end) {
      status = append(customer, key).status;
    }
    return status;
  }

  MadeClock clock;
  LockedRandom random{7};
  Gate gate;
  server::App app;
  Runner runner;
};

void expect_refused(const net::Response& response, const std::string& code) {
  EXPECT_EQ(response.status, 503) << response.body;
  EXPECT_EQ(response.headers.find("Content-Type"), "application/problem+json");
  EXPECT_TRUE(response.headers.find("Retry-After").has_value());
  const json::value problem = json::parse(response.body);
  EXPECT_EQ(problem.at("code").as_string(), code.c_str());
  EXPECT_FALSE(problem.at("detail").as_string().empty());
}

TEST(StormTest, FullDiskSqlite) {
  store::TemporaryFolder folder;
  FillableDisk disk;
  Program program({.folder = folder.path(), .disk = &disk});
  EXPECT_EQ(program.append("wang", "a").status, 201);

  disk.full = true;
  expect_refused(program.append("li", "b"), "store.full");
  EXPECT_EQ(program.runner.ask(Method::get, "/api/v1/health", "").status, 503);
  // Questions go on, also when the session's last use is due to be noted.
  program.clock.set(program.clock.now() + base::Duration{2 * base::kMinute.ms});
  EXPECT_EQ(program.count("did order_paid"), 1);
  EXPECT_EQ(program.runner.ask(Method::get, "/api/v1/customers/li", "").status, 404);

  disk.full = false;
  EXPECT_EQ(program.append_until_taken("li", "b"), 201);
  EXPECT_EQ(program.count("did order_paid"), 2);
  EXPECT_EQ(program.count("did order_paid >= 2 times"), 0);  // once, however often it was sent
  EXPECT_EQ(program.runner.ask(Method::get, "/api/v1/health", "").status, 200);
}

TEST(StormTest, StoppedServerPostgresql) {
  if (!store::postgresql_missing().empty()) GTEST_SKIP() << store::postgresql_missing();
  store::TestCluster cluster({});
  Program program({.folder = "", .database_url = cluster.url("postgres")});
  EXPECT_EQ(program.append("wang", "a").status, 201);

  cluster.stop_immediately();
  expect_refused(program.append("li", "b"), "store.unavailable");
  expect_refused(program.runner.ask(Method::get, "/api/v1/customers", ""), "store.unavailable");
  const net::Response health = program.runner.ask(Method::get, "/api/v1/health", "");
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(json::parse(health.body).at("status").as_string(), "unavailable");

  cluster.start();
  EXPECT_EQ(program.append_until_taken("li", "b"), 201);
  EXPECT_EQ(program.count("did order_paid"), 2);
  EXPECT_EQ(program.count("did order_paid >= 2 times"), 0);
  EXPECT_EQ(program.runner.ask(Method::get, "/api/v1/health", "").status, 200);
}

class PlaceTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == store::Dialect::postgresql && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
    place_ = std::make_unique<store::TestDatabase>(GetParam());
    place_->close();
    server::AppOptions options;
    const bool sqlite = GetParam() == store::Dialect::sqlite;
    (sqlite ? options.folder : options.database_url) = place_->place();
    program_ = std::make_unique<Program>(options);
  }
  Program& program() { return *program_; }

 private:
  std::unique_ptr<store::TestDatabase> place_;
  std::unique_ptr<Program> program_;
};

// What one thread does, over customers all threads share.
void mix(Program& program, int thread, std::atomic<int>& wrong) {
  constexpr int kRounds = 6;
  const auto ask = [&](Method method, const std::string& target, const std::string& body) {
    const net::Response response = program.runner.ask(method, target, body);
    const bool fine = response.status < 500 || response.status == 503;
    if (!fine) ++wrong;
    return response.status;
  };
  for (int round = 0; round < kRounds; ++round) {
    const std::string me = std::to_string(thread) + "-" + std::to_string(round);
    if (program.append_until_taken("c" + std::to_string(round), me) != 201) ++wrong;
    ask(Method::patch, "/api/v1/customers/c" + std::to_string(round) + "/attributes",
        R"({"values":{"city":"x)" + me + R"("}})");
    ask(Method::post, "/api/v1/customers/c" + std::to_string(round) + "/tags",
        R"({"tags":["g/t)" + std::to_string(round % 3) + R"("]})");
    ask(Method::post, "/api/v1/audiences",
        R"({"name":"a)" + std::to_string(round) + R"(","rule":"did order_paid"})");
    ask(Method::get, "/api/v1/customers/c" + std::to_string(round), "");
    ask(Method::get, "/api/v1/customers/c" + std::to_string(round) + "/events", "");
    ask(Method::post, "/api/v1/rules/explain",
        R"({"rule":"did order_paid and tag \"t1\"","customer":"c0"})");
    ask(Method::get, "/api/v1/names", "");
    ask(Method::get, "/api/v1/customers", "");
    ask(Method::get, "/api/v1/audit", "");
  }
}

TEST_P(PlaceTest, SixteenAtOnce) {
  constexpr int kThreads = 16;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] { mix(program(), i, wrong); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  // Every one of the events once, on the six customers they share.
  EXPECT_EQ(program().count("did order_paid = 16 times"), 6);
  EXPECT_EQ(program().count("everyone"), 6);
  const net::Response tags = program().runner.ask(Method::get, "/api/v1/tags", "");
  EXPECT_EQ(json::parse(tags.body).at("groups").at(0).at("tags").as_array().size(), 3U);
}

TEST_P(PlaceTest, TenThousandEventsOfAThousandCustomersTakeSeconds) {
  json::array events;
  for (int i = 0; i < 10'000; ++i) {
    events.push_back(json::object{{"customer", "c" + std::to_string(i % 1000)},
                                  {"event", "order_paid"},
                                  {"properties", {{"amount", "12.50"}}},
                                  {"key", std::to_string(i)}});
  }
  const std::string body = json::serialize(json::object{{"events", std::move(events)}});
  const auto begin = std::chrono::steady_clock::now();
  const net::Response response = program().runner.ask(Method::post, "/api/v1/events", body);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(response.status, 201) << response.body;
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 30) << "seconds";
  EXPECT_EQ(program().count("did order_paid = 10 times"), 1000);
}

INSTANTIATE_TEST_SUITE_P(Both, PlaceTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace scenario
