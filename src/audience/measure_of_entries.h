// What a measure comes to over the entries of a row, at once: the same answers as a Tally
// (tally.h) that all of them have entered, by its arithmetic, from codes where that is possible.
//
// One thread at a time. Borrows the measure and the rule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "audience/entry_filter.h"
#include "audience/mask_leaves.h"
#include "audience/rule.h"
#include "audience/tally.h"
#include "timeline/block.h"
#include "timeline/history.h"

namespace audience {

struct Looked {
  bool holds = false;
  double entries = 0;  // looked at
};

class MeasureOfEntries {
 public:
  virtual ~MeasureOfEntries() = default;
  // The answer without any event.
  bool of_nothing() const { return of_nothing_; }
  // Of fewer entries than this the answer is the same, whatever they are. At least 1.
  std::uint32_t entries_min() const { return entries_min_; }
  // Of this many that pass it is the same as of more.
  virtual std::uint32_t entries_enough() const { return std::numeric_limits<std::uint32_t>::max(); }
  virtual void open(const timeline::Stream& stream, const timeline::Origins& origins) = 0;
  // Over the entries of `range` that pass; the filter is open on the same stream.
  virtual Looked holds(const timeline::EntryRange& range, EntryFilter& filter) = 0;
  virtual double bytes_per_entry() const { return 0; }

 protected:
  // `reached`: what a number of entries is compared with, rounded up; nothing: none is.
  explicit MeasureOfEntries(bool of_nothing, std::optional<Wide> reached = {})
      : of_nothing_(of_nothing) {
    constexpr Wide kMost = std::numeric_limits<std::uint32_t>::max();
    if (reached) entries_min_ = static_cast<std::uint32_t>(std::clamp<Wide>(*reached, 1, kMost));
  }

 private:
  bool of_nothing_;
  std::uint32_t entries_min_ = 1;
};

struct MeasureScope {
  RuleAt rule;
  timeline::Span times;  // of the events there can be
};
// No measure: at least once.
std::unique_ptr<MeasureOfEntries> measure_of_entries(const std::optional<Measure>& measure,
                                                     const MeasureScope& scope);

}  // namespace audience
