// What is recorded of a customer in a subject, and what has to be recorded next.
//
// A record (number, at, from, to) says: from `at` on the state is `to`; whatever was recorded
// before, by number, for `at` or later is void. So records that are only appended are corrected by
// later ones, and all of them, folded in the order of their numbers, are what is believed:
//
//   1  at 100  out → in                    in on [100, ∞)
//   2  at 200  in → out                    in on [100, 200)
//   3  at  50  out → in   corrected        in on [50, ∞)
//   4  at 200  in → out   corrected        in on [50, 200)
//
// A record whose `from` and `to` are the same takes back what was recorded and puts nothing in its
// place. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "audience/state.h"
#include "base/moment.h"

namespace audience {

struct LiveRecord {
  std::int64_t number = 0;  // greater than those of all records before
  base::Moment at;
  State from = 0;
  State to = 0;
  friend bool operator==(const LiveRecord&, const LiveRecord&) = default;
};

// A state as a function of moments: `start` until the first change; changes ascending, never
// between equal states.
struct StateCourse {
  State start = 0;
  std::vector<StateChange> changes;

  State at(base::Moment moment) const;
  State last() const { return changes.empty() ? start : changes.back().to; }
  // The same from `from` on: what was before is the start.
  StateCourse since(base::Moment from) const;
  friend bool operator==(const StateCourse&, const StateCourse&) = default;
};

// What records come to, in any order of `records`; without any, `state` always.
StateCourse believed(State state, std::span<const LiveRecord> records);

struct DueRecord {
  base::Moment at;
  State from = 0;
  State to = 0;
  // It puts right what was recorded. Not set: the customer enters or leaves now, or did while
  // nobody looked; so of several the last alone can be unmarked when something was wrong.
  bool corrected = false;
  friend bool operator==(const DueRecord&, const DueRecord&) = default;
};

// What makes `belief` say the same as `truth` from `from` on, ascending by moment; nothing when it
// does. `truth` is of [from, now]: its start is the state at `from`, and it has no change after
// now; what is believed of later than its end is not asked about (`until`, exclusive).
struct Looked {
  base::Moment from;
  base::Moment until;
};
std::vector<DueRecord> due_records(const StateCourse& belief, const StateCourse& truth,
                                   const Looked& looked);

}  // namespace audience
