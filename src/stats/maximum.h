// The maximum of a smooth function of a few positive parameters.
//
// The search is over their logarithms, within bounds, from several starts: NLopt's LD_LBFGS
// (Nocedal 1980, code by Luksan), then Newton steps with the Hessian that is differenced from the
// analytic gradient. Whether it has converged is judged by what a further Newton step would add,
// not by what the search says of itself.
//
// Deterministic. One thread; the function may use others.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace stats {

// The value at these logarithms; fills in the gradient by them. Not finite: nothing there.
using LogFunction = std::function<double(std::span<const double> logs, std::span<double> gradient)>;

// All logarithms lie within ± kLogBound (a factor of about 60,000 either way), so the caller scales
// its data to a mean of about 1.
inline constexpr double kLogBound = 11.0;
inline constexpr double kAtBound = 0.05;  // so near it counts as at the bound
inline constexpr double kDecrementMax = 1e-5;
inline constexpr int kEvaluationsMax = 400;  // of one start

struct Maximum {
  std::vector<double> logs;
  double value = 0;
  double decrement = 0;                 // gᵀ(−H)⁻¹g / 2
  bool found = false;                   // decrement <= kDecrementMax and −H positive definite
  std::optional<std::size_t> at_bound;  // the first parameter that is
  std::vector<double> covariance;       // of the logarithms, row by row; empty: −H is not definite
  int starts = 0;
  int starts_agreeing = 0;
  int evaluations = 0;
};

// Requires starts of equal size within the bounds, at least one.
Maximum maximum_of(const LogFunction& function, std::span<const std::vector<double>> starts);

}  // namespace stats
