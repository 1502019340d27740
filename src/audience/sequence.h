// Sequences: did a then b within 1h same(sku) then not c within 24h in last 30d.
//
// Windows are monotone, so a chain of events is inside from enters_at(its last) until
// leaves_at(its first). For every completing event therefore only the latest possible first event
// matters, and the answer is the union of those intervals. Steps are taken in one pass over their
// events (reach.h); O(events × log events) for any one property in `same`. Where `same` names
// several properties, a step that looks at one of them costs as much as there are combinations of
// the others among the first events.
#pragma once

#include <vector>

#include "audience/scope.h"
#include "audience/streams.h"

namespace audience {

// A chain that matters: no later first event leads to this last one.
struct Completion {
  timeline::EventAt first;
  timeline::EventAt last;
  timeline::Span active;  // when it makes the sequence true; may be empty
};

// In order of `last`. Completions whose first event left the window before `from` are left out, and
// with `then not` those that were interrupted.
std::vector<Completion> completions(const Scope& scope, const Sequence& test, base::Moment from);

// The events of one chain from `completion.first` to `completion.last`, one a step.
std::vector<timeline::EventAt> chain_of(const Scope& scope, const Sequence& test,
                                        const Completion& completion);

Stream stream_of(const Scope& scope, const Sequence& test, base::Moment from);

}  // namespace audience
