// The meaning of rules a second time, at one moment, straight from the sentences of the rule
// language and without a thought for speed: what the evaluator is tested against. It shares with it
// only the tests on single values (compare.h), never windows, measures, sequences, held or order.
//
// Exponential in the steps of a sequence, quadratic elsewhere: for histories of some twenty events.
#pragma once

#include <vector>

#include "audience/bind.h"
#include "timeline/history.h"

namespace audience {

// Every moment within a week or so of `times` at which the rule can change, and some more; sorted,
// each once. `times`: of the history's events, changes, values and spans.
std::vector<base::Moment> change_moments(const BoundRule& rule, std::vector<base::Moment> times);

// `changes` are change_moments(): `held` looks at them.
bool naive_holds_at(const BoundRule& rule, const timeline::History& history,
                    const std::vector<base::Moment>& changes, base::Moment at);

}  // namespace audience
