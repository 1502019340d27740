#include "stats/gamma_gamma.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "stats/oracle_files.h"

namespace stats {
namespace {

constexpr SpendParameters kPublished{6.25, 3.74, 15.44};

TEST(GammaGamma, PublishedConditionalMeans) {
  EXPECT_NEAR(expected_spend(kPublished, {2, 22.35}), 24.66, 5e-3);
  EXPECT_NEAR(expected_spend(kPublished, {1, 11.77}), 18.91, 1e-2);
  EXPECT_NEAR(expected_spend(kPublished, {0, 0}), 6.25 * 15.44 / 2.74, 1e-12);
  EXPECT_TRUE(std::isinf(expected_spend({6, 0.9, 15}, {0, 0})));
}

TEST(GammaGamma, CdnowAsPublished) {
  const auto rows = oracle_rows("transactions/cdnow_customers_summary_with_monetary.csv");
  if (rows.empty()) GTEST_SKIP() << "../shared/data is absent";
  std::vector<SpendHistory> histories;
  for (const OracleRow& row : rows) {
    histories.push_back({static_cast<std::uint32_t>(row.at("x")), row.at("zbar")});
  }
  const SpendFit fit = fit_spend(histories);
  ASSERT_TRUE(fit.report.converged()) << code_of(fit.report.fault);
  EXPECT_EQ(fit.report.customers, 946u);
  EXPECT_NEAR(fit.parameters.p, 6.25, 0.02);
  EXPECT_NEAR(fit.parameters.q, 3.74, 0.02);
  EXPECT_NEAR(fit.parameters.v, 15.44, 0.02);
  EXPECT_NEAR(fit.log_likelihood, -4055.9232, 1e-3);
  EXPECT_NEAR(fit.standard_errors.p, 1.19, 0.2);
  double likelihood = 0;
  for (const SpendHistory& each : histories) {
    if (each.purchases > 0) likelihood += log_likelihood(fit.parameters, each);
  }
  EXPECT_NEAR(likelihood, fit.log_likelihood, 1e-6);
}

TEST(GammaGamma, CdnowPerCustomer) {
  const auto rows = oracle_rows("oracles/btyd/cdnow_per_customer.csv");
  if (rows.empty()) GTEST_SKIP() << "../shared/data is absent";
  for (const OracleRow& row : rows) {
    const SpendHistory history{static_cast<std::uint32_t>(row.at("x")), row.at("m_x")};
    EXPECT_NEAR(expected_spend(kPublished, history), row.at("gg_exp_spend"), 1e-4);
  }
}

TEST(GammaGamma, ApparelAsItsOracle) {
  const auto rows = oracle_rows("oracles/btyd/apparel_per_customer.csv");
  if (rows.empty()) GTEST_SKIP() << "../shared/data is absent";
  std::vector<SpendHistory> histories;
  for (const OracleRow& row : rows) {
    histories.push_back({static_cast<std::uint32_t>(row.at("x")), row.at("m_x")});
  }
  const SpendFit fit = fit_spend(histories);
  ASSERT_TRUE(fit.report.converged()) << code_of(fit.report.fault);
  EXPECT_NEAR(fit.log_likelihood, -1670.6630, 1e-3);
  const SpendParameters oracle{3.0990326505, 5.6536728673, 56.5040844013};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(expected_spend(oracle, histories[i]), rows[i].at("gg_exp_spend"), 1e-4);
  }
}

TEST(GammaGamma, FindsWhatTheDataWereMadeOf) {
  std::mt19937_64 random(11);  // NOLINT: repeatable
  const SpendParameters made{5, 4, 3000};
  std::gamma_distribution<double> rates(made.q, 1 / made.v);
  std::vector<SpendHistory> histories;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const std::uint32_t x = 1 + i % 7;
    std::gamma_distribution<double> means(made.p * x, 1 / (rates(random) * x));
    histories.push_back({x, means(random)});
  }
  const SpendFit fit = fit_spend(histories);
  ASSERT_TRUE(fit.report.converged());
  EXPECT_NEAR(fit.parameters.p, made.p, 4 * fit.standard_errors.p);
  EXPECT_NEAR(fit.parameters.q, made.q, 4 * fit.standard_errors.q);
  EXPECT_NEAR(fit.parameters.v, made.v, 4 * fit.standard_errors.v);
  EXPECT_NEAR(correlation_of(histories), 0, 0.05);
}

// Everybody always spends the same: there is nothing the mean varies by.
TEST(GammaGamma, WhereAllSpendAlikeItIsRefused) {
  std::vector<SpendHistory> histories;
  for (std::uint32_t i = 0; i < 100; ++i) histories.push_back({1 + i % 5, 9.90});
  const SpendFit fit = fit_spend(histories);
  EXPECT_FALSE(fit.report.converged());
  EXPECT_EQ(fit.standard_errors.p, 0);
}

TEST(GammaGamma, WhoHasSpentNothingIsLeftOut) {
  const SpendFit fit = fit_spend(std::vector<SpendHistory>(50, {3, 0}));
  EXPECT_EQ(fit.report.fault, FitFault::too_few);
  EXPECT_EQ(fit.report.customers, 0u);
}

TEST(GammaGamma, CorrelationIsPearsons) {
  EXPECT_NEAR(correlation_of(std::vector<SpendHistory>{{1, 10}, {2, 20}, {3, 30}}), 1, 1e-12);
  EXPECT_NEAR(correlation_of(std::vector<SpendHistory>{{1, 30}, {2, 20}, {3, 10}}), -1, 1e-12);
  EXPECT_EQ(correlation_of(std::vector<SpendHistory>{{1, 30}, {2, 30}}), 0);
}

}  // namespace
}  // namespace stats
