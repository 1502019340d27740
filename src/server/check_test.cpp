#include "server/check.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/tag.h"
#include "ledger/asset.h"
#include "ledger/ledger.h"
#include "log/notice.h"
#include "server/check_columns.h"
#include "server/order_persons.h"
#include "store/scrub.h"
#include "store/test_database.h"
#include "timeline/sql_histories.h"
#include "timer/timer.h"

namespace server {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};

class CheckTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_.emplace(database());
    base::SeededRandom random(1);
    log_->prepare(kNow, random);
    histories_.emplace(database(), *log_);
    memory_.emplace(database(), *log_, pool_, timeline::MemoryOptions{});
    memory_->open();
    orders_.emplace(order::Projection::Means{database(), *log_, persons_});
    friendships_.emplace(database(), *log_);
    const auto done =
        database().write("test", [&](store::Unit& unit) -> base::Result<void, customer::Error> {
          customer::Writing writing(unit, *log_, {.actor = {}, .now = kNow, .source = "test"});
          const auto made = customer::find_or_create(writing, {.kind = "customer", .value = "a"},
                                                     base::CustomerId{77}, std::nullopt);
          customer::NewValue age;
          age.attribute = "age";
          age.value = std::int64_t{30};
          const auto set = customer::set_attributes(writing, made->found.customer, {{age}});
          const auto tag = customer::declare_tag(writing, "等级/VIP");
          const auto added =
              customer::add_tag(writing, made->found.customer, tag->id, std::nullopt);
          customer::NewValue name;
          name.attribute = "name";
          name.value = std::string("王小明");
          const auto named = customer::set_attributes(writing, made->found.customer, {{name}});
          EXPECT_TRUE(set && added && named);
          const event_log::Origin origin{.source = "test", .now = kNow};
          const event_log::NewEvent paid{made->found.customer,
                                         "order_paid",
                                         kNow,
                                         {{"order_id", "T-1"}, {"amount", "3.50"}},
                                         {},
                                         {}};
          EXPECT_TRUE(log_->append(unit, origin, paid).has_value());
          return {};
        });
    ASSERT_TRUE(done);
  }

  CheckReport run() {
    return check(
        {database(), *log_, *histories_, *memory_, *orders_, *friendships_, persons_, kNow});
  }

  void damage(std::string_view sql) {
    database().write("damage", [&](store::Unit& unit) { EXPECT_GT(unit.execute(sql, {}), 0); });
  }

  std::optional<event_log::Log> log_;
  std::optional<timeline::SqlHistories> histories_;
  base::WorkPool pool_{0};
  std::optional<timeline::ColumnHistories> memory_;
  const OrderPersons persons_;
  std::optional<order::Projection> orders_;
  std::optional<account::Friendships> friendships_;
};

TEST_P(CheckTest, ProvesWhatIsSound) {
  const CheckReport report = run();
  EXPECT_TRUE(report.problems.empty()) << code_of(report.problems.front().what);
  EXPECT_EQ(report.proved.size(), 18u);
  EXPECT_EQ(report.proved.back().what, Statement::columns_as_log);
  EXPECT_EQ(report.proved.back().rows, 6);
}

TEST_P(CheckTest, FindsAValueHistoryDoesNotKnow) {
  damage("update attribute_value set value = '31' where value = '30'");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].where, "c_77 age");
}

TEST_P(CheckTest, FindsAnEventTheMemoryDoesNotKnow) {
  run();  // the memory has read the event as it was
  damage(
      "update event set time = time - 1 where sequence = "
      "(select min(sequence) from event where customer = 77)");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].what, Statement::columns_as_log);
  EXPECT_EQ(report.problems[0].where, "c_77");
}

// Each time it is tried somebody has become another meanwhile.
TEST_P(CheckTest, SaysThatItIsNotSettledWhenItNeverIs) {
  run();  // the memory has read the event as it was
  damage(
      "update event set time = time - 1 where sequence = "
      "(select min(sequence) from event where customer = 77)");
  const auto notify = [&](const audience::Progress&) {
    const event_log::NoticeSubject subject = base::CustomerId{78};
    database().write("test", [&](store::Unit& unit) {
      event_log::write_notices(unit, std::span(&subject, 1), kNow);
    });
    return true;
  };
  Sweep moving(notify, 1);
  const ColumnsCheck unsettled = check_columns(database(), *log_, *memory_, moving);
  EXPECT_FALSE(unsettled.settled);
  Sweep quiet({}, 1);
  const ColumnsCheck settled = check_columns(database(), *log_, *memory_, quiet);
  EXPECT_TRUE(settled.settled);
  EXPECT_EQ(settled.differing, std::vector<base::CustomerId>{base::CustomerId{77}});
}

TEST_P(CheckTest, FindsALostTag) {
  damage("delete from customer_tag where customer = 77");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].what, Statement::tags_as_history);
  EXPECT_EQ(code_of(report.problems[0].what), "check.tags_as_history");
}

TEST_P(CheckTest, FindsWhatBelongsToNobody) {
  damage("update identity set customer = 78 where customer = 77");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].where, "78");
}

TEST_P(CheckTest, FindsEventsThatNameWhatIsNotThere) {
  damage(
      "update event set customer = 78, type = 9999, source = 9998 "
      "where sequence = (select max(sequence) from event)");
  const CheckReport report = run();
  std::string found;
  for (const CheckProblem& problem : report.problems) {
    found += std::string(code_of(problem.what)) + " " + problem.where + "; ";
  }
  EXPECT_TRUE(
      found.starts_with("check.events_have_customers 78; check.events_have_types 9999; "
                        "check.events_have_sources 9998; "))
      << found;
}

TEST_P(CheckTest, FindsAnOrderTheLogDoesNotTellOf) {
  run();
  damage("update orders set refunded = 1 where id = 'T-1'");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(code_of(report.problems[0].what), "check.orders_as_log");
  EXPECT_EQ(report.problems[0].where, "order T-1");
}

TEST_P(CheckTest, FindsBooksThatDoNotBalance) {
  database().write("test", [](store::Unit& unit) {
    const auto asset = ledger::define(unit, {"points"}, {{1}, {2}, {3}}, kNow);
    ledger::Bundle counted{.id = "b", .why = "test:1"};
    counted.transfers = {{{{.account = asset->adjusted, .amount = -5},  //
                           {.account = asset->expired, .amount = 5}}}};
    ASSERT_TRUE(ledger::post(unit, counted, kNow));
  });
  EXPECT_TRUE(run().problems.empty());
  damage("update ledger_account set posted = posted + 1 where id = 2");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(code_of(report.problems[0].what), "check.ledger_balances");
  EXPECT_EQ(report.problems[0].where, "account 2 posted");
}

TEST_P(CheckTest, TellsOfTimersThatAreSetAside) {
  database().write("test", [](store::Unit& unit) {
    const timer::Timer timers[] = {{"ledger", 17, kNow}, {"ledger", 18, kNow}};
    timer::schedule(unit, timers);
  });
  EXPECT_TRUE(run().problems.empty());
  damage("update timer set tries = 5, problem = 'store.constraint' where key = 17");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(code_of(report.problems[0].what), "check.timers_fire");
  EXPECT_EQ(report.problems[0].where, "ledger 17 store.constraint");
}

TEST_P(CheckTest, FindsTermsThatAreNotTheNames) {
  damage("delete from customer_term where term = 'wxm'");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(code_of(report.problems[0].what), "check.terms_as_names");
  EXPECT_EQ(report.problems[0].where, "c_77");
}

TEST_P(CheckTest, FindsTermsOfNobody) {
  damage("insert into customer_term (term, customer) values ('x', 78)");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].where, "c_78");
}

TEST_P(CheckTest, FindsAReaderBeyondTheLog) {
  damage(
      "insert into log_reader (name, epoch, transaction_id, sequence) values ('r', 9, 9, 99999)");
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].where, "r");
}

TEST_P(CheckTest, FindsAScrubThatIsDue) {
  if (GetParam() != store::Dialect::sqlite) return;
  database().write("test", [](store::Unit& unit) { store::mark_scrub_due(unit, 7); });
  const CheckReport report = run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].what, Statement::erased_are_gone);
  EXPECT_TRUE(store::scrub_if_due(database()));
  EXPECT_TRUE(run().problems.empty());
}

INSTANTIATE_TEST_SUITE_P(Both, CheckTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace server
