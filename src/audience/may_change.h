// For whom time alone can change the answer of a rule: the rule about them, to be asked of the
// columns, so that out of millions those few are looked at for whom something ends or begins.
//
// Made leaf by leaf: an event that leaves a window within the stretch, or comes into it; a value
// that does; an anniversary with a midnight in between; a waiting time or a `held` that is over. Of
// and, or and not it is whoever may change in one part while the others do not decide the answer
// throughout.
//
//   did order_paid in last 30d            over an hour:
//   → did order_paid between (30 days ago) and (that and an hour)
//     and not did order_paid between (that and an hour) and (the beginning of the hour)
//
// Pure; any thread. Costs about as much as the plan of a question, 0.1 ms for a rule of few tests.
#pragma once

#include <memory>

#include "audience/bind.h"
#include "base/moment.h"

namespace audience {

// The moments (from, to]. Requires from < to < kHorizon (evaluate.h).
struct Stretch {
  base::Moment from;
  base::Moment to;
};

// Beyond these the rule made is coarser, and at last everyone.
inline constexpr std::size_t kMayChangeTestsMax = 10'000;
inline constexpr std::size_t kMayChangeNestingMax = 32;  // nested definitions, one in the other

// A rule F, to be asked at `stretch.to`, with:
//
//   whoever has nothing in (from, to] of what the rule looks at (mentions.h), is not first known
//   there, and for whom an interval of intervals(rule, …) begins or ends at a moment of (from, to]
//   satisfies F at `to`.
//
// Those with something in there are another question, something_ahead() (ahead.h): they are in F or
// not, and are to be looked at over all of the stretch, not only from what happens on, as that may
// hide from its end what time has done before. Who satisfies F need not change.
//
// Null: nobody, as of a rule without any window, anniversary, waiting or held. Everyone: a rule
// whose root is Everyone, only beyond the limits. F does not borrow the rule; it is no rule for
// people: names in it are those of the rule, nested definitions of its own have negative ids.
std::shared_ptr<const BoundRule> may_change(const BoundRule& rule, const Stretch& stretch);

}  // namespace audience
