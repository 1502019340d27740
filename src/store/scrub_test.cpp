#include "store/scrub.h"

#include <gtest/gtest.h>

#include <functional>

#include "store/migration.h"
#include "store/test_database.h"

namespace store {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};

// The database of the test, whose scrubbing does what the test says.
class Scrubbed final : public Database {
 public:
  Scrubbed(Database& inner, std::function<void()> scrubbing)
      : inner_(inner), scrubbing_(std::move(scrubbing)) {}
  Dialect dialect() const override { return inner_.dialect(); }
  void backup(const std::string& path) override { inner_.backup(path); }
  void checkpoint() override { inner_.checkpoint(); }
  void scrub() override { scrubbing_(); }
  Health health() const override { return inner_.health(); }

 protected:
  void run_unit(std::string_view name, const std::function<bool(Unit&)>& work) override {
    inner_.write(name, [&](Unit& unit) { work(unit); });
  }
  void run_read(ReadLength, const std::function<void(Session&)>& work) override {
    inner_.read(work);
  }

 private:
  Database& inner_;
  std::function<void()> scrubbing_;
};

class ScrubTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (!IsSkipped()) migrate(database(), kNow);
  }
  void mark(std::int64_t token) {
    database().write("test", [&](Unit& unit) { mark_scrub_due(unit, token); });
  }
  bool due() { return database().read(is_scrub_due); }
  bool sqlite() { return database().dialect() == Dialect::sqlite; }
};

TEST_P(ScrubTest, IsDueFromTheMarkToTheScrub) {
  EXPECT_FALSE(due());
  EXPECT_FALSE(scrub_if_due(database()));
  mark(7);
  mark(8);
  EXPECT_EQ(due(), sqlite());
  EXPECT_EQ(scrub_if_due(database()), sqlite());
  EXPECT_FALSE(due());
}

TEST_P(ScrubTest, OneThatFailedIsStillDue) {
  mark(7);
  if (!sqlite()) return;
  Scrubbed failing(database(), [] { throw Failure(FailureKind::full, "test"); });
  EXPECT_THROW(scrub_if_due(failing), Failure);
  EXPECT_TRUE(due());
}

TEST_P(ScrubTest, AMarkSetMeanwhileStays) {
  mark(7);
  Scrubbed slow(database(), [&] { mark(8); });
  EXPECT_EQ(scrub_if_due(slow), sqlite());
  EXPECT_EQ(due(), sqlite());
}

TEST_P(ScrubTest, KnowsTheSizeOfTheFile) {
  EXPECT_EQ(database().read(file_bytes) > 4096, sqlite());
}

INSTANTIATE_TEST_SUITE_P(Both, ScrubTest, kBothDatabases, dialect_name);

}  // namespace
}  // namespace store
