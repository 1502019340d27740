#include "stats/gamma_gamma.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/log_gamma.h"
#include "stats/maximum.h"

namespace stats {
namespace {

constexpr std::size_t kChunk = 16'384;
constexpr std::size_t kCount = 3;

bool is_told(const SpendHistory& each) { return each.purchases > 0 && each.mean > 0; }

struct Sums {
  double value = 0;
  std::array<double, kCount> slope{};
};

// Rows by purchases, so that what depends on them alone is computed once for all rows of one x.
class Likelihood {
 public:
  Likelihood(std::span<const SpendHistory> customers, const Runner& runner);

  std::size_t customers() const { return customers_; }
  std::size_t groups() const { return groups_.size(); }
  double scale() const { return scale_; }
  double at(std::span<const double> logs, std::span<double> gradient);

 private:
  struct Group {
    double x = 0;
    double total = 0;  // x · mean, scaled
    double weight = 0;
  };
  struct OfPurchases {
    double x = 0;
    double weight = 0;
    double log_means = 0;  // Σ weight · log mean
  };
  void add_fixed(const SpendParameters& at, Sums& sums) const;

  const Runner& runner_;
  std::vector<Group> groups_;
  std::vector<OfPurchases> of_purchases_;
  std::size_t customers_ = 0;
  double scale_ = 1;
};

Likelihood::Likelihood(std::span<const SpendHistory> customers, const Runner& runner)
    : runner_(runner) {
  std::vector<SpendHistory> sorted;
  std::ranges::copy_if(customers, std::back_inserter(sorted), is_told);
  std::ranges::sort(sorted, {},
                    [](const SpendHistory& each) { return std::pair(each.purchases, each.mean); });
  customers_ = sorted.size();
  double sum = 0;
  for (const SpendHistory& each : sorted) sum += each.mean;
  if (customers_ > 0) scale_ = sum / static_cast<double>(customers_);
  const SpendHistory* last = nullptr;
  for (const SpendHistory& each : sorted) {
    const double x = each.purchases;
    const double mean = each.mean / scale_;
    if (last == nullptr || last->purchases != each.purchases) of_purchases_.push_back({.x = x});
    of_purchases_.back().weight += 1;
    of_purchases_.back().log_means += std::log(mean);
    if (last == nullptr || last->purchases != each.purchases || last->mean != each.mean) {
      groups_.push_back({.x = x, .total = x * mean});
    }
    groups_.back().weight += 1;
    last = &each;
  }
}

// What a log of v + x·mean is not in.
void Likelihood::add_fixed(const SpendParameters& at, Sums& sums) const {
  const auto& [p, q, v] = at;
  const double log_gamma_q = log_gamma(q);
  const double digamma_q = digamma(q);
  for (const OfPurchases& of : of_purchases_) {
    const double px = p * of.x;
    const double digamma_all = digamma(px + q);
    sums.value += of.weight * (log_gamma(px + q) - log_gamma(px) - log_gamma_q + q * std::log(v) +
                               px * std::log(of.x)) +
                  (px - 1) * of.log_means;
    sums.slope[0] +=
        of.x * (of.weight * (digamma_all - digamma(px) + std::log(of.x)) + of.log_means);
    sums.slope[1] += of.weight * (digamma_all - digamma_q + std::log(v));
    sums.slope[2] += of.weight * q / v;
  }
}

double Likelihood::at(std::span<const double> logs, std::span<double> gradient) {
  const SpendParameters at{std::exp(logs[0]), std::exp(logs[1]), std::exp(logs[2])};
  std::vector<Sums> parts((groups_.size() + kChunk - 1) / kChunk);
  runner_(parts.size(), [&](std::size_t chunk) {
    Sums& sums = parts[chunk];
    const std::size_t end = std::min(groups_.size(), (chunk + 1) * kChunk);
    for (std::size_t i = chunk * kChunk; i < end; ++i) {
      const Group& group = groups_[i];
      const double log = std::log(at.v + group.total);
      const double power = at.p * group.x + at.q;
      sums.value -= group.weight * power * log;
      sums.slope[0] -= group.weight * group.x * log;
      sums.slope[1] -= group.weight * log;
      sums.slope[2] -= group.weight * power / (at.v + group.total);
    }
  });
  Sums sums;
  add_fixed(at, sums);
  for (const Sums& part : parts) {
    sums.value += part.value;
    for (std::size_t i = 0; i < kCount; ++i) sums.slope[i] += part.slope[i];
  }
  for (std::size_t i = 0; i < kCount; ++i) gradient[i] = sums.slope[i] * std::exp(logs[i]);
  return sums.value;
}

void judge(FitReport& report, const Maximum& maximum) {
  report.starts = maximum.starts;
  report.starts_agreeing = maximum.starts_agreeing;
  report.evaluations = maximum.evaluations;
  report.decrement = maximum.decrement;
  report.fault = FitFault::none;
  if (maximum.at_bound || maximum.logs[1] <= 0) {
    report.fault = FitFault::at_bound;
    report.subject = kSpendParameters[maximum.at_bound.value_or(1)];
    return;
  }
  if (!maximum.found) {
    report.fault = maximum.covariance.empty() ? FitFault::flat : FitFault::not_converged;
    return;
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    if (std::sqrt(maximum.covariance[i * kCount + i]) <= kLogErrorMax) continue;
    report.fault = FitFault::flat;
    report.subject = kSpendParameters[i];
    return;
  }
}

}  // namespace

double log_likelihood(const SpendParameters& at, const SpendHistory& history) {
  const auto& [p, q, v] = at;
  const double x = history.purchases;
  return log_gamma(p * x + q) - log_gamma(p * x) - log_gamma(q) + q * std::log(v) +
         (p * x - 1) * std::log(history.mean) + p * x * std::log(x) -
         (p * x + q) * std::log(v + x * history.mean);
}

double expected_spend(const SpendParameters& at, const SpendHistory& history) {
  const double x = is_told(history) ? history.purchases : 0;
  const double below = at.p * x + at.q - 1;
  if (below <= 0) return std::numeric_limits<double>::infinity();
  return at.p * (at.v + x * history.mean) / below;
}

SpendFit fit_spend(std::span<const SpendHistory> customers, const Runner& runner) {
  SpendFit fit;
  Likelihood likelihood(customers, runner);
  fit.report.customers = likelihood.customers();
  fit.report.groups = likelihood.groups();
  fit.standard_errors = {0, 0, 0};
  if (likelihood.customers() < kFitRowsMin) return fit;
  const std::vector<std::vector<double>> starts = {{std::log(6.0), std::log(4.0), std::log(0.5)},
                                                   {std::log(1.0), std::log(2.0), std::log(1.0)},
                                                   {std::log(20.0), std::log(8.0), std::log(0.3)}};
  const Maximum maximum =
      maximum_of([&](std::span<const double> logs,
                     std::span<double> gradient) { return likelihood.at(logs, gradient); },
                 starts);
  judge(fit.report, maximum);
  const double scale = likelihood.scale();
  SpendParameters& found = fit.parameters;
  found = {std::exp(maximum.logs[0]), std::exp(maximum.logs[1]), std::exp(maximum.logs[2]) * scale};
  // A density of a mean has the unit money^−1.
  fit.log_likelihood =
      maximum.value - static_cast<double>(likelihood.customers()) * std::log(scale);
  if (fit.report.converged()) {
    const auto error = [&](std::size_t i) { return std::sqrt(maximum.covariance[i * kCount + i]); };
    fit.standard_errors = {found.p * error(0), found.q * error(1), found.v * error(2)};
  }
  return fit;
}

double correlation_of(std::span<const SpendHistory> customers) {
  double n = 0;
  double x = 0;
  double y = 0;
  for (const SpendHistory& each : customers) {
    if (!is_told(each)) continue;
    n += 1;
    x += each.purchases;
    y += each.mean;
  }
  if (n < 2) return 0;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (const SpendHistory& each : customers) {
    if (!is_told(each)) continue;
    const double dx = each.purchases - x / n;
    const double dy = each.mean - y / n;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

}  // namespace stats
