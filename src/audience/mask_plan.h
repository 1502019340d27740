// A rule at a moment as a plan for everybody: a tree of nodes (mask_node.h) of which each answers
// the rows of a block for which it is true.
//
// `and` asks its parts in the order that is expected to cost least, each only for the rows that are
// left, and ends when none is; `or` likewise with the rows not yet true. A nested audience is one
// node, however often it is mentioned, and answers each row once.
//
// A plan works for one thread at a time; other threads have plans of their own that are made alike
// (order_like). Borrows the rule.
#pragma once

#include <memory>
#include <vector>

#include "audience/bind.h"
#include "audience/mask_leaves.h"
#include "audience/mask_node.h"
#include "base/moment.h"
#include "timeline/column_store.h"

namespace audience {

class MaskPlan {
 public:
  // Requires a rule that does not match nobody, and at < kHorizon.
  explicit MaskPlan(const RuleAt& rule);
  ~MaskPlan();

  // What can change its answers.
  const timeline::Mentions& mentions() const { return mentions_; }
  MaskNode& root() { return *root_; }
  const MaskNode& root() const { return *root_; }

  // Looks at a few rows of a few blocks and decides in which order parts are asked. The counts of
  // the nodes stay 0.
  void prepare(const timeline::Pin& pin);
  // The same order as another plan of the same rule and moment.
  void order_like(const MaskPlan& other);
  // The counts of another plan, node by node.
  void add_counts(const MaskPlan& other);

 private:
  friend class PlanMaker;
  const timeline::Mentions mentions_;
  std::vector<MaskNode*> nodes_;       // in the order they were made
  std::vector<MaskPart> definitions_;  // of nested audiences
  MaskPart root_;
};

}  // namespace audience
