// The value of customers: what is fitted to everybody's purchases, whether it may be used, and what
// it says of each.
//
//   (x, t_x, T) of a customer: purchase days without the first; weeks from the first to the last of
//   them; weeks from the first to the last day looked at. m: the mean money of the x days, the
//   first one left out (as Fader and Hardie do: the first purchase is part of becoming a customer).
//
// BG/NBD and MBG/NBD (stats/purchase_model.h) are both fitted to (x, t_x, T) of everybody, and the
// likelier one is used; Gamma-Gamma (stats/gamma_gamma.h) to (x, m) of those with x > 0 and m > 0.
//
// Nothing is said where there is not enough data (gates, semantics.md section 8), and nothing by a
// fit that is refused.
//
// Pure but for the pool; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/work_pool.h"
#include "lifecycle/purchases.h"
#include "stats/gamma_gamma.h"
#include "stats/purchase_fit.h"

namespace lifecycle {

inline constexpr std::int64_t kGateCustomers = 500;  // with a purchase
inline constexpr std::int64_t kGateHistoryDays = 180;
inline constexpr std::int64_t kGateRecentDays = 30;  // at least one purchase in them
inline constexpr std::int64_t kGateOrders = 3;       // at least one customer with so many
// Of the value of a customer: so many months, at so much a month (a twelfth of a year).
inline constexpr int kClvMonths = 12;
inline constexpr double kClvDiscount = 0.01;

// In weeks.
constexpr double weeks_of(double days) { return days / 7; }
inline constexpr double kMonthWeeks = 365.25 / 12 / 7;

enum class GateKey : std::uint8_t { customers, history_days, recent_orders, repeat_orders };
std::string_view name_of(GateKey key);  // "customers", "history_days", …
struct Gate {
  GateKey key;
  std::int64_t have = 0;
  std::int64_t want = 0;
  bool ok() const { return have >= want; }
};
// `last`: the last day looked at.
std::vector<Gate> gates_of(const Purchases& purchases, base::LocalDay last);
bool is_enough(std::span<const Gate> gates);

// People who had bought by `last`, as places in Purchases::people, and what they had done by then.
struct Summaries {
  std::vector<std::uint32_t> people;
  std::vector<stats::PurchaseHistory> histories;  // in weeks
  std::vector<stats::SpendHistory> spends;        // in yuan
};
Summaries summaries_of(const Purchases& purchases, base::LocalDay last);

struct ValueFits {
  stats::PurchaseFit standard;
  stats::PurchaseFit modified;
  stats::SpendFit spend;
  // Between how often and how much, which Gamma-Gamma supposes to be none.
  double correlation = 0;

  // The likelier of those that were not refused; null: both were.
  const stats::PurchaseFit* best() const;
};
// A pool as the runner of stats.
stats::Runner runner_on(base::WorkPool& pool);
// Everything, about three times what a purchase model takes.
ValueFits fit_all(const Summaries& summaries, base::WorkPool& pool);

// What is said of one customer. Orders are purchase days to come.
struct Assessment {
  double p_alive = 0;
  double orders_30d = 0;
  double orders_90d = 0;
  double orders_365d = 0;
  // Yuan a purchase; and of all purchases expected in kClvMonths, each month's discounted from its
  // end: net revenue, not profit. Nothing: the fit of money is refused.
  std::optional<double> spend = std::nullopt;
  std::optional<double> clv = std::nullopt;
};
// Of all summaries, in their order. Requires fits.best() != null.
std::vector<Assessment> assess(const Summaries& summaries, const ValueFits& fits,
                               const stats::Runner& runner = stats::run_in_turn);

}  // namespace lifecycle
