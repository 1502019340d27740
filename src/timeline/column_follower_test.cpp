// What the memory shows while it follows a log that others write to. See column_histories_test.cpp
// for what it answers.
#include "timeline/column_follower.h"

#include <functional>
#include <set>

#include "timeline/column_histories.h"
#include "timeline/test_followed_log.h"

namespace timeline {
namespace {

using base::CustomerId;

// The database of the test; before each read of the memory the test does something.
class WatchedReads final : public store::Database {
 public:
  explicit WatchedReads(store::Database& inner) : inner_(inner) {}
  store::Dialect dialect() const override { return inner_.dialect(); }
  void backup(const std::string& path) override { inner_.backup(path); }
  void checkpoint() override { inner_.checkpoint(); }
  void scrub() override { inner_.scrub(); }
  Health health() const override { return inner_.health(); }

  std::function<void()> before_read = [] {};
  int reads() const { return reads_; }

 protected:
  void run_unit(std::string_view name, const std::function<bool(store::Unit&)>& work) override {
    inner_.write(name, [&](store::Unit& unit) { work(unit); });
  }
  void run_read(store::ReadLength length,
                const std::function<void(store::Session&)>& work) override {
    ++reads_;
    before_read();
    if (length == store::ReadLength::brief) return inner_.read(work);
    inner_.read_whole(work);
  }

 private:
  store::Database& inner_;
  int reads_ = 0;
};

class ColumnFollowerTest : public FollowedLogTest {
 protected:
  // Each step of the memory is a read of its own, and it wants room after every one.
  void open_memory() {
    log_->set_customer_rows(nullptr);
    memory_.emplace(watched_.emplace(database()), *log_, pool_,
                    MemoryOptions{.delta_events_max = 100, .read_max = base::Duration{0}});
    memory_->open();
  }
  void TearDown() override {
    memory_.reset();
    FollowedLogTest::TearDown();
  }

  std::optional<WatchedReads> watched_;
  base::WorkPool pool_{1};
  std::optional<ColumnHistories> memory_;
};

// Units that lie across the ends of the follower's steps, of which each asks for room.
TEST_P(ColumnFollowerTest, NobodySeesHalfAUnitWhoseRestIsNotRead) {
  const CustomerId ann = known_as("customer", "ann");
  open_memory();
  std::set<std::int64_t> whole = {memory_->pin().events()};
  constexpr int kTimes = static_cast<int>(event_log::kReadEventsMax) * 3 / 5;
  for (int i = 0; i < 5; ++i) {
    did(ann, kNow, kTimes);
    whole.insert(*whole.rbegin() + kTimes);
  }
  watched_->before_read = [&] { EXPECT_TRUE(whole.contains(memory_->pin().events())); };
  const int opened = watched_->reads();
  memory_->catch_up();
  EXPECT_GE(watched_->reads() - opened, 3) << "one step was enough";
  EXPECT_EQ(memory_->pin().events(), *whole.rbegin());
  EXPECT_EQ(memory_->state().delta_events, 0) << "and then it makes room";
}

// Somebody writes at least as fast as the memory reads.
TEST_P(ColumnFollowerTest, WhoWaitsDoesNotWaitForWhatIsWrittenMeanwhile) {
  const CustomerId ann = known_as("customer", "ann");
  open_memory();
  const event_log::Position wanted = did(ann, kNow);
  constexpr int kUnits = 6;
  int written = 0;
  watched_->before_read = [&] {
    if (written == kUnits) return;
    ++written;
    did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  };
  EXPECT_TRUE(memory_->await(wanted, base::Duration{0}));
  EXPECT_LT(written, kUnits) << "it read all that was written before it told";
  while (memory_->catch_up()) {
  }
  EXPECT_EQ(written, kUnits);
}

// What was written within one read is shown before the rest of the log is.
TEST_P(ColumnFollowerTest, ShowsWhatItHasReadOfAGrowingLog) {
  const CustomerId ann = known_as("customer", "ann");
  open_memory();
  for (int i = 0; i < 3; ++i) did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  int written = 0;
  std::set<std::int64_t> seen;
  watched_->before_read = [&] {
    seen.insert(memory_->pin().events());
    if (written++ < 3) did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  };
  while (memory_->catch_up()) {
  }
  EXPECT_GE(seen.size(), 4U) << "few publications";
}

INSTANTIATE_TEST_SUITE_P(Both, ColumnFollowerTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace timeline
