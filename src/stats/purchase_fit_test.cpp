#include "stats/purchase_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "stats/oracle_files.h"

namespace stats {
namespace {

std::vector<PurchaseHistory> histories_of(const std::string& file) {
  std::vector<PurchaseHistory> histories;
  for (const OracleRow& row : oracle_rows(file)) {
    histories.push_back({static_cast<std::uint32_t>(row.at("x")), row.at("t_x"), row.at("T")});
  }
  return histories;
}

// Customers who live by the model itself, seen for up to a year.
std::vector<PurchaseHistory> made_of(const PurchaseModel& model, std::size_t count) {
  std::mt19937_64 random(7);  // NOLINT: repeatable
  const auto& [r, alpha, a, b] = model.parameters;
  std::gamma_distribution<double> rate(r, 1 / alpha);
  std::gamma_distribution<double> first(a, 1);
  std::gamma_distribution<double> second(b, 1);
  std::uniform_real_distribution<double> ages(10, 52);
  std::uniform_real_distribution<double> chance(0, 1);
  std::vector<PurchaseHistory> made;
  while (made.size() < count) {
    PurchaseHistory history{.age = std::floor(ages(random) * 7) / 7};
    const double lambda = rate(random);
    const double u = first(random);
    const double p = u / (u + second(random));
    bool alive = model.form == PurchaseForm::standard || chance(random) >= p;
    for (double now = 0; alive;) {
      now += -std::log(1 - chance(random)) / std::max(lambda, 1e-12);
      if (now > history.age) break;
      ++history.repeats;
      history.recency = now;
      alive = chance(random) >= p;
    }
    made.push_back(history);
  }
  return made;
}

TEST(PurchaseFit, CdnowAsPublished) {
  const auto histories = histories_of("transactions/cdnow_customers_summary_with_monetary.csv");
  if (histories.empty()) GTEST_SKIP() << "../shared/data is absent";
  const PurchaseFit fit = fit_purchases(PurchaseForm::standard, histories);
  ASSERT_TRUE(fit.report.converged()) << code_of(fit.report.fault) << fit.report.subject;
  EXPECT_NEAR(fit.log_likelihood, -9582.4256, 1e-3);
  EXPECT_NEAR(fit.model.parameters.r, 0.24260, 1e-4);
  EXPECT_NEAR(fit.model.parameters.alpha, 4.4136, 1e-3);
  EXPECT_NEAR(fit.model.parameters.a, 0.79293, 1e-3);
  EXPECT_NEAR(fit.model.parameters.b, 2.4259, 3e-3);
  EXPECT_NEAR(fit.standard_errors.r, 0.0126, 2e-3);
  EXPECT_NEAR(fit.standard_errors.alpha, 0.378, 0.02);
  EXPECT_NEAR(fit.standard_errors.a, 0.186, 0.02);
  EXPECT_NEAR(fit.standard_errors.b, 0.705, 0.05);
  EXPECT_EQ(fit.report.starts_agreeing, fit.report.starts);
  EXPECT_EQ(fit.report.customers, 2357u);
  EXPECT_LT(fit.report.groups, 2357u);

  const PurchaseFit modified = fit_purchases(PurchaseForm::modified, histories);
  ASSERT_TRUE(modified.report.converged());
  EXPECT_NEAR(modified.model.parameters.r, 0.525, 1e-3);
  EXPECT_NEAR(modified.model.parameters.alpha, 6.183, 2e-3);
  EXPECT_NEAR(modified.model.parameters.a, 0.891, 1e-3);
  EXPECT_NEAR(modified.model.parameters.b, 1.614, 1e-3);
}

TEST(PurchaseFit, ApparelAsItsOracle) {
  const auto histories = histories_of("oracles/btyd/apparel_per_customer.csv");
  if (histories.empty()) GTEST_SKIP() << "../shared/data is absent";
  const PurchaseFit fit = fit_purchases(PurchaseForm::standard, histories);
  ASSERT_TRUE(fit.report.converged()) << code_of(fit.report.fault) << fit.report.subject;
  EXPECT_NEAR(fit.log_likelihood, -5857.01975, 1e-3);
  // Here the modified form is the likelier one by far.
  const PurchaseFit modified = fit_purchases(PurchaseForm::modified, histories);
  ASSERT_TRUE(modified.report.converged());
  EXPECT_NEAR(modified.log_likelihood, -5848.0453, 1e-3);
}

TEST(PurchaseFit, FindsWhatTheDataWereMadeOf) {
  for (const PurchaseForm form : {PurchaseForm::standard, PurchaseForm::modified}) {
    const PurchaseModel made{form, {0.6, 5, 1.2, 4}};
    const auto histories = made_of(made, 20'000);
    const PurchaseFit fit = fit_purchases(form, histories);
    ASSERT_TRUE(fit.report.converged()) << code_of(fit.report.fault) << fit.report.subject;
    const auto& found = fit.model.parameters;
    EXPECT_NEAR(found.r, 0.6, 4 * fit.standard_errors.r);
    EXPECT_NEAR(found.alpha, 5, 4 * fit.standard_errors.alpha);
    EXPECT_NEAR(found.a, 1.2, 4 * fit.standard_errors.a);
    EXPECT_NEAR(found.b, 4, 4 * fit.standard_errors.b);
    EXPECT_LT(fit.standard_errors.a, 0.5);
    double likelihood = 0;
    for (const auto& each : histories) likelihood += log_likelihood(fit.model, each);
    EXPECT_NEAR(likelihood / fit.log_likelihood, 1, 1e-9);
  }
}

TEST(PurchaseFit, TheUnitOfTimeMakesNoDifference) {
  auto histories = made_of({PurchaseForm::standard, {0.6, 5, 1.2, 4}}, 3000);
  const PurchaseFit weeks = fit_purchases(PurchaseForm::standard, histories);
  for (auto& each : histories) {
    each.recency *= 7 * 86'400;
    each.age *= 7 * 86'400;
  }
  const PurchaseFit seconds = fit_purchases(PurchaseForm::standard, histories);
  EXPECT_NEAR(seconds.model.parameters.alpha / (7 * 86'400) / weeks.model.parameters.alpha, 1,
              1e-4);
  EXPECT_NEAR(seconds.model.parameters.a / weeks.model.parameters.a, 1, 1e-4);
}

TEST(PurchaseFit, ThreadsMakeNoDifference) {
  const auto histories = made_of({PurchaseForm::modified, {0.6, 5, 1.2, 4}}, 40'000);
  const PurchaseFit alone = fit_purchases(PurchaseForm::modified, histories);
  const Runner backwards = [](std::size_t count, const std::function<void(std::size_t)>& task) {
    for (std::size_t i = count; i-- > 0;) task(i);
  };
  const PurchaseFit other = fit_purchases(PurchaseForm::modified, histories, backwards);
  EXPECT_EQ(alone.log_likelihood, other.log_likelihood);
  EXPECT_EQ(alone.model.parameters.a, other.model.parameters.a);
}

// Nobody has ever gone: with a → 0 the likelihood only rises.
TEST(PurchaseFit, WhereNobodyGoesItIsRefused) {
  std::vector<PurchaseHistory> histories;
  for (std::uint32_t i = 0; i < 600; ++i) histories.push_back({1 + i % 12, 52, 52});
  const PurchaseFit fit = fit_purchases(PurchaseForm::standard, histories);
  EXPECT_FALSE(fit.report.converged());
  EXPECT_EQ(fit.report.fault, FitFault::at_bound);
  EXPECT_EQ(fit.standard_errors.a, 0);
}

// Everybody buys alike: the gamma of rates shrinks to a point.
TEST(PurchaseFit, WhereAllAreAlikeItIsRefused) {
  const std::vector<PurchaseHistory> histories(600, {4, 40, 52});
  const PurchaseFit fit = fit_purchases(PurchaseForm::standard, histories);
  EXPECT_FALSE(fit.report.converged());
  EXPECT_NE(code_of(fit.report.fault), "");
}

TEST(PurchaseFit, TooFewRepeatersAreRefused) {
  std::vector<PurchaseHistory> histories(1000, {0, 0, 30});
  for (std::size_t i = 0; i < 9; ++i) histories[i] = {1, 5, 30};
  EXPECT_EQ(fit_purchases(PurchaseForm::standard, histories).report.fault, FitFault::too_few);
  EXPECT_EQ(fit_purchases(PurchaseForm::standard, {}).report.fault, FitFault::too_few);
}

}  // namespace
}  // namespace stats
