#include "store/migration.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "store/test_database.h"

namespace store {
namespace {

using Names = std::vector<std::string>;

constexpr MigrationText kCreate{"create table t (id bigint not null primary key); ", "c1"};
constexpr MigrationText kFill{"insert into t (id) values (1); insert into t (id) values (2);",
                              "c2"};

Migration migration(std::int64_t number, std::string_view name, const MigrationText& text) {
  return {number, name, text, text, "", ""};
}

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const Failure& failure) {
    return std::string(code_of(failure.kind())) + ": " + failure.what();
  }
  return "";
}

// Over a database that knows no migration but the program's own: these tests bring their own list,
// so they start after it.
class MigrationTest : public DatabaseTest {
 protected:
  std::vector<Migration> known_with(std::vector<Migration> more) {
    std::vector<Migration> known(migrations().begin(), migrations().end());
    for (Migration& migration : more) {
      migration.number = static_cast<std::int64_t>(known.size()) + 1;
      known.push_back(migration);
    }
    return known;
  }
  std::int64_t rows() {
    return database().read([](Session& session) {
      return *session.one("select count(*) from t", {}, [](const Row& r) { return r.integer(0); });
    });
  }
};

// 0009-file_names: names of files an older program wrote into sources and audit.
TEST_P(MigrationTest, FileNamesLeaveSourcesAndAudit) {
  const bool sqlite = GetParam() == Dialect::sqlite;
  const auto found = std::ranges::find(migrations(), "0009-file_names", &Migration::name);
  ASSERT_NE(found, migrations().end());
  database().write("test", [&](Unit& unit) {
    unit.execute("insert into event_source (id, name) values (7, 'csv 139.csv'), (8, 'csv_a')", {});
    unit.execute(
        "insert into customer (id, created_at, arrived_at, source, by_whom, batch) "
        "values (1, 0, 0, 'csv 139.csv', '', 55), (2, 0, 0, 'csv mine', '', null)",
        {});
    unit.execute(
        "insert into audit (id, at, actor_kind, actor_id, actor_name, from_address, noun, "
        "verb, subject, after_json) values ('a', 0, 'user', 1, '', '', 'import', "
        "'started', '55', '{\"kind\":\"events\",\"file\":\"139.csv\"}')",
        {});
    for (const std::string& statement :
         statements_of(sqlite ? found->sqlite.up : found->postgresql.up)) {
      unit.execute(statement, {});
    }
  });
  std::string text;
  database().read([&](Session& session) {
    for (const char* sql :
         {"select name from event_source where id in (7, 8) order by id",
          "select source from customer order by id", "select after_json from audit"}) {
      session.query(sql, {}, [&](const Row& row) { text += std::string(row.text(0)) + "|"; });
    }
  });
  std::erase(text, ' ');
  EXPECT_EQ(text, R"(csvfile7|csv_a|csv55|csvmine|{"kind":"events"}|)");
}

// 0010-log_without_index: rows that an older program made void still said what they had said.
TEST_P(MigrationTest, VoidRowsBecomeBlank) {
  const bool sqlite = GetParam() == Dialect::sqlite;
  const auto found = std::ranges::find(migrations(), "0010-log_without_index", &Migration::name);
  ASSERT_NE(found, migrations().end());
  const std::string_view positions = sqlite ? "" : "epoch, transaction_id, ";
  const std::string_view zeros = sqlite ? "" : "0, 0, ";
  database().write("test", [&](Unit& unit) {
    unit.execute("create index event_customer_time on event (customer, time)", {});
    for (const int state : {0, 1}) {
      unit.execute(
          fmt::format("insert into event ({}sequence, customer, type, time, arrived, sent, "
                      "source, live, state, properties) "
                      "values ({}{}, 5, 1, 86400007, 86400008, 86400009, 1, 0, {}, '{{7}}')",
                      positions, zeros, state + 1, state),
          {});
    }
    for (const std::string& statement :
         statements_of(sqlite ? found->sqlite.up : found->postgresql.up)) {
      unit.execute(statement, {});
    }
  });
  std::string text;
  database().read([&](Session& session) {
    session.query("select time, arrived, sent, properties from event order by sequence", {},
                  [&](const Row& row) {
                    for (int i = 0; i < 4; ++i) text += std::string(row.text(i)) + " ";
                  });
    session.query(found->after, {}, [](const Row&) { ADD_FAILURE(); });
  });
  EXPECT_EQ(text, "86400007 86400008 86400009 {7} 86400000 86400000  {} ");
}

TEST_P(MigrationTest, ProgramsOwnAreApplied) {
  EXPECT_EQ(pending(database()), Names{});
  EXPECT_EQ(migrate(database(), base::Moment{1}), Names{});
  const auto applied = database().read([](Session& session) {
    return *session.one("select count(*) from store_migration", {},
                        [](const Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(applied, static_cast<std::int64_t>(migrations().size()));
}

TEST_P(MigrationTest, AppliesWhatIsMissingOnce) {
  const auto one = known_with({migration(0, "9001-create", kCreate)});
  const auto two =
      known_with({migration(0, "9001-create", kCreate), migration(0, "9002-fill", kFill)});
  EXPECT_EQ(pending(database(), two), (Names{"9001-create", "9002-fill"}));
  EXPECT_EQ(migrate(database(), base::Moment{7}, one), Names{"9001-create"});
  EXPECT_EQ(migrate(database(), base::Moment{8}, two), Names{"9002-fill"});
  EXPECT_EQ(migrate(database(), base::Moment{9}, two), Names{});
  EXPECT_EQ(rows(), 2);
  std::string times;
  database().read([&](Session& session) {
    session.query("select applied_at from store_migration where name like '900%' order by number",
                  {}, [&](const Row& row) { times += std::to_string(row.integer(0)) + " "; });
  });
  EXPECT_EQ(times, "7 8 ");
}

TEST_P(MigrationTest, RefusesNewerChangedAndMissing) {
  const auto create = migration(0, "9001-create", kCreate);
  const auto fill = migration(0, "9002-fill", kFill);
  migrate(database(), base::Moment{0}, known_with({create, fill}));

  const auto older = known_with({create});
  EXPECT_EQ(refusal([&] { pending(database(), older); }),
            "store.misuse: the database has migration 9002-fill, which this siyu does not know: "
            "use a newer siyu");
  EXPECT_NE(refusal([&] { migrate(database(), base::Moment{0}, older); }), "");

  auto changed = known_with({create, fill});
  changed.back().sqlite.checksum = changed.back().postgresql.checksum = "another";
  EXPECT_EQ(refusal([&] { pending(database(), changed); }),
            "store.misuse: migration 9002-fill was applied with another text: use the siyu that "
            "made this database, or a released one");

  database().write("test.forget", [](Unit& unit) {
    unit.execute("delete from store_migration where name = '9001-create'", {});
  });
  const auto both = known_with({create, fill});
  EXPECT_EQ(refusal([&] { pending(database(), both); }),
            "store.misuse: the database lacks migration 9001-create but has 9002-fill: restore a "
            "backup");
}

TEST_P(MigrationTest, ChecksStandBeforeAndAfterAndTakeEverythingBack) {
  auto create = migration(0, "9001-create", kCreate);
  auto fill = migration(0, "9002-fill", kFill);
  fill.after = "select id from t where id = 2; -- two is not wanted\n";
  EXPECT_EQ(refusal([&] { migrate(database(), base::Moment{0}, known_with({create, fill})); }),
            "store.misuse: migration 9002-fill does not fit this database, 1 rows of the check: "
            "select id from t where id = 2");
  EXPECT_EQ(rows(), 0);  // the first stayed, the second is gone altogether
  EXPECT_EQ(pending(database(), known_with({create, fill})), Names{"9002-fill"});

  fill.after = "select id from t where id = 3";
  fill.before = "select id from t";
  EXPECT_EQ(migrate(database(), base::Moment{0}, known_with({create, fill})), Names{"9002-fill"});
  EXPECT_EQ(rows(), 2);
}

INSTANTIATE_TEST_SUITE_P(Both, MigrationTest, kBothDatabases, dialect_name);

TEST(Statements, EndAtSemicolonsOutsideQuotesAndComments) {
  EXPECT_EQ(statements_of("a;b ; \n c"), (Names{"a", "b ", "c"}));
  EXPECT_EQ(statements_of("a ';' ''';'; b \";\""), (Names{"a ';' ''';'", "b \";\""}));
  EXPECT_EQ(statements_of("-- one; two\na -- three; four\n;\n-- end;"),
            (Names{"a -- three; four\n"}));
  EXPECT_EQ(statements_of(" ;; \n"), Names{});
  EXPECT_EQ(statements_of("a 'open"), Names{"a 'open"});
}

TEST(Migrations, AreNumberedFromOneWithoutGaps) {
  std::int64_t number = 0;
  for (const Migration& migration : migrations()) {
    EXPECT_EQ(migration.number, ++number);
    EXPECT_EQ(migration.sqlite.checksum.size(), 64u);
  }
}

}  // namespace
}  // namespace store
