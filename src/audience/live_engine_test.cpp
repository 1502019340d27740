#include "audience/live_engine.h"

#include "audience/live_fixture.h"

namespace audience {
namespace {

using base::CustomerId;
using base::Duration;
using Records = std::vector<std::string>;
using Persons = std::vector<CustomerId>;

TEST_P(LiveTest, EntersAndLeavesAtTheExactMillisecond) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in in last 1h");
  start();
  now_ = kNow + Duration{1000};
  told(ann, "checked_in", kNow + Duration{990});
  settle();
  EXPECT_EQ(members(kFirst), Persons{ann});
  pass_to(kNow + Duration{990 + base::kHour.ms - 1});
  EXPECT_EQ(members(kFirst), Persons{ann});
  pass(Duration{1});
  EXPECT_EQ(members(kFirst), Persons{});
  EXPECT_EQ(records_of(ann), (Records{"entered +990", "left +3600990"}));
}

TEST_P(LiveTest, AnEventThatMeansNothingToItEvaluatesNothing) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in in last 1h");
  start();
  const auto before = engine_->figures_of(kFirst)->evaluations;
  told(ann, "order_paid", now_);
  settle();
  pass(Duration{base::kMinute.ms});
  // New to the engine: everything is looked at once.
  const auto first = engine_->figures_of(kFirst)->evaluations;
  EXPECT_LE(first, before + 1);
  told(ann, "order_paid", now_);
  settle();
  EXPECT_EQ(engine_->figures_of(kFirst)->evaluations, first);
  EXPECT_EQ(records_of(ann), Records{});
}

TEST_P(LiveTest, ALateEventPutsRightWhatWasRecorded) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in >= 2 times in last 1d");
  start();
  now_ = kNow + Duration{10'000};
  told(ann, "checked_in", kNow + Duration{5000});
  told(ann, "checked_in", kNow + Duration{9000});
  settle();
  now_ = kNow + Duration{20'000};
  told(ann, "checked_in", kNow + Duration{2000});
  settle();
  EXPECT_EQ(records_of(ann), (Records{"entered +9000", "corrected +5000"}));
  EXPECT_EQ(members(kFirst), Persons{ann});
}

TEST_P(LiveTest, WhatHappenedWhileNobodyLookedIsRecordedAtItsMoment) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in in last 1h");
  start();
  told(ann, "checked_in", now_);
  settle();
  engine_->checkpoint(now_);
  settle();
  now_ = kNow + Duration{5 * base::kHour.ms};
  told(ann, "checked_in", kNow + Duration{3 * base::kHour.ms});
  start();
  EXPECT_EQ(records_of(ann),
            (Records{"entered +0", "left +3600000", "entered +10800000", "left +14400000"}));
  EXPECT_EQ(members(kFirst), Persons{});
}

TEST_P(LiveTest, ARestartRecordsNothingTwice) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in in last 1h");
  start();
  engine_->checkpoint(now_);
  settle();
  now_ = kNow + Duration{1000};
  told(ann, "checked_in", now_);
  settle();
  EXPECT_EQ(records_of(ann), (Records{"entered +1000"}));
  start();  // the checkpoint is older than the record
  EXPECT_EQ(records_of(ann), (Records{"entered +1000"}));
  EXPECT_EQ(members(kFirst), Persons{ann});
  pass(Duration{2 * base::kHour.ms});
  EXPECT_EQ(records_of(ann), (Records{"entered +1000", "left +3601000"}));
}

TEST_P(LiveTest, ARuleMadeOrChangedRecordsNobody) {
  const CustomerId ann = known_as("phone", "13800000001");
  const CustomerId bob = known_as("phone", "13800000002");
  told(ann, "checked_in", now_);
  live(kFirst, "did checked_in");
  start();
  EXPECT_EQ(members(kFirst), Persons{ann});
  live(kFirst, "did not checked_in", 2);
  EXPECT_EQ(members(kFirst), Persons{bob});
  EXPECT_EQ(records_of(ann), Records{});
  EXPECT_EQ(records_of(bob), Records{});
  now_ = kNow + Duration{500};
  told(bob, "checked_in", now_);
  settle();
  EXPECT_EQ(records_of(bob), (Records{"left +500"}));
}

TEST_P(LiveTest, HistoryChangesWithoutARecord) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in");
  start();
  told(ann, "checked_in", now_ - Duration{base::kDay.ms}, false);
  settle();
  EXPECT_EQ(members(kFirst), Persons{ann});
  EXPECT_EQ(records_of(ann), Records{});
}

TEST_P(LiveTest, ModelsTellTheirStages) {
  const CustomerId ann = known_as("phone", "13800000001");
  const SubjectId model{SubjectKind::model, 4};
  given_->given[model] = {
      1, {"", "active", "asleep"}, {"did checked_in in last 1h", "did checked_in"}};
  start();
  told(ann, "checked_in", now_);
  settle();
  EXPECT_EQ(members(model, 1), Persons{ann});
  pass(Duration{2 * base::kHour.ms});
  EXPECT_EQ(members(model, 2), Persons{ann});
  EXPECT_EQ(records_of(ann), (Records{"stage_changed +0", "stage_changed +3600000"}));
}

TEST_P(LiveTest, AClockThatGoesBackIsFollowed) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in in last 1h");
  start();
  told(ann, "checked_in", now_);
  settle();
  pass(Duration{base::kDay.ms});
  EXPECT_EQ(members(kFirst), Persons{});
  now_ = kNow + Duration{base::kMinute.ms};
  settle();
  EXPECT_EQ(members(kFirst), Persons{ann});
  pass(Duration{base::kHour.ms});
  EXPECT_EQ(members(kFirst), Persons{});
}

TEST_P(LiveTest, AnErasedCustomerIsInNothing) {
  const CustomerId ann = known_as("phone", "13800000001");
  live(kFirst, "did checked_in");
  start();
  told(ann, "checked_in", now_);
  settle();
  erase(ann);
  settle();
  EXPECT_EQ(members(kFirst), Persons{});
}

INSTANTIATE_TEST_SUITE_P(Databases, LiveTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace audience
