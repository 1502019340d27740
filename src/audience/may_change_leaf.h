// The tests of a rule that time changes (may_change.h): event tests with a window, sequences that
// wait, values in a window, anniversaries. Of each
//
//   changes(test)           whoever it may change for at a moment of (from, to]
//   sometimes(test, truth)  whoever it may have this truth for at a moment of [from, to]
//
// as trees to be asked at `to` of persons who have nothing in (from, to] that the test looks at.
// Between from and to a window sweeps over a range of times: what it holds at any of the moments is
// in `ever`, what it holds at all of them in `always`, and what crosses an edge in `crossing`.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "audience/may_change.h"
#include "audience/rule.h"
#include "base/calendar.h"
#include "timeline/history.h"

namespace audience {

struct Sweep {
  timeline::Span before;  // inside at `from`
  timeline::Span after;   // inside at `to`

  timeline::Span ever() const { return {before.from, after.to}; }
  timeline::Span always() const { return {after.from, before.to}; }  // may be empty
  timeline::Span leaving() const { return {before.from, after.from}; }
  timeline::Span entering() const { return {before.to, after.to}; }
  // Leaving or entering, without those that are empty.
  std::vector<timeline::Span> crossing() const;
};

// Borrows the zone. Remembers what windows sweep over by their address: not longer than the rule.
class LeafChanges {
 public:
  LeafChanges(const base::Zone& zone, const Stretch& stretch) : zone_(zone), stretch_(stretch) {}

  Node changes(const InWindow& test) const;
  Node changes(const Anniversary& test) const;
  Node changes(const Did& test);
  Node changes(const FirstLast& test);
  Node changes(const Sequence& test);
  Node sometimes(const InWindow& test, bool truth) const;
  Node sometimes(const Anniversary& test, bool truth) const;
  Node sometimes(const Did& test, bool truth);
  Node sometimes(const FirstLast& test, bool truth);
  Node sometimes(const Sequence& test, bool truth);

  // The same without a look at what else a person has done, so that what lies after the stretch
  // makes no difference: for a stretch that ends before the moment that is asked of.
  Node crossings(const Did& test);
  Node crossings(const FirstLast& test);
  Node crossings(const Sequence& test);

 private:
  // Null: nothing of the window's moves.
  const Sweep* sweep_of(const std::optional<Window>& window);
  Node did_in(const Step& step, timeline::Span times, const Node* with = nullptr) const;
  Node did_within(const Step& step, const std::vector<timeline::Span>& ranges,
                  const Node* with = nullptr) const;
  std::int64_t midnights() const;
  // Inside on all days of the stretch; nobody where that cannot be said.
  Node always(const Anniversary& test) const;
  Node ever(const Anniversary& test) const;

  const base::Zone& zone_;
  Stretch stretch_;
  std::map<const std::optional<Window>*, std::optional<Sweep>> sweeps_;
};

}  // namespace audience
