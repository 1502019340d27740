#include "operate/backups.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "log/log.h"
#include "operate/backup_trial.h"
#include "store/test_database.h"

namespace operate {
namespace {

namespace fs = std::filesystem;

// 2026-01-10T07:06:40 in Shanghai.
constexpr base::Moment kNow{1'768'000'000'000};

class MovedClock final : public base::Clock {
 public:
  base::Moment now() const override { return base::Moment{ms_.load()}; }
  void move(base::Duration by) { ms_ += by.ms; }

 private:
  std::atomic<std::int64_t> ms_ = kNow.ms;
};

class BackupsTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    backups_.emplace(Backups::Means{database(), clock_, random_, folder_.path()});
    log_.emplace(database());
    log_->prepare(kNow, random_);
  }
  // Its thread may still be at the database.
  void TearDown() override {
    backups_.reset();
    DatabaseTest::TearDown();
  }
  void set(std::string_view name, std::string_view value) {
    EXPECT_TRUE(database().write("test", [&](store::Unit& unit) {
      return setting::set(unit, {name, value, actor_, kNow});
    }));
  }
  void append(int count) {
    std::vector<event_log::NewEvent> events;
    for (int i = 0; i < count; ++i) {
      const std::string key = std::to_string(appended_++);
      events.push_back({{7}, "visit", kNow, {}, "key " + key, {}});
    }
    EXPECT_TRUE(database().write("test", [&](store::Unit& unit) {
      return log_->append(unit, {.source = "test", .now = kNow}, events);
    }));
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path() + "/kept")) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  std::string made() {
    const auto run = backups_->make(actor_);
    if (!run) return std::string(code_of(run.error()));
    return std::string(run->problem ? code_of(*run->problem) : name_of(run->state));
  }

  const rights::Actor actor_{.kind = rights::ActorKind::user, .id = 7};
  store::TemporaryFolder folder_;
  base::SeededRandom random_{1};
  MovedClock clock_;
  std::optional<event_log::Log> log_;
  std::optional<Backups> backups_;
  int appended_ = 0;
};
class BackupsOfSqliteTest : public BackupsTest {};

TEST_P(BackupsTest, PostgresqlAndAnUnsetFolderAreRefused) {
  const bool sqlite = GetParam() == store::Dialect::sqlite;
  EXPECT_EQ(made(), sqlite ? "backup.off" : "backup.pg_dump");
  EXPECT_FALSE(backups_->make_if_due());
  EXPECT_FALSE(backups_->standing().on);
}

TEST_P(BackupsOfSqliteTest, WritesTriesAndNamesAGoodOne) {
  append(5);
  set("backup_folder", "kept");
  ASSERT_EQ(made(), "good");
  EXPECT_EQ(files(), std::vector<std::string>{"siyu-20260109T230640Z.db"});
  struct ::stat status{};
  ASSERT_EQ(::stat((folder_.path() + "/kept/siyu-20260109T230640Z.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const BackupStanding standing = backups_->standing();
  ASSERT_TRUE(standing.last_good);
  EXPECT_EQ(standing.last_good->events, 5);
  EXPECT_EQ(standing.last_good->bytes, status.st_size);
  EXPECT_TRUE(standing.last_good->asked);
}

TEST_P(BackupsOfSqliteTest, OneADayWhenItsHourHasCome) {
  set("backup_folder", "kept");
  EXPECT_TRUE(backups_->make_if_due()) << "none yet";
  EXPECT_FALSE(backups_->make_if_due());
  clock_.move(base::Duration{19 * base::kHour.ms});  // 02:06 of the next day
  EXPECT_FALSE(backups_->make_if_due());
  clock_.move(base::kHour);
  EXPECT_TRUE(backups_->make_if_due());
  EXPECT_EQ(files().size(), 2u);
}

TEST_P(BackupsOfSqliteTest, TakesOldOnesAwayAndNothingElse) {
  set("backup_folder", "kept");
  set("backup_keep_days", "1");
  set("backup_keep_weeks", "0");
  fs::create_directory(folder_.path() + "/kept");
  std::ofstream(folder_.path() + "/kept/siyu-mine.db") << "another's";
  for (int day = 0; day < 4; ++day) {
    EXPECT_TRUE(backups_->make_if_due());
    clock_.move(base::kDay);
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"siyu-20260111T230640Z.db",
                                               "siyu-20260112T230640Z.db", "siyu-mine.db"}));
}

TEST_P(BackupsOfSqliteTest, AFolderThatCannotBeWrittenIsTold) {
  std::ofstream(folder_.path() + "/file") << "no folder";
  set("backup_folder", "file/below");
  EXPECT_EQ(made(), "backup.folder");
  EXPECT_FALSE(backups_->make_if_due()) << "again in an hour";
  clock_.move(kBackupRetry);
  EXPECT_TRUE(backups_->make_if_due());
  const BackupStanding standing = backups_->standing();
  EXPECT_FALSE(standing.last_good);
  EXPECT_EQ(standing.last->problem, BackupProblem::folder);
}

TEST_P(BackupsOfSqliteTest, LeftoversOfACrashGoAndTheRunIsInterrupted) {
  set("backup_folder", "kept");
  fs::create_directories(folder_.path() + "/kept/siyu-trial");
  std::ofstream(folder_.path() + "/kept/siyu-20260101T000000Z.db.part") << "half";
  database().write("test", [&](store::Unit& unit) {
    add(unit, {.id = 9, .started_at = kNow, .path = folder_.path() + "/kept/x"});
  });
  ASSERT_EQ(made(), "good");
  EXPECT_EQ(files().size(), 1u);
  const auto run = database().read([](store::Session& session) { return backup_run(session, 9); });
  EXPECT_EQ(run->problem, BackupProblem::interrupted);
}

TEST_P(BackupsOfSqliteTest, TheTrialFindsDamageAndMissingRows) {
  append(5);
  const std::string file = folder_.path() + "/one.db";
  database().backup(file);
  const Trial trial{.file = file, .folder = folder_.path() + "/trial", .least = 5, .most = 5};
  EXPECT_EQ(try_backup(trial), 5);
  Trial later = trial;
  later.least = 6;
  later.most = 6;
  EXPECT_EQ(try_backup(later).error(), BackupProblem::incomplete);
  EXPECT_FALSE(fs::exists(trial.folder));
  database().write(
      "test", [](store::Unit& unit) { unit.execute("delete from event where sequence = 3", {}); });
  Trial holed = trial;
  holed.file = folder_.path() + "/two.db";
  database().backup(holed.file);
  EXPECT_EQ(try_backup(holed).error(), BackupProblem::incomplete);
  fs::resize_file(file, fs::file_size(file) / 2);
  EXPECT_EQ(try_backup(trial).error(), BackupProblem::damaged);
}

TEST_P(BackupsOfSqliteTest, TwoOfOneSecondAreTwoFiles) {
  set("backup_folder", "kept");
  ASSERT_TRUE(backups_->make(actor_));
  ASSERT_TRUE(backups_->make(actor_));
  EXPECT_EQ(files().size(), 2u);
}

TEST_P(BackupsOfSqliteTest, OneWhoseFileIsGoneIsNone) {
  set("backup_folder", "kept");
  const auto first = backups_->make(actor_);
  clock_.move(base::kMinute);
  const auto second = backups_->make(actor_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(backups_->standing().last_good->id, second->id);
  fs::remove(second->path);
  EXPECT_EQ(backups_->standing().last_good->id, first->id);
  fs::remove(first->path);
  EXPECT_FALSE(backups_->standing().last_good.has_value());
}

// Every backup holds itself as one that runs: what is restored from it stays.
TEST_P(BackupsOfSqliteTest, TheFileOfARunThatWasCutOffIsLeftAlone) {
  set("backup_folder", "kept");
  const std::string source = folder_.path() + "/restored-from.db";
  std::ofstream(source) << "whole";
  database().write(
      "test", [&](store::Unit& unit) { add(unit, {.id = 9, .started_at = kNow, .path = source}); });
  ASSERT_TRUE(backups_->make(actor_));
  EXPECT_TRUE(fs::exists(source));
}

// Where the program empties a folder whenever it starts.
TEST_P(BackupsOfSqliteTest, NoneIsWrittenAmongUploads) {
  set("backup_folder", folder_.path() + "/uploads/kept");
  EXPECT_EQ(made(), "backup.folder");
  EXPECT_FALSE(fs::exists(folder_.path() + "/uploads"));
}

TEST_P(BackupsOfSqliteTest, TheThreadMakesWhatIsAsked) {
  set("backup_folder", "kept");
  backups_->start();
  const auto begun = backups_->make(actor_);
  ASSERT_TRUE(begun);
  // It runs, or has run already.
  const auto again = backups_->make(actor_);
  EXPECT_TRUE(again || again.error() == BackupRefusal::running);
  while (backups_->standing().last->state == BackupState::running) std::this_thread::yield();
  EXPECT_EQ(backups_->standing().last->state, BackupState::good);
  EXPECT_GE(files().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Both, BackupsTest, store::kBothDatabases, store::dialect_name);
INSTANTIATE_TEST_SUITE_P(Sqlite, BackupsOfSqliteTest, ::testing::Values(store::Dialect::sqlite),
                         store::dialect_name);

}  // namespace
}  // namespace operate
