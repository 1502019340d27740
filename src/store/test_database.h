// Tests over both databases: a fixture that gives each test a fresh, migrated one.
//
//   class TagTest : public store::DatabaseTest {};
//   TEST_P(TagTest, …) { database().write(…); }
//   INSTANTIATE_TEST_SUITE_P(Both, TagTest, store::kBothDatabases, store::dialect_name);
//
// SQLite lies in a temporary folder. PostgreSQL is a database of its own in the cluster at the url
// in SIYU_TEST_POSTGRESQL (a user who may create databases), or else in a private cluster that the
// test program starts once and ends with itself. Where PostgreSQL cannot be started its tests are
// skipped and say why.
//
// CMake: TEST_DEPENDS store_testing.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "store/database.h"
#include "store/test_folder.h"

namespace store {

inline const auto kBothDatabases = ::testing::Values(Dialect::sqlite, Dialect::postgresql);
std::string dialect_name(const ::testing::TestParamInfo<Dialect>& info);

// One fresh, migrated database. Throws std::runtime_error where PostgreSQL cannot be started.
class TestDatabase {
 public:
  explicit TestDatabase(Dialect dialect);
  ~TestDatabase();
  Database& get() { return *database_; }
  // Closes and opens it again, as a restart does.
  void reopen();
  // The same database opened with another limit of a read. SQLite: it is closed for that, and
  // get() is not to be used any more.
  std::unique_ptr<Database> open_with_read_limit(std::int64_t milliseconds);
  // Closes it, so that a program may open the place; get() is not to be used any more.
  void close() { database_.reset(); }
  // PostgreSQL: the url of this database; SQLite: its folder.
  const std::string& place() const { return place_; }

 private:
  std::unique_ptr<Database> open(std::int64_t read_milliseconds_max) const;

  Dialect dialect_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::string place_;
  std::string name_;  // PostgreSQL: of the database
  std::unique_ptr<Database> database_;
};

class DatabaseTest : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override;
  void TearDown() override;
  Database& database() { return database_->get(); }
  TestDatabase& test_database() { return *database_; }

 private:
  std::unique_ptr<TestDatabase> database_;
};

// Why PostgreSQL cannot be used by tests here; empty: it can.
std::string postgresql_missing();

}  // namespace store
