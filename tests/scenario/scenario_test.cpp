// Every scenario on both databases. `--routes` prints the router's table instead, a line of JSON a
// route: {method, pattern, permission}; permission is "" for everybody and "signed in" for whoever
// is.
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>

#include "access/permission.h"
#include "api/demo_host.h"
#include "api/route.h"
#include "runner.h"
#include "server/demo_folder.h"
#include "store/test_database.h"

namespace scenario {
namespace {

using Case = std::tuple<std::string, store::Dialect>;

constexpr std::int64_t kDemoCustomers = 20;

// A name that ends in _sqlite or _postgresql is of that database alone; one that begins with demo
// is over the demo brand.
std::vector<Case> cases() {
  std::istringstream in(SIYU_SCENARIOS);
  std::vector<Case> out;
  for (std::string name; in >> name;) {
    if (!name.ends_with("_postgresql")) out.emplace_back(name, store::Dialect::sqlite);
    if (!name.ends_with("_sqlite")) out.emplace_back(name, store::Dialect::postgresql);
  }
  return out;
}

std::string text_of(const std::string& name) {
  std::ifstream in(std::string(SIYU_SCENARIO_DIR) + "/" + name + ".scenario", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Runs as soon as it is started.
class PretendedDemo final : public api::DemoHost {
 public:
  api::DemoStanding start() override {
    return standing_ = {.state = api::DemoProcessState::running, .port = 8090};
  }
  api::DemoStanding stop() override { return standing_ = {}; }
  api::DemoStanding standing() const override { return standing_; }
  std::string new_ticket() override { return std::to_string(++tickets_); }

 private:
  api::DemoStanding standing_;
  int tickets_ = 0;
};

class ScenarioTest : public ::testing::TestWithParam<Case> {};

TEST_P(ScenarioTest, EveryAnswerIsAsWritten) {
  const auto& [name, dialect] = GetParam();
  if (dialect == store::Dialect::postgresql && !store::postgresql_missing().empty()) {
    GTEST_SKIP() << store::postgresql_missing();
  }
  store::TestDatabase place(dialect);
  place.close();
  server::AppOptions options;
  const store::TemporaryFolder keys;
  options.key_file = keys.path() + "/second_factor.key";
  (dialect == store::Dialect::sqlite ? options.folder : options.database_url) = place.place();
  MadeClock clock;
  LockedRandom random(20'260'131);
  Gate gate;
  options.after_slice = [&gate] { gate.pass(); };
  PretendedDemo demo;
  options.demo_host = &demo;
  options.demo_secret = "a secret";
  options.demo_entrance = name.starts_with("demo");
  if (options.demo_entrance) {
    (void)server::prepare_demo(options, clock, random, {.customers = kDemoCustomers});
  }
  server::App app(options, clock, random);
  Runner runner({app, clock, gate, options.demo_entrance}, name);
  const std::string text = text_of(name);
  ASSERT_FALSE(text.empty()) << name;
  runner.run(text, [&](std::size_t line, const std::string& what) {
    ADD_FAILURE() << "tests/scenario/" << name << ".scenario:" << line << ": " << what;
  });
}

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  const bool sqlite = std::get<1>(info.param) == store::Dialect::sqlite;
  return std::get<0>(info.param) + (sqlite ? "_Sqlite" : "_Postgresql");
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioTest, ::testing::ValuesIn(cases()), case_name);

std::string permission_of(const api::Guard& guard) {
  if (guard.kind == api::Guard::Kind::everybody) return "";
  if (guard.kind == api::Guard::Kind::signed_in) return "signed in";
  const std::string name(rights::name_of(guard.permission));
  if (guard.other == guard.permission) return name;
  return name + " or " + std::string(rights::name_of(guard.other));
}

void print_routes() {
  for (const api::Route& route : api::routes()) {
    const boost::json::object line{{"method", net::name_of(route.method)},
                                   {"pattern", route.pattern},
                                   {"permission", permission_of(route.guard)}};
    std::cout << boost::json::serialize(line) << '\n';
  }
}

}  // namespace
}  // namespace scenario

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--routes") {
    scenario::print_routes();
    return 0;
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
