#include "stats/maximum.h"

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace stats {
namespace {

constexpr double kStep = 1e-4;  // of the logarithms, for the Hessian
constexpr int kNewtonStepsMax = 30;

using Vector = std::vector<double>;

struct Search {
  const LogFunction& function;
  int evaluations = 0;

  double at(std::span<const double> logs, std::span<double> gradient) {
    ++evaluations;
    return function(logs, gradient);
  }
};

double minus_value(unsigned count, const double* logs, double* gradient, void* data) {
  auto& search = *static_cast<Search*>(data);
  Vector slope(count);
  const double value = search.at({logs, count}, slope);
  if (gradient != nullptr) {
    for (unsigned i = 0; i < count; ++i) gradient[i] = -slope[i];
  }
  return std::isfinite(value) ? -value : std::numeric_limits<double>::max();
}

// A start's best, as far as the quasi-Newton search comes; what it says of itself is not asked.
Vector climbed(Search& search, const Vector& start) {
  const auto count = static_cast<unsigned>(start.size());
  const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> search_of(
      nlopt_create(NLOPT_LD_LBFGS, count), nlopt_destroy);
  nlopt_set_min_objective(search_of.get(), minus_value, &search);
  nlopt_set_lower_bounds1(search_of.get(), -kLogBound);
  nlopt_set_upper_bounds1(search_of.get(), kLogBound);
  nlopt_set_ftol_rel(search_of.get(), 1e-12);
  nlopt_set_maxeval(search_of.get(), kEvaluationsMax);
  Vector logs = start;
  double value = 0;
  nlopt_optimize(search_of.get(), logs.data(), &value);
  return logs;
}

// −H by central differences of the gradient, made symmetric; row by row.
Vector curvature(Search& search, const Vector& logs) {
  const std::size_t n = logs.size();
  Vector matrix(n * n);
  Vector above(n);
  Vector below(n);
  for (std::size_t i = 0; i < n; ++i) {
    Vector moved = logs;
    moved[i] = logs[i] + kStep;
    search.at(moved, above);
    moved[i] = logs[i] - kStep;
    search.at(moved, below);
    for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] = (below[j] - above[j]) / (2 * kStep);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      matrix[i * n + j] = matrix[j * n + i] = (matrix[i * n + j] + matrix[j * n + i]) / 2;
    }
  }
  return matrix;
}

// The inverse by Cholesky; empty when the matrix is not positive definite.
Vector inverse(const Vector& matrix, std::size_t n) {
  Vector lower(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i * n + k] * lower[j * n + k];
      if (i == j) {
        if (!(sum > 1e-9 * (std::abs(matrix[i * n + i]) + 1e-9))) return {};
        lower[i * n + i] = std::sqrt(sum);
      } else {
        lower[i * n + j] = sum / lower[j * n + j];
      }
    }
  }
  Vector out(n * n);
  for (std::size_t column = 0; column < n; ++column) {
    Vector solved(n);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = i == column ? 1.0 : 0.0;
      for (std::size_t k = 0; k < i; ++k) sum -= lower[i * n + k] * solved[k];
      solved[i] = sum / lower[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
      double sum = solved[i];
      for (std::size_t k = i + 1; k < n; ++k) sum -= lower[k * n + i] * solved[k];
      solved[i] = sum / lower[i * n + i];
    }
    for (std::size_t i = 0; i < n; ++i) out[i * n + column] = solved[i];
  }
  return out;
}

// Halves the step until the value rises; false: it does not.
bool step_up(Search& search, Maximum& best, const Vector& step, Vector& gradient) {
  for (double part = 1; part > 1e-6; part /= 2) {
    Vector moved = best.logs;
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[i] = std::clamp(moved[i] + part * step[i], -kLogBound, kLogBound);
    }
    Vector slope(moved.size());
    const double value = search.at(moved, slope);
    if (!std::isfinite(value) || value <= best.value) continue;
    best.logs = moved;
    best.value = value;
    gradient = slope;
    return true;
  }
  return false;
}

// From what the quasi-Newton search has found to where the gradient is nothing.
void finish(Search& search, Maximum& best) {
  const std::size_t n = best.logs.size();
  Vector gradient(n);
  best.value = search.at(best.logs, gradient);
  for (int steps = 0; steps < kNewtonStepsMax; ++steps) {
    best.covariance = inverse(curvature(search, best.logs), n);
    if (best.covariance.empty()) return;
    Vector step(n);
    best.decrement = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) step[i] += best.covariance[i * n + j] * gradient[j];
      best.decrement += gradient[i] * step[i] / 2;
    }
    best.found = best.decrement <= kDecrementMax;
    if (best.decrement <= kDecrementMax * 1e-4 || !step_up(search, best, step, gradient)) return;
  }
}

}  // namespace

Maximum maximum_of(const LogFunction& function, std::span<const std::vector<double>> starts) {
  Search search{function};
  Maximum best;
  best.value = -std::numeric_limits<double>::infinity();
  Vector values;
  for (const Vector& start : starts) {
    Vector logs = climbed(search, start);
    Vector gradient(logs.size());
    const double value = search.at(logs, gradient);
    values.push_back(value);
    if (value > best.value || best.logs.empty()) {
      best.value = value;
      best.logs = std::move(logs);
    }
  }
  for (std::size_t i = 0; i < best.logs.size() && !best.at_bound; ++i) {
    if (std::abs(best.logs[i]) >= kLogBound - kAtBound) best.at_bound = i;
  }
  if (!best.at_bound) finish(search, best);
  best.starts = static_cast<int>(starts.size());
  best.starts_agreeing = static_cast<int>(
      std::ranges::count_if(values, [&](double value) { return value >= best.value - 0.01; }));
  best.evaluations = search.evaluations;
  return best;
}

}  // namespace stats
