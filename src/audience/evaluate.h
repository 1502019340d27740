// The one evaluator of meaning: rule × one customer's history → the intervals in which it is true.
//
// At a moment, since when, next change, held, forecast and explanation are readings of the same
// intervals. Events and changes that lie ahead count at their time. Outside [known_since, ∞) every
// rule is false.
//
// Pure; any thread; borrows the rule and the history for the life of the returned object.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "audience/bind.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

// Anniversaries go on for ever: streams end here.
inline constexpr base::Moment kHorizon{253402300800000};  // 10000-01-01T00:00Z

// The true intervals [from, to) of a rule, one after the other: in order, disjoint, not touching.
class IntervalStream {
 public:
  virtual ~IntervalStream() = default;
  // The next interval; nothing at the end.
  virtual std::optional<timeline::Span> next() = 0;
};

// What the rule is on [from, ∞), lazily: intervals are cut at `from`. From kMomentMin: all of them,
// from known_since on. An interval without end ends at kMomentMax.
std::unique_ptr<IntervalStream> intervals(const BoundRule& rule, const timeline::History& history,
                                          base::Moment from);

struct Standing {
  bool answer = false;
  // Since when the answer is what it is: kMomentMin when it always was.
  base::Moment since = base::kMomentMin;
  // The first moment after `at` at which the answer differs, if nothing happens beyond what the
  // history holds; nothing: never (before kHorizon).
  std::optional<base::Moment> next_change;
};

// Looks at no event that left its window before `at`.
bool holds_at(const BoundRule& rule, const timeline::History& history, base::Moment at);
// Needs all intervals up to `at`, because of `since`.
Standing standing_at(const BoundRule& rule, const timeline::History& history, base::Moment at);

}  // namespace audience
