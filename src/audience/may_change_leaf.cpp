#include "audience/may_change_leaf.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "audience/made_node.h"
#include "audience/window.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::Span;

namespace {

bool is_empty(const Span& span) { return span.from >= span.to; }

Step clone_step(const Step& step) {
  return Step{step.event, step.filter ? std::make_unique<Node>(clone(*step.filter)) : nullptr};
}

// The same test with another window.
Node with_window(const FirstLast& test, const Span& times) {
  FirstLast made{test.last, clone_step(test.step), nullptr, between_moments(times)};
  if (test.with) made.with = std::make_unique<Node>(clone(*test.with));
  return Node{std::move(made)};
}

Node with_window(const Sequence& test, const Span& times) {
  Sequence made{clone_step(test.first), {}, std::nullopt, between_moments(times)};
  const auto clone_then = [](const Then& then) {
    return Then{clone_step(then.step), then.within, then.same_here, then.same_first};
  };
  for (const Then& then : test.then) made.then.push_back(clone_then(then));
  if (test.then_not) made.then_not = clone_then(*test.then_not);
  return Node{std::move(made)};
}

Node clone_node(const Did& test) {
  return Node{Did{test.negated, clone_step(test.step), test.measure, test.window}};
}

Node clone_node(const FirstLast& test) {
  FirstLast made{test.last, clone_step(test.step), nullptr, test.window};
  if (test.with) made.with = std::make_unique<Node>(clone(*test.with));
  return Node{std::move(made)};
}

Node either_way(Node node, bool truth) {
  return truth ? std::move(node) : none_of(std::move(node));
}

}  // namespace

std::vector<Span> Sweep::crossing() const {
  std::vector<Span> found{leaving(), entering()};
  // Shorter than the stretch: whatever was ever inside has crossed an edge.
  if (is_empty(always())) found = {ever()};
  std::erase_if(found, is_empty);
  return found;
}

const Sweep* LeafChanges::sweep_of(const std::optional<Window>& window) {
  const auto [found, is_new] = sweeps_.try_emplace(&window);
  if (is_new) {
    const EventWindow times(window, zone_);
    if (times.forgets()) {
      found->second = Sweep{times.inside_at(stretch_.from), times.inside_at(stretch_.to)};
    }
  }
  return found->second ? &*found->second : nullptr;
}

// --- did, did not --------------------------------------------------------------------------------

Node LeafChanges::did_in(const Step& step, Span times, const Node* with) const {
  // What lies ahead of the stretch's beginning is not asked for here.
  times.to = std::min(times.to, stretch_.from + base::kMillisecond);
  if (is_empty(times)) return nobody();
  Did did{false, clone_step(step), std::nullopt, between_moments(times)};
  if (with != nullptr) {
    std::vector<Node> both = nodes(clone(*with));
    if (did.step.filter) both.push_back(std::move(*did.step.filter));
    did.step.filter = std::make_unique<Node>(all_of(std::move(both)));
  }
  return Node{std::move(did)};
}

Node LeafChanges::did_within(const Step& step, const std::vector<Span>& ranges,
                             const Node* with) const {
  std::vector<Node> any;
  for (const Span& range : ranges) any.push_back(did_in(step, range, with));
  return any_of(std::move(any));
}

namespace {

// A measure and the comparisons that stay true when more events come: up for what only grows, down
// for a minimum.
struct Growing {
  Comparison beyond;
  Comparison at_least;
  bool total;  // known of no events, too
};

std::optional<Growing> growing(const Measure& measure) {
  const Growing up{Comparison::greater, Comparison::greater_equal, true};
  const auto* of = std::get_if<AggregateOf>(&measure);
  if (of == nullptr) return up;
  switch (of->aggregate) {
    case Aggregate::sum:
    case Aggregate::average:
      return std::nullopt;
    case Aggregate::minimum:
      return Growing{Comparison::less, Comparison::less_equal, false};
    case Aggregate::maximum:
      return Growing{up.beyond, up.at_least, false};
    case Aggregate::distinct:
      return up;
  }
  base::unreachable();
}

Comparison comparison_of(const Measure& measure) {
  return std::visit([](const auto& each) { return each.comparison; }, measure);
}

Comparison opposite(Comparison comparison) {
  switch (comparison) {
    case Comparison::greater:
      return Comparison::less_equal;
    case Comparison::greater_equal:
      return Comparison::less;
    case Comparison::less:
      return Comparison::greater_equal;
    case Comparison::less_equal:
      return Comparison::greater;
    case Comparison::equal:
      return Comparison::not_equal;
    case Comparison::not_equal:
      return Comparison::equal;
  }
  base::unreachable();
}

// Whether a measure has come as far as the comparison, over the events of a range of times.
struct Reached {
  const Did& test;
  Node operator()(Comparison comparison, const Span& times) const {
    Did did{false, clone_step(test.step), test.measure, between_moments(times)};
    std::visit([&](auto& each) { each.comparison = comparison; }, *did.measure);
    return Node{std::move(did)};
  }
};

// The events inside at any moment are some of those ever inside, and all of those always inside.
Node measured_sometimes(const Did& test, const Sweep& sweep, bool truth) {
  const auto grows = growing(*test.measure);
  if (!grows) return everyone();
  const Reached reached{test};
  const Comparison comparison = comparison_of(*test.measure);
  if (comparison == grows->beyond || comparison == grows->at_least) {
    return truth ? reached(comparison, sweep.ever()) : none_of(reached(comparison, sweep.always()));
  }
  const Comparison other = opposite(comparison);
  if (other == grows->beyond || other == grows->at_least) {
    if (truth) return none_of(reached(other, sweep.always()));
    return grows->total ? reached(other, sweep.ever()) : everyone();
  }
  if (truth != (comparison == Comparison::equal)) return everyone();
  return all_of(nodes(none_of(reached(grows->beyond, sweep.always())),
                      reached(grows->at_least, sweep.ever())));
}

}  // namespace

Node LeafChanges::crossings(const Did& test) {
  const Sweep* sweep = sweep_of(test.window);
  return sweep == nullptr ? nobody() : did_within(test.step, sweep->crossing());
}

Node LeafChanges::changes(const Did& test) {
  Node crossing = crossings(test);
  if (is_nobody(crossing)) return crossing;
  // That one has been inside follows from its crossing, where no more is asked for.
  const bool once = !test.measure;
  return all_of(nodes(std::move(crossing), once ? everyone() : sometimes(test, true),
                      sometimes(test, once && test.negated)));
}

Node LeafChanges::sometimes(const Did& test, bool truth) {
  const Sweep* sweep = sweep_of(test.window);
  if (sweep == nullptr) return either_way(clone_node(test), truth);
  if (test.measure) return measured_sometimes(test, *sweep, truth);
  if (truth != test.negated) {
    return Node{Did{false, clone_step(test.step), std::nullopt, between_moments(sweep->ever())}};
  }
  return none_of(did_in(test.step, sweep->always()));
}

// --- first, last ---------------------------------------------------------------------------------

Node LeafChanges::crossings(const FirstLast& test) {
  const Sweep* sweep = sweep_of(test.window);
  return sweep == nullptr ? nobody() : did_within(test.step, sweep->crossing(), test.with.get());
}

// The event that decides is the same throughout.
Node LeafChanges::changes(const FirstLast& test) {
  const Sweep* sweep = sweep_of(test.window);
  std::vector<Node> any;
  for (Span range : sweep == nullptr ? std::vector<Span>() : sweep->crossing()) {
    range.to = std::min(range.to, stretch_.from + base::kMillisecond);
    if (!is_empty(range)) any.push_back(with_window(test, range));
  }
  return any_of(std::move(any));
}

Node LeafChanges::sometimes(const FirstLast& test, bool truth) {
  const Sweep* sweep = sweep_of(test.window);
  if (sweep == nullptr) return either_way(clone_node(test), truth);
  if (truth) return with_window(test, sweep->ever());
  const Span always = sweep->always();
  return is_empty(always) ? everyone() : none_of(with_window(test, always));
}

// --- sequences -----------------------------------------------------------------------------------

// A chain begins to count when its last event enters or its waiting is over, and ends when its
// first one leaves.
Node LeafChanges::crossings(const Sequence& test) {
  const Step& last = test.then.empty() ? test.first : test.then.back().step;
  std::vector<Node> any;
  if (const Sweep* sweep = sweep_of(test.window)) {
    any.push_back(did_in(test.first, sweep->leaving()));
    any.push_back(did_in(last, sweep->entering()));
  }
  if (test.then_not) {
    const base::Duration waiting = test.then_not->within->value();
    any.push_back(did_in(last, Span{stretch_.from - waiting, stretch_.to - waiting}));
  }
  return any_of(std::move(any));
}

Node LeafChanges::changes(const Sequence& test) {
  Node crossing = crossings(test);
  if (is_nobody(crossing)) return crossing;
  return all_of(nodes(std::move(crossing), sometimes(test, true), sometimes(test, false)));
}

// At `to` all that waits in the stretch has been waited for; a chain is over at `from` if its last
// event lies so far back.
Node LeafChanges::sometimes(const Sequence& test, bool truth) {
  const EventWindow window(test.window, zone_);
  const Sweep sweep{window.inside_at(stretch_.from), window.inside_at(stretch_.to)};
  if (truth) return with_window(test, sweep.ever());
  Span always = sweep.always();
  always.to = std::min(always.to, stretch_.from + base::kMillisecond);
  if (test.then_not)
    always.to = std::min(always.to, stretch_.from - test.then_not->within->value());
  return is_empty(always) ? everyone() : none_of(with_window(test, always));
}

// --- attributes ----------------------------------------------------------------------------------

namespace {

Sweep values_swept(const InWindow& test, const base::Zone& zone, const Stretch& stretch) {
  return {values_inside_at(test.window, stretch.from, zone),
          values_inside_at(test.window, stretch.to, zone)};
}

}  // namespace

Node LeafChanges::changes(const InWindow& test) const {
  std::vector<Node> any;
  for (const Span& range : values_swept(test, zone_, stretch_).crossing()) {
    any.push_back(between_moments(test.subject, range));
  }
  return any_of(std::move(any));
}

Node LeafChanges::sometimes(const InWindow& test, bool truth) const {
  const Sweep sweep = values_swept(test, zone_, stretch_);
  if (truth) return between_moments(test.subject, sweep.ever());
  const Span always = sweep.always();
  return is_empty(always) ? everyone() : none_of(between_moments(test.subject, always));
}

namespace {

Node anniversary(const Subject& subject, AnniversaryRange range, std::int64_t days) {
  const WrittenDuration duration = in_days(days);
  if (!is_within_limit(duration)) return Node{IsKnown{subject}};
  return Node{Anniversary{subject, range, duration}};
}

std::int64_t days_of(const Anniversary& test) {
  return test.duration ? test.duration->value().ms / base::kDay.ms : 0;
}

}  // namespace

// By local date: what is asked at `to` is about today; the stretch began so many days ago.
std::int64_t LeafChanges::midnights() const {
  return zone_.day_of(stretch_.to).days - zone_.day_of(stretch_.from).days;
}

Node LeafChanges::ever(const Anniversary& test) const {
  const bool past = test.range == AnniversaryRange::last;
  Node behind =
      anniversary(test.subject, AnniversaryRange::last, midnights() + (past ? days_of(test) : 0));
  if (test.range != AnniversaryRange::next) return behind;
  return any_of(
      nodes(std::move(behind), anniversary(test.subject, AnniversaryRange::next, days_of(test))));
}

Node LeafChanges::always(const Anniversary& test) const {
  const std::int64_t left = days_of(test) - midnights();
  if (left < 0) return nobody();
  switch (test.range) {
    case AnniversaryRange::today:
      return nobody();
    case AnniversaryRange::next:
      return anniversary(test.subject, AnniversaryRange::next, left);
    case AnniversaryRange::last:
      return all_of(
          nodes(anniversary(test.subject, AnniversaryRange::last, days_of(test)),
                none_of(anniversary(test.subject, AnniversaryRange::last, midnights() - 1))));
  }
  base::unreachable();
}

Node LeafChanges::changes(const Anniversary& test) const {
  if (midnights() == 0) return nobody();
  return all_of(nodes(ever(test), none_of(always(test))));
}

Node LeafChanges::sometimes(const Anniversary& test, bool truth) const {
  if (midnights() == 0) return either_way(Node{test}, truth);
  return truth ? ever(test) : none_of(always(test));
}

}  // namespace audience
