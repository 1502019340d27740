// Chance, repeatable from its seed: what happens to one customer of the demo brand.
//
// Each customer has dice of their own, and other ones for each day, so that what becomes of one
// does not depend on how many there are, nor a day on how far the days before were told. Not thread
// safe.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "base/random.h"
#include "demo/text.h"

namespace demo {

class Dice {
 public:
  // `day`: 0, or a number of its own for each day, below 2^20.
  Dice(std::uint64_t seed, std::uint64_t customer, std::uint64_t day = 0)
      : random_(
            base::SeededRandom(base::SeededRandom(seed).next() ^ (customer << 20) ^ day).next()) {}

  base::Random& random() { return random_; }
  // In [0, 1).
  double unit() { return static_cast<double>(random_.next() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }
  // In [from, to], both included.
  std::int64_t between(std::int64_t from, std::int64_t to) {
    CHECK(from <= to);
    return from + static_cast<std::int64_t>(unit() * static_cast<double>(to - from + 1));
  }
  // Exponential: the gamma distribution of shape 1.
  double gamma_1(double mean) { return -mean * std::log1p(-unit()); }
  // The beta distribution with the shapes 1 and b: its mean is 1 ÷ (1 + b).
  double beta_1(double b) { return 1 - std::pow(1 - unit(), 1 / b); }
  template <typename T>
  const T& one_of(std::span<const T> all) {
    return all[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(all.size()) - 1))];
  }
  // One of them, as often as its number is of the sum.
  const Text& weighted(std::span<const Text> all) {
    std::int64_t sum = 0;
    for (const Text& each : all) sum += each.number;
    std::int64_t left = between(0, sum - 1);
    for (const Text& each : all) {
      left -= each.number;
      if (left < 0) return each;
    }
    base::unreachable();
  }

 private:
  base::SeededRandom random_;
};

}  // namespace demo
