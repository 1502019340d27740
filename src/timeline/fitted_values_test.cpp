#include "timeline/fitted_values.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "store/test_database.h"
#include "timeline/fitted_image.h"
#include "timeline/fitted_runs.h"

namespace timeline {
namespace {

using base::Moment;

constexpr Moment kStart{1'760'000'000'000};
Moment day(std::int64_t number) { return kStart + base::Duration{number * base::kDay.ms}; }

constexpr std::int64_t kPersons = 2500;  // three chunks

class FittedValuesTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    database().write("test.customers", [&](store::Unit& unit) {
      for (std::int64_t id = 1; id <= kPersons; ++id) {
        unit.execute(
            "insert into customer (id, created_at, arrived_at, source, by_whom) "
            "values ($1, 0, 0, 'test', 'test')",
            {id * 1000});
      }
    });
    values_ = std::make_unique<FittedValues>(database());
    values_->open();
  }
  void TearDown() override {
    values_.reset();
    DatabaseTest::TearDown();
  }
  // As after the end of the program.
  FittedValues& reopened() {
    values_ = std::make_unique<FittedValues>(database());
    values_->open();
    return *values_;
  }

  // p_alive is `micros` and the person's number; of every tenth nothing is known.
  void run(Moment moment, std::int64_t micros) {
    std::vector<base::CustomerId> customers;
    std::vector<std::int64_t> alive, cents;
    for (std::int64_t id = 1; id <= kPersons; ++id) {
      customers.push_back({id * 1000});
      alive.push_back(id % 10 == 0 ? kNoFittedValue : micros + id);
      cents.push_back(-id);
    }
    values_->store_run(
        {.family = FittedFamily::value,
         .moment = moment,
         .customers = customers,
         .columns = {{FittedAttribute::p_alive, alive}, {FittedAttribute::clv, cents}}},
        random_);
  }
  std::string alive_of(std::int64_t person, Moment from) {
    std::string text;
    const auto changes = values_->changes(FittedAttribute::p_alive, {person * 1000}, from);
    for (const AttributeChange& change : changes) {
      text += std::to_string((change.since - kStart).ms / base::kDay.ms) + ":" +
              (change.value ? base::to_text(*change.value) : "?") + " ";
    }
    return text;
  }
  std::int64_t stored(std::string_view sql) {
    return *database().read([&](store::Session& session) {
      return session.one(sql, {}, [](const store::Row& row) { return row.integer(0); });
    });
  }
  void erase(std::initializer_list<std::int64_t> persons) {
    database().write("test.erase", [&](store::Unit& unit) {
      std::vector<base::CustomerId> ids;
      for (const std::int64_t person : persons) {
        ids.push_back({person * 1000});
        unit.execute("delete from customer where id = $1", {person * 1000});
      }
      values_->erase(unit, ids);
    });
  }

  base::SeededRandom random_{7};
  std::unique_ptr<FittedValues> values_;
};

TEST_P(FittedValuesTest, TheLastRunAtOrBeforeTheMomentCounts) {
  EXPECT_EQ(alive_of(1, day(0)), "");
  EXPECT_TRUE(values_->column(FittedAttribute::p_alive, day(0)).empty());
  run(day(1), 100'000);
  run(day(3), 300'000);
  EXPECT_EQ(alive_of(1, day(0)), "1:0.100001 3:0.300001 ");
  EXPECT_EQ(alive_of(1, day(2)), "1:0.100001 3:0.300001 ");
  EXPECT_EQ(alive_of(1, day(3)), "3:0.300001 ");
  EXPECT_EQ(alive_of(10, day(2)), "1:? 3:? ");
  EXPECT_EQ(alive_of(kPersons + 1, day(3)), "3:? ");  // whom the run does not name
  EXPECT_TRUE(values_->column(FittedAttribute::p_alive, day(1) - base::kMillisecond).empty());
  const FittedColumn then = values_->column(FittedAttribute::p_alive, day(3) - base::kMillisecond);
  EXPECT_EQ(then.moment(), day(1));
  EXPECT_EQ(then.number_of({2'500'000}), kNoFittedValue);
  EXPECT_EQ(then.number_of({2'499'000}), 102'499);
  EXPECT_EQ(then.number_of({2'499'001}), kNoFittedValue);
  EXPECT_EQ(values_->column(FittedAttribute::clv, day(9)).value_of(-7),
            base::Value(base::Money{-7}));
  EXPECT_TRUE(values_->column(FittedAttribute::rfm_segment, day(9)).empty());  // another family
}

TEST_P(FittedValuesTest, StayAfterARestart) {
  run(day(1), 100'000);
  run(day(3), 300'000);
  const std::uint64_t version = values_->version();
  values_->open();
  EXPECT_EQ(values_->version(), version);  // nothing new
  reopened();
  EXPECT_EQ(alive_of(7, day(0)), "1:0.100007 3:0.300007 ");
  ASSERT_EQ(values_->runs(FittedFamily::value).size(), 2);
  EXPECT_EQ(values_->runs(FittedFamily::value).front().moment, day(3));
  EXPECT_EQ(values_->bytes().customers, kPersons);  // the newest run alone
}

TEST_P(FittedValuesTest, ARunOfTheSameMomentReplaces) {
  run(day(1), 100'000);
  const std::uint64_t version = values_->version();
  run(day(1), 200'000);
  EXPECT_GT(values_->version(), version);
  EXPECT_EQ(alive_of(1, day(0)), "1:0.200001 ");
  EXPECT_EQ(stored("select count(*) from fitted_run"), 1);
  EXPECT_EQ(stored("select count(*) from fitted_chunk"), 3);
}

TEST_P(FittedValuesTest, ManyAskedOneByOneReadTheWholeRun) {
  run(day(1), 100'000);
  run(day(3), 300'000);
  for (std::int64_t person = 1; person <= 2 * kFittedPersonsMax; ++person) {
    if (person % 10 == 0) continue;
    EXPECT_EQ(alive_of(person, day(1)), "1:0.10" + std::to_string(10'000 + person).substr(1) +
                                            " 3:0.30" + std::to_string(10'000 + person).substr(1) +
                                            " ");
  }
  EXPECT_EQ(values_->bytes().customers, 2 * kPersons);
}

TEST_P(FittedValuesTest, OlderRunsAreNotReadInsideARead) {
  run(day(1), 100'000);
  run(day(3), 300'000);
  reopened();
  database().read([&](store::Session&) {
    EXPECT_EQ(alive_of(1, day(3)), "3:0.300001 ");  // in memory
    EXPECT_THROW(alive_of(1, day(2)), store::Failure);
  });
}

TEST_P(FittedValuesTest, WhoIsErasedLeavesEveryRun) {
  run(day(1), 100'000);
  run(day(3), 300'000);
  EXPECT_EQ(alive_of(1024, day(0)), "1:0.101024 3:0.301024 ");  // the last of a chunk
  erase({1024, 1, 1030});
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(alive_of(1024, day(0)), "1:? 3:? ");
    EXPECT_EQ(alive_of(1, day(0)), "1:? 3:? ");
    EXPECT_EQ(alive_of(1023, day(0)), "1:0.101023 3:0.301023 ");
    EXPECT_EQ(alive_of(1025, day(0)), "1:0.101025 3:0.301025 ");
    reopened();
  }
}

TEST_P(FittedValuesTest, WhoIsNoCustomerIsNotStored) {
  database().write("test.gone", [](store::Unit& unit) {
    unit.execute("delete from customer where id <= $1", {std::int64_t{2'000}});
  });
  run(day(1), 100'000);
  EXPECT_EQ(alive_of(2, day(1)), "1:? ");
  EXPECT_EQ(alive_of(3, day(1)), "1:0.100003 ");
  // After a restore: whoever was erased again.
  database().write("test.gone", [](store::Unit& unit) {
    unit.execute("delete from customer where id = $1", {std::int64_t{3'000}});
  });
  const auto went = database().write(
      "test.restore", [](store::Unit& unit) { return erase_fitted_of_nobody(unit); });
  EXPECT_EQ(went, 1);
  reopened();
  EXPECT_EQ(alive_of(3, day(1)), "1:? ");
  EXPECT_EQ(alive_of(4, day(1)), "1:0.100004 ");
}

TEST_P(FittedValuesTest, ARunThatWasCutOffIsNotThere) {
  run(day(1), 100'000);
  database().write("test.cut", [](store::Unit& unit) {
    begin_run(unit, {{99, FittedFamily::value, day(2), 1}, {{{FittedAttribute::clv, {}}}}});
    write_chunk(unit, 99, {{{1000}}, {{5}}});
  });
  reopened();
  EXPECT_EQ(values_->runs(FittedFamily::value).size(), 1);
  run(day(3), 300'000);  // and takes away what was left
  EXPECT_EQ(stored("select count(*) from fitted_run"), 2);
  EXPECT_EQ(stored("select count(*) from fitted_chunk"), 6);
}

INSTANTIATE_TEST_SUITE_P(Both, FittedValuesTest, store::kBothDatabases, store::dialect_name);

TEST(FittedRuns, AreKeptDailyThenWeekly) {
  std::vector<FittedRunInfo> runs;
  for (std::int64_t number = 0; number <= 500; ++number) {
    runs.push_back({number + 1, FittedFamily::value, day(number), 0});
  }
  const auto given_up = runs_to_give_up(runs, day(500));
  std::vector<std::int64_t> kept;
  for (const FittedRunInfo& run : runs) {
    if (std::ranges::find(given_up, run.id) == given_up.end()) kept.push_back(run.id - 1);
  }
  ASSERT_GT(kept.size(), 60);
  EXPECT_LT(kept.size(), 36 + 54);
  EXPECT_GE(kept.front(), 100);
  EXPECT_LT(kept.front(), 107);
  for (std::size_t i = 1; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i] - kept[i - 1], kept[i] > 470                ? 1
                                     : kept[i] - kept[i - 1] == 7 ? 7
                                                                  : 1)
        << kept[i];
  }
  EXPECT_EQ(std::ranges::count_if(kept, [](std::int64_t number) { return number >= 465; }), 36);
  // The newest stays, however old.
  EXPECT_TRUE(runs_to_give_up(std::span(runs).first(1), day(5000)).empty());
}

TEST(FittedImage, RoundTripsThroughBytes) {
  FittedTable rows{
      {{3}, {5}, {9'007'199'254'740'991}},
      {{kNoFittedValue, 0, -5}, {7, 7, 7}, {kNoFittedValue, kNoFittedValue, kNoFittedValue}}};
  const std::string bytes = chunk_of(rows);
  const auto again = read_chunk(bytes, 3);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->customers, rows.customers);
  EXPECT_EQ(again->columns, rows.columns);
  const FittedImage image(rows, {{{FittedAttribute::p_alive, {}},
                                  {FittedAttribute::clv, {}},
                                  {FittedAttribute::expected_orders_30d, {}}}});
  EXPECT_EQ(image.number_of({5}, 0), 0);
  EXPECT_EQ(image.number_of({3}, 0), kNoFittedValue);
  EXPECT_EQ(image.number_of({4}, 1), kNoFittedValue);
  EXPECT_EQ(image.number_of({9'007'199'254'740'991}, 1), 7);
  EXPECT_EQ(image.table().columns, rows.columns);
}

TEST(FittedImage, DamagedBytesAreRefusedOrHarmless) {
  FittedTable rows{{{3}, {5}, {900}}, {{1, 2, kNoFittedValue}}};
  const std::string bytes = chunk_of(rows);
  EXPECT_FALSE(read_chunk(bytes, 2));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_chunk(std::string_view(bytes).substr(0, size), 1)) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const auto read = read_chunk(damaged, 1);  // must not read outside
    if (read) EXPECT_EQ(read->customers.size(), 3);
  }
}

TEST(FittedForms, RoundTripAsText) {
  const FittedForm form{
      {{FittedAttribute::rfm_recency, {}}, {FittedAttribute::rfm_segment, {"lost", "new"}}}};
  EXPECT_EQ(text_of(form), "6:;9:lost|new|;");
  EXPECT_EQ(form_from(text_of(form)), form);
  for (const char* wrong : {"6", "6:", "0:;", "10:;", "x:;", "9:a;"}) {
    EXPECT_FALSE(form_from(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace timeline
