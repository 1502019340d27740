#include "server/operate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "account/assignment.h"
#include "customer/identity.h"
#include "log/log.h"
#include "store/failure.h"
#include "store/test_database.h"

namespace server {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};
constexpr const char* kPhone = "13800138000";

class StandingClock final : public base::Clock {
 public:
  explicit StandingClock(base::Moment now) : now_(now) {}
  base::Moment now() const override { return now_; }

 private:
  base::Moment now_;
};

class RestoreTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    const bool sqlite = GetParam() == store::Dialect::sqlite;
    options_ = sqlite
                   ? AppOptions{.folder = test_database().place()}
                   : AppOptions{.folder = folder_.path(), .database_url = test_database().place()};
    log_.emplace(database());
    log_->prepare(kNow, random_);
    hashes_ = open_hashes(options_, random_);
  }

  // Somebody of this phone, as if they had come at `at`.
  void enter(base::CustomerId id, base::Moment at) {
    change(at, [&](customer::Writing& writing) {
      const auto made =
          customer::find_or_create(writing, {.kind = "phone", .value = kPhone}, id, std::nullopt);
      EXPECT_TRUE(made && made->created);
    });
  }
  void erase(base::CustomerId id, base::Moment at) {
    change(at, [&](customer::Writing& writing) {
      EXPECT_TRUE(customer::erase(writing, *hashes_, random_, id));
    });
  }
  template <typename Work>
  void change(base::Moment at, Work work) {
    database().write("test", [&](store::Unit& unit) {
      customer::Writing writing(unit, *log_, {.actor = {}, .now = at, .source = "test"});
      work(writing);
    });
  }

  // What a restore does with the database as it stands: answers how many were erased again, and
  // whether the phone is still found.
  std::pair<std::int64_t, bool> restored() {
    const StandingClock clock{kNow + base::kDay};
    AppOptions options = options_;
    std::string file;
    if (GetParam() == store::Dialect::sqlite) {
      file = folder_.path() + "/backup.db";
      database().backup(file);
      options.folder = folder_.path() + "/restored";
      std::filesystem::create_directory(options.folder);
      std::filesystem::copy(options_.folder + "/erased.hashes", options.folder);
    }
    const std::int64_t erased = restore(options, file, {clock, random_}).erased_again;
    const auto database = open_database(options);
    sessions_left_ = database->read([](store::Session& session) {
      return session.one("select count(*) from access_session", {},
                         [](const store::Row& row) { return row.integer(0); });
    });
    assignments_left_ = database->read([](store::Session& session) {
      return session.one("select count(*) from customer_staff", {},
                         [](const store::Row& row) { return row.integer(0); });
    });
    return {erased, database->read([&](store::Session& session) {
              return customer::find(session, {.kind = "phone", .value = kPhone}).has_value();
            })};
  }

  store::TemporaryFolder folder_;
  std::optional<std::int64_t> assignments_left_;
  std::optional<std::int64_t> sessions_left_;
  base::SeededRandom random_{1};
  AppOptions options_;
  std::optional<event_log::Log> log_;
  std::unique_ptr<customer::ErasedHashes> hashes_;
};

TEST_P(RestoreTest, ErasesAgainWhoWasErasedAfterTheBackup) {
  enter({77}, kNow);
  erase({77}, kNow + base::kHour);
  enter({78}, kNow);  // the row an older backup brings back
  EXPECT_EQ(restored(), (std::pair<std::int64_t, bool>{1, false}));
}

// Whose customer they were was written in tables, not in the log: it goes with them.
TEST_P(RestoreTest, NobodysAssignmentsStay) {
  enter({77}, kNow);
  erase({77}, kNow + base::kHour);
  enter({78}, kNow);
  change(kNow, [&](customer::Writing& writing) {
    const rights::Actor actor;
    const account::Change by{writing.unit(), actor, kNow};
    account::Staff lin;
    lin.id = {7};
    lin.number = "7";
    lin.name = "林";
    EXPECT_TRUE(account::add_staff(by, lin).has_value());
    EXPECT_TRUE(account::AssignedTo(by, lin.id).assign({78}).value());
  });
  EXPECT_EQ(restored(), (std::pair<std::int64_t, bool>{1, false}));
  EXPECT_EQ(assignments_left_, 0);
}

TEST_P(RestoreTest, NobodyIsSignedInBehindIt) {
  database().write("test.session", [](store::Unit& unit) {
    unit.execute(
        "insert into access_session "
        "(token_hash, id, user_id, started_at, last_used_at, from_address, device) "
        "values ('hash', 1, 1, $1, $1, '', '')",
        {kNow.ms});
  });
  restored();
  EXPECT_EQ(sessions_left_, 0);
}

TEST_P(RestoreTest, LeavesWhoCameBackLater) {
  enter({77}, kNow);
  erase({77}, kNow + base::kHour);
  enter({78}, kNow + base::Duration{2 * base::kHour.ms});
  EXPECT_EQ(restored(), (std::pair<std::int64_t, bool>{0, true}));
}

TEST_P(RestoreTest, RefusesAFileThatIsNoBackup) {
  const StandingClock clock{kNow};
  const std::string file = folder_.path() + "/orders.csv";
  std::ofstream(file) << "customer,event,time\n";
  EXPECT_THROW((void)restore(options_, file, {clock, random_}), store::Failure);
}

class BackupFileTest : public ::testing::Test {
 protected:
  // A backup of an empty database of this program.
  std::string good_backup() {
    const auto database = open_database({.folder = folder_.path() + "/made"});
    bring_forward(*database, true, kNow);
    std::string file = folder_.path() + "/good.db";
    database->backup(file);
    return file;
  }
  std::optional<OperateFault> fault(const std::string& file) {
    base::SeededRandom random(1);
    const StandingClock clock{kNow};
    try {
      (void)restore({.folder = target_}, file, {clock, random});
    } catch (const OperateFailure& failure) {
      return failure.fault();
    }
    return std::nullopt;
  }

  store::TemporaryFolder folder_;
  std::string target_ = folder_.path() + "/restored";
};

TEST_F(BackupFileTest, ACutOneIsRefusedAndAGoodOneThenTaken) {
  const std::string good = good_backup();
  const std::string cut = folder_.path() + "/cut.db";
  std::filesystem::copy_file(good, cut);
  std::filesystem::resize_file(cut, std::filesystem::file_size(good) / 2);
  EXPECT_EQ(fault(cut), OperateFault::damaged_backup);
  EXPECT_TRUE(std::filesystem::is_empty(target_));
  EXPECT_EQ(fault(good), std::nullopt);
  EXPECT_EQ(fault(good), OperateFault::folder_in_use);
}

TEST_F(BackupFileTest, SaysWhetherItKnewWhoWasErased) {
  const std::string good = good_backup();
  base::SeededRandom random(1);
  const StandingClock clock{kNow};
  EXPECT_EQ(restore({.folder = target_}, good, {clock, random}).knew_erased, false);
  const std::string beside = folder_.path() + "/beside";
  std::filesystem::create_directory(beside);
  std::filesystem::copy(target_ + "/erased.hashes", beside);
  EXPECT_EQ(restore({.folder = beside}, good, {clock, random}).knew_erased, true);
}

TEST_F(BackupFileTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  const auto other = store::open_sqlite({.folder = folder_.path() + "/other"});
  other->write("test", [](store::Unit& unit) { unit.execute("create table mine (a text)", {}); });
  const std::string file = folder_.path() + "/other.db";
  other->backup(file);
  EXPECT_EQ(fault(file), OperateFault::not_a_backup);
  EXPECT_TRUE(std::filesystem::is_empty(target_));
}

TEST_F(BackupFileTest, OneOfANewerProgramIsRefused) {
  const auto newer = open_database({.folder = folder_.path() + "/newer"});
  bring_forward(*newer, true, kNow);
  newer->write("test", [](store::Unit& unit) {
    unit.execute("insert into store_migration values (9999, '9999-later', '', 0)", {});
  });
  const std::string file = folder_.path() + "/newer.db";
  newer->backup(file);
  EXPECT_EQ(fault(file), OperateFault::unknown_backup);
}

TEST_F(BackupFileTest, TheLogOfAnotherDatabaseIsNotTakenForItsOwn) {
  const std::string good = good_backup();
  std::filesystem::create_directory(target_);
  std::ofstream(target_ + "/siyu.db-wal") << "pages";
  EXPECT_EQ(fault(good), OperateFault::folder_in_use);
}

INSTANTIATE_TEST_SUITE_P(Both, RestoreTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
