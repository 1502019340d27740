#include "lifecycle/rfm.h"

#include <algorithm>

#include "base/check.h"
#include "lifecycle/rfm_segment_table.h"

namespace lifecycle {
namespace {

// "2-4"
RfmRange range_from(std::string_view text) {
  CHECK(text.size() == 3 && text[1] == '-');
  return {text[0] - '0', text[2] - '0'};
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

template <typename Of>
RfmCuts cuts_of(std::span<const RfmFacts> facts, Of of) {
  std::vector<std::int64_t> values;
  values.reserve(facts.size());
  for (const RfmFacts& each : facts) values.push_back(each.*of);
  return quintile_cuts(std::move(values));
}

}  // namespace

std::size_t cell_of(const RfmScores& scores) {
  const int cell = (scores.recency - 1) * kRfmScoreMax * kRfmScoreMax +
                   (scores.frequency - 1) * kRfmScoreMax + scores.money - 1;
  return static_cast<std::size_t>(cell);
}

RfmScores scores_of_cell(std::size_t cell) {
  const int number = static_cast<int>(cell);
  return {number / (kRfmScoreMax * kRfmScoreMax) + 1, number / kRfmScoreMax % kRfmScoreMax + 1,
          number % kRfmScoreMax + 1};
}

int class_of(std::int64_t value, const RfmCuts& cuts) {
  return 1 + static_cast<int>(
                 std::ranges::count_if(cuts, [value](std::int64_t cut) { return value >= cut; }));
}

RfmCuts quintile_cuts(std::vector<std::int64_t> values) {
  RfmCuts cuts{};
  if (values.empty()) return cuts;
  constexpr std::int64_t kParts = kRfmScoreMax;
  const auto last = static_cast<std::int64_t>(values.size()) - 1;
  for (std::int64_t part = 1; part < kParts; ++part) {
    // The quintile lies `rest` fifths of the way from one value to the next.
    const std::int64_t place = last * part / kParts;
    const std::int64_t rest = last * part % kParts;
    const auto at = values.begin() + place;
    std::nth_element(values.begin(), at, values.end());
    const std::int64_t low = *at;
    const std::int64_t high = place == last ? low : *std::min_element(at + 1, values.end());
    const std::int64_t above = floor_div(rest * (high - low), kParts);
    cuts[static_cast<std::size_t>(part - 1)] = low + above + 1;  // the first value above it
  }
  return cuts;
}

RfmCutsOf quintile_cuts(std::span<const RfmFacts> facts) {
  return {cuts_of(facts, &RfmFacts::recency_days), cuts_of(facts, &RfmFacts::orders),
          cuts_of(facts, &RfmFacts::cents)};
}

RfmScores scores_of(const RfmFacts& facts, const RfmCutsOf& cuts) {
  return {kRfmScoreMax + 1 - class_of(facts.recency_days, cuts.recency),
          class_of(facts.orders, cuts.frequency), class_of(facts.cents, cuts.money)};
}

bool RfmSegment::holds(const RfmScores& scores) const {
  return recency.holds(scores.recency) && frequency.holds(scores.frequency) &&
         money.holds(scores.money);
}

const std::vector<RfmSegment>& shipped_segments() {
  static const std::vector<RfmSegment> all = [] {
    std::vector<RfmSegment> made;
    for (const RfmSegmentRow& row : kRfmSegmentRows) {
      made.push_back({std::string(row.key), range_from(row.recency), range_from(row.frequency),
                      range_from(row.money), std::string(row.label_zh), std::string(row.label_en)});
    }
    return made;
  }();
  return all;
}

std::optional<std::size_t> segment_of(const RfmScores& scores,
                                      std::span<const RfmSegment> segments) {
  const auto found = std::ranges::find_if(
      segments, [&](const RfmSegment& segment) { return segment.holds(scores); });
  if (found == segments.end()) return std::nullopt;
  return static_cast<std::size_t>(found - segments.begin());
}

}  // namespace lifecycle
