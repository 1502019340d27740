// The tests of a plan: those over memberships, attributes and events are answered from the columns
// of a block, and so are sequences without `same`; the others and `held` from the columns first, as
// far as conditions of theirs go, and what is left of them by the interval evaluator (evaluate.h),
// person by person.
//
// All borrow the rule they are made of.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "audience/bind.h"
#include "audience/mask_node.h"
#include "audience/rule.h"
#include "base/moment.h"
#include "timeline/column_store.h"
#include "timeline/history.h"

namespace audience {

using MaskPart = std::unique_ptr<MaskNode>;

// A rule at a moment.
struct RuleAt {
  const BoundRule& rule;
  base::Moment at;
};

// A test over tags, lists, consents or identities: on in at least one of its keys.
MaskPart membership_mask(const Node& node, const RuleAt& rule);

// `node`: a test with a subject, bound to an attribute, also to one that is computed.
MaskPart attribute_mask(const Node& node, const RuleAt& rule);

// The same of what is computed of purchases (rhythm.h), and of a fitted attribute.
MaskPart rhythm_mask(const Node& node, const RuleAt& rule);
MaskPart fitted_mask(const Node& node, const RuleAt& rule);

// A measure of a step's events in a window.
struct EventQuestion {
  base::EventTypeId event;
  const Node* filter = nullptr;
  const std::optional<Window>* window = nullptr;
  std::optional<Measure> measure = {};  // nothing: at least once
  bool negated = false;
};
MaskPart event_mask(const Node* node, EventQuestion question, const RuleAt& rule);

MaskPart first_last_mask(const Node& node, const FirstLast& test, const RuleAt& rule);

// Whether there is a chain of the steps in the window, looked for in one pass over their events.
// Null: no node of the rule.
MaskPart chain_mask(const Node* node, const Sequence& test, const RuleAt& rule);
// Whether that is all there is to the sequence: every `same` names one property of the first step,
// and the steps that have one come before those that have none. Otherwise `same` is not looked at,
// and the chain is a condition of the sequence.
bool is_chain(const Sequence& test);
// A sequence that is none; `chain` must be true for it to be.
MaskPart sequence_mask(const Node& node, MaskPart chain, const RuleAt& rule);

// What is known of the part of a `held`.
struct HeldPart {
  MaskPart now;   // the part at the moment
  MaskPart then;  // the part at the moment less the duration; null: not looked at
  timeline::Mentions mentions;
  // Without anything of what it mentions the part is the same at all times. Not so with a held in
  // it, which waits.
  bool steady = false;
};
MaskPart held_mask(const Node& node, HeldPart part, const RuleAt& rule);

}  // namespace audience
