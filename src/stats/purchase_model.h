// Buying till one has gone: the BG/NBD model and its modified form, MBG/NBD.
//
// While alive a customer buys at random at their own rate λ, which is gamma distributed among
// customers (shape r, rate alpha). After a purchase they are gone for good with their own
// probability p, which is beta distributed (a, b). In the standard form that is so after every
// repeat purchase, so whoever has bought once is alive for certain: P(alive) = 1 for x = 0. In the
// modified form they may also be gone right after the first purchase.
//
//   standard: Fader, Hardie, Lee, "Counting Your Customers" the Easy Way: An Alternative to the
//             Pareto/NBD Model, Marketing Science 24(2), 2005, formulas (3), (8), (9), (10)
//   modified: Batislam, Denizel, Filiztekin, Empirical Validation and Comparison of Models for
//             Customer Base Analysis, Int. J. of Research in Marketing 24(3), 2007
//
// What is known of a customer is (x, t_x, T): repeat purchases, when the last of them was, and how
// long they have been seen, both since the first purchase, in any one unit of time; alpha and every
// time below are in the same. x counts purchases without the first.
//
// Pure functions; any thread. Everything is computed in logarithms, so that x = 1,000 overflows
// nothing. Requires parameters > 0 and 0 <= t_x <= T.
#pragma once

#include <cstdint>

namespace stats {

enum class PurchaseForm : std::uint8_t { standard, modified };

struct PurchaseParameters {
  double r = 1;
  double alpha = 1;
  double a = 1;
  double b = 1;
};
struct PurchaseModel {
  PurchaseForm form = PurchaseForm::standard;
  PurchaseParameters parameters;
};

struct PurchaseHistory {
  std::uint32_t repeats = 0;  // x
  double recency = 0;         // t_x; 0 when there are no repeats
  double age = 0;             // T
};

double log_likelihood(const PurchaseModel& model, const PurchaseHistory& history);

// P(alive at T | x, t_x, T).
double p_alive(const PurchaseModel& model, const PurchaseHistory& history);

// P(X(t) = n) of a new customer: n repeat purchases within t of the first one.
double probability_of(const PurchaseModel& model, std::uint32_t n, double t);

// E[X(t)] of a new customer.
double expected_of_new(const PurchaseModel& model, double t);

// E[purchases in (T, T + t] | x, t_x, T].
double expected_of(const PurchaseModel& model, const PurchaseHistory& history, double t);

}  // namespace stats
