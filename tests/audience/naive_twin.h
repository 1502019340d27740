// The evaluator's naive twin, for tests: what a rule means at one moment, straight from
// docs/rule_language.md, by trying everything. Shares nothing with evaluate.cpp but the tree.
//
// Cost grows without shame (sequences by backtracking, held by asking every moment): for histories
// of a few dozen events. Not thread safe.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "audience/bind.h"
#include "audience/naive_moments.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

class NaiveTwin {
 public:
  // `types`: every event type that may be in the history. Borrows rule and history.
  NaiveTwin(const BoundRule& rule, const timeline::History& history,
            const std::vector<base::EventTypeId>& types);

  bool holds_at(base::Moment at) const;

  // Every moment at which anything can change, in order: a superset of all changes between
  // `begin` and `end`.
  const std::vector<base::Moment>& moments() const { return moments_; }

 private:
  const BoundRule& rule_;
  const timeline::History& history_;
  std::vector<naive::Event> events_;
  std::vector<base::Moment> moments_;
  // What `held` has asked before: it asks the same moments again and again.
  mutable std::map<std::pair<const Node*, base::Moment>, bool> answers_;
};

}  // namespace audience
