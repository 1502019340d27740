#include "server/operate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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
    const std::int64_t erased = restore(options, file, {clock, random_});
    const auto database = open_database(options);
    return {erased, database->read([&](store::Session& session) {
              return customer::find(session, {.kind = "phone", .value = kPhone}).has_value();
            })};
  }

  store::TemporaryFolder folder_;
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

INSTANTIATE_TEST_SUITE_P(Both, RestoreTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
