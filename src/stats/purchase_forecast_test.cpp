#include "stats/purchase_forecast.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace stats {
namespace {

TEST(PurchaseForecast, IsThatOfEachCustomer) {
  for (const PurchaseForm form : {PurchaseForm::standard, PurchaseForm::modified}) {
    const PurchaseModel model{form, {0.243, 4.414, 0.793, 2.426}};
    std::vector<PurchaseHistory> customers;
    for (std::uint32_t i = 0; i < 900; ++i) {
      const double age = 5 + i % 30;
      customers.push_back({i % 17, i % 17 == 0 ? 0 : age / 2, age});
    }
    const std::array<double, 3> times = {4, 13, 52};
    const PurchaseForecast forecast(model, customers, times);
    for (std::size_t i = 0; i < customers.size(); ++i) {
      for (std::size_t t = 0; t < times.size(); ++t) {
        EXPECT_NEAR(forecast.if_alive(i)[t] * p_alive(model, customers[i]),
                    expected_of(model, customers[i], times[t]), 1e-12);
      }
    }
  }
}

TEST(PurchaseForecast, BuyingAtAllIsLessLikelyThanBeingAlive) {
  const PurchaseModel model{PurchaseForm::standard, {0.243, 4.414, 0.793, 2.426}};
  const PurchaseHistory history{2, 30.43, 38.86};
  EXPECT_EQ(p_buys(model, history, 0), 0);
  EXPECT_LT(p_buys(model, history, 39), p_alive(model, history));
  EXPECT_NEAR(p_buys(model, history, 1e12), p_alive(model, history), 1e-9);
  // A new customer buys unless nothing happens at all.
  EXPECT_NEAR(p_buys(model, {0, 0, 0}, 39), 1 - probability_of(model, 0, 39), 1e-12);
}

}  // namespace
}  // namespace stats
