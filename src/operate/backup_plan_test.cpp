#include "operate/backup_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace operate {
namespace {

const base::Zone kShanghai = *base::Zone::named("Asia/Shanghai");

base::Moment at(std::string_view text) {
  return base::resolve(*base::read_moment(text), kShanghai);
}

TEST(BackupPlanTest, IsDueAtTheHourOfTheZone) {
  const BackupPlan plan{.zone = kShanghai, .hour = 3};
  EXPECT_EQ(due_at(plan, at("2026-11-22T03:00")), at("2026-11-22T03:00"));
  EXPECT_EQ(due_at(plan, at("2026-11-22T02:59:59")), at("2026-11-21T03:00"));
  EXPECT_EQ(due_at(plan, at("2026-11-22T23:00")), at("2026-11-22T03:00"));
}

TEST(BackupPlanTest, KeepsDaysThenOneAWeek) {
  const BackupPlan plan{.zone = kShanghai, .hour = 3, .keep_days = 3, .keep_weeks = 2};
  std::vector<base::Moment> made;
  for (int day = 0; day < 28; ++day) {  // every day from Sunday 22 November back
    made.push_back(at("2026-11-22T03:00") - base::Duration{day * base::kDay.ms});
  }
  const auto gone = retired(plan, made, at("2026-11-22T04:00"));
  std::vector<base::Moment> kept;
  for (const base::Moment each : made) {
    if (std::ranges::find(gone, each) == gone.end()) kept.push_back(each);
  }
  // The days 20 to 22 of this week, which holds its newest; the Sundays of the two weeks before.
  const std::vector<base::Moment> wanted = {at("2026-11-22T03:00"), at("2026-11-21T03:00"),
                                            at("2026-11-20T03:00"), at("2026-11-15T03:00"),
                                            at("2026-11-08T03:00")};
  EXPECT_EQ(kept, wanted);
}

TEST(BackupPlanTest, NeverTakesTheNewestAway) {
  const BackupPlan plan{.zone = kShanghai, .hour = 3, .keep_days = 1, .keep_weeks = 0};
  const std::vector<base::Moment> made = {at("2026-01-01T03:00"), at("2026-01-02T03:00")};
  EXPECT_EQ(retired(plan, made, at("2026-11-22T04:00")),
            std::vector<base::Moment>{at("2026-01-01T03:00")});
  EXPECT_TRUE(retired(plan, {}, at("2026-11-22T04:00")).empty());
}

TEST(BackupPlanTest, NamesSortByTime) {
  EXPECT_EQ(backup_name(at("2026-11-22T03:00:01")), "siyu-20261121T190001Z.db");
}

}  // namespace
}  // namespace operate
