#include "order/projection.h"

#include <set>

#include "log/batch.h"
#include "log/test_log.h"
#include "order/order.h"

namespace order {
namespace {

using base::Moment;
using event_log::Appended;
using event_log::NewEvent;

class ProjectionTest : public event_log::LogFixture {
 protected:
  void SetUp() override {
    LogFixture::SetUp();
    if (IsSkipped()) return;
    projection_ = std::make_unique<Projection>(Projection::Means{database(), log(), persons_});
  }
  void TearDown() override {
    projection_.reset();
    LogFixture::TearDown();
  }

  static NewEvent told(std::int64_t customer, std::string name, std::string_view properties,
                       std::int64_t hours = 0) {
    NewEvent event = event_log::new_event(customer, std::move(name), properties);
    event.time = event_log::kTestNow - base::kDay + base::Duration{hours * base::kHour.ms};
    return event;
  }
  void catch_up() { ASSERT_TRUE(projection_->catch_up({60'000}).fresh); }
  // "a paid 12.50/0.00 by 1; …", the latest first.
  std::string all(const Filter& filter = {}) {
    catch_up();
    std::string out;
    const Page page = database().read(
        [&](store::Session& session) { return orders(session, filter, {}, kOrdersPageMax); });
    for (const Order& each : page.orders) {
      out += (out.empty() ? "" : "; ") + each.id + " " + std::string(name_of(each.state)) + " " +
             std::to_string(each.paid.cents) + "/" + std::to_string(each.refunded.cents) + " by " +
             std::to_string(each.customer.value);
    }
    return out;
  }
  // Of three days around the tests' now: "payments paid/refunded".
  std::string income() {
    catch_up();
    const Moment from = event_log::kTestNow - base::Duration{3 * base::kDay.ms};
    const Moment to = event_log::kTestNow + base::kDay;
    const auto periods = database().read(
        [&](store::Session& session) { return revenue(session, std::vector<Moment>{from, to}); });
    const Period& period = periods.at(0);
    return std::to_string(period.payments) + " " + std::to_string(period.paid.cents) + "/" +
           std::to_string(period.refunded.cents);
  }
  void notify(const event_log::NoticeSubject& subject) {
    database().write("test.notify",
                     [&](store::Unit& unit) { log().notify(unit, subject, event_log::kTestNow); });
  }

  // Who is one person with whom, and whose person is a test account.
  class KnownPersons final : public Persons {
   public:
    std::vector<base::CustomerId> of_test_accounts(store::Session&) const override {
      std::vector<base::CustomerId> found;
      for (const std::int64_t id : tests) found.push_back({id});
      return found;
    }
    std::vector<base::CustomerId> one_with(store::Session&,
                                           base::CustomerId customer) const override {
      return merged.contains(customer.value) ? std::vector<base::CustomerId>{{1}, {2}}
                                             : std::vector{customer};
    }
    std::set<std::int64_t> tests;
    std::set<std::int64_t> merged;
  };
  KnownPersons persons_;
  std::unique_ptr<Projection> projection_;
};
INSTANTIATE_TEST_SUITE_P(Both, ProjectionTest, store::kBothDatabases, store::dialect_name);

TEST_P(ProjectionTest, EventsOfOneOrderBecomeOneRow) {
  append({told(1, "order_created", R"({"order_id":"a","amount":"12.50","items":2})"),
          told(1, "order_paid", R"({"order_id":"a","amount":"12.50"})", 1),
          told(2, "order_paid", R"({"order_id":"b","amount":"8.00"})", 2),
          told(2, "product_viewed", R"({"sku":"x"})", 3)});
  EXPECT_EQ(all(), "b paid 800/0 by 2; a paid 1250/0 by 1");
  append({told(1, "order_refunded", R"({"order_id":"a","amount":"2.50"})", 4),
          told(2, "order_shipped", R"({"order_id":"b"})", 5)});
  EXPECT_EQ(all(), "b shipped 800/0 by 2; a paid 1250/250 by 1");
  EXPECT_EQ(income(), "2 2050/250");
}

TEST_P(ProjectionTest, WhatArrivesLateFindsItsPlace) {
  append({told(1, "order_received", R"({"order_id":"a"})", 9)});
  append({told(1, "order_created", R"({"order_id":"a","amount":"3.00"})", 1)});
  catch_up();
  const auto found =
      database().read([&](store::Session& session) { return order_with(session, "a"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->placed_at, event_log::kTestNow - base::kDay + base::kHour);
  EXPECT_EQ(found->state, State::received);
}

TEST_P(ProjectionTest, WithoutAnIdEachEventIsAnOrderOfItsOwn) {
  const std::string endless(kOrderIdBytesMax + 1, 'x');
  append({told(1, "order_paid", R"({"amount":"1.00"})"),
          told(1, "order_paid", R"({"amount":"2.00"})"),
          told(1, "order_paid", R"({"amount":"4.00","order_id":")" + endless + R"("})")});
  catch_up();
  const Page page = database().read(
      [&](store::Session& session) { return orders(session, {}, {}, kOrdersPageMax); });
  ASSERT_EQ(page.orders.size(), 3U);
  for (const Order& each : page.orders) EXPECT_EQ(each.id.substr(0, 2), "e_");
  EXPECT_EQ(income(), "3 700/0");
}

TEST_P(ProjectionTest, ASummaryIsOfTheOrdersOfItsFilterWithoutTestAccounts) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"12.50"})"),
          told(1, "order_created", R"({"order_id":"b","amount":"9.00"})", 1),
          told(2, "order_paid", R"({"order_id":"c","amount":"8.00"})", 2),
          told(2, "order_refunded", R"({"order_id":"c","amount":"3.00"})", 3),
          told(3, "order_paid", R"({"order_id":"d","amount":"100.00"})", 4)});
  catch_up();
  // "orders orders_paid paid/refunded tests".
  const auto said = [&](const Filter& filter) {
    const Summary summary = database().read([&](store::Session& session) {
      return summary_of(session, filter, std::vector<base::CustomerId>{{3}});
    });
    return std::to_string(summary.orders) + " " + std::to_string(summary.totals.orders_paid) + " " +
           std::to_string(summary.totals.paid.cents) + "/" +
           std::to_string(summary.totals.refunded.cents) + " " +
           std::to_string(summary.orders_of_tests);
  };
  EXPECT_EQ(said({}), "3 2 2050/300 1");
  EXPECT_EQ(said({.state = State::paid}), "2 2 2050/300 1");
  EXPECT_EQ(said({.customers = {{2}}}), "1 1 800/300 0");
  const Moment placed_c = event_log::kTestNow - base::kDay + base::Duration{2 * base::kHour.ms};
  EXPECT_EQ(said({.from = placed_c}), "1 1 800/300 1");
  EXPECT_EQ(said({.to = placed_c}), "2 1 1250/0 0");
}

TEST_P(ProjectionTest, TheFactsOfAnOrderAreInTheOrderOfTheirTime) {
  append({told(1, "order_refunded", R"({"order_id":"a","amount":"2.00"})", 5),
          told(1, "order_paid", R"({"order_id":"a","amount":"12.50","items":2})", 1),
          told(1, "order_refunded", R"({"order_id":"a","amount":"1.00"})", 4),
          told(1, "order_paid", R"({"order_id":"b","amount":"9.00"})", 2)});
  catch_up();
  const auto facts =
      database().read([&](store::Session& session) { return facts_of(session, "a"); });
  ASSERT_EQ(facts.size(), 3U);
  EXPECT_EQ(facts[0].kind, FactKind::paid);
  EXPECT_EQ(facts[0].items, 2);
  EXPECT_EQ(facts[1].amount, base::Money{100});
  EXPECT_EQ(facts[2].amount, base::Money{200});
}

TEST_P(ProjectionTest, LinesOfAnOrderAddUp) {
  append(
      {told(1, "order_paid", R"({"order_id":"a","amount":"3.00","sku":"茶","quantity":2})"),
       told(1, "order_paid", R"({"order_id":"a","amount":"2.00","sku":"杯","items":1})"),
       told(1, "order_paid", R"({"order_id":"b","amount":"2.00","sku":"杯","sku_list":["x"]})")});
  catch_up();
  const auto read = [&](std::string_view id) {
    return database().read([&](store::Session& session) { return order_with(session, id); });
  };
  ASSERT_TRUE(read("a").has_value());
  EXPECT_EQ(read("a")->items, 3);
  EXPECT_EQ(read("a")->sku_list, (std::vector<std::string>{"茶", "杯"}));
  EXPECT_EQ(read("b")->sku_list, std::vector<std::string>{"x"});
  EXPECT_FALSE(read("b")->items.has_value());
}

TEST_P(ProjectionTest, AnAmountOfTheWrongTypeIsNone) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"12.505"})")});
  EXPECT_EQ(all(), "a paid 0/0 by 1");
  EXPECT_EQ(income(), "1 0/0");
}

TEST_P(ProjectionTest, AnImportTakenBackTakesItsFactsAway) {
  append({told(1, "order_created", R"({"order_id":"a","amount":"5.00"})")});
  const base::BatchId batch{77};
  event_log::Origin from = origin();
  from.batch = batch;
  database().write("test.import", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {batch, "events", "f.csv", "test", event_log::kTestNow});
  });
  ASSERT_TRUE(append(from, {told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})", 1),
                            told(2, "order_paid", R"({"order_id":"b","amount":"6.00"})", 2)}));
  EXPECT_EQ(all(), "b paid 600/0 by 2; a paid 500/0 by 1");
  const auto begun = database().write("test.undo", [&](store::Unit& unit) {
    return event_log::begin_undo(log(), unit, batch, event_log::kTestNow);
  });
  ASSERT_TRUE(begun.has_value());
  EXPECT_EQ(all(), "a created 0/0 by 1");
  EXPECT_EQ(income(), "0 0/0");
}

TEST_P(ProjectionTest, WhoIsErasedLeavesNothing) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})"),
          told(2, "order_paid", R"({"order_id":"b","amount":"6.00"})", 1)});
  EXPECT_EQ(income(), "2 1100/0");
  database().write("test.erase", [&](store::Unit& unit) {
    const base::CustomerId gone{1};
    log().erase(unit, {gone, base::CustomerId{901}});
    erase(unit, std::span(&gone, 1));
  });
  EXPECT_EQ(all(), "b paid 600/0 by 2");
  EXPECT_EQ(income(), "1 600/0");
}

// The events were read before the erasure and written after it: the notice takes them away.
TEST_P(ProjectionTest, TheNoticeOfAnErasureTakesAwayWhatWasProjectedAfterIt) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})")});
  EXPECT_EQ(all(), "a paid 500/0 by 1");
  database().write("test.erase", [&](store::Unit& unit) {
    log().erase(unit, {base::CustomerId{1}, base::CustomerId{901}});
  });
  notify(base::CustomerId{1});
  EXPECT_EQ(all(), "");
  EXPECT_EQ(income(), "0 0/0");
}

TEST_P(ProjectionTest, TestAccountsAreInNoSum) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})"),
          told(2, "order_paid", R"({"order_id":"b","amount":"6.00"})", 1)});
  EXPECT_EQ(income(), "2 1100/0");
  persons_.tests.insert(1);
  notify(base::CustomerId{1});
  EXPECT_EQ(income(), "1 600/0");
  append({told(1, "order_paid", R"({"order_id":"c","amount":"7.00"})", 2)});
  EXPECT_EQ(income(), "1 600/0");
  EXPECT_EQ(all(), "c paid 700/0 by 1; b paid 600/0 by 2; a paid 500/0 by 1");
  persons_.tests.erase(1);
  notify(base::CustomerId{1});
  EXPECT_EQ(income(), "3 1800/0");
}

// More facts than one step takes, among more rows than one step looks at.
TEST_P(ProjectionTest, ManyStepsComeToTheSame) {
  constexpr std::int64_t kOrders = 3 * event_log::kProjectedEventsAtOnce + 7;
  std::vector<NewEvent> events;
  for (std::int64_t i = 0; i < kOrders; ++i) {
    events.push_back(told(1, "product_viewed", R"({"sku":"x"})"));
    events.push_back(told(1, "order_paid", R"({"amount":"1.00"})"));
  }
  append(events);
  const auto newest =
      database().read([&](store::Session& session) { return log().newest(session); });
  EXPECT_TRUE(projection_->follow({60'000}, {}));
  EXPECT_EQ(projection_->position(), newest);
  EXPECT_EQ(income(), std::to_string(kOrders) + " " + std::to_string(kOrders * 100) + "/0");
}

// The notice names one of them; what everybody of the person paid counts no longer.
TEST_P(ProjectionTest, WhoIsMergedWithATestAccountIsInNoSumEither) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})"),
          told(2, "order_paid", R"({"order_id":"b","amount":"6.00"})", 1),
          told(3, "order_paid", R"({"order_id":"c","amount":"7.00"})", 2)});
  persons_.tests = {1};
  notify(base::CustomerId{1});
  EXPECT_EQ(income(), "2 1300/0");
  persons_.merged = {1, 2};
  persons_.tests = {1, 2};
  notify(base::CustomerId{1});
  EXPECT_EQ(income(), "1 700/0");
  persons_.merged.clear();
  persons_.tests = {1};
  notify(base::CustomerId{2});
  EXPECT_EQ(income(), "2 1300/0");
}

TEST_P(ProjectionTest, RebuiltItIsTheSame) {
  append({told(1, "order_paid", R"({"order_id":"a","amount":"5.00"})"),
          told(1, "order_refunded", R"({"order_id":"a","amount":"5.00"})", 3)});
  const std::string before = all() + " " + income();
  EXPECT_EQ(projection_->rebuild(), 2);
  EXPECT_EQ(all() + " " + income(), before);
  EXPECT_EQ(before, "a refunded 500/500 by 1 1 500/500");
}

TEST_P(ProjectionTest, PagesAndFiltersShareOneOrder) {
  std::vector<NewEvent> events;
  for (int i = 0; i < 25; ++i) {
    events.push_back(told(i % 2 + 1, i % 5 == 0 ? "order_closed" : "order_paid",
                          R"({"amount":"1.00","order_id":"o)" + std::to_string(i) + R"("})",
                          i / 2));
  }
  append(events);
  catch_up();
  const auto walk = [&](const Filter& filter) {
    std::vector<std::string> ids;
    Mark mark;
    while (true) {
      const Page page = database().read(
          [&](store::Session& session) { return orders(session, filter, mark, 4); });
      for (const Order& each : page.orders) ids.push_back(each.id);
      if (!page.next) return ids;
      mark = *page.next;
    }
  };
  const std::vector<std::string> everything = walk({});
  EXPECT_EQ(everything.size(), 25U);
  EXPECT_EQ(std::set<std::string>(everything.begin(), everything.end()).size(), 25U);
  EXPECT_EQ(walk({.state = State::closed}).size(), 5U);
  EXPECT_EQ(walk({.customers = {{1}}}).size(), 13U);
  EXPECT_EQ(walk({.customers = {{1}, {2}}, .state = State::closed}).size(), 5U);
  const Moment middle = event_log::kTestNow - base::kDay + base::Duration{6 * base::kHour.ms};
  EXPECT_EQ(walk({.to = middle}).size() + walk({.from = middle}).size(), 25U);
  const Totals totals = database().read([&](store::Session& session) {
    return totals_of(session, std::vector<base::CustomerId>{{1}, {2}});
  });
  EXPECT_EQ(totals.orders_paid, 20);
  EXPECT_EQ(totals.net().cents, 2000);
}

}  // namespace
}  // namespace order
