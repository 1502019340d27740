// What only SQLite does: the folder, its lock, its files.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "store/database.h"
#include "store/test_database.h"

namespace store {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  SqliteTest() : database_(open_sqlite({.folder = data()})) {
    database_->write("test.create", [](Unit& unit) {
      unit.execute("create table t (id bigint not null primary key, name text collate \"C\")", {});
      unit.execute("insert into t (id, name) values (1, '13912345678')", {});
    });
  }
  std::string data() const { return folder_.path() + "/new/data"; }
  static std::int64_t count(Database& database) {
    return database.read([](Session& session) {
      return *session.one("select count(*) from t", {}, [](const Row& r) { return r.integer(0); });
    });
  }
  static std::string refusal(const std::function<void()>& act) {
    try {
      act();
    } catch (const Failure& failure) {
      return std::string(code_of(failure.kind())) + ": " + failure.what();
    }
    return "";
  }
  bool any_file_holds(std::string_view text) const {
    for (const auto& entry : std::filesystem::directory_iterator(data())) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(SqliteTest, SecondServerIsToldSoAndTheFirstGoesOn) {
  EXPECT_EQ(refusal([&] { open_sqlite({.folder = data()}); }),
            "store.misuse: another siyu is using this data folder: stop it first");
  EXPECT_EQ(count(*database_), 1);
  database_.reset();
  database_ = open_sqlite({.folder = data()});
  EXPECT_EQ(count(*database_), 1);
}

TEST_F(SqliteTest, FolderThatCannotBeMadeIsUnavailable) {
  const std::string file = folder_.path() + "/file";
  std::ofstream(file) << "x";
  EXPECT_TRUE(
      refusal([&] { open_sqlite({.folder = file + "/data"}); }).starts_with("store.unavailable"));
}

TEST_F(SqliteTest, FileThatIsNoDatabaseIsCorrupt) {
  const std::string other = folder_.path() + "/other";
  std::filesystem::create_directory(other);
  std::ofstream(other + "/siyu.db") << std::string(8192, 'x');
  EXPECT_TRUE(refusal([&] { open_sqlite({.folder = other}); }).starts_with("store.corrupt"));
}

TEST_F(SqliteTest, FilesAreNobodyElsesBusiness) {
  for (const auto& entry : std::filesystem::directory_iterator(data())) {
    struct stat about = {};
    ASSERT_EQ(stat(entry.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(SqliteTest, SchemaIsReadableByAnyShell) {
  const auto text = database_->read([](Session& session) {
    return *session.one("select sql from sqlite_master where name = 't'", {},
                        [](const Row& row) { return std::string(row.text(0)); });
  });
  EXPECT_NE(text.find("COLLATE BINARY"), std::string::npos) << text;
  EXPECT_EQ(text.find("\"C\""), std::string::npos) << text;
}

TEST_F(SqliteTest, BackupIsAWholeDatabaseInOneFile) {
  const std::string folder = folder_.path() + "/restored";
  std::filesystem::create_directory(folder);
  const std::string path = folder + "/siyu.db";
  database_->backup(path);
  EXPECT_TRUE(refusal([&] { database_->backup(path); }).starts_with("store.misuse"));
  database_->write("test.later",
                   [](Unit& unit) { unit.execute("insert into t (id) values (2)", {}); });
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
  const auto restored = open_sqlite({.folder = folder});
  EXPECT_EQ(count(*restored), 1);
  EXPECT_EQ(count(*database_), 2);
}

TEST_F(SqliteTest, CheckpointEmptiesTheLogAndNothingErasedIsLeft) {
  EXPECT_GT(database_->health().wal_bytes, 0);
  EXPECT_TRUE(any_file_holds("13912345678"));
  database_->write("test.erase",
                   [](Unit& unit) { unit.execute("update t set name = null where id = 1", {}); });
  EXPECT_TRUE(any_file_holds("13912345678"));  // in the log
  database_->checkpoint();
  EXPECT_EQ(database_->health().wal_bytes, 0);
  EXPECT_FALSE(any_file_holds("13912345678"));
  EXPECT_EQ(count(*database_), 1);
}

TEST_F(SqliteTest, LogIsFoldedWhileItGrows) {
  const std::string fill(4000, 'x');
  std::int64_t bytes_max = 0;
  for (std::int64_t id = 10; id < 60; ++id) {
    database_->write("test.grow", [&](Unit& unit) {
      for (std::int64_t i = 0; i < 100; ++i) {
        unit.execute("insert into t (id, name) values ($1, $2)", {id * 100 + i, fill});
      }
    });
    bytes_max = std::max(bytes_max, database_->health().wal_bytes);
  }
  EXPECT_EQ(count(*database_), 5001);  // 20 MB
  EXPECT_LT(bytes_max, 10'000'000);
}

TEST_F(SqliteTest, ClosedFolderHoldsEverythingInOneFile) {
  database_.reset();
  std::error_code error;
  EXPECT_EQ(std::filesystem::file_size(data() + "/siyu.db-wal", error) * (error ? 0 : 1), 0u);
}

}  // namespace
}  // namespace store
