#include "stats/purchase_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "stats/log_gamma.h"
#include "stats/maximum.h"

namespace stats {
namespace {

constexpr std::size_t kChunk = 16'384;
constexpr std::size_t kCount = 4;

struct Group {
  std::uint32_t repeats = 0;  // places in the lists below
  std::uint32_t recency = 0;
  std::uint32_t age = 0;
  double weight = 0;
};

// What depends on the number of purchases alone, or on a time alone, is computed once for each.
struct OfRepeats {
  double x = 0;
  double constant = 0;  // of the log-likelihood
  std::array<double, kCount> slope{};
  double log_gone = 0;  // log a − log(b + trials − 1)
  double per_b = 0;     // 1 / (b + trials − 1)
  bool may_be_gone = true;
};
struct OfTime {
  double log = 0;  // log(alpha + t)
  double inverse = 0;
};

struct Sums {
  double value = 0;
  std::array<double, kCount> slope{};
};

class Likelihood {
 public:
  Likelihood(PurchaseForm form, std::span<const PurchaseHistory> customers, const Runner& runner);

  std::size_t groups() const { return groups_.size(); }
  double scale() const { return scale_; }
  double purchases() const { return purchases_; }
  double at(std::span<const double> logs, std::span<double> gradient);

 private:
  void prepare(const PurchaseParameters& at);
  Sums sum_of(std::size_t chunk, const PurchaseParameters& at) const;

  PurchaseForm form_;
  const Runner& runner_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> repeats_;  // that occur, ascending
  std::vector<double> times_;           // scaled
  std::vector<OfRepeats> of_repeats_;
  std::vector<OfTime> of_times_;
  double scale_ = 1;
  double purchases_ = 0;
};

template <typename T>
std::uint32_t place_in(const std::vector<T>& sorted, T value) {
  return static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, value) - sorted.begin());
}
template <typename T>
void keep_each_once(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

Likelihood::Likelihood(PurchaseForm form, std::span<const PurchaseHistory> customers,
                       const Runner& runner)
    : form_(form), runner_(runner) {
  std::vector<PurchaseHistory> sorted(customers.begin(), customers.end());
  const auto key = [](const PurchaseHistory& each) {
    return std::tuple(each.repeats, each.recency, each.age);
  };
  std::ranges::sort(sorted, {}, key);
  double ages = 0;
  for (const PurchaseHistory& each : sorted) {
    ages += each.age;
    purchases_ += each.repeats;
    repeats_.push_back(each.repeats);
    times_.push_back(each.recency);
    times_.push_back(each.age);
  }
  keep_each_once(repeats_);
  keep_each_once(times_);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const PurchaseHistory& each = sorted[i];
    if (i == 0 || key(each) != key(sorted[i - 1])) {
      groups_.push_back({.repeats = place_in(repeats_, each.repeats),
                         .recency = place_in(times_, each.recency),
                         .age = place_in(times_, each.age)});
    }
    groups_.back().weight += 1;
  }
  if (ages > 0) scale_ = ages / static_cast<double>(sorted.size());
  for (double& time : times_) time /= scale_;
  of_repeats_.resize(repeats_.size());
  of_times_.resize(times_.size());
}

void Likelihood::prepare(const PurchaseParameters& at) {
  const auto& [r, alpha, a, b] = at;
  const double base = -log_gamma(r) + r * std::log(alpha) + log_gamma(a + b) - log_gamma(b);
  const double slope_r = -digamma(r) + std::log(alpha);
  const double slope_ab = digamma(a + b);
  const double slope_b = slope_ab - digamma(b);
  for (std::size_t i = 0; i < repeats_.size(); ++i) {
    const double x = repeats_[i];
    const double trials = x + (form_ == PurchaseForm::modified ? 1 : 0);
    const double end = digamma(a + b + trials);
    OfRepeats& of = of_repeats_[i];
    of.x = x;
    of.constant = base + log_gamma(r + x) + log_gamma(b + trials) - log_gamma(a + b + trials);
    of.slope = {slope_r + digamma(r + x), r / alpha, slope_ab - end,
                slope_b + digamma(b + trials) - end};
    of.may_be_gone = trials > 0;
    of.log_gone = of.may_be_gone ? std::log(a) - std::log(b + trials - 1) : 0;
    of.per_b = of.may_be_gone ? 1 / (b + trials - 1) : 0;
  }
  for (std::size_t i = 0; i < times_.size(); ++i) {
    of_times_[i] = {std::log(alpha + times_[i]), 1 / (alpha + times_[i])};
  }
}

Sums Likelihood::sum_of(std::size_t chunk, const PurchaseParameters& at) const {
  Sums sums;
  const std::size_t end = std::min(groups_.size(), (chunk + 1) * kChunk);
  for (std::size_t i = chunk * kChunk; i < end; ++i) {
    const Group& group = groups_[i];
    const OfRepeats& of = of_repeats_[group.repeats];
    const OfTime& age = of_times_[group.age];
    const OfTime& recency = of_times_[group.recency];
    const double power = at.r + of.x;
    double value = of.constant - power * age.log;
    double gone = 0;
    if (of.may_be_gone) {
      const double odds = of.log_gone + power * (age.log - recency.log);
      const double small = std::exp(-std::abs(odds));
      value += std::max(odds, 0.0) + std::log1p(small);
      gone = (odds > 0 ? 1 : small) / (1 + small);
    }
    const double alive = 1 - gone;
    const double w = group.weight;
    sums.value += w * value;
    sums.slope[0] += w * (of.slope[0] - alive * age.log - gone * recency.log);
    sums.slope[1] += w * (of.slope[1] - power * (alive * age.inverse + gone * recency.inverse));
    sums.slope[2] += w * (of.slope[2] + gone / at.a);
    sums.slope[3] += w * (of.slope[3] - gone * of.per_b);
  }
  return sums;
}

double Likelihood::at(std::span<const double> logs, std::span<double> gradient) {
  const PurchaseParameters at{std::exp(logs[0]), std::exp(logs[1]), std::exp(logs[2]),
                              std::exp(logs[3])};
  prepare(at);
  std::vector<Sums> parts((groups_.size() + kChunk - 1) / kChunk);
  runner_(parts.size(), [&](std::size_t chunk) { parts[chunk] = sum_of(chunk, at); });
  double value = 0;
  std::ranges::fill(gradient, 0);
  for (const Sums& part : parts) {
    value += part.value;
    for (std::size_t i = 0; i < kCount; ++i) gradient[i] += part.slope[i];
  }
  for (std::size_t i = 0; i < kCount; ++i) gradient[i] *= std::exp(logs[i]);
  return value;
}

// Low and high rates, few and many who go: of a scaled time.
std::vector<std::vector<double>> starts_of(double repeats_a_customer) {
  const double rate = std::max(repeats_a_customer, 0.01);
  std::vector<std::vector<double>> starts;
  for (const double r : {0.3, 2.0}) {
    for (const auto& [a, b] : {std::pair(0.8, 2.5), std::pair(0.5, 8.0)}) {
      starts.push_back({std::log(r), std::log(r / rate), std::log(a), std::log(b)});
      for (double& log : starts.back()) log = std::clamp(log, -kLogBound + 1, kLogBound - 1);
    }
  }
  return starts;
}

void judge(FitReport& report, const Maximum& maximum) {
  report.starts = maximum.starts;
  report.starts_agreeing = maximum.starts_agreeing;
  report.evaluations = maximum.evaluations;
  report.decrement = maximum.decrement;
  report.fault = FitFault::none;
  if (maximum.at_bound) {
    report.fault = FitFault::at_bound;
    report.subject = kPurchaseParameters[*maximum.at_bound];
    return;
  }
  if (!maximum.found) {
    report.fault = maximum.covariance.empty() ? FitFault::flat : FitFault::not_converged;
    return;
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    if (std::sqrt(maximum.covariance[i * kCount + i]) <= kLogErrorMax) continue;
    report.fault = FitFault::flat;
    report.subject = kPurchaseParameters[i];
    return;
  }
}

}  // namespace

PurchaseFit fit_purchases(PurchaseForm form, std::span<const PurchaseHistory> customers,
                          const Runner& runner) {
  PurchaseFit fit;
  fit.model.form = form;
  fit.report.customers = customers.size();
  const auto repeaters = std::ranges::count_if(
      customers, [](const PurchaseHistory& each) { return each.repeats > 0; });
  if (static_cast<std::size_t>(repeaters) < kFitRowsMin) return fit;
  Likelihood likelihood(form, customers, runner);
  fit.report.groups = likelihood.groups();
  const auto starts = starts_of(likelihood.purchases() / static_cast<double>(customers.size()));
  const Maximum maximum =
      maximum_of([&](std::span<const double> logs,
                     std::span<double> gradient) { return likelihood.at(logs, gradient); },
                 starts);
  judge(fit.report, maximum);
  const double scale = likelihood.scale();
  PurchaseParameters& found = fit.model.parameters;
  found = {std::exp(maximum.logs[0]), std::exp(maximum.logs[1]) * scale, std::exp(maximum.logs[2]),
           std::exp(maximum.logs[3])};
  // A likelihood of x purchases has the unit time^−x.
  fit.log_likelihood = maximum.value - likelihood.purchases() * std::log(scale);
  if (fit.report.converged()) {
    const auto error = [&](std::size_t i) { return std::sqrt(maximum.covariance[i * kCount + i]); };
    fit.standard_errors = {found.r * error(0), found.alpha * error(1), found.a * error(2),
                           found.b * error(3)};
  } else {
    fit.standard_errors = {0, 0, 0, 0};
  }
  return fit;
}

}  // namespace stats
