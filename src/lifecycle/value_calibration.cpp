#include "lifecycle/value_calibration.h"

#include <algorithm>

#include "lifecycle/value_model.h"
#include "stats/auc.h"
#include "stats/purchase_forecast.h"

namespace lifecycle {
namespace {

int held_back_weeks(const Purchases& purchases, base::LocalDay last) {
  const auto first = std::ranges::min_element(purchases.days);
  if (first == purchases.days.end()) return 0;
  const int weeks = (last.days - *first + 1) / 7;
  if (weeks < 2 * kHeldBackWeeksMin) return 0;
  return std::clamp(weeks / 4, kHeldBackWeeksMin, kHeldBackWeeksMax);
}

// Holds the model of what was before against what came.
class Holding {
 public:
  Holding(const Purchases& purchases, base::LocalDay cut, int weeks)
      : purchases_(purchases), cut_(cut), weeks_(weeks) {}

  Calibration hold(const Summaries& summaries, const stats::PurchaseModel& model,
                   base::WorkPool& pool);

 private:
  void begin(std::size_t customers, stats::PurchaseForm form);
  // Purchases of the customer in the weeks held back; adds them to the weeks.
  std::int64_t count(std::uint32_t person);
  void finish();

  const Purchases& purchases_;
  const base::LocalDay cut_;
  const int weeks_;
  Calibration found_;
};

void Holding::begin(std::size_t customers, stats::PurchaseForm form) {
  found_.held_back_weeks = weeks_;
  found_.form = form;
  found_.customers = static_cast<std::int64_t>(customers);
  for (std::size_t i = 0; i < kAliveBuckets; ++i) {
    const double width = 1.0 / kAliveBuckets;
    found_.buckets.push_back(
        {.from = static_cast<double>(i) * width, .to = static_cast<double>(i + 1) * width});
  }
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    found_.by_frequency.push_back({.frequency = static_cast<int>(i)});
  }
  for (int week = 1; week <= weeks_; ++week) found_.weekly.push_back({.week = week});
}

std::int64_t Holding::count(std::uint32_t person) {
  std::int64_t bought = 0;
  for (const std::int32_t day : purchases_.days_of(person)) {
    if (day <= cut_.days) continue;
    const auto week = static_cast<std::size_t>((day - cut_.days - 1) / 7);
    if (week >= found_.weekly.size()) break;
    found_.weekly[week].actual += 1;
    ++bought;
  }
  return bought;
}

// Sums to means, weeks to what they add up to.
void Holding::finish() {
  for (Calibration::Bucket& bucket : found_.buckets) {
    const auto customers = static_cast<double>(std::max<std::int64_t>(bucket.customers, 1));
    bucket.expected_share /= customers;
    bucket.share /= customers;
  }
  for (Calibration::ByFrequency& each : found_.by_frequency) {
    const auto customers = static_cast<double>(std::max<std::int64_t>(each.customers, 1));
    each.expected /= customers;
    each.actual /= customers;
  }
  for (std::size_t week = 1; week < found_.weekly.size(); ++week) {
    found_.weekly[week].actual += found_.weekly[week - 1].actual;
  }
}

Calibration Holding::hold(const Summaries& summaries, const stats::PurchaseModel& model,
                          base::WorkPool& pool) {
  begin(summaries.people.size(), model.form);
  std::vector<double> ends;
  for (int week = 1; week <= weeks_; ++week) ends.push_back(week);
  const stats::PurchaseForecast forecast(model, summaries.histories, ends, runner_on(pool));
  std::vector<stats::Ranked> by_model;
  std::vector<stats::Ranked> by_recency;
  for (std::size_t i = 0; i < summaries.people.size(); ++i) {
    const stats::PurchaseHistory& history = summaries.histories[i];
    const double alive = stats::p_alive(model, history);
    const double buys = stats::p_buys(model, history, weeks_);
    const std::int64_t bought = count(summaries.people[i]);
    const auto bucket = static_cast<std::size_t>(alive * kAliveBuckets);
    Calibration::Bucket& of = found_.buckets[std::min(bucket, kAliveBuckets - 1)];
    ++of.customers;
    of.expected_share += buys;
    of.share += bought > 0 ? 1 : 0;
    const std::size_t frequency = std::min<std::size_t>(history.repeats, kFrequencies - 1);
    Calibration::ByFrequency& by = found_.by_frequency[frequency];
    ++by.customers;
    by.expected += alive * forecast.if_alive(i).back();
    by.actual += static_cast<double>(bought);
    for (std::size_t week = 0; week < ends.size(); ++week) {
      found_.weekly[week].expected += alive * forecast.if_alive(i)[week];
    }
    by_model.push_back({buys, bought > 0});
    by_recency.push_back({history.recency - history.age, bought > 0});
  }
  finish();
  found_.auc = stats::auc_of(std::move(by_model));
  found_.auc_of_recency = stats::auc_of(std::move(by_recency));
  return std::move(found_);
}

}  // namespace

std::optional<Calibration> calibrate(const Purchases& purchases, base::LocalDay last,
                                     base::WorkPool& pool) {
  const int weeks = held_back_weeks(purchases, last);
  if (weeks == 0) return std::nullopt;
  const base::LocalDay cut{last.days - 7 * weeks};
  const Summaries summaries = summaries_of(purchases, cut);
  ValueFits fits;
  const stats::Runner runner = runner_on(pool);
  fits.standard = stats::fit_purchases(stats::PurchaseForm::standard, summaries.histories, runner);
  fits.modified = stats::fit_purchases(stats::PurchaseForm::modified, summaries.histories, runner);
  const stats::PurchaseFit* best = fits.best();
  if (best == nullptr) return std::nullopt;
  return Holding(purchases, cut, weeks).hold(summaries, best->model, pool);
}

}  // namespace lifecycle
