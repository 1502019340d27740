#include "lifecycle/value_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "stats/purchase_forecast.h"

namespace lifecycle {
namespace {

constexpr std::size_t kNear = 3;  // times before the months of the value
using Times = std::array<double, kNear + kClvMonths>;

// 30, 90 and 365 days, then the ends of the months. Need not ascend.
Times times_ahead() {
  Times times{weeks_of(30), weeks_of(90), weeks_of(365)};
  for (int month = 1; month <= kClvMonths; ++month) {
    times[kNear + static_cast<std::size_t>(month) - 1] = kMonthWeeks * month;
  }
  return times;
}

// Purchases of the months, each discounted from its end.
double discounted(std::span<const double> ends) {
  double sum = 0;
  double before = 0;
  double factor = 1;
  for (const double end : ends) {
    factor /= 1 + kClvDiscount;
    sum += (end - before) * factor;
    before = end;
  }
  return sum;
}

}  // namespace

std::string_view name_of(GateKey key) {
  switch (key) {
    case GateKey::customers:
      return "customers";
    case GateKey::history_days:
      return "history_days";
    case GateKey::recent_orders:
      return "recent_orders";
    case GateKey::repeat_orders:
      return "repeat_orders";
  }
  base::unreachable();
}

std::vector<Gate> gates_of(const Purchases& purchases, base::LocalDay last) {
  std::int32_t first = last.days;
  std::int64_t recent = 0;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < purchases.people.size(); ++i) {
    const auto days = purchases.days_of(i);
    first = std::min(first, days.front());
    most = std::max(most, static_cast<std::int64_t>(days.size()));
    recent += static_cast<std::int64_t>(std::ranges::count_if(days, [&](std::int32_t day) {
      return day <= last.days && day > last.days - kGateRecentDays;
    }));
  }
  return {{GateKey::customers, static_cast<std::int64_t>(purchases.people.size()), kGateCustomers},
          {GateKey::history_days, last.days - first + 1, kGateHistoryDays},
          {GateKey::recent_orders, recent, 1},
          {GateKey::repeat_orders, most, kGateOrders}};
}

bool is_enough(std::span<const Gate> gates) { return std::ranges::all_of(gates, &Gate::ok); }

Summaries summaries_of(const Purchases& purchases, base::LocalDay last) {
  Summaries summaries;
  for (std::uint32_t i = 0; i < purchases.people.size(); ++i) {
    const auto all = purchases.days_of(i);
    const auto count =
        static_cast<std::size_t>(std::ranges::upper_bound(all, last.days) - all.begin());
    if (count == 0) continue;
    const auto days = all.first(count);
    std::int64_t cents = 0;
    for (const std::int64_t each : purchases.cents_of(i).first(count).subspan(1)) cents += each;
    const auto repeats = static_cast<std::uint32_t>(count - 1);
    summaries.people.push_back(i);
    summaries.histories.push_back({.repeats = repeats,
                                   .recency = weeks_of(days.back() - days.front()),
                                   .age = weeks_of(last.days - days.front())});
    const double mean =
        repeats == 0 ? 0 : static_cast<double>(cents) / 100 / static_cast<double>(repeats);
    summaries.spends.push_back({.purchases = repeats, .mean = mean});
  }
  return summaries;
}

const stats::PurchaseFit* ValueFits::best() const {
  if (!modified.report.converged()) return standard.report.converged() ? &standard : nullptr;
  if (!standard.report.converged()) return &modified;
  return modified.log_likelihood > standard.log_likelihood ? &modified : &standard;
}

stats::Runner runner_on(base::WorkPool& pool) {
  return [&pool](std::size_t count, const std::function<void(std::size_t)>& task) {
    pool.run(count, task);
  };
}

ValueFits fit_all(const Summaries& summaries, base::WorkPool& pool) {
  const stats::Runner runner = runner_on(pool);
  ValueFits fits;
  fits.standard = stats::fit_purchases(stats::PurchaseForm::standard, summaries.histories, runner);
  fits.modified = stats::fit_purchases(stats::PurchaseForm::modified, summaries.histories, runner);
  fits.spend = stats::fit_spend(summaries.spends, runner);
  fits.correlation = stats::correlation_of(summaries.spends);
  return fits;
}

std::vector<Assessment> assess(const Summaries& summaries, const ValueFits& fits,
                               const stats::Runner& runner) {
  const stats::PurchaseFit* best = fits.best();
  CHECK(best != nullptr);
  const stats::PurchaseModel& model = best->model;
  const Times times = times_ahead();
  const stats::PurchaseForecast forecast(model, summaries.histories, times, runner);
  std::vector<Assessment> all;
  all.reserve(summaries.people.size());
  for (std::size_t i = 0; i < summaries.people.size(); ++i) {
    const std::span<const double> ahead = forecast.if_alive(i);
    const double alive = stats::p_alive(model, summaries.histories[i]);
    Assessment each{.p_alive = alive,
                    .orders_30d = alive * ahead[0],
                    .orders_90d = alive * ahead[1],
                    .orders_365d = alive * ahead[2]};
    if (fits.spend.report.converged()) {
      each.spend = stats::expected_spend(fits.spend.parameters, summaries.spends[i]);
      each.clv = alive * discounted(ahead.subspan(kNear)) * *each.spend;
    }
    all.push_back(each);
  }
  return all;
}

}  // namespace lifecycle
