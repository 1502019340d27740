#include "store/test_database.h"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "base/check.h"
#include "store/migration.h"

namespace store {

std::string dialect_name(const ::testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::sqlite ? "Sqlite" : "Postgresql";
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "siyu-test-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
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

std::string postgresql_missing() { return "PostgreSQL is not there yet"; }

TestDatabase::TestDatabase(Dialect dialect) : dialect_(dialect) {
  if (dialect == Dialect::sqlite) {
    folder_ = std::make_unique<TemporaryFolder>();
    place_ = folder_->path();
    std::filesystem::copy_file(sqlite_template() + "/siyu.db", place_ + "/siyu.db");
  } else {
    throw std::runtime_error(postgresql_missing());
  }
  database_ = open();
}

TestDatabase::~TestDatabase() { database_.reset(); }

std::unique_ptr<Database> TestDatabase::open() const { return open_sqlite({.folder = place_}); }

void TestDatabase::reopen() {
  database_.reset();
  database_ = open();
}

void DatabaseTest::SetUp() {
  if (GetParam() == Dialect::postgresql && !postgresql_missing().empty()) {
    GTEST_SKIP() << postgresql_missing();
  }
  database_ = std::make_unique<TestDatabase>(GetParam());
}

void DatabaseTest::TearDown() { database_.reset(); }

}  // namespace store
