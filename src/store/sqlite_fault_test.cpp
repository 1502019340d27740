// SQLite on a disk that is full, broken, or lies: nothing half done, nothing acknowledged is lost,
// and it recovers by itself.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/database.h"
#include "store/disk.h"
#include "store/test_database.h"

namespace store {
namespace {

using Ids = std::set<std::int64_t>;

// Gives `answer` to the calls of one step, from the `from`-th on, for `count` of them.
struct Fault {
  DiskStep step = DiskStep::write;
  DiskAnswer answer = DiskAnswer::full;
  std::int64_t from = 0;
  std::int64_t count = std::numeric_limits<std::int64_t>::max();
};

class FaultyDisk final : public Disk {
 public:
  DiskAnswer before(const DiskCall& call) const override {
    const std::scoped_lock lock(mutex_);
    if (call.step == DiskStep::sync && call.path.ends_with("-wal")) ++log_syncs_;
    if (!on_ || call.step != fault_.step) return DiskAnswer::proceed;
    const std::int64_t number = seen_++;
    const bool now = number >= fault_.from && number - fault_.from < fault_.count;
    if (now) ++struck_;
    return now ? fault_.answer : DiskAnswer::proceed;
  }
  void set(const Fault& fault) {
    const std::scoped_lock lock(mutex_);
    fault_ = fault;
    on_ = true;
    seen_ = struck_ = 0;
  }
  void heal() {
    const std::scoped_lock lock(mutex_);
    on_ = false;
  }
  std::int64_t struck() const {
    const std::scoped_lock lock(mutex_);
    return struck_;
  }
  std::int64_t log_syncs() const {
    const std::scoped_lock lock(mutex_);
    return log_syncs_;
  }

 private:
  mutable std::mutex mutex_;
  Fault fault_;
  bool on_ = false;
  mutable std::int64_t seen_ = 0;
  mutable std::int64_t struck_ = 0;
  mutable std::int64_t log_syncs_ = 0;
};

class SqliteFault : public ::testing::Test {
 protected:
  void open(std::int64_t doubt_milliseconds_max = 60'000) {
    database_.reset();
    database_ = open_sqlite({.folder = folder_.path() + "/data",
                             .doubt_milliseconds_max = doubt_milliseconds_max,
                             .disk = &disk_});
    database_->write("test.create", [](Unit& unit) {
      unit.execute("create table if not exists a (id bigint not null primary key, fill bytea)", {});
      unit.execute("create table if not exists b (id bigint not null primary key)", {});
    });
  }
  // Two rows in one unit. False: a Failure.
  bool insert(std::int64_t id, std::int64_t bytes = 100) {
    const std::string fill(static_cast<std::size_t>(bytes), 'x');
    try {
      database_->write("test.insert", [&](Unit& unit) {
        unit.execute("insert into a (id, fill) values ($1, $2)", {id, Blob{fill}});
        unit.execute("insert into b (id) values ($1)", {id});
      });
      return true;
    } catch (const Failure& failure) {
      const bool known =
          failure.kind() == FailureKind::full || failure.kind() == FailureKind::unavailable;
      EXPECT_TRUE(known) << failure.what();
      return false;
    }
  }
  Ids ids(std::string_view sql) {
    return database_->read([&](Session& session) {
      Ids found;
      session.query(sql, {},
                    [&](const Row& row) { EXPECT_TRUE(found.insert(row.integer(0)).second); });
      return found;
    });
  }
  // Both tables hold exactly these, as the running program sees it and after a restart.
  void expect_exactly(const Ids& expected) {
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(ids("select id from a"), expected);
      EXPECT_EQ(ids("select id from b"), expected);
      open();
    }
  }
  void wait_until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::yield();
  }
  // Runs the acts at once, queued behind a unit so that they come into one group.
  void together(const std::vector<std::function<void()>>& acts) {
    std::atomic<bool> started = false;
    std::atomic<bool> go = false;
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
      database_->write("test.block", [&](Unit&) {
        started = true;
        wait_until([&] { return go.load(); });
      });
    });
    wait_until([&] { return started.load(); });
    for (const auto& act : acts) {
      const std::int64_t queued = database_->health().queued_units;
      threads.emplace_back(act);
      wait_until([&] { return database_->health().queued_units == queued + 1; });
    }
    go = true;
    for (std::thread& thread : threads) thread.join();
  }

  FaultyDisk disk_;
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

// ---------------------------------------------------------------- the disk says no

struct Case {
  const char* name;
  Fault fault;
};

void PrintTo(const Case& at, std::ostream* out) { *out << at.name; }

class SqliteFaultAt : public SqliteFault, public ::testing::WithParamInterface<Case> {};

// The fault strikes at the n-th call, for every n until none is left to strike. What was
// acknowledged is there, what was refused is not, and once the disk is well so is the next unit.
TEST_P(SqliteFaultAt, EveryCall) {
  Ids acknowledged;
  std::int64_t id = 0;
  open();
  for (std::int64_t nth = 0;; ++nth) {
    ASSERT_LT(nth, 200);
    SCOPED_TRACE(nth);
    Fault fault = GetParam().fault;
    fault.from = nth;
    disk_.set(fault);
    for (int unit = 0; unit < 6; ++unit) {
      if (insert(++id, unit == 3 ? 30'000 : 100)) acknowledged.insert(id);
    }
    try {
      database_->checkpoint();
    } catch (const Failure&) {
      // Its own call was the one.
    }
    const bool struck = disk_.struck() > 0;
    disk_.heal();
    ASSERT_TRUE(insert(++id));
    acknowledged.insert(id);
    EXPECT_TRUE(database_->health().available) << database_->health().reason;
    // What this round left unfolded would be the next one's to write, and the rounds never end.
    database_->checkpoint();
    if (!struck) {
      EXPECT_GT(nth, 0);
      break;
    }
    ASSERT_EQ(ids("select id from a"), acknowledged);
  }
  expect_exactly(acknowledged);
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, SqliteFaultAt,
    ::testing::Values(
        Case{"FullUntilSpaceIsBack", {DiskStep::write, DiskAnswer::full}},
        Case{"FullOnce", {DiskStep::write, DiskAnswer::full, 0, 1}},
        Case{"FullTwice", {DiskStep::write, DiskAnswer::full, 0, 2}},
        Case{"WriteBrokenOnce", {DiskStep::write, DiskAnswer::broken, 0, 1}},
        Case{"WriteDoneButReportedBroken", {DiskStep::write, DiskAnswer::broken_after, 0, 1}},
        Case{"SyncBrokenOnce", {DiskStep::sync, DiskAnswer::broken, 0, 1}},
        Case{"SyncDoneButReportedBroken", {DiskStep::sync, DiskAnswer::broken_after, 0, 1}},
        Case{"TruncateBrokenOnce", {DiskStep::truncate, DiskAnswer::broken, 0, 1}}),
    [](const auto& at) { return std::string(at.param.name); });

// ---------------------------------------------------------------- groups

TEST_F(SqliteFault, EffectsAndAnswersComeAfterTheSync) {
  open();
  std::int64_t at_work = -1;
  std::int64_t at_effect = -1;
  database_->write("test.sync", [&](Unit& unit) {
    unit.execute("insert into b (id) values (1)", {});
    at_work = disk_.log_syncs();
    unit.after_commit([&] { at_effect = disk_.log_syncs(); });
  });
  EXPECT_GE(at_work, 0);
  EXPECT_GT(at_effect, at_work);
}

TEST_F(SqliteFault, ManyUnitsShareOneCommit) {
  open();
  const std::int64_t before = database_->health().groups_committed;
  std::vector<std::function<void()>> acts;
  for (std::int64_t id = 1; id <= 32; ++id) acts.emplace_back([&, id] { EXPECT_TRUE(insert(id)); });
  together(acts);
  EXPECT_EQ(ids("select id from b").size(), 32u);
  EXPECT_LE(database_->health().groups_committed - before, 16);
}

// Alone a refused unit is rolled back with its group; here the group happens around it.
TEST_F(SqliteFault, RefusedUnitsOfAGroupThatHappensLeaveNothing) {
  open();
  const std::int64_t before = database_->health().groups_committed;
  std::string effects;
  const auto add = [&](Unit& unit, std::int64_t id, char effect) {
    unit.execute("insert into b (id) values ($1)", {id});
    unit.after_commit([&effects, effect] { effects += effect; });
  };
  const auto happen = [&](std::int64_t id) {
    database_->write("test.happen", [&](Unit& unit) { add(unit, id, '+'); });
  };
  const auto refuse = [&] {
    const auto answer = database_->write("test.refuse", [&](Unit& unit) -> base::Result<int, int> {
      add(unit, 2, 'r');
      return base::unexpected(0);
    });
    EXPECT_FALSE(answer.has_value());
  };
  const auto raise = [&](Unit& unit) {
    add(unit, 3, 't');
    throw std::out_of_range("mine");
  };
  const auto collide = [&](Unit& unit) {
    add(unit, 4, 'c');
    add(unit, 1, 'c');
  };
  together({[&] { happen(1); }, refuse,
            [&] { EXPECT_THROW(database_->write("test.raise", raise), std::out_of_range); },
            [&] { EXPECT_THROW(database_->write("test.collide", collide), Failure); },
            [&] { happen(5); }});
  EXPECT_EQ(ids("select id from b"), (Ids{1, 5}));
  EXPECT_EQ(effects, "++");
  EXPECT_LE(database_->health().groups_committed - before, 3);
}

// What a unit of a group has seen of another one is lost with the group, so its refusal is too.
TEST_F(SqliteFault, UnitsOfAGroupThatDidNotHappenRunAgainOneByOne) {
  open();
  std::atomic<int> runs = 0;
  std::atomic<int> refusals = 0;
  std::string effects;
  const auto act = [&](std::int64_t id, char effect) {
    const auto answer = database_->write("test.once", [&](Unit& unit) -> base::Result<int, int> {
      ++runs;
      const auto rows = unit.one("select count(*) from b where id > 0", {},
                                 [](const Row& row) { return row.integer(0); });
      if (*rows > 0 && id == 2) return base::unexpected(0);
      unit.execute("insert into b (id) values ($1)", {id});
      unit.after_commit([&effects, effect] { effects += effect; });
      return 1;
    });
    if (!answer) ++refusals;
  };
  bool armed = false;
  const auto arm = [&](Unit&) {  // the first page this group writes into the log, once
    if (!armed) disk_.set({.step = DiskStep::write, .answer = DiskAnswer::broken, .count = 1});
    armed = true;
  };
  together({[&] { database_->write("test.arm", arm); }, [&] { act(1, '1'); }, [&] { act(2, '2'); },
            [&] { act(3, '3'); }});
  EXPECT_EQ(disk_.struck(), 1);
  EXPECT_GT(runs, 3);
  EXPECT_EQ(refusals, 1);
  EXPECT_EQ(effects, "13");
  EXPECT_EQ(ids("select id from b"), (Ids{1, 3}));
}

// A unit bigger than the page cache meets the full disk before its COMMIT, which takes the whole
// group away (sqlite3_get_autocommit): the small ones run again and happen.
TEST_F(SqliteFault, FullDiskInTheMiddleOfAUnitFailsThatUnitOnly) {
  open();
  std::atomic<int> small_done = 0;
  std::atomic<bool> big_done = false;
  disk_.set({.answer = DiskAnswer::full, .from = 2000});  // pages: 8 MB and nothing more
  together({[&] { small_done += insert(1) ? 1 : 0; }, [&] { big_done = insert(2, 40'000'000); },
            [&] { small_done += insert(3) ? 1 : 0; }});
  EXPECT_FALSE(big_done);
  EXPECT_GE(disk_.struck(), 1);
  disk_.heal();
  Ids expected = ids("select id from a");
  EXPECT_EQ(static_cast<int>(expected.size()), small_done);
  EXPECT_FALSE(expected.contains(2));
  EXPECT_TRUE(insert(2, 40'000'000));
  expected.insert(2);
  expect_exactly(expected);
}

// ---------------------------------------------------------------- a COMMIT nobody knows about

// While the log can be written but not synced, the group is in doubt: it waits, others are told so.
TEST_F(SqliteFault, InDoubtOthersAreRefusedAndTheGroupIsAnsweredOnceItIsKnown) {
  open();
  EXPECT_EQ(ids("select id from b"), Ids{});  // a reader stays open and must not hide the log's end
  disk_.set({.step = DiskStep::sync, .answer = DiskAnswer::broken});
  std::atomic<bool> first = false;
  std::thread waiting([&] { first = insert(1); });
  wait_until([&] { return !database_->health().available; });
  EXPECT_NE(database_->health().reason, "");
  EXPECT_FALSE(insert(2));
  EXPECT_THROW(ids("select id from b"), Failure);
  EXPECT_FALSE(first);
  disk_.heal();
  waiting.join();
  EXPECT_TRUE(first);  // the log held it, and it was folded into the file
  EXPECT_TRUE(insert(3));
  expect_exactly({1, 3});
}

TEST_F(SqliteFault, InDoubtWhileTheFileCannotBeOpened) {
  open();
  disk_.set({.step = DiskStep::sync, .answer = DiskAnswer::broken});
  std::atomic<bool> first = false;
  std::thread waiting([&] { first = insert(1); });
  wait_until([&] { return !database_->health().available; });
  disk_.set({.step = DiskStep::open, .answer = DiskAnswer::broken});
  wait_until([&] { return disk_.struck() > 1; });
  EXPECT_FALSE(insert(2));
  EXPECT_FALSE(first);
  disk_.heal();
  waiting.join();
  EXPECT_TRUE(first);
  expect_exactly({1});
}

TEST_F(SqliteFault, EffectsOfAUnitThatWasAnsweredTooEarlyRunOnceItIsKnown) {
  open(0);
  disk_.set({.step = DiskStep::sync, .answer = DiskAnswer::broken});
  std::atomic<int> effects = 0;
  const auto write = [&] {
    database_->write("test.doubt", [&](Unit& unit) {
      unit.execute("insert into b (id) values (1)", {});
      unit.after_commit([&] { ++effects; });
    });
  };
  EXPECT_THROW(write(), Failure);
  EXPECT_EQ(effects, 0);
  disk_.heal();
  wait_until([&] { return database_->health().available; });  // nobody has to write for that
  wait_until([&] { return effects == 1; });
  EXPECT_EQ(ids("select id from b"), Ids{1});
}

TEST_F(SqliteFault, ClosingInDoubtAnswersAndTheNextStartKnows) {
  open();
  disk_.set({.step = DiskStep::sync, .answer = DiskAnswer::broken});
  std::atomic<bool> first = true;
  std::thread waiting([&] { first = insert(1); });
  wait_until([&] { return !database_->health().available; });
  database_.reset();
  waiting.join();
  EXPECT_FALSE(first);
  disk_.heal();
  open();
  EXPECT_EQ(ids("select id from a"), Ids{1});
  EXPECT_EQ(ids("select id from b"), Ids{1});
}

// ---------------------------------------------------------------- many threads

TEST_F(SqliteFault, SixteenThreadsWhileTheDiskFailsAtRandom) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  open();
  std::mutex mutex;
  Ids acknowledged;
  std::atomic<int> running = 16;
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t i = 0; i < 60; ++i) {
        const std::int64_t id = thread * 1000 + i;
        if (!insert(id)) continue;
        const std::scoped_lock lock(mutex);
        acknowledged.insert(id);
      }
      --running;
    });
  }
  constexpr DiskAnswer kAnswers[] = {DiskAnswer::full, DiskAnswer::broken,
                                     DiskAnswer::broken_after};
  std::int64_t struck = 0;
  while (running > 0) {
    const DiskStep step = random() % 3 == 0 ? DiskStep::sync : DiskStep::write;
    const auto from = static_cast<std::int64_t>(random() % 20);
    const auto count = static_cast<std::int64_t>(random() % 4 + 1);
    disk_.set({step, kAnswers[random() % 3], from, count});
    wait_until([&] { return disk_.struck() >= count || running == 0; });
    struck += disk_.struck();
  }
  for (std::thread& thread : threads) thread.join();
  disk_.heal();
  EXPECT_GT(struck, 0);
  EXPECT_TRUE(insert(-1));
  acknowledged.insert(-1);
  expect_exactly(acknowledged);
}

// ---------------------------------------------------------------- for real

// A file system of two megabytes, filled by somebody else, and emptied again.
TEST_F(SqliteFault, SmallFileSystemFillsUpAndIsEmptiedAgain) {
  const std::string folder = folder_.path() + "/data";
  std::filesystem::create_directory(folder);
  if (mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  }
  struct Unmount {
    std::unique_ptr<Database>& database;
    std::string folder;
    ~Unmount() {
      database.reset();
      umount2(folder.c_str(), MNT_DETACH);
    }
  } const unmount{database_, folder};
  open();
  Ids acknowledged;
  std::int64_t id = 0;
  const auto write = [&] {
    const bool done = insert(++id, 2000);
    if (done) acknowledged.insert(id);
    return done;
  };
  EXPECT_TRUE(write());
  const std::string ballast = folder + "/ballast";
  {
    std::ofstream out(ballast, std::ios::binary);
    const std::string block(64 * 1024, 'x');
    while (out.write(block.data(), 64 * 1024).flush()) {
    }
  }
  int refused = 0;
  for (int i = 0; i < 400 && refused < 20; ++i) refused += write() ? 0 : 1;
  EXPECT_EQ(refused, 20);
  EXPECT_FALSE(database_->health().available);
  std::filesystem::remove(ballast);
  EXPECT_TRUE(write());
  EXPECT_TRUE(database_->health().available);
  EXPECT_EQ(ids("select id from a"), acknowledged);
  EXPECT_EQ(ids("select id from b"), acknowledged);
}

}  // namespace
}  // namespace store
