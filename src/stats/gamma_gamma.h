// What a purchase of a customer is worth on average: the Gamma-Gamma model.
//
// The values of one customer's purchases are gamma distributed around a mean of their own (shape
// p), and these means differ among customers by an inverse gamma distribution (shape q, scale v).
// The mean of x purchases alone is needed, not each.
//
//   Fader, Hardie, The Gamma-Gamma Model of Monetary Value, 2013 (brucehardie.com/notes/025),
//   formulas (1a) and (5)
//
// It supposes that how much and how often somebody buys have nothing to do with each other;
// `correlation_of` tells whether that is so in the data. Values are positive numbers in any one
// unit; v is in the same. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "stats/fit.h"

namespace stats {

inline constexpr std::array<std::string_view, 3> kSpendParameters = {"p", "q", "v"};

struct SpendParameters {
  double p = 1;
  double q = 2;
  double v = 1;
};
struct SpendHistory {
  std::uint32_t purchases = 0;  // x: those the mean is of
  double mean = 0;
};

// Requires purchases > 0 and mean > 0.
double log_likelihood(const SpendParameters& at, const SpendHistory& history);

// E[mean value of this customer's purchases | x, mean] = p (v + x·mean) / (p·x + q − 1); of
// somebody with x = 0 that of all customers. Infinite where p·x + q <= 1.
double expected_spend(const SpendParameters& at, const SpendHistory& history);

struct SpendFit {
  SpendParameters parameters;
  SpendParameters standard_errors;
  double log_likelihood = 0;
  FitReport report;
};
// As stats/purchase_fit.h. Whoever has no purchases or a mean that is not positive is left out.
// Refused as at_bound "q" also where q <= 1, since then the mean of all customers does not exist.
SpendFit fit_spend(std::span<const SpendHistory> customers, const Runner& runner = run_in_turn);

// Pearson's, between purchases and mean, of those the fit looks at; 0 where there is none.
double correlation_of(std::span<const SpendHistory> customers);

}  // namespace stats
