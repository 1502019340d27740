// What the memory shows while it follows a log that others write to. See column_histories_test.cpp
// for what it answers.
#include "timeline/column_follower.h"

#include <functional>
#include <set>

#include "customer/merge.h"
#include "log/batch.h"
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
    memory_.reset();
    memory_.emplace(watched_.emplace(database()), *log_, pool_,
                    MemoryOptions{.delta_events_max = 100, .read_max = base::Duration{0}});
    memory_->open();
  }
  void TearDown() override {
    memory_.reset();
    FollowedLogTest::TearDown();
  }

  event_log::Position head() {
    return database().read([&](store::Session& session) { return log_->newest(session); });
  }
  void merge(CustomerId one, CustomerId other) {
    ASSERT_TRUE(
        write([&](customer::Writing& writing) { return customer::merge(writing, one, other); }));
  }
  int check_ins(CustomerId customer) {
    const Pin pin = memory_->pin();
    const auto place = pin.place_of(customer);
    if (!place) return 0;
    const auto type = database().read([&](store::Session& session) {
      return log_->catalog().of(session)->find("checked_in")->id;
    });
    return static_cast<int>(pin.history(place->block, place->row)->events(type).size());
  }
  void begin_batch(base::BatchId batch) {
    database().write("test.batch", [&](store::Unit& unit) {
      event_log::begin_batch(
          unit, {.id = batch, .kind = "events", .file_name = "a.csv", .who = "user", .now = kNow});
    });
  }
  void undo(base::BatchId batch) {
    ASSERT_TRUE(database().write("test.undo", [&](store::Unit& unit) {
      return event_log::begin_undo(*log_, unit, batch, kNow);
    }));
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

// A read sees whom others have merged behind the head it reads up to.
TEST_P(ColumnFollowerTest, NobodyIsMergedBeforeTheMergeIsRead) {
  open_memory();
  const CustomerId ann = known_as("customer", "ann");
  did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  const CustomerId bob = known_as("customer", "bob");
  did(bob, kNow);
  const event_log::Position first_head = head();
  std::optional<event_log::Position> merged;
  const auto look = [&] {
    const Pin pin = memory_->pin();
    const auto of_ann = pin.place_of(ann);
    const auto of_bob = pin.place_of(bob);
    const bool are_one =
        of_ann && of_bob && of_ann->block == of_bob->block && of_ann->row == of_bob->row;
    EXPECT_EQ(are_one, merged && pin.position() >= *merged);
  };
  int reads = 0;
  watched_->before_read = [&] {
    look();
    if (++reads != 2) return;
    merge(ann, bob);
    merged = head();
  };
  memory_->catch_up();
  look();
  EXPECT_GE(reads, 3) << "it read on from the first head";
  EXPECT_LT(first_head, memory_->pin().position());
  while (memory_->catch_up()) {
  }
  look();
  EXPECT_EQ(memory_->pin().position(), head());
}

// What is read is without those erased behind the head it reads up to, and without what was taken
// back there.
TEST_P(ColumnFollowerTest, NobodyHasLostSomeOfTheirEvents) {
  constexpr int kTimes = static_cast<int>(event_log::kReadEventsMax) * 3 / 2;
  const base::BatchId batch{7};
  for (const bool takes_back : {false, true}) {
    SCOPED_TRACE(takes_back);
    const CustomerId ann = known_as("customer", takes_back ? "ann" : "eve");
    open_memory();
    if (takes_back) begin_batch(batch);
    for (int half = 0; half < 2; ++half) {
      did(ann, {.times = kTimes / 2, .batch = takes_back ? std::optional(batch) : std::nullopt});
    }
    int reads = 0;
    watched_->before_read = [&] {
      EXPECT_TRUE(check_ins(ann) == 0 || check_ins(ann) == kTimes) << check_ins(ann);
      if (++reads != 2) return;
      if (takes_back) {
        undo(batch);
      } else {
        erase(ann);
      }
    };
    while (memory_->catch_up()) {
    }
    EXPECT_GE(reads, 3);
    EXPECT_EQ(check_ins(ann), 0);
    EXPECT_EQ(memory_->pin().position(), head());
    EXPECT_EQ(memory_->pin().place_of(ann).has_value(), takes_back);
    watched_->before_read = [] {};
  }
}

// Somebody merges all the time whom the memory knows already.
TEST_P(ColumnFollowerTest, MergesOfOthersDoNotHoldItUp) {
  std::vector<CustomerId> others;
  for (int i = 0; i < 12; ++i) others.push_back(known_as("customer", std::to_string(i)));
  open_memory();
  const CustomerId ann = known_as("customer", "ann");
  did(ann, kNow, 3 * static_cast<int>(event_log::kReadEventsMax));
  const event_log::Position wanted = head();
  std::size_t merged = 0;
  watched_->before_read = [&] {
    if (merged + 1 >= others.size()) return;
    merge(others[merged], others[merged + 1]);
    merged += 2;
    did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  };
  EXPECT_TRUE(memory_->await(wanted, base::Duration{0}));
  EXPECT_LT(merged, others.size()) << "it read all that was merged before it told";
  EXPECT_LT(memory_->pin().position(), head());
  while (memory_->catch_up()) {
  }
  EXPECT_EQ(memory_->pin().position(), head());
}

INSTANTIATE_TEST_SUITE_P(Both, ColumnFollowerTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace timeline
