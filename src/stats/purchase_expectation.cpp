#include "stats/purchase_expectation.h"

#include <algorithm>
#include <cmath>

#include "stats/log_gamma.h"

namespace stats {
namespace {

constexpr double kLogNothing = -32;  // e^-32 = 1e-14 of the peak is left out
constexpr double kStepMax = 0.4;

// log(1 + e^y)
double softplus(double y) { return y > 0 ? y + std::log1p(std::exp(-y)) : std::log1p(std::exp(y)); }

}  // namespace

PurchaseExpectation::PurchaseExpectation(double a, double b) {
  const double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  // log of p^a (1-p)^b, greatest at p = a / (a + b).
  const auto log_weight = [&](double y) { return -a * softplus(-y) - b * softplus(y); };
  const double peak = std::log(a / b);
  const double floor = log_weight(peak) + kLogNothing;
  // About the width of the peak: a narrow one needs narrow steps.
  const double step = std::min(kStepMax, 0.75 * std::sqrt((a + b) / (a * b)));
  const auto add = [&](double y) {
    const double log_w = log_weight(y);
    if (log_w < floor) return false;
    nodes_.push_back({1 / (1 + std::exp(-y)), step * std::exp(log_w - log_beta)});
    return true;
  };
  for (double y = peak; add(y); y += step) {
  }
  for (double y = peak - step; add(y); y -= step) {
  }
}

double PurchaseExpectation::of(double r, double ratio) const {
  double sum = 0;
  for (const Node& node : nodes_) {
    // (1 − (1 + p·ratio)^−r) / p
    sum += node.weight * -std::expm1(-r * std::log1p(node.p * ratio)) / node.p;
  }
  return sum;
}

}  // namespace stats
