#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/backup.h"
#include "store/database.h"
#include "store/migration.h"
#include "store/test_folder.h"

namespace store {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};

class SqliteBackupTest : public ::testing::Test {
 protected:
  std::string backup_of(Database& database) {
    std::string file = folder_.path() + "/a b?#%.db";
    database.backup(file);
    return file;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_sqlite({.folder = folder_.path() + "/data"});
};

TEST_F(SqliteBackupTest, ABackupPassesAndStaysAsItIs) {
  migrate(*database_, kNow);
  const std::string file = backup_of(*database_);
  EXPECT_TRUE(check_backup(file));
  EXPECT_FALSE(std::filesystem::exists(file + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(file + "-shm"));
}

TEST_F(SqliteBackupTest, ACutOneIsDamaged) {
  migrate(*database_, kNow);
  const std::string file = backup_of(*database_);
  std::filesystem::resize_file(file, 3 * 4096);
  const auto checked = check_backup(file);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error(), BackupFault::damaged);
}

TEST_F(SqliteBackupTest, AnotherDatabaseAndAnotherFileAreNotOurs) {
  const std::string file = backup_of(*database_);  // never migrated
  std::ofstream(folder_.path() + "/text") << "SQLite";
  for (const std::string& path : {file, folder_.path() + "/text"}) {
    const auto checked = check_backup(path);
    ASSERT_FALSE(checked) << path;
    EXPECT_EQ(checked.error(), BackupFault::not_ours) << path;
  }
}

}  // namespace
}  // namespace store
