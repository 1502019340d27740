// Scoring everybody: computed once a day and whenever the policy changes, kept as the fitted
// attributes rfm_recency, rfm_frequency, rfm_money and rfm_segment, with what it came to.
//
// Any thread; not inside a unit or a read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "base/random.h"
#include "base/work_pool.h"
#include "lifecycle/rfm_facts.h"
#include "lifecycle/rfm_policy.h"
#include "log/log.h"
#include "store/database.h"
#include "timeline/column_histories.h"
#include "timeline/fitted_values.h"

namespace lifecycle {

struct RfmMeans {
  store::Database& database;
  event_log::Log& log;
  const timeline::ColumnHistories& memory;
  timeline::FittedValues& fitted;
  base::WorkPool& pool;
  base::Random& random;
};

// What a scoring comes to.
struct RfmSummary {
  base::Moment at;
  std::int64_t customers = 0;  // who have bought; the others have no scores
  RfmCutsOf cuts;              // as they were used
  std::array<std::int64_t, kRfmCells> grid{};
  struct Segment {
    std::string key;
    std::int64_t customers = 0;
    std::int64_t cents = 0;  // net
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  std::vector<Segment> segments;  // each key of the policy once, in its order
  friend bool operator==(const RfmSummary&, const RfmSummary&) = default;
};
std::string to_json_text(const RfmSummary& summary);
std::optional<RfmSummary> summary_from(std::string_view json);

struct RfmScored {
  std::vector<RfmFacts> facts;       // ascending by person
  std::vector<RfmScores> scores;     // one each
  std::vector<std::size_t> segment;  // one each: a place in summary.segments
  RfmSummary summary;
};
// Of these facts, as of a moment. Pure.
RfmScored score(std::vector<RfmFacts> facts, const RfmPolicy& policy, base::Moment at);

// Of everybody but test accounts as they are known at `at`. Errors: unknown_event, unknown_amount.
[[nodiscard]] base::Result<RfmScored, RfmError> score_everybody(const RfmMeans& means,
                                                                const RfmPolicy& policy,
                                                                base::Moment at);
// Makes it the run of that moment.
void keep(const RfmMeans& means, const RfmScored& scored);

// Scores and keeps with the policy that holds; false: the policy's names are not there any more,
// or nobody has bought anything and nobody was scored before.
bool run_rfm(const RfmMeans& means, base::Moment at);
// Whether the local day of the newest run is over; also before the first.
bool is_rfm_due(const timeline::FittedValues& fitted, const base::Zone& zone, base::Moment now);

}  // namespace lifecycle
