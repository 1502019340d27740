#include "api/undoings.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>

#include "base/calendar.h"
#include "base/random.h"
#include "customer/person.h"
#include "intake/customer_file.h"
#include "intake/import_undo.h"
#include "intake/table_file.h"
#include "store/test_database.h"

namespace api {
namespace {

constexpr base::Duration kFailsafe{20 * base::kSecond.ms};
constexpr base::Duration kMoment{20};

class UndoingsTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(clock_.now(), random_);
  }
  void TearDown() override {
    log_.reset();
    store::DatabaseTest::TearDown();
  }

  // An import of three customers whose undo is begun.
  base::BatchId begun() {
    const auto file = intake::TableFile::of_bytes("customer,city\na,x\nb,y\nc,z\n");
    const base::Zone zone = *base::Zone::named("Asia/Shanghai");
    const auto report = intake::import_customers({database(), *log_, clock_, random_, zone}, **file,
                                                 {.file_name = "a.csv", .actor = {}});
    EXPECT_EQ(report->counts.written, 3);
    const intake::UndoMeans means{
        .database = database(), .log = *log_, .clock = clock_, .followers = {}};
    EXPECT_TRUE(intake::begin_undo(means, report->batch));
    return report->batch;
  }
  customer::WritingOptions writing() {
    customer::WritingOptions options;
    options.now = clock_.now();
    options.source = "test";
    return options;
  }
  event_log::BatchState state_of(base::BatchId batch) {
    return database()
        .read([&](store::Session& session) { return event_log::find_batch(session, batch); })
        ->state;
  }

  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<event_log::Log> log_;
};

// Of a machine that has no room for anything more.
class FailingClock final : public base::Clock {
 public:
  base::Moment now() const override { throw std::bad_alloc(); }
};

TEST_P(UndoingsTest, WhateverIsThrownMakesAFailedOne) {
  const base::BatchId batch = begun();
  const FailingClock clock;
  Undoings undoings(database(), *log_, clock);
  EXPECT_TRUE(undoings.add(batch, writing()));
  const auto ended = undoings.await(batch, kFailsafe);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, Undoing::State::failed);
  EXPECT_EQ(state_of(batch), event_log::BatchState::undoing);
}

TEST_P(UndoingsTest, GoesOnWhileNobodyWaits) {
  const base::BatchId batch = begun();
  Undoings undoings(database(), *log_, clock_);
  EXPECT_FALSE(undoings.find(batch));
  // While this unit is open the other cannot end.
  database().write("test.hold", [&](store::Unit& unit) {
    unit.execute("update import_batch set rows_read = rows_read where id = $1", {batch.value});
    EXPECT_TRUE(undoings.add(batch, writing()));
    EXPECT_TRUE(undoings.add(batch, writing()));  // no second time
    EXPECT_FALSE(undoings.await(batch, kMoment)->is_over());
  });
  const auto ended = undoings.await(batch, kFailsafe);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, Undoing::State::ended);
  EXPECT_EQ(ended->customers, 3);
  EXPECT_EQ(ended->done, 3);
  EXPECT_EQ(state_of(batch), event_log::BatchState::undone);
  undoings.end();
  EXPECT_FALSE(undoings.add(batch, writing()));
}

TEST_P(UndoingsTest, WhatAnEarlierProgramHasBegunIsEnded) {
  const base::BatchId batch = begun();
  Undoings undoings(database(), *log_, clock_);
  EXPECT_EQ(state_of(batch), event_log::BatchState::undoing);
  undoings.resume();
  EXPECT_EQ(undoings.await(batch, kFailsafe)->state, Undoing::State::ended);
  EXPECT_EQ(state_of(batch), event_log::BatchState::undone);
}

INSTANTIATE_TEST_SUITE_P(Both, UndoingsTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace api
