// What a measure comes to over the entries of a row, at once: the same answers as a Tally
// (tally.h) that all of them have entered, by its arithmetic, from codes where that is possible.
//
// One thread at a time. Borrows the measure and the rule.
#pragma once

#include <memory>
#include <optional>

#include "audience/entry_filter.h"
#include "audience/mask_leaves.h"
#include "audience/rule.h"
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
  virtual void open(const timeline::Stream& stream, const timeline::Origins& origins) = 0;
  // Over the entries of `range` that pass; the filter is open on the same stream.
  virtual Looked holds(const timeline::EntryRange& range, EntryFilter& filter) = 0;
  virtual double bytes_per_entry() const { return 0; }

 protected:
  explicit MeasureOfEntries(bool of_nothing) : of_nothing_(of_nothing) {}

 private:
  bool of_nothing_;
};

struct MeasureScope {
  RuleAt rule;
  timeline::Span times;  // of the events there can be
};
// No measure: at least once.
std::unique_ptr<MeasureOfEntries> measure_of_entries(const std::optional<Measure>& measure,
                                                     const MeasureScope& scope);

}  // namespace audience
