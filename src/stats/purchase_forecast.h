// Expected purchases of many customers and for several times to come at once.
//
// What somebody who is alive buys depends on (x, T) alone, so it is computed once for each pair
// that occurs: of a million customers of three years some ten thousand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/fit.h"
#include "stats/purchase_model.h"

namespace stats {

class PurchaseForecast {
 public:
  // `times`: from now on, ascending, in the model's unit. About a microsecond a pair and time.
  PurchaseForecast(const PurchaseModel& model, std::span<const PurchaseHistory> customers,
                   std::span<const double> times, const Runner& runner = run_in_turn);

  // One for each time: what this customer buys until then if they are alive. Times p_alive it is
  // expected_of (stats/purchase_model.h).
  std::span<const double> if_alive(std::size_t customer) const {
    return std::span(expected_).subspan(places_[customer] * times_, times_);
  }

 private:
  std::size_t times_ = 0;
  std::vector<std::uint32_t> places_;  // of each customer, in pairs
  std::vector<double> expected_;       // pair after pair
};

// P(at least one purchase in (T, T + t] | x, t_x, T): alive, and not silent by chance.
double p_buys(const PurchaseModel& model, const PurchaseHistory& history, double t);

}  // namespace stats
