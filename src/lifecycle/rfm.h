// Recency, frequency and money: three scores from 1 to 5 a customer, and the segment they make.
//
//   recency     whole days since the last purchase; the fewer, the higher the score
//   frequency   orders
//   money       net cents: paid less refunded
//
// A measure is cut at four values, by own cuts or at the quintiles of all who are scored (by linear
// interpolation between neighbours, type 7 of Hyndman and Fan 1996): whoever is above a quintile is
// in the next class, equal values are always in the same one. So with many equal values some scores
// may be nobody's. A segment is the first row whose three ranges hold the scores.
//
// Exact: integers alone. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace lifecycle {

inline constexpr int kRfmScoreMax = 5;
inline constexpr std::size_t kRfmCells = 125;
inline constexpr std::size_t kRfmSegmentsMax = 100;  // rows

// From cuts[i] on a value is in class i + 2; ascending, equal ones are allowed.
using RfmCuts = std::array<std::int64_t, 4>;

struct RfmCutsOf {
  RfmCuts recency{};  // days
  RfmCuts frequency{};
  RfmCuts money{};  // cents
  friend bool operator==(const RfmCutsOf&, const RfmCutsOf&) = default;
};

// What is known of one customer.
struct RfmFacts {
  base::CustomerId person;
  std::int64_t recency_days = 0;
  std::int64_t orders = 0;
  std::int64_t cents = 0;
};

struct RfmScores {
  int recency = 1;
  int frequency = 1;
  int money = 1;
  friend auto operator<=>(const RfmScores&, const RfmScores&) = default;
};
// Of the grid: 0 … kRfmCells - 1.
std::size_t cell_of(const RfmScores& scores);
RfmScores scores_of_cell(std::size_t cell);

// The class of a value, 1 … 5.
int class_of(std::int64_t value, const RfmCuts& cuts);
// At the quintiles. Of no values all are 0.
RfmCuts quintile_cuts(std::vector<std::int64_t> values);
RfmCutsOf quintile_cuts(std::span<const RfmFacts> facts);
RfmScores scores_of(const RfmFacts& facts, const RfmCutsOf& cuts);

struct RfmRange {
  int from = 1;
  int to = kRfmScoreMax;
  bool holds(int score) const { return score >= from && score <= to; }
  friend bool operator==(const RfmRange&, const RfmRange&) = default;
};
// A row of the table of segments; several may have one key.
struct RfmSegment {
  std::string key;
  RfmRange recency;
  RfmRange frequency;
  RfmRange money;
  std::string label_zh;
  std::string label_en;
  bool holds(const RfmScores& scores) const;
  friend bool operator==(const RfmSegment&, const RfmSegment&) = default;
};
// The usual ones, of rfm_segments.tsv: every cell has one.
const std::vector<RfmSegment>& shipped_segments();
// Nothing: no row holds them.
std::optional<std::size_t> segment_of(const RfmScores& scores,
                                      std::span<const RfmSegment> segments);

}  // namespace lifecycle
