#include "lifecycle/win_back.h"

#include <gtest/gtest.h>

namespace lifecycle {
namespace {

// CDNOW's models; four customers: one who is surely alive, one who went silent, one who hardly ever
// bought, and one nobody may see.
ValuePeople people() {
  ValuePeople all;
  all.fits.standard.model = {stats::PurchaseForm::standard, {0.243, 4.414, 0.793, 2.426}};
  all.fits.standard.report.fault = stats::FitFault::none;
  all.fits.spend.parameters = {6.25, 3.74, 15.44};
  all.fits.spend.report.fault = stats::FitFault::none;
  const auto add = [&](std::int64_t id, const stats::PurchaseHistory& history, double mean) {
    ValuePeople::Person person;
    person.person = {id};
    person.history = history;
    person.spend = {.purchases = history.repeats, .mean = mean};
    all.people.push_back(person);
  };
  add(1, {20, 38, 39}, 50);
  add(2, {10, 20, 39}, 50);
  add(3, {0, 0, 39}, 0);
  add(4, {10, 20, 39}, 500);
  return all;
}

WinBackAnswer asked(const WinBackTerms& terms) {
  base::WorkPool pool(0);
  return win_back(people(), terms, pool, [](base::CustomerId person) { return person.value != 4; });
}

TEST(WinBack, IsWorthItWhereSomethingIsToBeWon) {
  const WinBackTerms terms{.cost = 3, .days = 90, .margin = 0.5, .success = 0.2};
  const auto answer = asked(terms);
  EXPECT_EQ(answer.worth, 1);
  EXPECT_EQ(answer.not_worth, 2);
  ASSERT_EQ(answer.people.size(), 1u);
  const WinBack& one = answer.people.front();
  EXPECT_EQ(one.at, 1u);
  // (1 − p) · E · spend · margin, each from its own source.
  const auto all = people();
  const auto& person = all.people[1];
  const auto& model = all.fits.standard.model;
  const double p = stats::p_alive(model, person.history);
  const double if_alive = stats::expected_of(model, person.history, 90.0 / 7) / p;
  const double spend = stats::expected_spend(all.fits.spend.parameters, person.spend);
  EXPECT_NEAR(one.gain, (1 - p) * if_alive * spend * 0.5, 1e-9);
  EXPECT_NEAR(one.break_even, 3 / one.gain, 1e-12);
  EXPECT_NEAR(answer.expected, 0.2 * one.gain, 1e-9);
  EXPECT_EQ(answer.cost, 3);
}

TEST(WinBack, TheBorderIsTheBreakEven) {
  WinBackTerms terms{.cost = 1, .days = 90, .margin = 0.5, .success = 0.2};
  const double gain = asked(terms).people.front().gain;
  terms.cost = 0.2 * gain * 0.999;
  EXPECT_EQ(asked(terms).worth, 1);
  terms.cost = 0.2 * gain * 1.001;
  EXPECT_EQ(asked(terms).worth, 0);
  terms = {.cost = 0.01, .days = 90, .margin = 0.5, .success = 0};
  EXPECT_EQ(asked(terms).worth, 0) << "what never works is never worth it";
}

}  // namespace
}  // namespace lifecycle
