#include "customer/test_account.h"

#include "access/audit.h"
#include "customer/customer_fixture.h"
#include "customer/erase.h"
#include "customer/merge.h"

namespace customer {
namespace {

class TestAccountTest : public CustomerTest {
 protected:
  bool set(base::CustomerId customer) {
    const auto done = write([&](Writing& writing) { return set_test_account(writing, customer); });
    EXPECT_TRUE(done.has_value());
    return done.value_or(false);
  }
  bool take(base::CustomerId customer) {
    const auto done = write([&](Writing& writing) { return take_test_account(writing, customer); });
    EXPECT_TRUE(done.has_value());
    return done.value_or(false);
  }
  base::CustomerId join(base::CustomerId one, base::CustomerId other) {
    const auto merged = write([&](Writing& writing) { return merge(writing, one, other); });
    EXPECT_TRUE(merged.has_value());
    return merged ? merged->survivor : base::CustomerId{};
  }
  std::vector<base::CustomerId> persons() {
    std::vector<base::CustomerId> found;
    for (const TestAccount& test : database().read(test_accounts)) found.push_back(test.person);
    return found;
  }
  using Ids = std::vector<base::CustomerId>;
};
INSTANTIATE_TEST_SUITE_P(Both, TestAccountTest, store::kBothDatabases, store::dialect_name);

TEST_P(TestAccountTest, IsSetAndTakenOnce) {
  const base::CustomerId one = known_as("one");
  known_as("other");
  const auto before = newest();
  EXPECT_FALSE(take(one));
  EXPECT_TRUE(set(one));
  EXPECT_FALSE(set(one));
  EXPECT_EQ(persons(), Ids{one});
  EXPECT_EQ(database().read(marked_customers), Ids{one});
  const auto test =
      database().read([&](store::Session& session) { return test_account_of(session, one); });
  ASSERT_TRUE(test.has_value());
  EXPECT_EQ(test->since, kNow);
  EXPECT_TRUE(take(one));
  EXPECT_EQ(persons(), Ids{});
  // Who keeps figures is told of both, and of nothing else.
  EXPECT_EQ(notices_behind(before).size(), 2U);
}

TEST_P(TestAccountTest, TheAuditKeepsBoth) {
  const base::CustomerId one = known_as("one");
  set(one);
  take(one);
  const auto page = database().read([&](store::Session& session) {
    return rights::read_audit(session, {.subject = std::to_string(one.value)}, {});
  });
  std::string told;
  for (const rights::AuditEntry& entry : page.entries) {
    if (entry.verb.starts_with("test_account")) told += entry.verb + " " + *entry.after + ";";
  }
  EXPECT_EQ(told,
            R"(test_account_taken {"test_account":false};test_account_set {"test_account":true};)");
}

TEST_P(TestAccountTest, APersonIsOneWithAnyOfTheirCustomers) {
  const base::CustomerId older = known_as("older", -9);
  const base::CustomerId newer = known_as("newer", -1);
  set(newer);
  ASSERT_EQ(join(older, newer), older);
  EXPECT_EQ(persons(), Ids{older});
  EXPECT_EQ(database().read(customers_of_test_accounts), (Ids{older, newer}));
  EXPECT_FALSE(set(older));
  ASSERT_TRUE(write([&](Writing& writing) { return unmerge(writing, newer); }).has_value());
  EXPECT_EQ(persons(), Ids{newer});
  join(older, newer);
  EXPECT_TRUE(take(older));
  EXPECT_EQ(database().read(marked_customers), Ids{});
}

TEST_P(TestAccountTest, AnErasureTakesTheMarkAlong) {
  const base::CustomerId one = known_as("one");
  set(one);
  const auto hashes = erased_hashes_table(random_);
  ASSERT_TRUE(
      write([&](Writing& writing) { return erase(writing, *hashes, random_, one); }).has_value());
  EXPECT_EQ(database().read(marked_customers), Ids{});
  EXPECT_FALSE(write([&](Writing& writing) { return set_test_account(writing, one); }).has_value());
}

}  // namespace
}  // namespace customer
