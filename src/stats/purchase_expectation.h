// The expectation behind every "how often will they buy within t".
//
// Whoever is alive with rate λ and probability p buys (1 − e^(−λpt)) / p times within t on average.
// Over λ ~ gamma(r, alpha) and p ~ beta(a, b) that is
//
//   E = ∫ (1 − (1 + p·t/alpha)^−r) / p · p^(a−1) (1−p)^(b−1) / B(a, b) dp
//     = (a+b−1)/(a−1) · [1 − (alpha/(alpha+t))^r · 2F1(r, b; a+b−1; t/(alpha+t))]
//
// the second being formula (9) of the paper. It loses all digits near a = 1, its series does not
// converge usefully for t ≫ alpha and overflows for large r; the integral has none of that. It is
// taken with p = 1/(1 + e^−y) by the trapezoidal rule over all y, which converges exponentially as
// the integrand is analytic around the real line and falls off exponentially at both ends: about
// 1e-10 relative.
//
// The places depend on (a, b) alone, so that one object serves many r, alpha and t: make it once
// for a number of purchases. Building takes some microseconds, a call one or two.
// Any thread once built.
#pragma once

#include <vector>

namespace stats {

class PurchaseExpectation {
 public:
  // Requires a, b > 0.
  PurchaseExpectation(double a, double b);

  // Requires r > 0, ratio = t / alpha >= 0.
  double of(double r, double ratio) const;

 private:
  struct Node {
    double p = 0;
    double weight = 0;
  };
  std::vector<Node> nodes_;
};

}  // namespace stats
