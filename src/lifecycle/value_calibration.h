// Whether what the models say comes true: fitted to all but the last weeks, held against them.
//
// The last k weeks (a quarter of the history, kHeldBackWeeksMin … kHeldBackWeeksMax) are held back.
// Both models are fitted to what had happened before, the likelier one is used, as for a run. Of
// the customers known by then:
//
//   buckets       by p_alive (ten of equal width): how many, which share was expected to buy within
//                 the k weeks (stats::p_buys) and which did. p_alive itself is not that share: who
//                 is alive may be silent for k weeks, and nobody can see who is alive.
//   by_frequency  x = 0 … 6 and more: purchases expected and made, on average
//   weekly        purchases of all, expected and made, added up week by week
//   auc           how well p_buys ranks those who bought above those who did not; and how well the
//                 time since the last purchase alone does: the models' ranking is not much better
//                 (semantics.md section 8), what they add is numbers that are right on average
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/calendar.h"
#include "base/work_pool.h"
#include "lifecycle/purchases.h"
#include "stats/purchase_model.h"

namespace lifecycle {

inline constexpr int kHeldBackWeeksMin = 4;
inline constexpr int kHeldBackWeeksMax = 26;
inline constexpr std::size_t kAliveBuckets = 10;
inline constexpr std::size_t kFrequencies = 8;  // 0 … 6, and the rest

struct Calibration {
  int held_back_weeks = 0;
  stats::PurchaseForm form = stats::PurchaseForm::standard;
  std::int64_t customers = 0;
  struct Bucket {
    double from = 0;
    double to = 1;
    std::int64_t customers = 0;
    double expected_share = 0;
    double share = 0;
  };
  std::vector<Bucket> buckets;
  struct ByFrequency {
    int frequency = 0;  // kFrequencies − 1: and more
    std::int64_t customers = 0;
    double expected = 0;
    double actual = 0;
  };
  std::vector<ByFrequency> by_frequency;
  struct Week {
    int week = 0;  // from 1
    double expected = 0;
    double actual = 0;
  };
  std::vector<Week> weekly;
  std::optional<double> auc;
  std::optional<double> auc_of_recency;
};

// Nothing: the history is too short to hold weeks back, or without them no model can be fitted.
std::optional<Calibration> calibrate(const Purchases& purchases, base::LocalDay last,
                                     base::WorkPool& pool);

}  // namespace lifecycle
