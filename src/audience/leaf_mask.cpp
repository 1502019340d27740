#include "audience/leaf_mask.h"

#include <chrono>

#include "audience/mentions.h"
#include "audience/node_stream.h"

namespace audience {

using timeline::RowMask;

LeafMask::LeafMask(const Node* node, const RuleAt& rule, Stays stays)
    : MaskNode(node), rule_(rule), stays_(stays) {
  if (node != nullptr) mentions_ = looks_at(rule.rule, *node).mentions;
}

bool LeafMask::holds(const timeline::History& history) const {
  NestedStreams nested;
  const Scope scope{rule_.rule, history, rule_.rule.zone(), rule_.at, &nested};
  return holds_in(*stream_of(scope, *node(), rule_.at), rule_.at);
}

RowMask LeafMask::find_changed(BlockRun& run) {
  return node() == nullptr ? RowMask() : run.changed(mentions_);
}

RowMask LeafMask::answer(BlockRun& run, const RowMask& candidates) {
  RowMask asked = candidates & changed(run);
  if (asked.none()) return by_columns(run, candidates);
  RowMask found = by_columns(run, stays_ == Stays::none ? candidates - asked : candidates);
  if (stays_ == Stays::true_one) asked -= found;
  if (stays_ == Stays::false_one) asked &= found;
  found -= asked;
  return asked.none() ? found : found | by_history(run, asked);
}

RowMask LeafMask::by_history(BlockRun& run, const RowMask& rows) const {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  RowMask found;
  rows.each([&](std::size_t row) {
    if (run.stopped()) return;
    if (holds(run.history(row))) found.add(row);
    const double events = run.block().event_count(row);
    run.spend(events, kHistoryNanoseconds + events * kHistoryEventNanoseconds);
  });
  const auto taken = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begun);
  run.tell_by_history(rows, taken.count());
  return found;
}

}  // namespace audience
