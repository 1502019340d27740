// What a rule looks at, nested audiences included: which changes of a person can matter to it.
//
// Linear in the tree with every definition once. Pure; any thread.
#pragma once

#include "audience/bind.h"
#include "audience/rule.h"
#include "timeline/column_store.h"

namespace audience {

struct LooksAt {
  timeline::Mentions mentions;
  bool held = false;    // there is a `held` in it
  bool rhythm = false;  // what is computed of purchases, which rises with time
  bool fitted = false;  // a fitted attribute: its value changes when a run is stored
};

// `node` is one of the rule, or of its nested definitions.
LooksAt looks_at(const BoundRule& rule, const Node& node);

// The keys of a test over tags, lists, consents or identities; CHECK: it is one.
std::vector<timeline::MembershipKey> membership_keys(const BoundRule& rule, const Node& node);

}  // namespace audience
