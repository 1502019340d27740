#include "api/bulk_changes.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "account/assignment.h"
#include "account/staff.h"
#include "customer/customer_fixture.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/batch_report.h"

namespace api {
namespace {

constexpr std::size_t kPersons = 3 * kPersonsAtOnce;

// Something happens before the second of three units: each asks it for the time once.
class StepClock final : public base::Clock {
 public:
  StepClock(base::Moment now, std::function<void()> between)
      : now_(now), between_(std::move(between)) {}
  base::Moment now() const override {
    if (++asked_ == 2) between_();
    return now_;
  }

 private:
  base::Moment now_;
  std::function<void()> between_;
  mutable int asked_ = 0;
};

class BulkChangesTest : public customer::CustomerTest {
 protected:
  // What became of it.
  struct Ended {
    event_log::Batch batch;
    std::string report;
  };
  Ended run(BulkOrder order, const std::function<void()>& between) {
    order.batch = begin_import();
    for (std::size_t i = 0; i < kPersons; ++i) {
      order.persons.push_back(known_as("k" + std::to_string(i)));
    }
    const base::BatchId batch = order.batch;
    const StepClock clock(kNow, between);
    BulkChanges changes(database(), *log_, clock);
    EXPECT_TRUE(changes.start(std::move(order)));
    while (!changes.is_idle()) std::this_thread::yield();
    return database().read([&](store::Session& session) {
      const auto report = event_log::report_of(session, batch);
      return Ended{*event_log::find_batch(session, batch), report ? report->report : ""};
    });
  }
  base::ListId list() {
    return write([](customer::Writing& writing) { return customer::declare_list(writing, "l"); })
        ->id;
  }
  void remove(base::ListId list) {
    EXPECT_TRUE(
        write([&](customer::Writing& writing) { return customer::remove_list(writing, list, 1); }));
  }
  template <typename Work>
  auto change_accounts(Work&& work) {
    const rights::Actor actor{.kind = rights::ActorKind::user, .id = 7};
    return database().write("test.account", [&](store::Unit& unit) {
      return work(account::Change{unit, actor, kNow});
    });
  }
  std::int64_t count(const std::string& from) {
    return *database().read([&](store::Session& session) {
      return session.one("select count(*) from " + from, {},
                         [](const store::Row& row) { return row.integer(0); });
    });
  }
};

TEST_P(BulkChangesTest, StopsWhenItsListIsDeleted) {
  BulkOrder order;
  const base::ListId list = this->list();
  const auto tag =
      write([](customer::Writing& writing) { return customer::declare_tag(writing, "g/t"); });
  order.add_tags = {tag->id};
  order.add_to_list = list;
  const Ended ended = run(order, [&] { remove(list); });
  EXPECT_EQ(ended.batch.state, event_log::BatchState::stopped);
  EXPECT_EQ(ended.report, R"({"reason":"api.bulk_list_deleted"})");
  EXPECT_EQ(ended.batch.counts.rows, kPersonsAtOnce);
  EXPECT_EQ(ended.batch.counts.written, kPersonsAtOnce);
  EXPECT_EQ(ended.batch.counts.refused, 0);
  // Nobody is changed by half.
  EXPECT_EQ(count("customer_list"), kPersonsAtOnce);
  EXPECT_EQ(count("customer_tag"), kPersonsAtOnce);
}

TEST_P(BulkChangesTest, StopsWhenTheListThatIsLeftIsDeleted) {
  BulkOrder order;
  const base::ListId list = this->list();
  order.remove_from_list = list;
  const Ended ended = run(order, [&] { remove(list); });
  EXPECT_EQ(ended.batch.state, event_log::BatchState::stopped);
  EXPECT_EQ(ended.report, R"({"reason":"api.bulk_list_deleted"})");
  EXPECT_EQ(ended.batch.counts.repeated, kPersonsAtOnce);
}

TEST_P(BulkChangesTest, StopsWhenTheMemberOfStaffLeaves) {
  const base::StaffId lin{31};
  ASSERT_TRUE(change_accounts([&](const account::Change& by) {
    return account::add_staff(by, {.id = lin, .number = "31", .name = "林"});
  }));
  BulkOrder order;
  order.assign_to = lin;
  const Ended ended = run(order, [&] {
    EXPECT_TRUE(change_accounts([&](const account::Change& by) {
      return account::change_staff(by, lin, {.state = account::StaffState::left});
    }));
  });
  EXPECT_EQ(ended.batch.state, event_log::BatchState::stopped);
  EXPECT_EQ(ended.report, R"({"reason":"api.bulk_staff_left"})");
  EXPECT_EQ(ended.batch.counts.written, kPersonsAtOnce);
  EXPECT_EQ(count("customer_staff"), kPersonsAtOnce);
}

TEST_P(BulkChangesTest, WhoIsFullTakesAsManyAsOneMayHave) {
  const base::StaffId lin{31};
  ASSERT_TRUE(change_accounts([&](const account::Change& by) {
    return account::add_staff(by, {.id = lin, .number = "31", .name = "林"});
  }));
  constexpr std::int64_t kLeft = 150;
  database().write("test.fill", [&](store::Unit& unit) {
    unit.execute(
        "insert into customer_staff (customer, staff, sequence, assigned_at, assigned_by)"
        " with recursive n (i) as (select 1 union all select i + 1 from n where i < $1)"
        " select -i, 31, 1, 0, 'test' from n",
        {account::kAssignedMax - kLeft});
  });
  BulkOrder order;
  order.assign_to = lin;
  const Ended ended = run(order, [] {});
  EXPECT_EQ(ended.batch.state, event_log::BatchState::done);
  EXPECT_EQ(ended.report, "");
  EXPECT_EQ(ended.batch.counts.written, kLeft);
  EXPECT_EQ(ended.batch.counts.refused, static_cast<std::int64_t>(kPersons) - kLeft);
  EXPECT_EQ(count("customer_staff"), account::kAssignedMax);
}

INSTANTIATE_TEST_SUITE_P(Both, BulkChangesTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace api
