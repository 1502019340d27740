#include "lifecycle/value_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lifecycle/value_calibration.h"
#include "lifecycle/value_json.h"
#include "lifecycle/value_run.h"

namespace lifecycle {
namespace {

Purchases purchases_from(const std::vector<std::vector<std::pair<int, int>>>& people) {
  Purchases all;
  for (std::size_t i = 0; i < people.size(); ++i) {
    all.people.push_back({static_cast<std::int64_t>(i) + 1});
    for (const auto& [day, cents] : people[i]) {
      all.days.push_back(day);
      all.cents.push_back(cents);
    }
    all.begins.push_back(all.days.size());
  }
  return all;
}

// Customers who live by a BG/NBD over two years, a fifth of whom begin on each day of the first
// half year's first weeks.
Purchases made_purchases(std::size_t count, int last_day) {
  std::mt19937_64 random(5);  // NOLINT: repeatable
  std::gamma_distribution<double> rate(0.8, 1 / 8.0);
  std::gamma_distribution<double> first(1.2, 1);
  std::gamma_distribution<double> second(3.5, 1);
  std::uniform_real_distribution<double> chance(0, 1);
  std::vector<std::vector<std::pair<int, int>>> people(count);
  for (auto& person : people) {
    const double lambda = std::max(rate(random), 1e-9) / 7;  // a day
    const double u = first(random);
    const double p = u / (u + second(random));
    double day = std::floor(chance(random) * last_day * 0.7);
    const double mean = 2000 + 6000 * chance(random);
    const auto cents = [&] { return static_cast<int>(mean * (0.5 + chance(random))); };
    person.emplace_back(static_cast<int>(day), cents());
    while (true) {
      day += std::max(1.0, -std::log(1 - chance(random)) / lambda);
      if (day > last_day) break;
      person.emplace_back(static_cast<int>(day), cents());
      if (chance(random) < p) break;
    }
  }
  return purchases_from(people);
}

TEST(Summaries, AreOfPurchaseDaysAndWeeks) {
  const Purchases purchases =
      purchases_from({{{0, 500}, {7, 1000}, {21, 3000}, {30, 9000}}, {{14, 700}}, {{29, 100}}});
  const Summaries at = summaries_of(purchases, {28});
  ASSERT_EQ(at.people, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(at.histories[0].repeats, 2u);
  EXPECT_DOUBLE_EQ(at.histories[0].recency, 3);
  EXPECT_DOUBLE_EQ(at.histories[0].age, 4);
  EXPECT_DOUBLE_EQ(at.spends[0].mean, 20) << "without the first and what came later";
  EXPECT_EQ(at.histories[1].repeats, 0u);
  EXPECT_DOUBLE_EQ(at.histories[1].age, 2);
  EXPECT_DOUBLE_EQ(at.spends[1].mean, 0);
}

TEST(Gates, SayWhichFails) {
  std::vector<std::vector<std::pair<int, int>>> people(500, {{0, 100}});
  people[7] = {{0, 100}, {100, 100}, {179, 100}};
  const Purchases enough = purchases_from(people);
  EXPECT_TRUE(is_enough(gates_of(enough, {179})));
  EXPECT_FALSE(is_enough(gates_of(enough, {178}))) << "179 days of history";
  EXPECT_TRUE(is_enough(gates_of(enough, {208})));
  const auto late = gates_of(enough, {209});
  EXPECT_FALSE(is_enough(late)) << "nothing in the last 30 days";
  EXPECT_FALSE(late[2].ok());
  EXPECT_EQ(late[2].key, GateKey::recent_orders);
  people[7] = {{0, 100}, {179, 100}};
  EXPECT_FALSE(gates_of(purchases_from(people), {179})[3].ok()) << "nobody with three";
  people.pop_back();
  const auto few = gates_of(purchases_from(people), {179});
  EXPECT_FALSE(few[0].ok());
  EXPECT_EQ(few[0].have, 499);
  EXPECT_EQ(few[0].want, 500);
  EXPECT_FALSE(is_enough(gates_of(Purchases(), {0})));
}

TEST(Assessments, AreThoseOfEachAlone) {
  base::WorkPool pool(1);
  const Purchases purchases = made_purchases(3000, 500);
  const Summaries summaries = summaries_of(purchases, {500});
  const ValueFits fits = fit_all(summaries, pool);
  ASSERT_NE(fits.best(), nullptr);
  ASSERT_TRUE(fits.spend.report.converged());
  const auto all = assess(summaries, fits);
  const stats::PurchaseModel& model = fits.best()->model;
  for (std::size_t i = 0; i < all.size(); i += 97) {
    const auto& history = summaries.histories[i];
    EXPECT_NEAR(all[i].p_alive, stats::p_alive(model, history), 1e-12);
    EXPECT_NEAR(all[i].orders_90d, stats::expected_of(model, history, 90.0 / 7), 1e-9);
    double value = 0;
    for (int month = 1; month <= 12; ++month) {
      const double to = stats::expected_of(model, history, month * kMonthWeeks);
      const double from = stats::expected_of(model, history, (month - 1) * kMonthWeeks);
      value += (to - from) / std::pow(1.01, month);
    }
    EXPECT_NEAR(*all[i].clv, value * *all[i].spend, 1e-6);
    EXPECT_LT(all[i].orders_30d, all[i].orders_90d);
    EXPECT_LT(all[i].orders_90d, all[i].orders_365d);
  }
}

// The data live by the model, so what it expects is what comes.
TEST(Calibration, OfDataThatLiveByTheModel) {
  base::WorkPool pool(1);
  const Purchases purchases = made_purchases(20'000, 600);
  const auto found = calibrate(purchases, {600}, pool);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->held_back_weeks, 21);
  EXPECT_EQ(found->weekly.size(), 21u);
  const Calibration::Week& end = found->weekly.back();
  EXPECT_NEAR(end.expected / end.actual, 1, 0.07);
  std::int64_t customers = 0;
  double bought = 0;
  double expected = 0;
  for (const Calibration::Bucket& bucket : found->buckets) {
    customers += bucket.customers;
    bought += bucket.share * static_cast<double>(bucket.customers);
    expected += bucket.expected_share * static_cast<double>(bucket.customers);
    if (bucket.customers > 500) {
      EXPECT_NEAR(bucket.share, bucket.expected_share, 0.05) << bucket.from;
    }
  }
  EXPECT_EQ(customers, found->customers);
  EXPECT_NEAR(expected / bought, 1, 0.07);
  double by_frequency = 0;
  for (const auto& each : found->by_frequency) {
    by_frequency += each.actual * static_cast<double>(each.customers);
  }
  EXPECT_NEAR(by_frequency, end.actual, 1e-6);
  EXPECT_GT(*found->auc, 0.7);
  EXPECT_GT(*found->auc_of_recency, 0.5);
}

TEST(Calibration, NeedsAHistoryToHoldBack) {
  base::WorkPool pool(0);
  EXPECT_FALSE(calibrate(Purchases(), {0}, pool));
  EXPECT_FALSE(calibrate(made_purchases(500, 50), {50}, pool));
}

TEST(ValueJson, GivesTheModelsBack) {
  base::WorkPool pool(1);
  ValueRun run;
  run.state = ValueState::ready;
  run.last = {500};
  run.purchases = made_purchases(2000, 500);
  run.gates = gates_of(run.purchases, run.last);
  run.summaries = summaries_of(run.purchases, run.last);
  run.fits = fit_all(run.summaries, pool);
  run.calibration = calibrate(run.purchases, run.last, pool);
  const boost::json::object result = to_json(run);
  const auto fits = fits_of(result);
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->best()->model.form, run.fits->best()->model.form);
  EXPECT_EQ(fits->best()->model.parameters.alpha, run.fits->best()->model.parameters.alpha);
  EXPECT_EQ(fits->spend.parameters.v, run.fits->spend.parameters.v);
  EXPECT_EQ(result.at("bgnbd").at("time_unit"), "week");
  EXPECT_TRUE(result.at("calibration").at("weekly").is_array());
  run.fits.reset();
  EXPECT_FALSE(fits_of(to_json(run)));
}

}  // namespace
}  // namespace lifecycle
