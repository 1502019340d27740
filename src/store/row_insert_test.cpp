#include "store/row_insert.h"

#include <gtest/gtest.h>

#include "store/test_database.h"

namespace store {
namespace {

std::string told(std::string_view sql) {
  const auto insert = insert_of_rows(sql, 3);
  return insert ? insert->sql + " / " + std::to_string(insert->params_of_row) : "no";
}

TEST(RowInsert, RepeatsTheRow) {
  EXPECT_EQ(told("insert into t (a, b, c)\nvalues ($2, 0, $1::bigint)"),
            "insert into t (a, b, c)\nvalues ($2, 0, $1::bigint), ($4, 0, $3::bigint), "
            "($6, 0, $5::bigint) / 2");
  EXPECT_EQ(told("insert into t (a) values ($1)\non conflict (a) do nothing;"),
            "insert into t (a) values ($1), ($2), ($3)\non conflict (a) do nothing; / 1");
}

TEST(RowInsert, OnlyOfOnePlainRow) {
  for (const std::string_view sql :
       {"update t set a = $1", "insert into t (a) select $1", "delete from t where a = $1",
        "insert into t (a) values ('x')", "insert into t (a) values ((select max(a) from t))",
        "insert into t (a) values ($1), ($2)", "insert into t (a) values ($1) returning a",
        "insert into t (a) values ($1) on conflict (a) do update set a = 5",
        "insert into t (a) values ($1) on conflict (a) where a > 5 do nothing",
        "insert into t (a) values ($1"}) {
    EXPECT_EQ(told(sql), "no") << sql;
  }
}

// Against rows one by one, of every number of rows around those that go together.
class RowInsertTest : public DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Both, RowInsertTest, kBothDatabases, dialect_name);

TEST_P(RowInsertTest, ABatchIsAsItsRowsOneByOne) {
  constexpr std::int64_t kRowsMax = 70;
  constexpr std::string_view kSql =
      "insert into t (id, name, more) values ($1, $2, $3) on conflict (id) do nothing";
  database().write("test.create", [](Unit& unit) {
    unit.execute("create table t (id bigint primary key, name text, more bigint)", {});
  });
  const auto all = [&](Session& session) {
    std::vector<std::string> rows;
    session.query("select id, name, more from t order by id", {}, [&](const Row& row) {
      rows.push_back(std::to_string(row.integer(0)) + " " + std::string(row.text(1)) + " " +
                     (row.is_null(2) ? "-" : std::to_string(row.integer(2))));
    });
    return rows;
  };
  for (std::int64_t count = 0; count <= kRowsMax; ++count) {
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < count; ++i) names.push_back("name " + std::to_string(i));
    std::vector<std::vector<Param>> rows;
    for (std::int64_t i = 0; i < count; ++i) {
      // Some stand there twice.
      rows.push_back({i % 7 == 6 ? i - 3 : i, std::string_view(names[static_cast<std::size_t>(i)]),
                      i % 3 == 0 ? Param() : Param(i)});
    }
    database().write("test.compare", [&](Unit& unit) {
      unit.execute("delete from t", {});
      std::int64_t changed = 0;
      for (const auto& row : rows) changed += unit.execute(kSql, row);
      const auto expected = all(unit);
      unit.execute("delete from t", {});
      EXPECT_EQ(unit.execute_batch(kSql, rows), changed) << count;
      EXPECT_EQ(all(unit), expected) << count;
    });
  }
}

}  // namespace
}  // namespace store
