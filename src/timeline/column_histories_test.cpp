#include "timeline/column_histories.h"

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <latch>
#include <semaphore>
#include <thread>

#include "customer/erase.h"
#include "customer/merge.h"
#include "log/reader.h"
#include "store/test_folder.h"
#include "timeline/test_followed_log.h"

namespace timeline {
namespace {

using base::CustomerId;
using base::Moment;
using event_log::Position;

constexpr base::Duration kLong{60'000};

class ColumnHistoriesTest : public FollowedLogTest {
 protected:
  void SetUp() override {
    FollowedLogTest::SetUp();
    if (IsSkipped()) return;
    snapshot_ = folder_.path() + "/memory.snapshot";
    open_memory();
  }
  void TearDown() override {
    memory_.reset();
    FollowedLogTest::TearDown();
  }

  void open_memory(std::int64_t left_unread_min = kLeftUnreadMin) {
    memory_.reset();
    memory_.emplace(database(), *log_, pool_,
                    MemoryOptions{.snapshot = snapshot_, .left_unread_min = left_unread_min});
    log_->set_customer_rows(&*memory_);
    memory_->open();
  }

  std::size_t check_ins(const Pin& pin, CustomerId customer) {
    const auto place = pin.place_of(customer);
    if (!place) return 0;
    return pin.history(place->block, place->row)->events(check_in_type()).size();
  }
  base::EventTypeId check_in_type() {
    return database().read([&](store::Session& session) {
      return log_->catalog().of(session)->find("checked_in")->id;
    });
  }
  std::string file_bytes() const {
    std::ifstream file(snapshot_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  store::TemporaryFolder folder_;
  std::string snapshot_;
  base::WorkPool pool_{1};
  std::optional<ColumnHistories> memory_;
};

// A unit that has its position and stays open until it is ended.
class OpenUnit {
 public:
  explicit OpenUnit(store::Database& database)
      : thread_([this, &database] {
          (void)database.write("test.open", [&](store::Unit& unit) {
            const event_log::Position mine = event_log::next_positions(unit, 1).front();
            opened_.count_down();
            ends_.wait();
            return mine;
          });
        }) {
    opened_.wait();
  }
  ~OpenUnit() { end(); }
  OpenUnit(const OpenUnit&) = delete;
  OpenUnit& operator=(const OpenUnit&) = delete;

  // Returns when it has been committed.
  void end() {
    if (!thread_.joinable()) return;
    ends_.count_down();
    thread_.join();
  }

 private:
  std::latch opened_{1};
  std::latch ends_{1};
  std::thread thread_;  // last: it uses the others
};

// The database of the test; each read of it takes one of so many permits.
class RationedReads final : public store::Database {
 public:
  explicit RationedReads(store::Database& inner) : inner_(inner) {}
  store::Dialect dialect() const override { return inner_.dialect(); }
  void backup(const std::string& path) override { inner_.backup(path); }
  void checkpoint() override { inner_.checkpoint(); }
  void scrub() override { inner_.scrub(); }
  Health health() const override { return inner_.health(); }

  bool try_take() { return permits_.try_acquire(); }
  void allow(std::ptrdiff_t reads) { permits_.release(reads); }
  int reads() const { return reads_; }
  void wait_for_read(int number) const {
    for (int seen = reads_; seen < number; seen = reads_) reads_.wait(seen);
  }

 protected:
  void run_unit(std::string_view name, const std::function<bool(store::Unit&)>& work) override {
    inner_.write(name, [&](store::Unit& unit) { work(unit); });
  }
  void run_read(store::ReadLength length,
                const std::function<void(store::Session&)>& work) override {
    ++reads_;
    reads_.notify_all();
    permits_.acquire();
    if (length == store::ReadLength::brief) return inner_.read(work);
    inner_.read_whole(work);
  }

 private:
  store::Database& inner_;
  std::counting_semaphore<> permits_{0};
  std::atomic<int> reads_ = 0;
};

TEST_P(ColumnHistoriesTest, EndingWaitsForOneReadNotForTheLog) {
  const CustomerId ann = known_as("customer", "ann");
  memory_.reset();
  log_->set_customer_rows(nullptr);
  RationedReads rationed(database());
  rationed.allow(1'000);
  std::optional<ColumnHistories> memory;
  memory.emplace(rationed, *log_, pool_,
                 MemoryOptions{.snapshot = snapshot_, .read_max = base::Duration{0}});
  memory->open();
  const int opened = rationed.reads();
  constexpr int kReads = 8;
  for (int i = 0; i < kReads; ++i) did(ann, kNow, static_cast<int>(event_log::kReadEventsMax));
  // From here on only what is allowed.
  while (rationed.try_take()) {
  }
  memory->start();
  rationed.wait_for_read(opened + 1);
  const std::uint64_t rung = log_->appended().count();
  std::thread ending([&] { memory.reset(); });
  while (!log_->appended().wait(rung, kLong)) {
  }
  rationed.allow(1'000);  // it has been told to stop
  ending.join();
  // The one it was in, how much is left, one more, and who goes in the rest.
  EXPECT_LE(rationed.reads(), opened + 4);
}

// PostgreSQL: tables are ahead of the log while a unit is open. Whose row is read anew because of
// what can be read is not shown as they are by a notice that cannot, and nobody is left out.
TEST_P(ColumnHistoriesTest, WhoIsTakenApartBehindAnOpenUnitIsNeverUnknown) {
  if (database().dialect() == store::Dialect::sqlite) GTEST_SKIP() << "one unit at a time";
  const CustomerId ann = known_as("customer", "ann");
  const CustomerId bob = known_as("customer", "bob");
  const CustomerId cid{++last_customer_};  // of whom no event tells
  write([&](customer::Writing& writing) {
    writing.unit().execute("insert into customer values ($1, $2, $2, 'test', 'test', null)",
                           {cid.value, kNow.ms});
    return true;
  });
  const auto merged =
      write([&](customer::Writing& writing) { return customer::merge(writing, ann, cid); });
  ASSERT_TRUE(merged.has_value());
  ASSERT_EQ(merged->gone, cid);
  memory_->catch_up();
  ASSERT_TRUE(memory_->pin().place_of(cid).has_value());
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::merge(writing, ann, bob);
              }).has_value());
  OpenUnit open_unit(database());
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::unmerge(writing, cid);
              }).has_value());
  memory_->catch_up();
  const auto person_of_cid = [&] {
    const Pin pin = memory_->pin();
    const auto place = pin.place_of(cid);
    return place ? pin.person(place->block, place->row) : CustomerId{};
  };
  EXPECT_EQ(person_of_cid(), ann) << "as before both";
  EXPECT_EQ(memory_->persons(), 2);
  open_unit.end();
  memory_->catch_up();
  EXPECT_EQ(person_of_cid(), cid);
  EXPECT_EQ(memory_->persons(), 2);
}

// What the process has mapped, for a file by this name, there or unlinked.
bool is_mapped(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(path) != std::string::npos) return true;
  }
  return false;
}

TEST_P(ColumnHistoriesTest, AMappedSnapshotWithSomebodyErasedIsLetGo) {
  const CustomerId ann = known_as("phone", "13800138000");
  const CustomerId bob = known_as("phone", "13900139000");
  did(ann, kNow);
  did(bob, kNow);
  memory_->catch_up();
  ASSERT_TRUE(memory_->write_snapshot());
  open_memory();
  ASSERT_EQ(memory_->state().opened_from, "snapshot");
  EXPECT_TRUE(is_mapped(snapshot_));
  memory_->fold_all();
  EXPECT_TRUE(is_mapped(snapshot_)) << "nobody has gone";
  auto before = std::make_unique<Pin>(memory_->pin());
  erase(ann);
  memory_->catch_up();
  memory_->fold_all();
  EXPECT_TRUE(is_mapped(snapshot_)) << "a pin of before reads in it";
  EXPECT_EQ(check_ins(*before, ann), 1U);
  before.reset();
  EXPECT_FALSE(is_mapped(snapshot_));
  EXPECT_FALSE(memory_->pin().place_of(ann).has_value());
  EXPECT_EQ(check_ins(memory_->pin(), bob), 1U);
}

TEST_P(ColumnHistoriesTest, WithoutThreadsWhoWaitsReads) {
  const CustomerId ann = known_as("customer", "ann");
  const Position position = did(ann, kNow);
  EXPECT_EQ(check_ins(memory_->pin(), ann), 0U) << "nobody has read yet";
  EXPECT_TRUE(memory_->await(position, base::Duration{0}));
  EXPECT_EQ(check_ins(memory_->pin(), ann), 1U);
  EXPECT_FALSE(memory_->await({position.epoch, position.transaction, position.sequence + 1'000},
                              base::Duration{0}));
}

TEST_P(ColumnHistoriesTest, FollowsByItself) {
  memory_->start();
  const CustomerId ann = known_as("customer", "ann");
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(memory_->await(did(ann, kNow), kLong));
    EXPECT_EQ(check_ins(memory_->pin(), ann), static_cast<std::size_t>(i));
  }
}

TEST_P(ColumnHistoriesTest, AFreshPinHoldsWhatIsCommitted) {
  memory_->start();
  const CustomerId ann = known_as("customer", "ann");
  for (int i = 1; i <= 20; ++i) {
    did(ann, kNow);
    const auto pin = memory_->fresh_pin();
    ASSERT_TRUE(pin.has_value());
    EXPECT_EQ(check_ins(*pin, ann), static_cast<std::size_t>(i));
  }
}

// Every unit writes two events of one customer: no pin may ever see one of them alone.
TEST_P(ColumnHistoriesTest, APinNeverSeesHalfAUnit) {
  memory_->start();
  std::vector<CustomerId> people;
  for (int i = 0; i < 8; ++i) people.push_back(known_as("customer", std::to_string(i)));
  const base::EventTypeId check_in = check_in_type();
  constexpr int kUnits = 100;
  std::atomic<bool> written = false;
  std::thread writer([&] {
    for (int i = 0; i < kUnits; ++i) {
      const auto who = people[static_cast<std::size_t>(i) % people.size()];
      did(who, kNow - base::Duration{i % 3}, 2);  // every third comes late
    }
    written = true;
  });
  std::size_t seen = 0;
  for (bool last = false; !last;) {
    last = written;
    const auto pin = memory_->fresh_pin();
    ASSERT_TRUE(pin.has_value());
    std::size_t all = 0;
    for (const CustomerId who : people) {
      const auto place = pin->place_of(who);
      ASSERT_TRUE(place.has_value());
      const auto events = pin->history(place->block, place->row)->events(check_in).size();
      EXPECT_EQ(events % 2, 0U);
      all += events;
    }
    EXPECT_GE(all, seen) << "a later pin has less";
    seen = all;
  }
  writer.join();
  EXPECT_EQ(seen, 2U * kUnits);
}

// Also when each block grows by too little to be worth a fold by itself.
TEST_P(ColumnHistoriesTest, WhatHasArrivedTakesBoundedRoom) {
  const CustomerId ann = known_as("customer", "ann");
  memory_.reset();
  memory_.emplace(database(), *log_, pool_,
                  MemoryOptions{.snapshot = snapshot_, .delta_events_max = 100});
  log_->set_customer_rows(&*memory_);
  memory_->open();
  did(ann, kNow, 1000);
  memory_->catch_up();
  EXPECT_EQ(memory_->state().delta_events, 0);
  did(ann, kNow, 120);
  memory_->catch_up();
  EXPECT_GT(memory_->state().delta_events, 100) << "little beside what there is";
  did(ann, kNow, 50);
  memory_->catch_up();
  EXPECT_EQ(memory_->state().delta_events, 0);
}

TEST_P(ColumnHistoriesTest, GoesOnFromItsSnapshot) {
  const CustomerId ann = known_as("customer", "ann");
  did(ann, kNow);
  memory_->catch_up();
  ASSERT_TRUE(memory_->write_snapshot());
  did(ann, kNow + base::kDay);
  const CustomerId bob = known_as("customer", "bob");
  open_memory();
  EXPECT_EQ(memory_->state().opened_from, "snapshot");
  EXPECT_EQ(check_ins(memory_->pin(), ann), 2U);
  EXPECT_TRUE(memory_->pin().place_of(bob).has_value());
}

TEST_P(ColumnHistoriesTest, ReadsTheLogWhenTheSnapshotIsDamaged) {
  const CustomerId ann = known_as("customer", "ann");
  did(ann, kNow);
  memory_->catch_up();
  ASSERT_TRUE(memory_->write_snapshot());
  std::string bytes = file_bytes();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  // A file that has its name is never written: the damaged one takes its place.
  std::ofstream(snapshot_ + ".damaged", std::ios::binary) << bytes;
  std::filesystem::rename(snapshot_ + ".damaged", snapshot_);
  open_memory();
  EXPECT_EQ(memory_->state().opened_from, "log");
  EXPECT_EQ(memory_->state().not_from, "timeline.snapshot_damaged");
  EXPECT_EQ(check_ins(memory_->pin(), ann), 1U);
  EXPECT_FALSE(std::filesystem::exists(snapshot_)) << "nobody would take out who is erased";
}

TEST_P(ColumnHistoriesTest, NobodyErasedIsLeftInASnapshot) {
  const CustomerId ann = known_as("phone", "13800138000");
  const CustomerId bob = known_as("phone", "13900139000");
  did(ann, kNow);
  memory_->catch_up();
  memory_->fold_all();
  ASSERT_TRUE(memory_->write_snapshot());
  ASSERT_NE(file_bytes().find("13800138000"), std::string::npos);
  erase(ann);
  memory_->catch_up();
  EXPECT_FALSE(std::filesystem::exists(snapshot_));
  EXPECT_FALSE(memory_->pin().place_of(ann).has_value());
  ASSERT_TRUE(memory_->write_snapshot());
  EXPECT_EQ(file_bytes().find("13800138000"), std::string::npos);
  EXPECT_NE(file_bytes().find("13900139000"), std::string::npos);
  open_memory();
  EXPECT_EQ(memory_->state().opened_from, "snapshot");
  EXPECT_TRUE(memory_->pin().place_of(bob).has_value());
}

// A command erases and ends: nobody follows the log, and no other command need ever come.
TEST_P(ColumnHistoriesTest, WhoIsErasedLastIsLeftInNoSnapshot) {
  const CustomerId ann = known_as("phone", "13800138000");
  memory_->catch_up();
  ASSERT_TRUE(memory_->write_snapshot());
  erase(ann);
  memory_.reset();
  EXPECT_FALSE(std::filesystem::exists(snapshot_));
  log_->set_customer_rows(nullptr);
}

// What an import by a command of its own wrote is read by who comes next; who was erased by this
// process never stays in the snapshot for that.
TEST_P(ColumnHistoriesTest, MuchIsLeftUnreadAtTheEnd) {
  if (database().dialect() == store::Dialect::postgresql) GTEST_SKIP() << "all is read there";
  const CustomerId ann = known_as("phone", "13800138000");
  const CustomerId bob = known_as("phone", "13900139000");
  open_memory(0);
  ASSERT_TRUE(memory_->write_snapshot());
  event_log::Log elsewhere(database());
  elsewhere.prepare(kNow, random_);
  erase(ann, elsewhere);
  memory_.reset();
  EXPECT_TRUE(std::filesystem::exists(snapshot_)) << "the end has read the log";

  open_memory(0);
  EXPECT_FALSE(std::filesystem::exists(snapshot_));
  ASSERT_TRUE(memory_->write_snapshot());
  open_memory(0);
  erase(bob, *log_);
  memory_.reset();
  EXPECT_FALSE(std::filesystem::exists(snapshot_));
  log_->set_customer_rows(nullptr);
}

TEST_P(ColumnHistoriesTest, ASnapshotOutlivesAMerge) {
  const CustomerId ann = known_as("customer", "ann");
  const CustomerId bob = known_as("customer", "bob");
  memory_->catch_up();
  ASSERT_TRUE(memory_->write_snapshot());
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::merge(writing, ann, bob);
              }).has_value());
  memory_->catch_up();
  EXPECT_EQ(memory_->persons(), 1);
  EXPECT_TRUE(std::filesystem::exists(snapshot_));
  open_memory();
  EXPECT_EQ(memory_->state().opened_from, "snapshot");
  EXPECT_EQ(memory_->persons(), 1);
}

// On PostgreSQL nothing is read behind a unit that is still open, whatever others commit.
TEST_P(ColumnHistoriesTest, APinThatLacksWhatIsCommittedIsNotFresh) {
  if (database().dialect() == store::Dialect::sqlite) GTEST_SKIP() << "one unit at a time";
  const CustomerId ann = known_as("customer", "ann");
  memory_->start();
  OpenUnit open_unit(database());
  did(ann, kNow);
  EXPECT_FALSE(memory_->fresh_pin().has_value());
  open_unit.end();
  const auto pin = memory_->fresh_pin();
  ASSERT_TRUE(pin.has_value());
  EXPECT_EQ(check_ins(*pin, ann), 1U);
}

TEST_P(ColumnHistoriesTest, WithoutThreadsWhoWaitsWaitsForOpenUnits) {
  if (database().dialect() == store::Dialect::sqlite) GTEST_SKIP() << "one unit at a time";
  const CustomerId ann = known_as("customer", "ann");
  OpenUnit open_unit(database());
  const Position position = did(ann, kNow);
  EXPECT_FALSE(memory_->await(position, base::Duration{0}));
  std::thread ending([&] { open_unit.end(); });
  EXPECT_TRUE(memory_->await(position, kLong));
  ending.join();
}

TEST_P(ColumnHistoriesTest, AMergeAndItsUndoAreFollowed) {
  const CustomerId ann = known_as("customer", "ann");
  const CustomerId bob = known_as("customer", "bob");
  did(ann, kNow);
  did(bob, kNow, 2);
  memory_->catch_up();
  const Pin before = memory_->pin();
  const auto merged =
      write([&](customer::Writing& writing) { return customer::merge(writing, ann, bob); });
  ASSERT_TRUE(merged.has_value());
  memory_->catch_up();
  EXPECT_EQ(check_ins(memory_->pin(), ann), 3U);
  EXPECT_EQ(check_ins(memory_->pin(), bob), 3U);
  EXPECT_EQ(memory_->persons(), 1);
  EXPECT_EQ(check_ins(before, ann), 1U) << "a pin stays what it was";
  EXPECT_EQ(check_ins(before, bob), 2U);
  ASSERT_TRUE(write([&](customer::Writing& writing) {
                return customer::unmerge(writing, merged->gone);
              }).has_value());
  did(bob, kNow);
  memory_->catch_up();
  EXPECT_EQ(check_ins(memory_->pin(), ann), 1U);
  EXPECT_EQ(check_ins(memory_->pin(), bob), 3U);
}

INSTANTIATE_TEST_SUITE_P(Both, ColumnHistoriesTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace timeline
