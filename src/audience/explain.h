// Why one customer satisfies a rule at a moment, or not: the tree with the answer at every node,
// since when, when it changes if nothing happens beyond what the history holds, and the facts that
// decided it.
//
// Pure; any thread. Costs one evaluation of every node from the beginning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/bind.h"
#include "audience/evaluate.h"
#include "base/moment.h"
#include "base/value.h"
#include "timeline/history.h"

namespace audience {

inline constexpr std::size_t kFactsMax = 20;  // of one node; `facts_total` tells how many there are
// Deeper parts, which only audiences nested many times have, are left out.
inline constexpr std::size_t kExplainedLevelsMax = 2 * kRuleDepthMax;

enum class FactKind : std::uint8_t { event, attribute, membership };

struct Fact {
  FactKind kind = FactKind::event;
  std::string name;  // of the event, the attribute, the tag, list, purpose or kind of identity
  // When the event happened; since when the value or the membership counts: kMomentMin, when no
  // change is known.
  base::Moment time = base::kMomentMin;
  std::uint32_t order = 0;                // of an event: its place in the history
  base::Moment until = base::kMomentMax;  // of a membership
  std::optional<base::Value> value;       // of an attribute; nothing: unknown
  // Of an event: what the test looks at; nothing: unknown.
  std::vector<std::pair<std::string, std::optional<base::Value>>> properties;
};

struct ExplainedNode {
  std::string rule;  // this part, in canonical spelling
  // Of the rule of a stage by itself, a part of a test of stages: "lifecycle/declining".
  std::string stage = {};
  Standing standing;
  // Events: those inside the window that pass the filter, newest first; of `first` and `last` the
  // one; of a sequence the chain that makes it true, or that waits for `then not`, in the order of
  // its steps. Attributes: the value at the moment. Memberships: those that are on.
  std::vector<Fact> facts;
  std::int64_t facts_total = 0;
  // What the measure comes to: "3", "149.50", a moment; nothing: unknown, or no measure.
  std::optional<std::string> measured;
  // Whose value `measured` is; nothing: a count, no property's.
  struct MeasuredOf {
    std::string event;
    std::string property;
  };
  std::optional<MeasuredOf> measured_of;
  bool sum_too_large = false;  // beyond 64 bits, so that the measure is unknown
  // Of and, or, not and held; of a nested audience its definition; of a test of stages the rules it
  // looks at, of which the first that holds decides.
  std::vector<ExplainedNode> parts;
};

struct Explanation {
  base::CustomerId customer;
  base::Moment at;
  base::Moment known_since;  // before it everything is false
  Standing standing;         // of the whole rule
  ExplainedNode tree;        // without standings and facts when the question matches nobody
  std::vector<Warning> warnings;
};

Explanation explain(const BoundRule& rule, const timeline::History& history, const Names& names,
                    base::Moment at);

}  // namespace audience
