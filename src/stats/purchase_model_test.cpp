#include "stats/purchase_model.h"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "stats/oracle_files.h"
#include "stats/purchase_expectation.h"

namespace stats {
namespace {

// Published: Fader, Hardie, Lee 2005.
constexpr PurchaseModel kCdnow{PurchaseForm::standard, {0.243, 4.414, 0.793, 2.426}};
constexpr PurchaseModel kModified{PurchaseForm::modified, {0.525, 6.183, 0.891, 1.614}};
constexpr PurchaseModel kFitted{PurchaseForm::standard,
                                {0.2425945, 4.4136019, 0.7929199, 2.4258881}};

TEST(PurchaseModel, PublishedChancesOfBeingAlive) {
  EXPECT_NEAR(p_alive(kFitted, {2, 30.43, 38.86}), 0.7266, 5e-5);
  EXPECT_NEAR(p_alive(kFitted, {1, 1.71, 38.86}), 0.2122, 5e-5);
  EXPECT_NEAR(p_alive(kFitted, {23, 39, 39}), 0.9686, 5e-5);
  EXPECT_EQ(p_alive(kFitted, {0, 0, 38.86}), 1);
  EXPECT_NEAR(p_alive(kFitted, {1000, 10, 100}), 0, 1e-12);
}

TEST(PurchaseModel, TheModifiedFormDoubtsWhoHasBoughtOnce) {
  const double p = p_alive(kModified, {0, 0, 38.86});
  EXPECT_LT(p, 1);
  EXPECT_NEAR(p, 1 / (1 + 0.891 / 1.614 * std::pow((6.183 + 38.86) / 6.183, 0.525)), 1e-12);
  EXPECT_NEAR(p_alive(kModified, {0, 0, 0}), 1.614 / (0.891 + 1.614), 1e-12);
}

TEST(PurchaseModel, PublishedExpectations) {
  EXPECT_NEAR(expected_of(kCdnow, {2, 30.43, 38.86}, 39), 1.226, 1e-3);
  const double expected[][2] = {{0.1429, 0.0078},  {1, 0.0532},  {3, 0.1506},
                                {31.8571, 1.0405}, {32, 1.0437}, {78, 1.8576}};
  for (const auto& [t, wanted] : expected) {
    EXPECT_NEAR(expected_of_new(kFitted, t), wanted, 5e-4);
  }
}

TEST(PurchaseModel, PublishedProbabilities) {
  EXPECT_NEAR(probability_of(kCdnow, 10, 2), 1.07869e-7, 1e-12);
  const double at_39[] = {0.5737863521,    0.19939528084,   0.085429759539, 0.045860353848,
                          0.027671449336,  0.017965493867,  0.012268976716, 0.0086954288042,
                          0.0063403083093, 0.0047280216414, 0.0035904295402};
  for (std::uint32_t n = 0; n <= 10; ++n) {
    EXPECT_NEAR(probability_of(kCdnow, n, 39), at_39[n], 1e-10) << n;
  }
}

// The two forms' probabilities add up, and their mean is what the integral says.
TEST(PurchaseModel, ProbabilitiesAgreeWithTheExpectation) {
  for (const PurchaseModel& model : {kCdnow, kModified}) {
    double sum = 0;
    double mean = 0;
    for (std::uint32_t n = 0; n < 4000; ++n) {
      const double p = probability_of(model, n, 20);
      sum += p;
      mean += p * n;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(mean, expected_of_new(model, 20), 1e-6);
  }
  EXPECT_EQ(probability_of(kCdnow, 3, 0), 0);
  EXPECT_NEAR(probability_of(kCdnow, 0, 0), 1, 1e-12);
}

// The likelihood of a new customer's first T, added up over all they may have done in it: Σ over x
// with the time of the last purchase integrated. For x = 1 its place alone: density over t_x.
TEST(PurchaseModel, TheLikelihoodOfOnePurchaseIntegratesToItsProbability) {
  for (const PurchaseModel& model : {kCdnow, kModified}) {
    const double age = 12;
    const auto density = [&](double at) { return std::exp(log_likelihood(model, {1, at, age})); };
    const double sum =
        boost::math::quadrature::gauss_kronrod<double, 61>::integrate(density, 0.0, age, 10, 1e-12);
    EXPECT_NEAR(sum, probability_of(model, 1, age), 1e-9);
    EXPECT_NEAR(std::exp(log_likelihood(model, {0, 0, age})), probability_of(model, 0, age), 1e-12);
  }
}

// Against the integral over p taken in another way, in places where the series of 2F1 fails.
TEST(PurchaseExpectation, HoldsWhereTheSeriesFails) {
  struct Case {
    double a, b, r, ratio;
  };
  for (const auto& [a, b, r, ratio] :
       {Case{1.0, 2.4, 0.24, 3}, Case{1.0000001, 2.4, 5, 3}, Case{0.79, 30, 30, 0.4},
        Case{0.3, 0.4, 0.24, 500}, Case{0.8, 1002, 1000, 2}, Case{200, 900, 50, 1},
        Case{3, 1500, 1500, 10}}) {
    const double log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
    // p = s^(1/a) takes the singularity at 0 away, 1 - p = … the one at 1 is left to the rule.
    const auto over_y = [&, a = a, b = b, r = r, ratio = ratio](double y) {
      const double p = 1 / (1 + std::exp(-y));
      const double q = 1 / (1 + std::exp(y));
      return std::exp(a * std::log(p) + b * std::log(q) - log_beta) *
             -std::expm1(-r * std::log1p(p * ratio)) / p;
    };
    double wanted = 0;
    for (double at = -160; at < 60; at += 0.25) {
      wanted += boost::math::quadrature::gauss<double, 15>::integrate(over_y, at, at + 0.25);
    }
    const double got = PurchaseExpectation(a, b).of(r, ratio);
    EXPECT_NEAR(got / wanted, 1, 1e-8) << a << " " << b << " " << r << " " << ratio;
  }
}

TEST(PurchaseExpectation, IsNothingInNoTimeAndGrowsWithIt) {
  const PurchaseExpectation of(0.8, 2.4);
  EXPECT_EQ(of.of(0.24, 0), 0);
  // At first λ·t: r / alpha · t.
  EXPECT_NEAR(of.of(0.24, 1e-9) / (0.24 * 1e-9), 1, 1e-6);
  EXPECT_LT(of.of(0.24, 1), of.of(0.24, 2));
}

TEST(PurchaseModel, CdnowPerCustomer) {
  const auto rows = oracle_rows("oracles/btyd/cdnow_per_customer.csv");
  if (rows.empty()) GTEST_SKIP() << "../shared/data is absent";
  EXPECT_EQ(rows.size(), 1415u);
  for (const OracleRow& row : rows) {
    const PurchaseHistory history{static_cast<std::uint32_t>(row.at("x")), row.at("t_x"),
                                  row.at("T")};
    EXPECT_NEAR(p_alive(kCdnow, history), row.at("bgnbd_p_alive"), 1e-6);
    EXPECT_NEAR(expected_of(kCdnow, history, 39), row.at("bgnbd_exp_39w"), 1e-6);
  }
}

TEST(PurchaseModel, ApparelPerCustomer) {
  const auto rows = oracle_rows("oracles/btyd/apparel_per_customer.csv");
  if (rows.empty()) GTEST_SKIP() << "../shared/data is absent";
  const PurchaseModel model{PurchaseForm::standard,
                            {0.60725815812, 20.9555086766, 1.2754565842, 8.857947742}};
  double likelihood = 0;
  for (const OracleRow& row : rows) {
    const PurchaseHistory history{static_cast<std::uint32_t>(row.at("x")), row.at("t_x"),
                                  row.at("T")};
    EXPECT_NEAR(p_alive(model, history), row.at("bgnbd_p_alive"), 1e-6);
    EXPECT_NEAR(expected_of(model, history, 52), row.at("bgnbd_exp_52w"), 1e-6);
    likelihood += log_likelihood(model, history);
  }
  EXPECT_NEAR(likelihood, -5857.0197509419, 1e-4);
}

}  // namespace
}  // namespace stats
