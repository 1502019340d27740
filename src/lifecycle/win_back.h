// Keep or let go: whether winning back a customer who may be gone is worth what it costs.
//
// Nobody can see who has gone: p = P(alive) is all there is. Left alone a customer is expected to
// buy p·E times within the days looked at, E being what they would buy if they were alive for
// certain (both of the newest run, stats/purchase_forecast.h). Winning them back can at most make
// sure that they are alive, so what there is to be won is
//
//   gain = (1 − p) · E · spend · margin        yuan; spend: what a purchase of theirs brings
//
// An effort succeeds with some of those who had gone only (`success`, which the brand must know or
// guess, and should measure against customers left alone), so it is expected to bring success·gain,
// and it is worth its cost where
//
//   success · gain >= cost        that is  success >= cost / gain = break_even
//
// So the surely alive are not worth it (there is nothing to win), and of those who hardly ever
// bought neither (E or spend is small). What it leaves out: what comes after the days looked at,
// and that an effort may annoy. The gain holds if who is won back buys as they did before; E is of
// now, so it knows that a long silence also tells of a low rate.
#pragma once

#include <cstdint>
#include <vector>

#include "lifecycle/value_runs.h"

namespace lifecycle {

inline constexpr int kWinBackDaysMax = 730;

struct WinBackTerms {
  double cost = 0;       // yuan a customer, > 0
  double days = 90;      // 1 … kWinBackDaysMax
  double margin = 1;     // of revenue, 0 … 1
  double success = 0.1;  // 0 … 1
};
struct WinBack {
  std::size_t at = 0;  // in ValuePeople::people
  double p_alive = 0;
  double gain = 0;        // yuan
  double break_even = 0;  // the success from which it pays; may be more than 1
};
struct WinBackAnswer {
  std::int64_t worth = 0;
  std::int64_t not_worth = 0;
  double cost = 0;              // of those worth it, yuan
  double expected = 0;          // success · gain of those worth it
  std::vector<WinBack> people;  // those worth it, the greatest gain first
};
// Requires fits.spend that was not refused. `sees`: whom to look at.
WinBackAnswer win_back(const ValuePeople& people, const WinBackTerms& terms, base::WorkPool& pool,
                       const std::function<bool(base::CustomerId)>& sees);

}  // namespace lifecycle
