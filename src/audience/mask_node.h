// One node of a plan (mask_plan.h): which of some rows of a block it is true for, all at once.
//
// A node is made for one moment. It is asked for *candidates*, rows that are known at the moment
// and of which the block tells since when, and answers a part of them. Rows of which something has
// arrived that a test looks at are *changed* for that test and for all that it is a part of: the
// block alone does not tell the truth. They are asked last, and of tests alone (leaf_mask.h). A
// node remembers what it has found out about columns: one thread at a time.
//
// Nodes are measured while they work (NodeCounts) and before, on a sample of rows (sample,
// Expected). What they expect they say in modelled nanoseconds, from constants that were measured
// once, so that the order in which parts are asked does not depend on the machine's mood.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "audience/rule.h"
#include "timeline/block.h"
#include "timeline/column_store.h"
#include "timeline/row_mask.h"

namespace audience {

// One thread's way through the blocks of a pin. Borrows the pin.
class BlockRun {
 public:
  BlockRun(const timeline::Pin& pin, std::stop_token stop);

  // `changed`: rows of which something may have arrived that the rule looks at.
  void enter(std::size_t number, const timeline::RowMask& changed = {});
  std::size_t number() const { return number_; }
  const timeline::RowMask& changed() const { return changed_; }
  // Of those the ones of which something named here has arrived.
  timeline::RowMask changed(const timeline::Mentions& mentions) const {
    return pin_->changed(number_, mentions) & changed_;
  }
  // Another number each time a block is entered: tells a node whether what it remembers is of this
  // visit.
  std::uint64_t visit() const { return visit_; }
  const timeline::Block& block() const { return *block_; }
  const timeline::Origins& origins() const { return *origins_; }
  const timeline::FittedReader* fitted() const { return pin_->fitted().get(); }
  // Kept until the next block is entered.
  const timeline::History& history(std::size_t row);
  // A stop was requested: whatever is answered from now on is thrown away.
  bool stopped() const { return stop_.stop_requested(); }

  // These were asked by their histories, which took so long.
  void tell_by_history(const timeline::RowMask& rows, std::int64_t nanoseconds) {
    by_history_ |= rows;
    by_history_nanoseconds_ += nanoseconds;
  }
  // Of the block entered; of all.
  const timeline::RowMask& by_history() const { return by_history_; }
  std::int64_t by_history_nanoseconds() const { return by_history_nanoseconds_; }
  // What has been read and, by the model, taken since the beginning.
  void spend(double bytes, double nanoseconds) {
    bytes_ += bytes;
    nanoseconds_ += nanoseconds;
  }
  double bytes() const { return bytes_; }
  double nanoseconds() const { return nanoseconds_; }

 private:
  const timeline::Pin* pin_;
  std::stop_token stop_;
  std::shared_ptr<const timeline::Origins> origins_;
  std::size_t number_ = 0;
  std::uint64_t visit_ = 0;
  const timeline::Block* block_ = nullptr;
  timeline::RowMask changed_;
  timeline::RowMask by_history_;
  std::int64_t by_history_nanoseconds_ = 0;
  std::vector<std::unique_ptr<timeline::History>> histories_;  // by row
  double bytes_ = 0;
  double nanoseconds_ = 0;
};

struct NodeCounts {
  std::int64_t rows_in = 0;
  std::int64_t rows_true = 0;
  std::int64_t bytes = 0;        // read, about; with the parts'
  std::int64_t nanoseconds = 0;  // with the parts'
  NodeCounts& operator+=(const NodeCounts& other);
};

// Of one row that is asked about.
struct Expected {
  double share = 1;  // true
  double bytes = 0;
  double nanoseconds = 0;
};

class MaskNode {
 public:
  virtual ~MaskNode() = default;

  // A part of `candidates`.
  timeline::RowMask of(BlockRun& run, const timeline::RowMask& candidates);
  // Rows of the block entered that are changed for this node.
  const timeline::RowMask& changed(BlockRun& run);
  const NodeCounts& counts() const { return counts_; }
  void add(const NodeCounts& counts) { counts_ += counts; }
  void reset_counts() { counts_ = {}; }

  // Learns from some rows of the block entered. Then, once, settle() turns it into expected() and
  // into the order of the parts.
  virtual void sample(BlockRun& run, const timeline::RowMask& rows);
  virtual void settle();
  const Expected& expected() const { return expected_; }
  // Asks its parts in the same order as `other`, the same node of another plan of the same rule.
  virtual void order_like(const MaskNode&) {}

  virtual std::vector<const MaskNode*> parts() const { return {}; }
  // What it answers for; null: a condition of a held or a sequence that is looked at before.
  const Node* node() const { return node_; }

 protected:
  explicit MaskNode(const Node* node) : node_(node) {}
  virtual timeline::RowMask answer(BlockRun& run, const timeline::RowMask& candidates) = 0;
  // Asked once a visit, and only when some rows are changed for the rule.
  virtual timeline::RowMask find_changed(BlockRun& run) = 0;
  void expect(const Expected& expected) { expected_ = expected; }
  // From what sample() has seen; nothing seen: half of the rows, a microsecond each.
  Expected sampled() const;

 private:
  const Node* node_;
  std::uint64_t changed_visit_ = 0;  // of which changed_ is
  timeline::RowMask changed_;
  NodeCounts counts_;
  double sampled_rows_ = 0;
  double sampled_true_ = 0;
  double sampled_bytes_ = 0;
  double sampled_nanoseconds_ = 0;
  Expected expected_;
};

// Of the rows those known at the moment.
timeline::RowMask known_at(const timeline::Block& block, const timeline::RowMask& rows,
                           base::Moment at);

// What the model takes a thing to cost.
inline constexpr double kRowNanoseconds = 14;     // finding a row's entries and looking at one
inline constexpr double kEntryNanoseconds = 4;    // one more entry, or its value
inline constexpr double kDayNanoseconds = 5;      // the local day of one more time
inline constexpr double kLookUpNanoseconds = 40;  // a person in a fitted column
inline constexpr double kSpanNanoseconds = 1.5;   // one span of a membership
inline constexpr double kOpenNanoseconds = 150;   // a stream of a block
// The interval evaluator, the history opened from its block: 4.2 and 8.8 us for 1,000 events
// (docs/bench.md, one customer).
inline constexpr double kHistoryNanoseconds = 2500;  // besides the events
inline constexpr double kHistoryEventNanoseconds = 4;

// Calls visit(row, range) for the candidates that have entries, in ascending order.
template <typename Visit>
void each_range(const timeline::Stream& stream, const timeline::RowMask& candidates, Visit visit) {
  std::size_t rank = 0;
  std::size_t next_rank = 0;  // the one after that whose end is known
  std::uint32_t end = 0;
  for (std::size_t word = 0; word < timeline::RowMask::kWords; ++word) {
    const std::uint64_t has = stream.rows().words()[word];
    const std::uint64_t wanted = candidates.words()[word];
    if ((has & wanted) == 0) {
      rank += static_cast<std::size_t>(std::popcount(has));
      continue;
    }
    for (std::uint64_t left = has; left != 0; left &= left - 1, ++rank) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      if ((wanted >> bit & 1) == 0) continue;
      const std::uint32_t begin = next_rank == rank ? end : stream.end_of_rank(rank - 1);
      end = stream.end_of_rank(rank);
      next_rank = rank + 1;
      visit(word * 64 + bit, timeline::EntryRange{begin, end});
    }
  }
}

// The first entry of a row whose time is not before the one of this raw value; range.end: none.
// Looked for from the end, in the logarithm of how far that is.
inline std::uint32_t position_of(const timeline::PackedInts& times, timeline::EntryRange range,
                                 std::uint64_t raw) {
  std::uint32_t high = range.end;  // times from here on are not before
  std::uint32_t step = 1;
  std::uint32_t low = range.begin;  // nothing is known of what is before
  while (high > low) {
    const std::uint32_t probe = high - low > step ? high - step : low;
    if (times.raw(probe) < raw) {
      low = probe + 1;
      break;
    }
    high = probe;
    step *= 2;
  }
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (times.raw(middle) < raw) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return high;
}

}  // namespace audience
