#include "stats/maximum.h"

#include <gtest/gtest.h>

#include <cmath>

namespace stats {
namespace {

// A hill with its top at logs (1, -2), curved 2 and 8 and skewed.
double hill(std::span<const double> logs, std::span<double> gradient) {
  const double x = logs[0] - 1;
  const double y = logs[1] + 2;
  gradient[0] = -2 * x - y;
  gradient[1] = -8 * y - x;
  return 5 - x * x - 4 * y * y - x * y;
}

TEST(Maximum, IsFoundWithItsCovariance) {
  const Maximum found = maximum_of(hill, std::vector<std::vector<double>>{{0, 0}, {5, 5}});
  ASSERT_TRUE(found.found);
  EXPECT_NEAR(found.logs[0], 1, 1e-8);
  EXPECT_NEAR(found.logs[1], -2, 1e-8);
  EXPECT_NEAR(found.value, 5, 1e-12);
  EXPECT_EQ(found.starts, 2);
  EXPECT_EQ(found.starts_agreeing, 2);
  EXPECT_FALSE(found.at_bound);
  // The inverse of {{2, 1}, {1, 8}}.
  EXPECT_NEAR(found.covariance[0], 8.0 / 15, 1e-6);
  EXPECT_NEAR(found.covariance[1], -1.0 / 15, 1e-6);
  EXPECT_NEAR(found.covariance[3], 2.0 / 15, 1e-6);
}

TEST(Maximum, TheHigherOfTwoHillsIsTaken) {
  const auto two = [](std::span<const double> logs, std::span<double> gradient) {
    const double low = std::exp(-(logs[0] - 3) * (logs[0] - 3));
    const double high = 2 * std::exp(-(logs[0] + 3) * (logs[0] + 3));
    gradient[0] = -2 * (logs[0] - 3) * low - 2 * (logs[0] + 3) * high;
    return low + high;
  };
  const Maximum found = maximum_of(two, std::vector<std::vector<double>>{{2.5}, {-2.5}});
  ASSERT_TRUE(found.found);
  EXPECT_NEAR(found.logs[0], -3, 1e-6);
  EXPECT_EQ(found.starts_agreeing, 1);
}

TEST(Maximum, SaysWhichParameterRisesWithoutEnd) {
  const auto ridge = [](std::span<const double> logs, std::span<double> gradient) {
    gradient[0] = -2 * logs[0];
    gradient[1] = 1;
    return -logs[0] * logs[0] + logs[1];
  };
  const Maximum found = maximum_of(ridge, std::vector<std::vector<double>>{{1, 1}});
  EXPECT_FALSE(found.found);
  ASSERT_TRUE(found.at_bound);
  EXPECT_EQ(*found.at_bound, 1u);
}

TEST(Maximum, AFlatDirectionHasNoCovariance) {
  const auto flat = [](std::span<const double> logs, std::span<double> gradient) {
    const double sum = logs[0] + logs[1];
    gradient[0] = gradient[1] = -2 * sum;
    return -sum * sum;
  };
  const Maximum found = maximum_of(flat, std::vector<std::vector<double>>{{1, 1}});
  EXPECT_FALSE(found.found);
  EXPECT_TRUE(found.covariance.empty());
}

}  // namespace
}  // namespace stats
