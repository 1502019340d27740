#include "stats/purchase_model.h"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "stats/log_gamma.h"
#include "stats/purchase_expectation.h"

namespace stats {
namespace {

// How often p was tried: the modified form tries it at the first purchase too.
double trials_of(const PurchaseModel& model, std::uint32_t repeats) {
  return repeats + (model.form == PurchaseForm::modified ? 1.0 : 0.0);
}

// log of what having gone at t_x weighs against being alive: the ratio of the likelihood's parts.
double log_odds_of_gone(const PurchaseModel& model, const PurchaseHistory& history) {
  const auto& [r, alpha, a, b] = model.parameters;
  return std::log(a) - std::log(b + trials_of(model, history.repeats) - 1) +
         (r + history.repeats) *
             (std::log(alpha + history.age) - std::log(alpha + history.recency));
}

double softplus(double y) { return y > 0 ? y + std::log1p(std::exp(-y)) : std::log1p(std::exp(y)); }

}  // namespace

double log_likelihood(const PurchaseModel& model, const PurchaseHistory& history) {
  const auto& [r, alpha, a, b] = model.parameters;
  const double x = history.repeats;
  const double trials = trials_of(model, history.repeats);
  const double log_alive = log_gamma(r + x) - log_gamma(r) + r * std::log(alpha) +
                           log_gamma(a + b) + log_gamma(b + trials) - log_gamma(b) -
                           log_gamma(a + b + trials) - (r + x) * std::log(alpha + history.age);
  if (trials == 0) return log_alive;
  return log_alive + softplus(log_odds_of_gone(model, history));
}

double p_alive(const PurchaseModel& model, const PurchaseHistory& history) {
  if (trials_of(model, history.repeats) == 0) return 1;
  return 1 / (1 + std::exp(log_odds_of_gone(model, history)));
}

double probability_of(const PurchaseModel& model, std::uint32_t n, double t) {
  const auto& [r, alpha, a, b] = model.parameters;
  const double x = n;
  const double trials = trials_of(model, n);
  const double share = t / (alpha + t);
  if (share <= 0 && n > 0) return 0;
  const double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  const double log_exactly = log_gamma(r + x) - log_gamma(r) - log_gamma(x + 1) +
                             r * std::log(alpha / (alpha + t)) + (n == 0 ? 0 : x * std::log(share));
  const double alive = std::exp(log_gamma(a) + log_gamma(b + trials) - log_gamma(a + b + trials) -
                                log_beta + log_exactly);
  if (trials == 0) return alive;
  // At least n purchases had they stayed: 1 − Σ of the negative binomial below n.
  const double at_least = n == 0 ? 1 : boost::math::ibeta(x, r, share);
  return alive + std::exp(log_gamma(a + 1) + log_gamma(b + trials - 1) - log_gamma(a + b + trials) -
                          log_beta) *
                     at_least;
}

double expected_of_new(const PurchaseModel& model, double t) {
  const auto& [r, alpha, a, b] = model.parameters;
  const double trials = trials_of(model, 0);
  const double alive = trials == 0 ? 1 : b / (a + b);
  return alive * PurchaseExpectation(a, b + trials).of(r, t / alpha);
}

double expected_of(const PurchaseModel& model, const PurchaseHistory& history, double t) {
  const auto& [r, alpha, a, b] = model.parameters;
  const PurchaseExpectation expectation(a, b + trials_of(model, history.repeats));
  return p_alive(model, history) * expectation.of(r + history.repeats, t / (alpha + history.age));
}

}  // namespace stats
