#include "order/proof.h"

#include "log/test_log.h"
#include "order/order.h"

namespace order {
namespace {

class NobodyTests final : public Persons {
 public:
  std::vector<base::CustomerId> of_test_accounts(store::Session&) const override { return tests; }
  std::vector<base::CustomerId> one_with(store::Session&, base::CustomerId id) const override {
    return {id};
  }
  std::vector<base::CustomerId> tests;
};

class ProofTest : public event_log::LogFixture {
 protected:
  void SetUp() override {
    LogFixture::SetUp();
    if (IsSkipped()) return;
    projection_.emplace(Projection::Means{database(), log(), persons_});
    std::vector<event_log::NewEvent> events;
    for (std::int64_t i = 0; i < 40; ++i) {
      const char* names[] = {"order_paid", "order_created", "order_refunded", "product_viewed"};
      auto event = event_log::new_event(1 + i % 5, names[i % 4],
                                        R"({"amount":"3.50","items":2,"order_id":"o)" +
                                            std::to_string(i % 7) + R"(","sku_list":["茶"]})");
      event.time = event_log::kTestNow - base::Duration{i * base::kHour.ms};
      events.push_back(std::move(event));
    }
    append(events);
  }
  void TearDown() override {
    projection_.reset();
    LogFixture::TearDown();
  }
  Proof prove_now() {
    return prove(
        {.database = database(), .log = log(), .projection = *projection_, .persons = persons_});
  }
  // "event, order, quarter": of what there is something wrong.
  std::string wrong() {
    std::string kinds;
    for (const std::string& each : prove_now().wrong) {
      const std::string kind = each.substr(0, each.find(' '));
      if (!kinds.ends_with(kind)) kinds += (kinds.empty() ? "" : ", ") + kind;
    }
    return kinds;
  }
  void damage(std::string_view statement) {
    database().write("test.damage",
                     [&](store::Unit& unit) { EXPECT_GT(unit.execute(statement, {}), 0); });
  }

  NobodyTests persons_;
  std::optional<Projection> projection_;
};
INSTANTIATE_TEST_SUITE_P(Both, ProofTest, store::kBothDatabases, store::dialect_name);

TEST_P(ProofTest, WhatIsSoundIsProved) {
  const Proof proof = prove_now();
  EXPECT_EQ(proof.facts, 30);
  EXPECT_TRUE(proof.wrong.empty()) << proof.wrong.front();
}

TEST_P(ProofTest, FindsAFactThatIsNotTheLogs) {
  prove_now();
  damage("update order_fact set coupon = 'x' where order_id = 'o3' and kind = 2 or kind = 1");
  EXPECT_EQ(wrong(), "event, order");
}

TEST_P(ProofTest, FindsAFactThatIsMissing) {
  prove_now();
  damage("delete from order_fact where customer = 2 and kind = 1");
  EXPECT_EQ(wrong(), "event, order, quarter");
}

TEST_P(ProofTest, FindsAnOrderThatIsNotItsFacts) {
  prove_now();
  damage("update orders set paid = paid + 1 where id = 'o4'");
  EXPECT_EQ(prove_now().wrong, std::vector<std::string>{"order o4"});
}

TEST_P(ProofTest, FindsAnOrderOfNothing) {
  prove_now();
  damage("update orders set id = 'p' where id = 'o4'");
  EXPECT_EQ(prove_now().wrong, (std::vector<std::string>{"order p", "order o4"}));
}

TEST_P(ProofTest, FindsASumThatIsNotItsFacts) {
  prove_now();
  damage("update order_revenue set amount = amount - 1 where kind = 4");
  EXPECT_EQ(wrong(), "quarter");
}

// Nobody was told of the mark: the facts still count.
TEST_P(ProofTest, FindsATestAccountThatCounts) {
  prove_now();
  persons_.tests = {{3}};
  EXPECT_EQ(wrong(), "event");
}

TEST_P(ProofTest, IsStopped) {
  const Proof proof = prove({.database = database(),
                             .log = log(),
                             .projection = *projection_,
                             .persons = persons_,
                             .go_on = [](std::int64_t) { return false; }});
  EXPECT_TRUE(proof.stopped);
}

}  // namespace
}  // namespace order
