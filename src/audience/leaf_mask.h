// What the tests of a plan share (mask_leaves.h): a test answers rows from the columns of the
// block, but for those that are changed for it, of which it asks their histories, about this test
// alone.
//
// Events that arrive are only more events: what they have made true they cannot make false. Tests
// of that kind say so, and then most changed rows are answered from the columns, too.
#pragma once

#include "audience/bind.h"
#include "audience/mask_leaves.h"
#include "audience/mask_node.h"
#include "timeline/column_store.h"
#include "timeline/history.h"

namespace audience {

// The answer that stays, whatever else arrives.
enum class Stays : std::uint8_t { none, true_one, false_one };

class LeafMask : public MaskNode {
 protected:
  // `node` null: a condition of another leaf, which is not asked about rows that are changed.
  LeafMask(const Node* node, const RuleAt& rule, Stays stays = Stays::none);

  // Of rows of which the block alone tells the truth; with a `stays` of changed ones, too.
  virtual timeline::RowMask by_columns(BlockRun& run, const timeline::RowMask& rows) = 0;
  // Of one row, whatever has arrived.
  bool holds(const timeline::History& history) const;

  timeline::RowMask answer(BlockRun& run, const timeline::RowMask& candidates) final;
  timeline::RowMask find_changed(BlockRun& run) final;

 private:
  timeline::RowMask by_history(BlockRun& run, const timeline::RowMask& rows) const;

  RuleAt rule_;
  Stays stays_;
  timeline::Mentions mentions_;
};

}  // namespace audience
