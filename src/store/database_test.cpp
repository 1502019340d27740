#include "store/database.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/test_database.h"

namespace store {
namespace {

using Answer = base::Result<int, std::string>;

class UnitTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    database().write("test.create", [](Unit& unit) {
      unit.execute("create table t (id bigint not null primary key, n bigint, name text, b bytea)",
                   {});
    });
  }

  void insert(std::int64_t id) {
    database().write("test.insert", [&](Unit& unit) {
      unit.execute("insert into t (id, n) values ($1, 0)", {id});
    });
  }
  std::int64_t count() { return number("select count(*) from t"); }
  std::int64_t number(std::string_view sql) {
    return database().read([&](Session& session) {
      return *session.one(sql, {}, [](const Row& row) { return row.integer(0); });
    });
  }
  FailureKind kind_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Failure& failure) {
      return failure.kind();
    }
    ADD_FAILURE() << "no Failure";
    return FailureKind::misuse;
  }
};

TEST_P(UnitTest, ReturnsWhatTheWorkReturned) {
  const std::int64_t changed = database().write("test.insert", [](Unit& unit) {
    return unit.execute("insert into t (id) values (1), (2)", {});
  });
  EXPECT_EQ(changed, 2);
  EXPECT_EQ(count(), 2);
}

TEST_P(UnitTest, ErrorRollsBack) {
  const Answer refused = database().write("test.refuse", [](Unit& unit) -> Answer {
    unit.execute("insert into t (id) values (1)", {});
    return base::unexpected(std::string("no"));
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), "no");
  EXPECT_EQ(count(), 0);
  const Answer done = database().write("test.accept", [](Unit& unit) -> Answer {
    unit.execute("insert into t (id) values (1)", {});
    return 7;
  });
  EXPECT_EQ(*done, 7);
  EXPECT_EQ(count(), 1);
}

TEST_P(UnitTest, ExceptionRollsBackAndReachesTheCaller) {
  EXPECT_THROW(database().write("test.throw",
                                [](Unit& unit) {
                                  unit.execute("insert into t (id) values (1)", {});
                                  throw std::out_of_range("mine");
                                }),
               std::out_of_range);
  EXPECT_EQ(count(), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, UnitTest, kBothDatabases, dialect_name);

}  // namespace
}  // namespace store
