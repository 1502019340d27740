#include "customer/name_index.h"

#include <set>

#include "customer/customer_fixture.h"
#include "customer/import_undo.h"
#include "customer/merge.h"
#include "customer/name_terms.h"

namespace customer {
namespace {

class NameIndexTest : public CustomerTest {
 protected:
  // Who is found by a part of a name, each once.
  std::set<base::CustomerId> by(const std::string& part) {
    return database().read([&](store::Session& session) {
      std::set<base::CustomerId> found;
      for (const Named& each : named(session, {part, 50})) found.insert(each.person);
      return found;
    });
  }
  std::int64_t rows() {
    return database().read([](store::Session& session) {
      return session
          .one("select count(*) from customer_term", {},
               [](const store::Row& row) { return row.integer(0); })
          .value_or(-1);
    });
  }
  void call_them(base::CustomerId customer, std::string_view name, std::string_view value) {
    ASSERT_TRUE(put(customer, name, base::Value(std::string(value)), {}));
  }
  using Ids = std::set<base::CustomerId>;
};

TEST_P(NameIndexTest, FollowsEveryNameOfACustomer) {
  const base::CustomerId one = known_as("k-1");
  call_them(one, "name", "陈静");
  call_them(one, "nickname", "小静");
  call_them(one, "city", "上海");
  EXPECT_EQ(by("陈"), Ids{one});
  EXPECT_EQ(by("xiaoj"), Ids{one});
  EXPECT_EQ(by("上"), Ids{});
  call_them(one, "nickname", "tea");
  EXPECT_EQ(by("xiaoj"), Ids{});
  EXPECT_EQ(by("cj"), Ids{one});
  EXPECT_EQ(by("t"), Ids{one});
}

TEST_P(NameIndexTest, WhatIsOlderThanTheNameThatStandsChangesNothing) {
  const base::CustomerId one = known_as("k-1", -20);
  ASSERT_TRUE(put(one, "name", base::Value(std::string("新名")), at(-1)));
  ASSERT_TRUE(put(one, "name", base::Value(std::string("旧名")), at(-9)));
  EXPECT_EQ(by("新名"), Ids{one});
  EXPECT_EQ(by("旧名"), Ids{});
}

TEST_P(NameIndexTest, AMergedPersonIsFoundByBothNames) {
  const base::CustomerId old = known_as("k-old", -9);
  const base::CustomerId young = known_as("k-young", -1);
  call_them(old, "name", "王芳");
  call_them(young, "name", "李娜");
  ASSERT_TRUE(write([&](Writing& writing) { return merge(writing, young, old); }));
  EXPECT_EQ(by("王芳"), Ids{old});
  EXPECT_EQ(by("lina"), Ids{old});
  database().read([&](store::Session& session) {
    EXPECT_TRUE(is_called(session, old, folded_name("李娜")));
    EXPECT_FALSE(is_called(session, old, folded_name("李")));
  });
}

TEST_P(NameIndexTest, CustomersFromBeforeAreGoneThroughOnce) {
  const base::CustomerId one = known_as("k-1");
  const base::CustomerId other = known_as("k-2");
  call_them(one, "name", "陈静");
  call_them(other, "name", "小静");
  const std::int64_t expected = rows();
  database().write("test.before", [](store::Unit& unit) {
    unit.execute("delete from customer_term", {});
    unit.execute("insert into customer_term_pending (id, after_customer) values (1, 0)", {});
  });
  EXPECT_EQ(by("静"), Ids{});
  int steps = 0;
  while (index_more_names(database())) ASSERT_LT(++steps, 10);
  EXPECT_EQ(by("静"), (Ids{one, other}));
  EXPECT_EQ(rows(), expected);
  EXPECT_FALSE(index_more_names(database()));
}

TEST_P(NameIndexTest, AFreshDatabaseHasNothingToGoThrough) {
  EXPECT_FALSE(index_more_names(database()));
  EXPECT_EQ(rows(), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, NameIndexTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace customer
