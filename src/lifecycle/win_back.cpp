#include "lifecycle/win_back.h"

#include <algorithm>
#include <array>
#include <limits>

#include "stats/purchase_forecast.h"

namespace lifecycle {

WinBackAnswer win_back(const ValuePeople& people, const WinBackTerms& terms, base::WorkPool& pool,
                       const std::function<bool(base::CustomerId)>& sees) {
  const stats::PurchaseModel& model = people.fits.best()->model;
  std::vector<stats::PurchaseHistory> histories;
  for (const ValuePeople::Person& each : people.people) histories.push_back(each.history);
  const std::array<double, 1> ahead = {weeks_of(terms.days)};
  const stats::PurchaseForecast forecast(model, histories, ahead, runner_on(pool));
  WinBackAnswer answer;
  for (std::size_t i = 0; i < histories.size(); ++i) {
    const ValuePeople::Person& person = people.people[i];
    if (!sees(person.person)) continue;
    const double alive = stats::p_alive(model, histories[i]);
    const double spend = stats::expected_spend(people.fits.spend.parameters, person.spend);
    const double gain = (1 - alive) * forecast.if_alive(i)[0] * spend * terms.margin;
    if (terms.success * gain < terms.cost || gain <= 0) {
      ++answer.not_worth;
      continue;
    }
    ++answer.worth;
    answer.cost += terms.cost;
    answer.expected += terms.success * gain;
    answer.people.push_back({i, alive, gain, terms.cost / gain});
  }
  std::ranges::stable_sort(answer.people, std::ranges::greater(), &WinBack::gain);
  return answer;
}

}  // namespace lifecycle
