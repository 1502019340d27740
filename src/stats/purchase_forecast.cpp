#include "stats/purchase_forecast.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "stats/purchase_expectation.h"

namespace stats {
namespace {

constexpr std::size_t kPairsAtOnce = 256;

}  // namespace

PurchaseForecast::PurchaseForecast(const PurchaseModel& model,
                                   std::span<const PurchaseHistory> customers,
                                   std::span<const double> times, const Runner& runner)
    : times_(times.size()), places_(customers.size()) {
  const auto pair_of = [&](std::uint32_t customer) {
    return std::pair(customers[customer].repeats, customers[customer].age);
  };
  std::vector<std::uint32_t> order(customers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, pair_of);
  std::vector<std::uint32_t> firsts;  // a customer of each pair
  for (const std::uint32_t customer : order) {
    if (firsts.empty() || pair_of(customer) != pair_of(firsts.back())) firsts.push_back(customer);
    places_[customer] = static_cast<std::uint32_t>(firsts.size() - 1);
  }
  expected_.resize(firsts.size() * times_);
  const auto& [r, alpha, a, b] = model.parameters;
  const double first_trial = model.form == PurchaseForm::modified ? 1 : 0;
  runner((firsts.size() + kPairsAtOnce - 1) / kPairsAtOnce, [&](std::size_t task) {
    std::optional<PurchaseExpectation> expectation;
    std::uint32_t repeats = 0;
    const std::size_t end = std::min(firsts.size(), (task + 1) * kPairsAtOnce);
    for (std::size_t pair = task * kPairsAtOnce; pair < end; ++pair) {
      const PurchaseHistory& each = customers[firsts[pair]];
      if (!expectation || each.repeats != repeats) {
        repeats = each.repeats;
        expectation.emplace(a, b + repeats + first_trial);
      }
      for (std::size_t i = 0; i < times_; ++i) {
        expected_[pair * times_ + i] = expectation->of(r + repeats, times[i] / (alpha + each.age));
      }
    }
  });
}

double p_buys(const PurchaseModel& model, const PurchaseHistory& history, double t) {
  const auto& [r, alpha, a, b] = model.parameters;
  return p_alive(model, history) *
         -std::expm1(-(r + history.repeats) * std::log1p(t / (alpha + history.age)));
}

}  // namespace stats
