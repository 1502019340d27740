// The state of one customer in a subject: which of its rules is the first that holds.
//
// A subject is what is kept live (live_subject.h): an audience has one rule, its states are 0 (out)
// and 1 (in); a lifecycle model has one rule a stage in the order of matching, state i is its i-th
// stage, 0 is none. For one customer the state is a function of moments, constant between the
// changes that this stream yields. A change is never between equal states.
//
// Rules behind the one that holds are not evaluated: what they are does not matter before it ends.
// Pure; one thread; borrows the rules and the history.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audience/bind.h"
#include "audience/evaluate.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

inline constexpr std::size_t kStatesMax = 64;  // of a subject, with 0

using State = std::uint8_t;
using SubjectRules = std::span<const std::shared_ptr<const BoundRule>>;

struct StateChange {
  base::Moment at;
  State to = 0;
  friend bool operator==(const StateChange&, const StateChange&) = default;
};

class StateStream {
 public:
  // What the state is on [from, ∞). At most kStatesMax - 1 rules (CHECK).
  StateStream(SubjectRules rules, const timeline::History& history, base::Moment from);

  State at_start() const { return start_; }
  // The next change after `from`; nothing: there is none before kHorizon.
  std::optional<StateChange> next();

 private:
  struct Cursor {
    std::unique_ptr<IntervalStream> stream;  // null: not made yet
    std::optional<timeline::Span> span;      // the first that ends after the last look
  };
  // Of the rule numbered `rule`: the span that holds `at` or the first one after it.
  const std::optional<timeline::Span>& look(std::size_t rule, base::Moment at);
  struct Standing {
    State state = 0;
    base::Moment until = base::kMomentMax;  // nothing can change before
  };
  Standing stand(base::Moment at);

  SubjectRules rules_;
  const timeline::History& history_;
  std::vector<Cursor> cursors_;
  State start_ = 0;
  Standing now_;
};

// The state at `at` and nothing else.
State state_at(SubjectRules rules, const timeline::History& history, base::Moment at);

}  // namespace audience
