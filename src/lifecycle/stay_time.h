// How long people have been in the stage they are in, and how long those stays were that have
// ended.
//
// Read from the histories of at most kTimePersonsMax persons of each state, evenly among all of it;
// each stands for as many as were passed over, so that quantiles of ended stays weigh states by
// their sizes. Any thread; the threads of the pool read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/work_pool.h"
#include "lifecycle/state.h"

namespace lifecycle {

inline constexpr std::size_t kTimePersonsMax = 2000;  // of one state
inline constexpr base::Duration kEndedWithin{90 * base::kDay.ms};

// In days, with fractions; nothing: there was no stay.
struct Quantiles {
  std::optional<double> low;  // a quarter is below
  std::optional<double> median;
  std::optional<double> high;  // a quarter is above
};
struct StageTime {
  std::int64_t customers = 0;  // in it at the moment
  Quantiles so_far;            // of their stays up to the moment
  Quantiles ended;             // of stays that ended within kEndedWithin before it
};
struct StageTimes {
  std::vector<StageTime> stages;  // beside the rules
  std::int64_t persons = 0;       // whose histories were read
  bool sampled = false;           // not everybody's
};

struct TimesAsked {
  const timeline::Pin& pin;
  std::span<const std::shared_ptr<const audience::BoundRule>> rules;
  const States& states;  // of the pin, at the moment
  base::Moment at;
};
// Errors: stopped.
[[nodiscard]] base::Result<StageTimes, audience::QuestionFault> times_in_stages(
    const TimesAsked& asked, base::WorkPool& pool, const std::stop_token& stop);

// Of lengths with weights: where a share of the weight lies below. Empty: nothing. Sorts them.
std::optional<double> weighted_quantile(std::vector<std::pair<double, double>>& lengths,
                                        double share);

}  // namespace lifecycle
