#include "lifecycle/stay_time.h"

#include <algorithm>

#include "lifecycle/stay.h"

namespace lifecycle {
namespace {

// A person who is read, and for how many they stand.
struct Sampled {
  timeline::Pin::Place place;
  double weight = 1;
};

struct Length {
  std::size_t stage = 0;
  bool ended = false;
  double days = 0;
  double weight = 1;
};

// Evenly among the rows of a state.
bool add_sample(const std::vector<timeline::RowMask>& rows, std::vector<Sampled>& sample) {
  std::size_t persons = 0;
  for (const timeline::RowMask& block : rows) persons += block.count();
  const std::size_t step = (persons + kTimePersonsMax - 1) / kTimePersonsMax;
  if (step == 0) return false;
  const std::size_t taken = (persons + step - 1) / step;
  const double weight = static_cast<double>(persons) / static_cast<double>(taken);
  std::size_t seen = 0;
  for (std::size_t block = 0; block < rows.size(); ++block) {
    rows[block].each([&](std::size_t row) {
      if (seen++ % step == 0)
        sample.push_back(
            {{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(row)}, weight});
    });
  }
  return step > 1;
}

double days_of(base::Duration length) {
  return static_cast<double>(length.ms) / static_cast<double>(base::kDay.ms);
}

std::vector<Length> lengths_of(const TimesAsked& asked, const Sampled& person) {
  std::vector<Length> lengths;
  const auto history = asked.pin.history(person.place.block, person.place.row);
  for (const Stay& stay : stays_until(asked.rules, *history, asked.at)) {
    if (!stay.stage) continue;
    const bool ended = stay.to <= asked.at;
    if (ended && stay.to <= asked.at - kEndedWithin) continue;
    lengths.push_back(
        {*stay.stage, ended, days_of((ended ? stay.to : asked.at) - stay.from), person.weight});
  }
  return lengths;
}

Quantiles quantiles_of(std::vector<std::pair<double, double>>& lengths) {
  return {weighted_quantile(lengths, 0.25), weighted_quantile(lengths, 0.5),
          weighted_quantile(lengths, 0.75)};
}

}  // namespace

std::optional<double> weighted_quantile(std::vector<std::pair<double, double>>& lengths,
                                        double share) {
  if (lengths.empty()) return std::nullopt;
  std::ranges::sort(lengths);
  double whole = 0;
  for (const auto& [length, weight] : lengths) whole += weight;
  double below = 0;
  for (const auto& [length, weight] : lengths) {
    below += weight;
    if (below >= share * whole) return length;
  }
  return lengths.back().first;
}

base::Result<StageTimes, audience::QuestionFault> times_in_stages(const TimesAsked& asked,
                                                                  base::WorkPool& pool,
                                                                  const std::stop_token& stop) {
  StageTimes times;
  times.stages.resize(asked.rules.size());
  std::vector<Sampled> sample;
  for (std::size_t state = 0; state <= asked.rules.size(); ++state) {
    times.sampled |= add_sample(asked.states.of(state), sample);
    if (state < asked.rules.size()) times.stages[state].customers = asked.states.count(state);
  }
  times.persons = static_cast<std::int64_t>(sample.size());
  std::vector<std::vector<Length>> read(sample.size());
  const bool whole =
      pool.run(sample.size(), [&](std::size_t i) { read[i] = lengths_of(asked, sample[i]); }, stop);
  if (!whole) return base::unexpected(audience::QuestionFault::stopped);
  using Lengths = std::vector<std::pair<double, double>>;
  std::vector<Lengths> so_far(asked.rules.size());
  std::vector<Lengths> ended(asked.rules.size());
  for (const auto& lengths : read) {
    for (const Length& length : lengths) {
      (length.ended ? ended : so_far)[length.stage].emplace_back(length.days, length.weight);
    }
  }
  for (std::size_t stage = 0; stage < asked.rules.size(); ++stage) {
    times.stages[stage].so_far = quantiles_of(so_far[stage]);
    times.stages[stage].ended = quantiles_of(ended[stage]);
  }
  return times;
}

}  // namespace lifecycle
