#include "audience/mask_node.h"

#include <atomic>
#include <chrono>
#include <utility>

namespace audience {

using timeline::RowMask;

BlockRun::BlockRun(const timeline::Pin& pin, std::stop_token stop)
    : pin_(&pin), stop_(std::move(stop)), origins_(pin.origins()) {}

void BlockRun::enter(std::size_t number, const RowMask& changed) {
  static std::atomic<std::uint64_t> visits = 0;
  number_ = number;
  visit_ = ++visits;
  block_ = &pin_->block(number);
  changed_ = changed;
  by_history_ = {};
  histories_.clear();
}

const timeline::History& BlockRun::history(std::size_t row) {
  if (histories_.empty()) histories_.resize(timeline::kBlockRows);
  if (!histories_[row]) histories_[row] = pin_->history(number_, row);
  return *histories_[row];
}

NodeCounts& NodeCounts::operator+=(const NodeCounts& other) {
  rows_in += other.rows_in;
  rows_true += other.rows_true;
  bytes += other.bytes;
  nanoseconds += other.nanoseconds;
  return *this;
}

RowMask MaskNode::of(BlockRun& run, const RowMask& candidates) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const double bytes = run.bytes();
  const RowMask found = answer(run, candidates);
  const auto taken = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begun);
  counts_ +=
      {static_cast<std::int64_t>(candidates.count()), static_cast<std::int64_t>(found.count()),
       static_cast<std::int64_t>(run.bytes() - bytes), taken.count()};
  return found;
}

const RowMask& MaskNode::changed(BlockRun& run) {
  if (run.changed().none()) return run.changed();
  if (changed_visit_ != run.visit()) {
    changed_visit_ = run.visit();
    changed_ = find_changed(run);
  }
  return changed_;
}

void MaskNode::sample(BlockRun& run, const RowMask& rows) {
  const double bytes = run.bytes();
  const double nanoseconds = run.nanoseconds();
  const RowMask found = answer(run, rows);
  sampled_rows_ += static_cast<double>(rows.count());
  sampled_true_ += static_cast<double>(found.count());
  sampled_bytes_ += run.bytes() - bytes;
  sampled_nanoseconds_ += run.nanoseconds() - nanoseconds;
}

Expected MaskNode::sampled() const {
  if (sampled_rows_ == 0) return {0.5, 8, 1000};
  return {sampled_true_ / sampled_rows_, sampled_bytes_ / sampled_rows_,
          sampled_nanoseconds_ / sampled_rows_};
}

void MaskNode::settle() { expect(sampled()); }

RowMask known_at(const timeline::Block& block, const RowMask& rows, base::Moment at) {
  if (block.latest_known_since() <= at) return rows;
  RowMask known;
  rows.each([&](std::size_t row) {
    if (block.known_since(row) <= at) known.add(row);
  });
  return known;
}

}  // namespace audience
