// From changes in log order to what stood when: the one place that says what changes come to.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/moment.h"
#include "timeline/history.h"

namespace timeline {

// A membership said to be on or off from a moment on.
struct Switch {
  base::Moment since;
  bool on = false;
};

// Brings the changes of one attribute, given in log order, into the order of `since`; of those in
// one millisecond only the last stays. Answers how many stay, at the front.
std::size_t keep_last_of_each_moment(std::span<AttributeChange> changes);

// The spans of one membership, whose switches are given in log order (and sorted by `since` here).
// It is on after the latest switch that says so, except identities, which are counted: of two of
// one kind taken away one by one the second ends it. What is undone within its own millisecond
// never was.
std::vector<Span> spans_of(MembershipKind kind, std::span<Switch> switches);

}  // namespace timeline
