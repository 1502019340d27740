#include "timeline/log_mark.h"

#include "log/batch.h"
#include "log/test_log.h"

namespace timeline {
namespace {

using event_log::Position;

class LogMarkTest : public event_log::LogFixture {
 protected:
  Position add(std::int64_t customer, std::string_view properties = "{}",
               base::BatchId batch = {}) {
    auto from = origin();
    if (batch) from.batch = batch;
    const auto done = append(from, {event_log::new_event(customer, "order_paid", properties)});
    EXPECT_TRUE(done.has_value());
    return done->last;
  }
  std::optional<LogMark> mark(const Position& position) {
    return database().read(
        [&](store::Session& session) { return mark_at(session, log().id(), position); });
  }
  std::optional<MarkFault> fault(const LogMark& mark) {
    return database().read(
        [&](store::Session& session) { return fault_of(session, log().id(), mark); });
  }
};

TEST_P(LogMarkTest, IsAPointOfItsLog) {
  const LogMark empty = *mark({});
  EXPECT_EQ(fault(empty), std::nullopt);
  const Position first = add(1);
  const LogMark of_first = *mark(first);
  EXPECT_EQ(of_first.log_id, log().id());
  EXPECT_EQ(of_first.position, first);
  EXPECT_EQ(fault(of_first), std::nullopt);
  add(1);
  EXPECT_EQ(fault(of_first), std::nullopt);
  EXPECT_EQ(fault(empty), std::nullopt);
}

TEST_P(LogMarkTest, KnowsAnotherLog) {
  LogMark other = *mark(add(1));
  other.log_id += "x";
  EXPECT_EQ(fault(other), MarkFault::foreign);
}

TEST_P(LogMarkTest, KnowsWhatIsAhead) {
  LogMark ahead = *mark(add(1));
  ahead.position.sequence += 5;
  EXPECT_EQ(mark(ahead.position), std::nullopt);
  EXPECT_EQ(fault(ahead), MarkFault::ahead);
  if (GetParam() == store::Dialect::postgresql) {
    ahead.position.sequence -= 5;
    ++ahead.position.epoch;
    EXPECT_EQ(fault(ahead), MarkFault::ahead);
  }
}

TEST_P(LogMarkTest, KnowsAnotherRow) {
  const LogMark one = *mark(add(1, R"({"amount":"12.50"})"));
  const LogMark other = *mark(add(1, R"({"amount":"12.51"})"));
  LogMark wrong = one;
  wrong.digest = other.digest;
  EXPECT_EQ(fault(wrong), MarkFault::differs);
  // No row there, but one behind.
  wrong = one;
  wrong.position.sequence -= 1;
  EXPECT_EQ(fault(wrong), MarkFault::differs);
  LogMark empty;
  empty.log_id = log().id();
  empty.digest = 1;
  EXPECT_EQ(fault(empty), MarkFault::differs);
}

// Each column by itself, as a copy of the database that went on by itself would have it.
TEST_P(LogMarkTest, LooksAtEveryColumn) {
  const LogMark one = *mark(add(1, R"({"amount":"12.50"})"));
  for (const std::string column :
       {"customer = customer + 1", "type = type + 1", "time = time + 1", "arrived = arrived + 1",
        "sent = 5", "source = source + 1", "live = 1 - live", "batch = 9",
        "properties = '{\"amount\":\"12.51\"}'"}) {
    SCOPED_TRACE(column);
    const auto change = [&](const std::string& to) {
      database().write("test.change", [&](store::Unit& unit) {
        unit.execute("create table if not exists kept as select * from event", {});
        unit.execute(to, {});
      });
    };
    change("update event set " + column);
    EXPECT_EQ(fault(one), MarkFault::differs);
    const std::string name = column.substr(0, column.find(' '));
    change("update event set " + name + " = (select " + name + " from kept)");
    EXPECT_EQ(fault(one), std::nullopt);
  }
}

// Its import is taken back, and others come.
TEST_P(LogMarkTest, AVoidRowIsTheSame) {
  const base::BatchId batch{4};
  database().write("test.batch", [&](store::Unit& unit) {
    event_log::begin_batch(unit, {.id = batch,
                                  .kind = "events",
                                  .file_name = "orders.csv",
                                  .who = "user 1",
                                  .now = event_log::kTestNow});
  });
  const LogMark of_batch = *mark(add(1, R"({"amount":"12.50"})", batch));
  const auto undone = [&](auto work) {
    return database().write("test.undo", [&](store::Unit& unit) { return work(unit); });
  };
  ASSERT_TRUE(undone([&](store::Unit& unit) {
    return event_log::begin_undo(log(), unit, batch, event_log::kTestNow);
  }));
  EXPECT_EQ(fault(of_batch), std::nullopt);
  const auto step =
      undone([&](store::Unit& unit) { return event_log::undo_step(unit, batch, {}); });
  ASSERT_TRUE(step);
  EXPECT_FALSE(*step) << "all of it is void";
  EXPECT_NE(mark(of_batch.position)->digest, of_batch.digest) << "and blank";
  EXPECT_EQ(fault(of_batch), std::nullopt);
  EXPECT_EQ(fault(*mark(of_batch.position)), std::nullopt);

  LogMark other = of_batch;
  other.kept += 1;
  EXPECT_EQ(fault(other), MarkFault::differs) << "another void row";
  for (const char* column :
       {"customer = customer + 1", "type = type + 1", "source = source + 1", "live = 1 - live",
        "batch = 9", "time = time + 86400000", "arrived = arrived + 86400000"}) {
    SCOPED_TRACE(column);
    const auto change = [&](const std::string& to) {
      database().write("test.change", [&](store::Unit& unit) {
        unit.execute("create table if not exists kept as select * from event", {});
        unit.execute(to, {});
      });
    };
    const std::string name = std::string(column).substr(0, std::string(column).find(' '));
    const std::string here = " where sequence = " + std::to_string(of_batch.position.sequence);
    change("update event set " + std::string(column) + here);
    EXPECT_EQ(fault(of_batch), MarkFault::differs);
    change("update event set " + name + " = (select " + name + " from kept" + here + ")" + here);
    EXPECT_EQ(fault(of_batch), std::nullopt);
  }
}

TEST_P(LogMarkTest, AnErasedRowIsAnother) {
  const LogMark of_erased = *mark(add(1, R"({"amount":"12.50"})"));
  const LogMark of_other = *mark(add(2));
  database().write("test.erase", [&](store::Unit& unit) { log().erase(unit, {{1}, {77}}); });
  EXPECT_EQ(fault(of_erased), MarkFault::differs);
  EXPECT_EQ(fault(of_other), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Both, LogMarkTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace timeline
