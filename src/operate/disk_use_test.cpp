#include "operate/disk_use.h"

#include <gtest/gtest.h>

#include <fstream>

#include "store/test_database.h"

namespace operate {
namespace {

constexpr base::Moment kNow{1'768'000'000'000};

// A sample an hour, growing by so much.
std::vector<DiskSample> hours(int count, std::int64_t bytes_an_hour) {
  std::vector<DiskSample> samples;
  for (int i = 0; i < count; ++i) {
    samples.push_back({kNow + base::Duration{i * base::kHour.ms}, 1'000'000 + i * bytes_an_hour});
  }
  return samples;
}

TEST(ForecastTest, SaysNothingOfTooLittle) {
  EXPECT_EQ(forecast({}, 1'000).kind, ForecastKind::not_enough_data);
  const Forecast two_days = forecast(hours(48, 10), 1'000);
  EXPECT_EQ(two_days.kind, ForecastKind::not_enough_data);
  EXPECT_FALSE(two_days.days_left);
  EXPECT_FALSE(two_days.growth_bytes_a_day);
}

TEST(ForecastTest, DividesWhatIsFreeByTheGrowthOfADay) {
  const Forecast told = forecast(hours(96, 100), 24'000);
  EXPECT_EQ(told.kind, ForecastKind::days);
  EXPECT_EQ(told.growth_bytes_a_day, 2400);
  EXPECT_EQ(told.days_left, 10);
}

TEST(ForecastTest, DoesNotDivideByWhatDoesNotGrow) {
  EXPECT_EQ(forecast(hours(96, 0), 1'000).kind, ForecastKind::not_growing);
  EXPECT_EQ(forecast(hours(96, -10), 1'000).kind, ForecastKind::not_growing);
  EXPECT_EQ(forecast(hours(96, 10), std::nullopt).kind, ForecastKind::free_not_known);
}

class DiskUseTest : public store::DatabaseTest {};

TEST_P(DiskUseTest, KeepsOneSampleAnHourAndForgetsOldOnes) {
  const store::TemporaryFolder folder;
  std::ofstream(folder.path() + "/file") << std::string(5'000, 'x');
  DiskUse use(database(), folder.path());
  use.sample(kNow);
  use.sample(kNow + base::kMinute);
  ASSERT_EQ(use.samples().size(), 1u);
  EXPECT_GE(use.samples()[0].data_bytes, 5'000);
  use.sample(kNow + base::Duration{20 * base::kDay.ms});
  ASSERT_EQ(use.samples().size(), 1u);
  EXPECT_GT(use.samples()[0].at, kNow);
}

TEST_P(DiskUseTest, KnowsWhatIsFreeWhereTheDataAreFiles) {
  const store::TemporaryFolder folder;
  const DiskNow now = DiskUse(database(), folder.path()).now();
  const bool sqlite = GetParam() == store::Dialect::sqlite;
  EXPECT_EQ(now.free_bytes.has_value(), sqlite);
  EXPECT_GE(now.data_bytes, sqlite ? 0 : 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(Both, DiskUseTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace operate
