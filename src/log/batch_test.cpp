#include "log/batch.h"

#include <atomic>
#include <thread>

#include "log/test_log.h"

namespace event_log {
namespace {

constexpr base::BatchId kFirst{101};
constexpr base::BatchId kSecond{102};

class BatchTest : public LogFixture {
 protected:
  void begin(base::BatchId batch) {
    database().write("import.begin", [&](store::Unit& unit) {
      begin_batch(unit, {batch, "events", "orders.csv", "owner", kTestNow});
    });
  }
  static Origin of(base::BatchId batch) {
    Origin from = origin();
    from.batch = batch;
    return from;
  }
  // One import of rows as a file gives them, in appends of two: how many were written.
  std::int64_t import(base::BatchId batch, std::vector<NewEvent> rows) {
    begin(batch);
    RowOrdinals ordinals;
    std::int64_t written = 0;
    for (std::size_t i = 0; i < rows.size(); i += 2) {
      std::vector<NewEvent> part(
          rows.begin() + static_cast<std::ptrdiff_t>(i),
          rows.begin() + static_cast<std::ptrdiff_t>(std::min(i + 2, rows.size())));
      for (NewEvent& row : part) {
        const std::string customer = std::to_string(row.customer.value);
        row.ordinal = ordinals.next({customer, row.name, row.time, to_stored(row.properties)});
      }
      written += append(of(batch), part)->written;
    }
    EXPECT_TRUE(database()
                    .write("import.finish",
                           [&](store::Unit& unit) { return finish_batch(unit, batch, {kTestNow}); })
                    .has_value());
    return written;
  }
  int undo(base::BatchId batch) {
    EXPECT_EQ(fault_of_begin_undo(batch), "");
    int steps = 0;
    for (std::optional<Position> next = Position{}; next; ++steps) {
      next = *step(batch, {.after = *next});
    }
    return steps;
  }
  base::Result<std::optional<Position>, BatchFault> step(base::BatchId batch,
                                                         const Stretch& stretch) {
    return database().write("import.undo",
                            [&](store::Unit& unit) { return undo_step(unit, batch, stretch); });
  }
  std::string fault_of_begin_undo(base::BatchId batch) {
    const auto begun = database().write(
        "import.undo", [&](store::Unit& unit) { return begin_undo(log(), unit, batch, kTestNow); });
    return begun ? "" : std::string(code_of(begun.error()));
  }
  Batch stands(base::BatchId batch) {
    return *database().read([&](store::Session& session) { return find_batch(session, batch); });
  }
};
INSTANTIATE_TEST_SUITE_P(Both, BatchTest, store::kBothDatabases, store::dialect_name);

NewEvent keyed(std::string name, std::string key) {
  NewEvent event = new_event(1, std::move(name));
  event.key = std::move(key);
  return event;
}

// The rows an import has written itself count for those that are not the first of their kind: a row
// whose key is new stands for none of those there are.
TEST_P(BatchTest, EqualRowsWithAndWithoutAKeyAreToldApart) {
  EXPECT_EQ(import(kFirst, {new_event(1, "paid")}), 1);
  const NewEvent other = new_event(2, "viewed");
  const std::vector<NewEvent> rows = {keyed("paid", "k"), other, new_event(1, "paid"), other};
  EXPECT_EQ(import(kSecond, rows), 3);  // of the two without a key "paid" was there
  EXPECT_EQ(import({103}, rows), 0);
}

// Two imports of one file at once, row by row in turn, write each row once.
TEST_P(BatchTest, TwoImportsOfOneFileAtOnceWriteItOnce) {
  begin(kFirst);
  begin(kSecond);
  const auto row = [](std::uint32_t ordinal) {
    NewEvent event = new_event(1, "paid");
    event.ordinal = ordinal;
    return std::vector<NewEvent>{event};
  };
  EXPECT_EQ(append(of(kFirst), row(0))->written, 1);
  EXPECT_EQ(append(of(kSecond), row(0))->written, 0);
  EXPECT_EQ(append(of(kSecond), row(1))->written, 1);
  EXPECT_EQ(append(of(kFirst), row(1))->written, 0);
  EXPECT_EQ(append(of(kFirst), row(2))->written, 1);
  EXPECT_EQ(append(of(kSecond), row(2))->written, 0);
  EXPECT_EQ(seen(), "paid{} paid{} paid{}");
}

TEST_P(BatchTest, TheSameFileTwiceChangesNothing) {
  const std::vector<NewEvent> rows = {
      new_event(1, "paid", R"({"a": "1.00"})"), new_event(1, "paid", R"({"a": "1.00"})"),
      new_event(1, "paid", R"({"a": "2.00"})"), new_event(2, "paid", R"({"a": "1.00"})"),
      new_event(1, "paid", R"({"a": "1.00"})"), keyed("viewed", "v1")};
  EXPECT_EQ(import(kFirst, rows), 6);
  EXPECT_EQ(import(kSecond, rows), 0);
  std::vector<NewEvent> more = rows;
  more.push_back(new_event(1, "paid", R"({"a": "1.00"})"));  // a fourth equal row is new
  more.push_back(keyed("viewed", "v2"));
  EXPECT_EQ(import({103}, more), 2);
  EXPECT_EQ(read().events.size(), 8U);
}

TEST_P(BatchTest, ALineWrittenByHandCountsAsKnown) {
  append({new_event(1, "paid", R"({"b": 1, "a": "x"})")});
  EXPECT_EQ(import(kFirst, {new_event(1, "paid", R"({"a": "x", "b": 1})")}), 0);
}

TEST_P(BatchTest, TheSameFileFromTwoPlacesAtOnceIsWrittenOnce) {
  std::vector<NewEvent> rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back(new_event(1 + i % 3, "paid", R"({"n": )" + std::to_string(i / 4) + "}"));
    if (i % 5 == 0) rows.back().key = "k" + std::to_string(i);
  }
  constexpr int kImports = 8;
  std::atomic<std::int64_t> written = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kImports; ++i) {
    threads.emplace_back([&, i] { written += import({200 + i}, rows); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(written, 40);
  EXPECT_EQ(read().events.size(), 40U);
}

TEST_P(BatchTest, KeysOfImportsDoNotExpire) {
  EXPECT_EQ(import(kFirst, {keyed("paid", "k")}), 1);
  begin(kSecond);
  Origin late = of(kSecond);
  late.now = kTestNow + base::Duration{400 * base::kDay.ms};
  EXPECT_EQ(append(late, {keyed("paid", "k")})->written, 0);
  // They are not the keys of callers.
  EXPECT_EQ(append({keyed("paid", "k")}).written, 1);
}

TEST_P(BatchTest, UndoTakesAllOfItBackAndTheFileCanComeAgain) {
  const std::vector<NewEvent> rows = {new_event(1, "paid"), new_event(1, "paid"),
                                      keyed("viewed", "v1"), new_event(2, "viewed")};
  append({new_event(3, "own")});
  EXPECT_EQ(import(kFirst, rows), 4);
  append({new_event(3, "own_later")});
  const Position before = read().through;

  EXPECT_EQ(fault_of_begin_undo({555}), "log.unknown_batch");
  EXPECT_EQ(fault_of_begin_undo(kFirst), "");
  EXPECT_EQ(seen(), "own{} own_later{}");  // at once, before any row is marked
  EXPECT_EQ(stands(kFirst).state, BatchState::undoing);
  EXPECT_EQ(fault_of_begin_undo(kFirst), "log.wrong_batch_state");
  EXPECT_EQ(import(kSecond, rows), 4);  // also while the undo is on its way
  const auto next = *step(kFirst, {.rows = 2});
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(stands(kFirst).state, BatchState::undoing);
  EXPECT_FALSE(*step(kFirst, {.after = *next}));
  EXPECT_EQ(step(kFirst, {}).error(), BatchFault::wrong_state);
  EXPECT_EQ(stands(kFirst).state, BatchState::undone);

  EXPECT_EQ(seen(), "own{} own_later{} paid{} paid{} viewed{} viewed{}");
  for (const Event& event : read(before).events) EXPECT_EQ(event.batch, kSecond);
  database().read([&](store::Session& session) {  // nothing of a void row tells anything
    session.query(
        "select properties, time % 86400000 + arrived % 86400000 from event where state = 1", {},
        [](const store::Row& row) {
          EXPECT_EQ(row.text(0), "{}");
          EXPECT_EQ(row.integer(1), 0);
        });
  });
  EXPECT_EQ(import({103}, rows), 0);
  EXPECT_EQ(undo(kSecond), 1);
  EXPECT_EQ(seen(), "own{} own_later{}");
  EXPECT_EQ(import({104}, rows), 4);
  // Positions are never used again: void rows and visible ones are all there.
  const std::int64_t all = *database().read([](store::Session& session) {
    return session.one("select count(*) from event where state <> 3", {},
                       [](const store::Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(all, 2 + 3 * 4);
}

TEST_P(BatchTest, AClosedBatchTakesNoMoreEvents) {
  import(kFirst, {new_event(1, "paid")});
  const auto refused = append(of(kFirst), {new_event(1, "more")});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fault, EventFault::batch_closed);
  EXPECT_EQ(append(of({999}), {new_event(1, "more")}).error().fault, EventFault::batch_closed);
  EXPECT_EQ(seen(), "paid{}");
}

// Between its rows stand others'; the rows of a stretch are counted, not the batch's in it.
TEST_P(BatchTest, CustomersAreReadStretchByStretch) {
  begin(kFirst);
  append({new_event(1, "own")});
  for (const std::int64_t customer : {7, 3}) {
    ASSERT_TRUE(append(of(kFirst), {new_event(customer, "paid"), new_event(7, "viewed")}));
    append({new_event(2, "own")});
  }
  const auto in_stretches = [&](std::int64_t rows) {
    std::string out;
    for (std::optional<Position> next = Position{}; next;) {
      database().read([&](store::Session& session) {
        const auto some = customers_of(session, kFirst, {.after = *next, .rows = rows});
        for (const base::CustomerId customer : some.customers) {
          out += std::to_string(customer.value) + " ";
        }
        next = some.next;
      });
      out += next ? "| " : "";
    }
    return out;
  };
  EXPECT_EQ(in_stretches(kBatchRowsAtOnce), "3 7 ");
  EXPECT_EQ(in_stretches(2), "7 | 3 | 7 ");
  EXPECT_EQ(in_stretches(3), "7 | 3 7 ");
  begin(kSecond);
  database().read([&](store::Session& session) {
    EXPECT_TRUE(customers_of(session, kSecond, {}).customers.empty());
    EXPECT_FALSE(customers_of(session, kSecond, {}).next.has_value());
  });
}

TEST_P(BatchTest, IsStoppedAndTakenBack) {
  begin(kFirst);
  ASSERT_TRUE(append(of(kFirst), {new_event(1, "paid")}));
  const auto finish = [&](const BatchEnd& end) {
    return database().write("import.finish", [&](store::Unit& unit) {
      return finish_batch(unit, kFirst, end).has_value();
    });
  };
  EXPECT_TRUE(finish({kTestNow, BatchState::stopped}));
  EXPECT_FALSE(finish({kTestNow}));
  EXPECT_EQ(stands(kFirst).state, BatchState::stopped);
  EXPECT_EQ(append(of(kFirst), {new_event(1, "more")}).error().fault, EventFault::batch_closed);
  EXPECT_EQ(undo(kFirst), 1);
  EXPECT_EQ(stands(kFirst).state, BatchState::undone);
}

// Two write; one of them is heard of no more.
TEST_P(BatchTest, WhoseWriterIsSilentIsCutOff) {
  const base::Moment later = kTestNow + kBatchSilenceMax;
  begin(kFirst);
  begin(kSecond);
  database().write("import.count",
                   [&](store::Unit& unit) { count_rows(unit, kSecond, {{1, 1, 0, 0}, later}); });
  const auto close = [&](base::Moment since) {
    const bool any =
        database().read([&](store::Session& session) { return is_any_silent(session, since); });
    const std::int64_t closed = database().write(
        "batch.close", [&](store::Unit& unit) { return close_silent(unit, since); });
    EXPECT_EQ(any, closed > 0);
    return closed;
  };
  EXPECT_EQ(close(kTestNow), 0);
  EXPECT_EQ(close(later), 1);
  EXPECT_EQ(close(later), 0);
  EXPECT_EQ(stands(kFirst).state, BatchState::cut_off);
  EXPECT_EQ(stands(kFirst).finished, kTestNow);
  EXPECT_EQ(stands(kSecond).state, BatchState::running);
  EXPECT_EQ(close(base::kMomentMax), 1);
  EXPECT_EQ(stands(kSecond).finished, later);
  EXPECT_EQ(undo(kSecond), 1);
}

// It was only slow: what it writes makes it one that runs.
TEST_P(BatchTest, AWriterThatWasTakenForDeadGoesOn) {
  begin(kFirst);
  database().write("batch.close",
                   [](store::Unit& unit) { return close_silent(unit, base::kMomentMax); });
  ASSERT_TRUE(append(of(kFirst), {new_event(1, "paid")}));
  database().write("import.count",
                   [&](store::Unit& unit) { count_rows(unit, kFirst, {{1, 1, 0, 0}, kTestNow}); });
  EXPECT_EQ(stands(kFirst).state, BatchState::running);
  EXPECT_EQ(stands(kFirst).finished, std::nullopt);
  EXPECT_EQ(seen(), "paid{}");
}

TEST_P(BatchTest, CountsCanBeLookedAt) {
  import(kFirst, {new_event(7, "paid"), new_event(3, "paid"), new_event(7, "viewed")});
  begin(kSecond);
  database().write("import.count", [&](store::Unit& unit) {
    count_rows(unit, kSecond, {{10, 5, 3, 2}, kTestNow});
    count_rows(unit, kSecond, {{1, 1, 0, 0}, kTestNow});
  });
  const Batch second = stands(kSecond);
  EXPECT_EQ(second.counts.rows, 11);
  EXPECT_EQ(second.counts.written, 6);
  EXPECT_EQ(second.counts.repeated, 3);
  EXPECT_EQ(second.counts.refused, 2);
  EXPECT_EQ(second.state, BatchState::running);
  EXPECT_EQ(second.file_name, "orders.csv");
  EXPECT_FALSE(second.finished.has_value());
  database().read([&](store::Session& session) {
    const auto batches = list_batches(session, 1);
    ASSERT_EQ(batches.size(), 1U);
    EXPECT_EQ(batches[0].id, kSecond);
    const auto rest = list_batches(session, 9, kSecond);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].id, kFirst);
    EXPECT_TRUE(list_batches(session, 9, kFirst).empty());
    EXPECT_TRUE(list_batches(session, 9, base::BatchId{999}).empty());
  });
}

}  // namespace
}  // namespace event_log
