#include "store/test_database.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/check.h"
#include "store/migration.h"
#include "store/postgresql_connection.h"
#include "store/test_cluster.h"

namespace store {

std::string dialect_name(const ::testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::sqlite ? "Sqlite" : "Postgresql";
}

namespace {

// A migrated folder, made once for the test program; a copy of it is quicker than migrating.
const std::string& sqlite_template() {
  static const TemporaryFolder folder;
  static const bool made = [] {
    const auto database = open_sqlite({.folder = folder.path()});
    migrate(*database, base::Moment{0});
    database->checkpoint();
    return true;
  }();
  CHECK(made);
  return folder.path();
}

}  // namespace

namespace {

// The cluster the tests of this program use: a url without a database's name behind it.
class PostgresqlServer {
 public:
  PostgresqlServer() {
    if (const char* given = getenv("SIYU_TEST_POSTGRESQL")) {
      root_ = given;
    } else {
      try {
        cluster_ = std::make_unique<TestCluster>(TestCluster::Options{});
      } catch (const std::runtime_error& error) {
        missing_ = error.what();
      }
    }
    if (missing_.empty()) make_template();
  }

  const std::string& missing() const { return missing_; }

  std::string url(const std::string& name) const {
    if (cluster_ != nullptr) return cluster_->url(name);
    // The path of postgresql://user@host:port/database?options is everything behind the third "/".
    const std::size_t host = root_.find("://") + 3;
    const std::size_t path = std::min(root_.find('/', host), root_.size());
    const std::size_t options = std::min(root_.find('?', host), root_.size());
    return root_.substr(0, std::min(path, options)) + "/" + name + root_.substr(options);
  }

  std::string create() {
    const std::string name = fmt::format("{}_{}", template_, ++made_);
    run(fmt::format("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template_));
    return name;
  }
  void drop(const std::string& name) { run(fmt::format("DROP DATABASE {} WITH (FORCE)", name)); }

 private:
  void run(const std::string& sql) {
    const std::string place = cluster_ != nullptr ? cluster_->url("postgres") : root_;
    PostgresqlConnection(place).control(sql.c_str());
  }
  void make_template() {
    template_ = fmt::format("siyu_test_{}", getpid());
    run(fmt::format("CREATE DATABASE {}", template_));
    const auto database = open_postgresql({.url = url(template_), .connections = 1});
    migrate(*database, base::Moment{0});
  }

  std::unique_ptr<TestCluster> cluster_;
  std::string root_;
  std::string missing_;
  std::string template_;
  int made_ = 0;
};

PostgresqlServer& postgresql_server() {
  static PostgresqlServer server;
  return server;
}

}  // namespace

std::string postgresql_missing() { return postgresql_server().missing(); }

TestDatabase::TestDatabase(Dialect dialect) : dialect_(dialect) {
  if (dialect == Dialect::sqlite) {
    folder_ = std::make_unique<TemporaryFolder>();
    place_ = folder_->path();
    std::filesystem::copy_file(sqlite_template() + "/siyu.db", place_ + "/siyu.db");
  } else {
    if (!postgresql_missing().empty()) throw std::runtime_error(postgresql_missing());
    name_ = postgresql_server().create();
    place_ = postgresql_server().url(name_);
  }
  database_ = open(kReadMillisecondsMax);
}

TestDatabase::~TestDatabase() {
  database_.reset();
  if (!name_.empty()) postgresql_server().drop(name_);
}

std::unique_ptr<Database> TestDatabase::open(std::int64_t read_milliseconds_max) const {
  if (dialect_ == Dialect::sqlite) {
    return open_sqlite({.folder = place_, .read_milliseconds_max = read_milliseconds_max});
  }
  return open_postgresql({.url = place_, .read_milliseconds_max = read_milliseconds_max});
}

void TestDatabase::reopen() {
  database_.reset();
  database_ = open(kReadMillisecondsMax);
}

std::unique_ptr<Database> TestDatabase::open_with_read_limit(std::int64_t milliseconds) {
  database_.reset();
  return open(milliseconds);
}

void DatabaseTest::SetUp() {
  if (GetParam() == Dialect::postgresql && !postgresql_missing().empty()) {
    GTEST_SKIP() << postgresql_missing();
  }
  database_ = std::make_unique<TestDatabase>(GetParam());
}

void DatabaseTest::TearDown() { database_.reset(); }

}  // namespace store
