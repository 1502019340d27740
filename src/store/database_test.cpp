// What both databases promise, in the same words.
#include "store/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/list_text.h"
#include "store/test_database.h"
#include "store/unit_pace.h"

namespace store {
namespace {

using Answer = base::Result<int, std::string>;

constexpr std::string_view kInsert = "insert into t (id, n) values ($1, 0)";

class DatabaseBoth : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    database().write("test.create", [](Unit& unit) {
      unit.execute(
          "create table t (id bigint not null primary key, n bigint, "
          "name text collate \"C\", b bytea)",
          {});
    });
  }

  std::int64_t count() { return number("select count(*) from t"); }
  std::int64_t number(std::string_view sql) {
    return database().read([&](Session& session) {
      return *session.one(sql, {}, [](const Row& row) { return row.integer(0); });
    });
  }
  // "store.misuse" when `act` throws a Failure, "" when it does not.
  static std::string failure_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Failure& failure) {
      return std::string(code_of(failure.kind()));
    }
    return "";
  }
};

// ---------------------------------------------------------------- lists

TEST_P(DatabaseBoth, AListIsOneParameter) {
  const bool sqlite = GetParam() == Dialect::sqlite;
  ListText numbers(GetParam());
  EXPECT_EQ(numbers.text(), sqlite ? "[]" : "{}");
  numbers.add(std::int64_t{-1});
  numbers.add(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(numbers.text().size(), 25U);  // and goes on after it was looked at
  numbers.add_null();
  const std::vector<std::string> texts = {"{\"a\\b\":1}", "null", "", "茶\n\t\x1f,"};
  std::string seen;
  database().read([&](Session& session) {
    const auto each = [&](const Row& row) {
      seen += row.is_null(0) ? "-" : std::string(row.text(0));
      seen += ";";
    };
    session.query(sqlite ? "select value from json_each($1) order by key"
                         : "select n from unnest($1::bigint[]) as each (n)",
                  {numbers.text()}, each);
    session.query(sqlite ? "select value from json_each($1) order by key"
                         : "select t from unnest($1::text[]) as each (t)",
                  {list_text(session.dialect(), texts)}, each);
  });
  EXPECT_EQ(seen, "-1;-9223372036854775808;-;{\"a\\b\":1};null;;茶\n\t\x1f,;");
}

// ---------------------------------------------------------------- units

TEST_P(DatabaseBoth, UnitReturnsWhatTheWorkReturned) {
  const std::int64_t changed = database().write("test.insert", [](Unit& unit) {
    return unit.execute("insert into t (id) values (1), (2)", {});
  });
  EXPECT_EQ(changed, 2);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(*database().write("test.move", [](Unit&) { return std::make_unique<int>(3); }), 3);
}

TEST_P(DatabaseBoth, ErrorRollsBack) {
  const Answer refused = database().write("test.refuse", [](Unit& unit) -> Answer {
    unit.execute(kInsert, {1});
    return base::unexpected(std::string("no"));
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), "no");
  EXPECT_EQ(count(), 0);
  const Answer done = database().write("test.accept", [](Unit& unit) -> Answer {
    unit.execute(kInsert, {1});
    return 7;
  });
  EXPECT_EQ(*done, 7);
  EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseBoth, ExceptionRollsBackAndReachesTheCaller) {
  const auto throwing = [](Unit& unit) {
    unit.execute(kInsert, {1});
    throw std::out_of_range("mine");
  };
  EXPECT_THROW(database().write("test.throw", throwing), std::out_of_range);
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseBoth, EffectsRunInOrderAfterTheUnitHappenedAndOnlyThen) {
  std::string effects;
  database().write("test.effects", [&](Unit& unit) {
    unit.execute(kInsert, {1});
    unit.after_commit([&] { effects += "a"; });
    unit.after_commit([&] { effects += "b"; });
    EXPECT_EQ(effects, "");
  });
  EXPECT_EQ(effects, "ab");

  const Answer refused = database().write("test.refuse", [&](Unit& unit) -> Answer {
    unit.after_commit([&] { effects += "never"; });
    return base::unexpected(std::string("no"));
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(failure_of([&] {
              database().write("test.twice", [&](Unit& unit) {
                unit.after_commit([&] { effects += "never"; });
                unit.execute(kInsert, {1});
              });
            }),
            "store.constraint");
  EXPECT_EQ(effects, "ab");
}

TEST_P(DatabaseBoth, ErrorOfTheStoreEndsTheUnitWhateverItsWorkMakesOfIt) {
  const auto swallowing = [](Unit& unit) {
    unit.execute(kInsert, {1});
    EXPECT_EQ(failure_of([&] { unit.execute(kInsert, {1}); }), "store.constraint");
    EXPECT_EQ(failure_of([&] { unit.execute(kInsert, {2}); }), "store.constraint");
    return 5;
  };
  EXPECT_EQ(failure_of([&] { database().write("test.swallow", swallowing); }), "store.constraint");
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseBoth, FailureNamesTheUnitAndHoldsNoValues) {
  try {
    database().write("test.name", [](Unit& unit) {
      unit.execute("insert into t (id, name) values ($1, $2)", {1, "13912345678"});
      unit.execute("insert into t (id, name) values ($1, $2)", {1, "13912345678"});
    });
    FAIL();
  } catch (const Failure& failure) {
    const std::string what = failure.what();
    EXPECT_TRUE(what.starts_with("test.name: ")) << what;
    EXPECT_NE(what.find("t"), std::string::npos);
    EXPECT_EQ(what.find("139"), std::string::npos) << what;
  }
}

// Sixteen threads read, add one and write back under the row's lock: no addition is lost.
TEST_P(DatabaseBoth, SixteenThreadsIncrementOneRow) {
  constexpr int kThreads = 16;
  constexpr int kTimes = 25;
  database().write("test.insert", [](Unit& unit) { unit.execute(kInsert, {1}); });
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kTimes; ++j) {
        database().write("test.add", [](Unit& unit) {
          unit.lock({lock_key(base::CustomerId{1}), lock_key(base::CustomerId{2})});
          const auto n = unit.one("select n from t where id = 1", {},
                                  [](const Row& row) { return row.integer(0); });
          unit.execute("update t set n = $1 where id = 1", {*n + 1});
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(number("select n from t where id = 1"), kThreads * kTimes);
  EXPECT_GE(database().health().units_committed, kThreads * kTimes);
}

// ---------------------------------------------------------------- reads

TEST_P(DatabaseBoth, ReadSeesOneSnapshot) {
  std::int64_t before = -1;
  std::int64_t after = -1;
  const auto count_in = [](Session& session) {
    return *session.one("select count(*) from t", {}, [](const Row& r) { return r.integer(0); });
  };
  database().read([&](Session& session) {
    before = count_in(session);
    std::thread([&] {
      database().write("test.insert", [](Unit& unit) { unit.execute(kInsert, {1}); });
    }).join();
    after = count_in(session);
  });
  EXPECT_EQ(before, 0);
  EXPECT_EQ(after, 0);
  EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseBoth, ReadDoesNotWrite) {
  const auto writing = [](Session& session) {
    session.query("insert into t (id) values (1) returning id", {}, [](const Row&) {});
  };
  EXPECT_EQ(failure_of([&] { database().read(writing); }), "store.misuse");
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseBoth, LongReadIsBrokenOff) {
  const auto endless = [](Session& session) {
    session.query(
        "with recursive r(n) as (select 1 union all select n % 7 + 1 from r) "
        "select count(*) from r where n = 9",
        {}, [](const Row&) {});
  };
  const auto hasty = test_database().open_with_read_limit(100);
  EXPECT_EQ(failure_of([&] { hasty->read(endless); }), "store.timeout");
  EXPECT_EQ(hasty->read([](Session& session) {
    return session.one("select 7", {}, [](const Row& row) { return row.integer(0); });
  }),
            7);
}

TEST_P(DatabaseBoth, LimitOfAReadCountsAllItsQueries) {
  const auto hasty = test_database().open_with_read_limit(50);
  const auto many = [](Session& session) {
    while (true) session.query("select 1", {}, [](const Row&) {});
  };
  EXPECT_EQ(failure_of([&] { hasty->read(many); }), "store.timeout");
}

TEST_P(DatabaseBoth, AReadOfAWholeTableMayTakeLonger) {
  const auto hasty = test_database().open_with_read_limit(50);
  const auto slow = [](Session& session) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
    while (std::chrono::steady_clock::now() < until) {
      session.query("select 1", {}, [](const Row&) {});
    }
    return true;
  };
  EXPECT_EQ(failure_of([&] { hasty->read(slow); }), "store.timeout");
  EXPECT_TRUE(hasty->read_whole(slow));
}

TEST_P(DatabaseBoth, ExceptionFromARowEndsTheQuery) {
  const auto each = [](const Row&) { throw std::out_of_range("mine"); };
  const auto reading = [&](Session& session) {
    session.query(
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 100000)"
        " select n from r",
        {}, each);
  };
  EXPECT_THROW(database().read(reading), std::out_of_range);
  EXPECT_THROW(database().write("test.row", reading), std::out_of_range);
  EXPECT_EQ(count(), 0);  // and the connection goes on
}

TEST_P(DatabaseBoth, ManyReadsAtOnceWaitForAConnection) {
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> sum = 0;
  for (int i = 0; i < 40; ++i) threads.emplace_back([&] { sum += number("select 1"); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 40);
}

// ---------------------------------------------------------------- the same text on both

// Columns of every row, "12|text|-|0aff".
std::string shown(Session& session, std::string_view sql, std::initializer_list<Param> params) {
  std::string out;
  session.query(sql, params, [&](const Row& row) {
    out += row.is_null(0) ? "-" : std::to_string(row.integer(0));
    out += row.is_null(1) ? "|-" : "|" + std::string(row.text(1));
    out += row.is_null(2) ? "|-\n" : "|" + std::to_string(row.blob(2).size()) + "\n";
  });
  return out;
}

TEST_P(DatabaseBoth, ParametersOfEveryKind) {
  const std::string bytes("\0\xff\x00\\x'", 6);
  const std::string big(3'000'000, 'x');
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::string_view kAll = "insert into t (id, n, name, b) values ($1, $2, $3, $4)";
  database().write("test.all", [&](Unit& unit) {
    unit.execute(kAll, {1, kMin, "", Blob{""}});
    unit.execute(kAll, {2, kMax, "私域 'quoted' \"x\" \\ 🎁", Blob{bytes}});
    unit.execute(kAll, {3, Param{}, Param{}, Param{}});
    unit.execute(kAll, {4, param(std::nullopt), big, Blob{big}});
    unit.execute("insert into t (n, id) values ($2, $1)", {5, 50});
  });
  database().read([&](Session& session) {
    constexpr std::string_view kSelect = "select n, name, b from t where id = $1";
    EXPECT_EQ(shown(session, kSelect, {1}), std::to_string(kMin) + "||0\n");
    EXPECT_EQ(shown(session, kSelect, {2}),
              std::to_string(kMax) + "|私域 'quoted' \"x\" \\ 🎁|6\n");
    EXPECT_EQ(shown(session, kSelect, {3}), "-|-|-\n");
    EXPECT_EQ(shown(session, kSelect, {4}), "-|" + big + "|3000000\n");
    EXPECT_EQ(shown(session, kSelect, {5}), "50|-|-\n");
    const auto same = session.one("select b from t where b = $1", {Blob{bytes}},
                                  [](const Row& row) { return std::string(row.blob(0)); });
    EXPECT_EQ(same, bytes);
  });
}

TEST_P(DatabaseBoth, OneParameterInManyPlacesAndOfChangingKinds) {
  constexpr std::string_view kInsertN = "insert into t (id, n, name) values ($1, $2, $3)";
  database().write("test.kinds", [&](Unit& unit) {
    unit.execute(kInsertN, {1, Param{}, "a"});  // a null first, then values, through one text
    unit.execute(kInsertN, {2, 20, Param{}});
    unit.execute(kInsertN, {3, 30, "c"});
  });
  database().read([&](Session& session) {
    EXPECT_EQ(
        shown(session, "select id, name, b from t where id = $1 or n = $1 or n = $2", {30, 20}),
        "2|-|-\n3|c|-\n");
    EXPECT_EQ(shown(session, "select $1::bigint + 1, $2::text, null from t where id = 1", {4, "x"}),
              "5|x|-\n");
  });
}

TEST_P(DatabaseBoth, TextIsOrderedByBytes) {
  database().write("test.order", [&](Unit& unit) {
    std::int64_t id = 0;
    for (const std::string_view name : {"b", "a", "B", "A", "ä", "_", "Z", "10", "9", "私"}) {
      unit.execute("insert into t (id, name) values ($1, $2)", {++id, name});
    }
  });
  const auto listed = [&](std::string_view sql) {
    return database().read([&](Session& session) {
      std::string out;
      session.query(sql, {}, [&](const Row& row) { out += std::string(row.text(0)) + " "; });
      return out;
    });
  };
  EXPECT_EQ(listed("select name from t order by name"), "10 9 A B Z _ a b ä 私 ");
  EXPECT_EQ(listed("select lower(name) from t where id < 5 order by name || '' COLLATE \"C\" desc"),
            "b a b a ");
  EXPECT_EQ(listed("select name from t where name < 'Z' order by id"), "B A 10 9 ");
}

TEST_P(DatabaseBoth, AnswersReadTheSame) {
  database().write("test.rows", [](Unit& unit) {
    unit.execute("insert into t (id, n) values (1, 9223372036854775807), (2, 1)", {});
  });
  database().read([](Session& session) {
    const auto integer = [&](std::string_view sql) {
      return session.one(sql, {}, [](const Row& row) { return row.integer(0); });
    };
    EXPECT_EQ(integer("select sum(id) from t"), 3);             // numeric on PostgreSQL
    EXPECT_EQ(integer("select id = 1 from t order by id"), 1);  // boolean on PostgreSQL
    EXPECT_EQ(integer("select id = 2 from t order by id"), 0);
    EXPECT_EQ(integer("select n from t where id = 9"), std::nullopt);
    EXPECT_EQ(session.one("select id, id = 1 from t", {},
                          [](const Row& row) {
                            return std::string(row.text(0)) + std::string(row.text(1));
                          }),
              "11");
    const auto none = session.one("select max(n) from t where id = 9", {},
                                  [](const Row& row) { return row.optional_integer(0); });
    EXPECT_TRUE(none.has_value() && !none->has_value());  // one row, which says nothing
  });
}

TEST_P(DatabaseBoth, RowsChangedAreCounted) {
  database().write("test.count", [](Unit& unit) {
    EXPECT_EQ(unit.execute("insert into t (id, n) values (1, 1), (2, 1), (3, 1)", {}), 3);
    EXPECT_EQ(unit.execute("update t set n = 2 where id > $1", {1}), 2);
    EXPECT_EQ(unit.execute("update t set n = 2 where id > $1", {100}), 0);
    EXPECT_EQ(unit.execute("select id from t", {}), 0);
    EXPECT_EQ(unit.execute("create table other (id bigint)", {}), 0);
    EXPECT_EQ(unit.execute("insert into t (id) values (1) on conflict do nothing", {}), 0);
    EXPECT_EQ(unit.execute("delete from t where n = 2", {}), 2);
    const auto id = unit.one(
        "insert into t (id, n) values (1, 5) on conflict (id) do update set "
        "n = excluded.n returning n",
        {}, [](const Row& row) { return row.integer(0); });
    EXPECT_EQ(id, 5);
  });
}

TEST_P(DatabaseBoth, BatchRunsForEveryRow) {
  constexpr std::int64_t kRows = 1000;
  std::vector<std::vector<Param>> rows;
  for (std::int64_t id = 0; id < kRows; ++id) {
    rows.push_back({id, id % 3 == 0 ? Param{} : Param{id}});
  }
  database().write("test.batch", [&](Unit& unit) {
    constexpr std::string_view kRow =
        "insert into t (id, n) values ($1, $2) on conflict (id) do nothing";
    EXPECT_EQ(unit.execute_batch(kRow, rows), kRows);
    EXPECT_EQ(unit.execute_batch(kRow, rows), 0);
    EXPECT_EQ(unit.execute_batch(kRow, {}), 0);
  });
  EXPECT_EQ(count(), kRows);
  EXPECT_EQ(number("select count(n) from t"), 666);
  EXPECT_EQ(number("select sum(n) from t"), kRows * (kRows - 1) / 2 - 333 * 334 / 2 * 3);
}

// A lock is a batch on PostgreSQL: both behind a query, whose mode libpq would keep.
TEST_P(DatabaseBoth, BatchFollowsAQuery) {
  database().write("test.follow", [](Unit& unit) {
    for (int id = 0; id < 4; ++id) {
      EXPECT_EQ(unit.one("select count(*) from t", {}, [](const Row& r) { return r.integer(0); }),
                id);
      unit.lock({lock_key(base::CustomerId{1}), lock_key(base::CustomerId{2})});
      unit.query("select 1", {}, [](const Row&) {});
      EXPECT_EQ(unit.execute_batch(kInsert, std::vector<std::vector<Param>>{{id}}), 1);
    }
  });
  EXPECT_EQ(count(), 4);
}

TEST_P(DatabaseBoth, BatchWithAnErrorTakesTheUnitBack) {
  std::vector<std::vector<Param>> rows;
  for (std::int64_t id = 0; id < 600; ++id) rows.push_back({id == 599 ? 0 : id});
  EXPECT_EQ(failure_of([&] {
              database().write("test.batch",
                               [&](Unit& unit) { unit.execute_batch(kInsert, rows); });
            }),
            "store.constraint");
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseBoth, WrongSqlIsMisuse) {
  const auto failure = [&](std::string_view sql, std::initializer_list<Param> params) {
    return failure_of(
        [&] { database().write("test.wrong", [&](Unit& unit) { unit.execute(sql, params); }); });
  };
  EXPECT_EQ(failure("selekt", {}), "store.misuse");
  EXPECT_EQ(failure("select * from nowhere", {}), "store.misuse");
  EXPECT_EQ(failure(kInsert, {}), "store.misuse");
  EXPECT_EQ(failure(kInsert, {1, 2}), "store.misuse");
  EXPECT_EQ(failure("insert into t (id) values (1); insert into t (id) values (2)", {}),
            "store.misuse");
  EXPECT_EQ(failure("insert into t (id, name) values (1, $1)", {std::string_view("a\0b", 3)}),
            "store.misuse");
  EXPECT_EQ(failure("insert into t (id) values (null)", {}), "store.constraint");
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(failure("insert into t (id) values (8); -- a comment behind it\n", {}), "");
  EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseBoth, MoreTextsThanTheCacheKeeps) {
  database().write("test.cache", [](Unit& unit) {
    for (int i = 0; i < 600; ++i) {
      const std::string text = "insert into t (id, n) values ($1, " + std::to_string(i) + ")";
      unit.execute(text, {i});
    }
  });
  EXPECT_EQ(number("select sum(n) from t"), 599 * 600 / 2);
}

TEST_P(DatabaseBoth, WhatWasWrittenIsThereAfterARestart) {
  database().write("test.insert", [](Unit& unit) { unit.execute(kInsert, {1}); });
  test_database().reopen();
  EXPECT_EQ(count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Both, DatabaseBoth, kBothDatabases, dialect_name);

TEST(UnitPace, CountsUnitsBeyondTheLimit) {
  UnitPace strict(std::chrono::milliseconds(-1));
  UnitPace mild(std::chrono::hours(1));
  for (UnitPace* pace : {&strict, &mild}) UnitPace::Run(*pace, "test.slow");
  Database::Health health;
  mild.tell(health);
  EXPECT_EQ(health.units_slow, 0);
  strict.tell(health);
  EXPECT_EQ(health.units_slow, 1);
  EXPECT_EQ(health.unit_slow, "test.slow");
}

// ---------------------------------------------------------------- waiting for oneself

// Each runs in a child of its own, which opens the folder itself: threads do not survive a fork.
class NestingDeath : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(NestingDeath, WriteOrReadInsideStops) {
  const auto run = [&](const std::function<void(Database&)>& act) {
    const auto database = open_sqlite({.folder = folder_.path()});
    act(*database);
  };
  const auto nothing = [](Unit&) {};
  const auto see = [](Session&) {};
  EXPECT_DEATH(run([&](Database& d) { d.write("a", [&](Unit&) { d.write("b", nothing); }); }),
               "inside");
  EXPECT_DEATH(run([&](Database& d) { d.write("a", [&](Unit&) { d.read(see); }); }), "inside");
  EXPECT_DEATH(run([&](Database& d) { d.read([&](Session&) { d.write("b", nothing); }); }),
               "inside");
  EXPECT_DEATH(run([&](Database& d) { d.read([&](Session&) { d.read(see); }); }), "inside");
  EXPECT_DEATH(run([&](Database& d) {
                 d.write("a", [&](Unit& unit) {
                   unit.execute("create table t (id bigint)", {});
                   unit.after_commit([&] { d.write("b", nothing); });
                 });
               }),
               "inside");
  EXPECT_DEATH(run([&](Database& d) {
                 d.read([&](Session& session) {
                   session.query("select 1", {}, [&](const Row&) {
                     session.query("select 2", {}, [](const Row&) {});
                   });
                 });
               }),
               "busy");
}

}  // namespace
}  // namespace store
