#include <algorithm>
#include <deque>
#include <limits>
#include <utility>
#include <variant>

#include "audience/compare.h"
#include "audience/entry_filter.h"
#include "audience/entry_window.h"
#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"
#include "audience/measure_of_entries.h"
#include "audience/tally.h"
#include "audience/window.h"

namespace audience {

using timeline::EntryRange;
using timeline::RowMask;
using timeline::Stream;

namespace {

// Whether more events cannot make a measure false that is true.
bool only_grows(const std::optional<Measure>& measure) {
  if (!measure) return true;
  const auto is_least = [](Comparison comparison) {
    return comparison == Comparison::greater || comparison == Comparison::greater_equal;
  };
  if (const auto* times = std::get_if<CountTimes>(&*measure)) return is_least(times->comparison);
  if (const auto* days = std::get_if<OnDays>(&*measure)) return is_least(days->comparison);
  const AggregateOf& of = std::get<AggregateOf>(*measure);
  const bool of_most = of.aggregate == Aggregate::distinct || of.aggregate == Aggregate::maximum;
  return of_most && is_least(of.comparison);
}

Stays stays_of(const EventQuestion& question) {
  if (!only_grows(question.measure)) return Stays::none;
  return question.negated ? Stays::false_one : Stays::true_one;
}

// did, did not, and every measure: of a row's entries those in the window that pass.
class EventMask final : public LeafMask {
 public:
  EventMask(const Node* node, EventQuestion question, const RuleAt& rule)
      : LeafMask(node, rule, stays_of(question)),
        question_(std::move(question)),
        window_(question_.window, rule),
        filter_(question_.filter, rule.rule.zone()),
        measure_(measure_of_entries(question_.measure, {rule, window_.times()})) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    const RowMask found = measured(run, candidates);
    return question_.negated ? candidates - found : found;
  }

 private:
  RowMask measured(BlockRun& run, const RowMask& candidates) {
    const Stream* stream = run.block().events(question_.event);
    if (stream == nullptr) return measure_->of_nothing() ? candidates : RowMask{};
    RowMask found;
    if (measure_->of_nothing()) found = candidates - stream->rows();
    window_.open(*stream);
    filter_.open(*stream, run.origins());
    measure_->open(*stream, run.origins());
    const std::uint32_t least = measure_->entries_min();
    const bool least_tells = filter_.passes_all() && least >= measure_->entries_enough();
    double rows = 0;
    double entries = 0;
    each_range(*stream, candidates, [&](std::size_t row, const EntryRange& all) {
      ++rows;
      const EntryRange last = window_.last_of(all, least);
      if (last.empty()) {
        if (measure_->of_nothing()) found.add(row);
        return;
      }
      const EntryRange inside = least_tells ? last : window_.widened(all, last);
      const Looked looked = measure_->holds(inside, filter_);
      if (looked.holds) found.add(row);
      entries += looked.entries;
    });
    const double time_bytes = stream->times().form().width / 8.0;
    run.spend(
        rows * 2 * time_bytes + entries * (filter_.bytes_per_entry() + measure_->bytes_per_entry()),
        kOpenNanoseconds + rows * kRowNanoseconds + entries * kEntryNanoseconds);
    return found;
  }

  EventQuestion question_;
  EntryWindow window_;
  EntryFilter filter_;
  std::unique_ptr<MeasureOfEntries> measure_;
};

// The earliest or latest entry up to the moment that passes decides.
class FirstLastMask final : public LeafMask {
 public:
  FirstLastMask(const Node& node, const FirstLast& test, const RuleAt& rule)
      : LeafMask(&node, rule),
        test_(test),
        at_(rule.at),
        window_(&test.window, rule),
        filter_(test.step.filter.get(), rule.rule.zone()),
        with_(test.with.get(), rule.rule.zone()) {}

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
    const Stream* stream = run.block().events(test_.step.event.id);
    if (stream == nullptr) return {};
    window_.open(*stream);
    filter_.open(*stream, run.origins());
    with_.open(*stream, run.origins());
    const std::uint64_t later = stream->times().raw_at_least(at_.ms + 1);
    RowMask found;
    double rows = 0;
    looked_ = 0;
    each_range(*stream, candidates, [&](std::size_t row, const EntryRange& all) {
      ++rows;
      // The window ends by the moment; what is behind it still counts as the latest.
      const EntryRange past{all.begin, position_of(stream->times(), all, later)};
      const EntryRange inside = window_.of(past);
      const auto decides =
          test_.last ? last_passing({inside.begin, past.end}) : first_passing(past);
      const bool in_window = decides && *decides >= inside.begin && *decides < inside.end;
      if (in_window && with_.passes(*decides)) found.add(row);
    });
    const double bytes = stream->times().form().width / 8.0;
    run.spend(
        rows * 2 * bytes + looked_ * filter_.bytes_per_entry() + rows * with_.bytes_per_entry(),
        kOpenNanoseconds + 2 * rows * kRowNanoseconds + looked_ * kEntryNanoseconds);
    return found;
  }

 private:
  std::optional<std::uint32_t> first_passing(const EntryRange& range) {
    for (std::uint32_t begin = range.begin; begin < range.end; begin += kChunk) {
      const unsigned count = std::min(kChunk, range.end - begin);
      looked_ += count;
      if (const std::uint64_t passing = filter_.passing(begin, count)) {
        return begin + static_cast<std::uint32_t>(std::countr_zero(passing));
      }
    }
    return std::nullopt;
  }
  std::optional<std::uint32_t> last_passing(const EntryRange& range) {
    for (std::uint32_t end = range.end; end > range.begin;) {
      const unsigned count = std::min(kChunk, end - range.begin);
      looked_ += count;
      if (const std::uint64_t passing = filter_.passing(end - count, count)) {
        return end - count + static_cast<std::uint32_t>(std::bit_width(passing)) - 1;
      }
      end -= count;
    }
    return std::nullopt;
  }

  const FirstLast& test_;
  base::Moment at_;
  EntryWindow window_;
  EntryFilter filter_;
  EntryFilter with_;
  double looked_ = 0;
};

}  // namespace

MaskPart event_mask(const Node* node, EventQuestion question, const RuleAt& rule) {
  return std::make_unique<EventMask>(node, std::move(question), rule);
}

MaskPart first_last_mask(const Node& node, const FirstLast& test, const RuleAt& rule) {
  return std::make_unique<FirstLastMask>(node, test, rule);
}

}  // namespace audience
