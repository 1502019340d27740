// What only PostgreSQL does: units at once, run again, and a server that goes away.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/database.h"
#include "store/test_cluster.h"
#include "store/test_database.h"

namespace store {
namespace {

std::string failure_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Failure& failure) {
    return std::string(code_of(failure.kind()));
  }
  return "";
}

constexpr std::string_view kRaise40001 =
    "do $$ begin raise exception 'again' using errcode = '40001'; end $$";

void make_table(Database& database) {
  database.write("test.create", [](Unit& unit) {
    unit.execute("create table t (id bigint not null primary key, n bigint not null)", {});
    unit.execute("insert into t (id, n) values (1, 0), (2, 0)", {});
  });
}

std::int64_t number(Database& database, std::string_view sql) {
  return database.read([&](Session& session) {
    return *session.one(sql, {}, [](const Row& row) { return row.integer(0); });
  });
}

class PostgresqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!postgresql_missing().empty()) GTEST_SKIP() << postgresql_missing();
    made_ = std::make_unique<TestDatabase>(Dialect::postgresql);
    make_table(made_->get());
  }
  Database& database() { return made_->get(); }
  std::string url() const { return made_->place(); }

 private:
  std::unique_ptr<TestDatabase> made_;
};

TEST_F(PostgresqlTest, SerializationFailureRunsTheUnitAgain) {
  int runs = 0;
  int effects = 0;
  database().write("test.again", [&](Unit& unit) {
    ++runs;
    unit.after_commit([&] { ++effects; });
    unit.execute("update t set n = n + 1 where id = 1", {});
    if (runs < 4) unit.execute(kRaise40001, {});
  });
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(effects, 1);
  EXPECT_EQ(number(database(), "select n from t where id = 1"), 1);
}

TEST_F(PostgresqlTest, AfterFiveRerunsTheFailureIsTheAnswer) {
  int runs = 0;
  EXPECT_EQ(failure_of([&] {
              database().write("test.again", [&](Unit& unit) {
                ++runs;
                unit.execute(kRaise40001, {});
              });
            }),
            "store.serialization");
  EXPECT_EQ(runs, 6);
}

// Two units take two rows in opposite order and wait for each other.
TEST_F(PostgresqlTest, DeadlockRunsOneOfThemAgain) {
  std::latch both(2);
  std::atomic<int> runs = 0;
  const auto take = [&](std::int64_t first, std::int64_t second) {
    bool waited = false;
    database().write("test.cross", [&](Unit& unit) {
      ++runs;
      unit.execute("set local deadlock_timeout = '20ms'", {});
      unit.execute("update t set n = n + 1 where id = $1", {first});
      if (!waited) both.arrive_and_wait();
      waited = true;
      unit.execute("update t set n = n + 1 where id = $1", {second});
    });
  };
  std::thread other([&] { take(2, 1); });
  take(1, 2);
  other.join();
  EXPECT_GE(runs, 3);
  EXPECT_EQ(number(database(), "select n from t where id = 1"), 2);
  EXPECT_EQ(number(database(), "select n from t where id = 2"), 2);
}

TEST_F(PostgresqlTest, LocksNamedInAnyOrderNeverDeadlock) {
  std::vector<LockKey> keys;
  for (std::int64_t id = 1; id <= 20; ++id) keys.push_back({id % 3 + 1, id * 7919});
  std::vector<LockKey> reversed(keys.rbegin(), keys.rend());
  reversed.push_back(keys[3]);  // named twice
  std::atomic<int> runs = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 25; ++j) {
        database().write("test.lock", [&](Unit& unit) {
          ++runs;
          unit.lock(i % 2 == 0 ? keys : reversed);
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(runs, 200);
}

TEST_F(PostgresqlTest, TenThousandLocksFitIntoTheServersTable) {
  std::vector<LockKey> keys;
  for (std::int64_t id = 1; id <= 10'000; ++id) keys.push_back({1, id});
  database().write("test.many", [&](Unit& unit) {
    unit.lock(keys);
    EXPECT_LE(*unit.one("select count(*) from pg_locks where locktype = 'advisory'", {},
                        [](const Row& row) { return row.integer(0); }),
              kLockBuckets);
  });
}

TEST_F(PostgresqlTest, CommitIsOnDiskBeforeTheAnswerWhateverTheServersDefault) {
  const auto setting = database().read([](Session& session) {
    return *session.one("select current_setting('synchronous_commit')", {},
                        [](const Row& row) { return std::string(row.text(0)); });
  });
  EXPECT_EQ(setting, "on");
}

TEST_F(PostgresqlTest, BackupNamesTheToolForIt) {
  EXPECT_EQ(failure_of([&] { database().backup("/tmp/none"); }), "store.misuse");
  database().checkpoint();
}

TEST_F(PostgresqlTest, BatchOfMixedTypesIsMisuse) {
  const std::vector<std::vector<Param>> mixed = {{1}, {std::string_view("one")}};
  const std::vector<std::vector<Param>> ragged = {{1}, {1, 2}};
  for (const auto& rows : {mixed, ragged}) {
    EXPECT_EQ(failure_of([&] {
                database().write("test.mixed", [&](Unit& unit) {
                  unit.execute_batch("update t set n = $1", rows);
                });
              }),
              "store.misuse");
  }
}

TEST_F(PostgresqlTest, EveryConnectionInUseIsOverloadedNotADeadlock) {
  const auto narrow =
      open_postgresql({.url = url(), .connections = 1, .read_milliseconds_max = 50});
  std::latch inside(1);
  std::latch refused(1);
  std::thread holder([&] {
    narrow->read([&](Session&) {
      inside.count_down();
      refused.wait();
    });
  });
  inside.wait();
  EXPECT_EQ(failure_of([&] { narrow->write("test.wait", [](Unit&) {}); }), "store.overloaded");
  refused.count_down();
  holder.join();
}

TEST(PostgresqlUnreachable, IsUnavailable) {
  EXPECT_EQ(failure_of([] { open_postgresql({.url = "postgresql://nobody@127.0.0.1:1/none"}); }),
            "store.unavailable");
}

// ---------------------------------------------------------------- a server of its own, that goes

class PostgresqlLost : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!postgresql_missing().empty()) GTEST_SKIP() << postgresql_missing();
    cluster_ = std::make_unique<TestCluster>(TestCluster::Options{});
    database_ = open_postgresql({.url = cluster_->url("postgres"), .connections = 4});
    make_table(*database_);
  }
  void add() {
    database_->write("test.add",
                     [](Unit& unit) { unit.execute("update t set n = n + 1 where id = 1", {}); });
  }

  std::unique_ptr<TestCluster> cluster_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresqlLost, WritesAndReadsAreUnavailableAndComeBackByThemselves) {
  add();
  for (int i = 0; i < 2; ++i) {
    cluster_->stop_immediately();
    EXPECT_EQ(failure_of([&] { add(); }), "store.unavailable");
    EXPECT_EQ(failure_of([&] { number(*database_, "select n from t"); }), "store.unavailable");
    EXPECT_FALSE(database_->health().available);
    EXPECT_NE(database_->health().reason, "");
    cluster_->start();
    add();
    EXPECT_TRUE(database_->health().available);
  }
  EXPECT_EQ(number(*database_, "select n from t where id = 1"), 3);
}

TEST_F(PostgresqlLost, ServerThatWasRestartedUnnoticedCostsNobodyAnything) {
  add();
  number(*database_, "select n from t where id = 1");
  cluster_->stop_immediately();
  cluster_->start();
  add();  // over a connection that is dead: replaced before anything was done with it
  EXPECT_EQ(number(*database_, "select n from t where id = 1"), 2);
}

TEST_F(PostgresqlLost, InTheMiddleOfAUnitNothingOfItHappens) {
  int effects = 0;
  EXPECT_EQ(failure_of([&] {
              database_->write("test.middle", [&](Unit& unit) {
                unit.after_commit([&] { ++effects; });
                unit.execute("update t set n = n + 1 where id = 1", {});
                cluster_->stop_immediately();
                unit.execute("update t set n = n + 1 where id = 2", {});
              });
            }),
            "store.unavailable");
  EXPECT_EQ(failure_of([&] {
              database_->read(
                  [&](Session& session) { session.query("select 1", {}, [](const Row&) {}); });
            }),
            "store.unavailable");
  cluster_->start();
  EXPECT_EQ(number(*database_, "select sum(n) from t"), 0);
  EXPECT_EQ(effects, 0);
}

TEST_F(PostgresqlLost, InTheMiddleOfABatchAndOfARead) {
  std::vector<std::vector<Param>> rows;
  for (std::int64_t id = 10; id < 1000; ++id) rows.push_back({id});
  EXPECT_EQ(failure_of([&] {
              database_->write("test.batch", [&](Unit& unit) {
                unit.execute("select 1", {});
                cluster_->stop_immediately();
                unit.execute_batch("insert into t (id, n) values ($1, 0)", rows);
              });
            }),
            "store.unavailable");
  cluster_->start();
  EXPECT_EQ(number(*database_, "select count(*) from t"), 2);
  EXPECT_EQ(failure_of([&] {
              database_->read([&](Session& session) {
                session.query("select generate_series(1, 1000000)", {}, [&](const Row& row) {
                  if (row.integer(0) == 1) cluster_->stop_immediately();
                });
              });
            }),
            "store.unavailable");
  cluster_->start();
  add();
}

TEST_F(PostgresqlLost, AtTheCommitIsSaidToBeUnknown) {
  try {
    database_->write("test.commit", [&](Unit& unit) {
      unit.execute("update t set n = n + 1 where id = 1", {});
      cluster_->stop_immediately();
    });
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::unavailable);
    EXPECT_NE(std::string(failure.what()).find("may have happened"), std::string::npos);
  }
}

}  // namespace
}  // namespace store
