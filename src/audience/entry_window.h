// The window of an event test at one moment: which of a row's entries are inside.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "audience/mask_leaves.h"
#include "audience/mask_node.h"
#include "audience/window.h"
#include "timeline/block.h"

namespace audience {

class EntryWindow {
 public:
  // Null: no window, all up to the moment.
  EntryWindow(const std::optional<Window>* window, const RuleAt& rule)
      : times_(EventWindow(window ? *window : std::nullopt, rule.rule.zone()).inside_at(rule.at)) {}

  // Inside are the times [from, to); empty when to <= from.
  const timeline::Span& times() const { return times_; }

  // Borrows the stream's bytes until the next open().
  void open(const timeline::Stream& stream) {
    all_times_ = &stream.times();
    from_ = all_times_->raw_at_least(times_.from.ms);
    to_ = std::max(from_, all_times_->raw_at_least(times_.to.ms));
  }
  // Of a row's entries those inside; they may be none.
  timeline::EntryRange of(const timeline::EntryRange& all) const {
    const std::uint32_t end = position_of(*all_times_, all, to_);
    return {position_of(*all_times_, {all.begin, end}, from_), end};
  }
  // The last `least` of those inside; none where there are fewer. Requires least > 0.
  timeline::EntryRange last_of(const timeline::EntryRange& all, std::uint32_t least) const {
    if (all.size() < least) return {};
    const std::uint32_t end = position_of(*all_times_, all, to_);
    if (end - all.begin < least || all_times_->raw(end - least) < from_) return {};
    return {end - least, end};
  }
  // All inside, of which `last` are the last.
  timeline::EntryRange widened(const timeline::EntryRange& all,
                               const timeline::EntryRange& last) const {
    return {position_of(*all_times_, {all.begin, last.begin}, from_), last.end};
  }

 private:
  timeline::Span times_;
  const timeline::PackedInts* all_times_ = nullptr;
  std::uint64_t from_ = 0;
  std::uint64_t to_ = 0;
};

}  // namespace audience
