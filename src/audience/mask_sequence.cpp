#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "audience/entry_filter.h"
#include "audience/entry_window.h"
#include "audience/mask_leaves.h"

namespace audience {

using timeline::Block;
using timeline::EntryRange;
using timeline::RowMask;
using timeline::Stream;

namespace {

// At one moment the window is a range of times. Going through a row's events in order, of all
// chains that have come to a step only the latest event reached matters: it leaves the most time
// for what follows. Of the chains that wait for an interruption the earliest decides: what
// interrupts it interrupts all.
//
// The streams of the steps are merged by time; where two names meet in one millisecond, the row is
// gone through in the order of its history instead.
class ChainMask final : public MaskNode {
 public:
  ChainMask(const Node* node, const Sequence& test, const RuleAt& rule)
      : MaskNode(node), at_(rule.at.ms), window_(&test.window, rule) {
    const base::Zone& zone = rule.rule.zone();
    add_step(test.first, std::nullopt, zone);
    for (const Then& then : test.then) add_step(then.step, then.within, zone);
    if (!test.then_not) return;
    waiting_ = test.then_not->within->value().ms;
    if (test.then_not->same_here) return;  // which events interrupt is not known here
    interrupting_ = names_.try_emplace(test.then_not->step.event.id, names_.size()).first->second;
    interrupts_.emplace(test.then_not->step.filter.get(), zone);
  }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    RowMask rows = candidates;
    if (!open(run, rows)) return {};
    RowMask found;
    looked_ = 0;
    rows.each([&](std::size_t row) {
      if (!enter(row)) return;
      auto answer = merged();
      if (!answer) answer = in_order(run.block(), row);
      if (*answer) found.add(row);
    });
    const auto asked = static_cast<double>(rows.count() * names_.size());
    constexpr double kBytesPerEntry = 6;
    run.spend((2 * asked + looked_) * kBytesPerEntry,
              kOpenNanoseconds + 3 * asked * kRowNanoseconds + looked_ * kStepNanoseconds);
    return found;
  }

 private:
  static constexpr double kStepNanoseconds = 8;

  struct Step {
    EntryFilter filter;
    std::optional<std::int64_t> within;
  };
  // The events of one name.
  struct Name {
    std::vector<std::size_t> steps;  // of this name, the last first
    EntryWindow window;
    const Stream* stream = nullptr;  // null: nobody of the block has one
    std::uint64_t later = 0;         // raw: after the moment
    EntryRange all = {};             // of the row
    EntryRange looked_at = {};       // in the window; where it interrupts up to the moment
    std::uint32_t steps_end = 0;     // of those in the window
    std::uint32_t next = 0;
    std::int64_t time = 0;  // of next
  };

  void add_step(const audience::Step& step, const std::optional<WrittenDuration>& within,
                const base::Zone& zone) {
    names_.try_emplace(step.event.id, names_.size());
    step_names_.push_back(names_.at(step.event.id));
    steps_.push_back({EntryFilter(step.filter.get(), zone), std::nullopt});
    if (within) steps_.back().within = within->value().ms;
  }

  // False: somebody's step is in nobody's history here. Takes those without one from `rows`.
  bool open(BlockRun& run, RowMask& rows) {
    if (by_name_.empty()) make_names();
    const Block& block = run.block();
    name_of_stream_.assign(block.event_types().size(), kNoName);
    for (const auto& [type, number] : names_) {
      Name& name = by_name_[number];
      name.stream = block.events(type);
      if (name.stream == nullptr) {
        if (!name.steps.empty()) return false;
        continue;
      }
      if (!name.steps.empty()) rows &= name.stream->rows();
      name.window.open(*name.stream);
      name.later = name.stream->times().raw_at_least(at_ + 1);
      for (const std::size_t step : name.steps) {
        steps_[step].filter.open(*name.stream, run.origins());
      }
      const auto at = std::ranges::lower_bound(block.event_types(), type);
      name_of_stream_[static_cast<std::size_t>(at - block.event_types().begin())] = number;
    }
    if (interrupts_ && by_name_[interrupting_].stream != nullptr) {
      interrupts_->open(*by_name_[interrupting_].stream, run.origins());
    }
    return true;
  }
  void make_names() {
    by_name_.assign(names_.size(), Name{{}, window_});
    for (std::size_t step = steps_.size(); step-- > 0;) {
      by_name_[step_names_[step]].steps.push_back(step);
    }
    reached_.resize(steps_.size());
  }

  // False: a step of the row has no event in the window.
  bool enter(std::size_t row) {
    for (std::size_t number = 0; number < by_name_.size(); ++number) {
      Name& name = by_name_[number];
      name.all = name.stream == nullptr ? EntryRange{} : name.stream->range(row);
      name.looked_at = {};
      name.steps_end = 0;
      if (name.all.empty()) continue;
      name.looked_at = name.window.of(name.all);
      name.steps_end = name.looked_at.end;
      if (!name.steps.empty() && name.looked_at.empty()) return false;
      if (interrupts_ && number == interrupting_) {
        // One before the window begins comes before every step.
        name.looked_at.end = position_of(name.stream->times(), name.all, name.later);
      }
    }
    return true;
  }
  void begin() {
    std::ranges::fill(reached_, std::nullopt);
    waits_since_.reset();
  }

  // Nothing: two names in one millisecond, whose order the times do not tell.
  std::optional<bool> merged() {
    begin();
    for (Name& name : by_name_) set_next(name, name.looked_at.begin);
    while (true) {
      Name* first = nullptr;
      bool tie = false;
      for (Name& name : by_name_) {
        if (name.next >= name.looked_at.end) continue;
        if (first != nullptr && name.time == first->time) tie = true;
        if (first == nullptr || name.time < first->time) {
          first = &name;
          tie = false;
        }
      }
      if (first == nullptr) return waits_since_.has_value();
      if (tie) return std::nullopt;
      if (take(*first, first->next, first->time)) return true;
      set_next(*first, first->next + 1);
    }
  }
  static void set_next(Name& name, std::uint32_t entry) {
    name.next = entry;
    if (entry < name.looked_at.end) name.time = name.stream->time(entry).ms;
  }

  bool in_order(const Block& block, std::size_t row) {
    begin();
    sequence_.clear();
    block.read_sequence(row, sequence_);
    for (Name& name : by_name_) name.next = name.all.begin;
    for (const std::uint32_t stream : sequence_) {
      const std::size_t number = name_of_stream_[stream];
      if (number == kNoName) continue;
      Name& name = by_name_[number];
      const std::uint32_t entry = name.next++;
      if (entry < name.looked_at.begin || entry >= name.looked_at.end) continue;
      if (take(name, entry, name.stream->time(entry).ms)) return true;
    }
    return waits_since_.has_value();
  }

  // The next event in order. True: the sequence is.
  bool take(const Name& name, std::uint32_t entry, std::int64_t time) {
    ++looked_;
    if (waits_since_) {
      if (time > *waits_since_ + *waiting_) return true;
      const bool may = interrupts_ && &name == &by_name_[interrupting_];
      if (may && interrupts_->passes(entry)) waits_since_.reset();
    }
    if (entry >= name.steps_end) return false;
    for (const std::size_t step : name.steps) {
      if (!can_reach(step, time) || !steps_[step].filter.passes(entry)) continue;
      reached_[step] = time;
      if (step + 1 < steps_.size()) continue;
      if (!waiting_) return true;
      if (!waits_since_ && time + *waiting_ < at_) waits_since_ = time;
    }
    return false;
  }
  bool can_reach(std::size_t step, std::int64_t time) const {
    if (step == 0) return true;
    const auto& before = reached_[step - 1];
    return before && (!steps_[step].within || time - *before <= *steps_[step].within);
  }

  static constexpr std::size_t kNoName = ~std::size_t{0};

  std::int64_t at_;
  EntryWindow window_;
  std::vector<Step> steps_;
  std::vector<std::size_t> step_names_;             // numbers of names, by step
  std::map<base::EventTypeId, std::size_t> names_;  // numbered
  std::optional<std::int64_t> waiting_;             // of `then not`
  std::size_t interrupting_ = kNoName;
  std::optional<EntryFilter> interrupts_;
  std::vector<Name> by_name_;
  std::vector<std::size_t> name_of_stream_;
  std::vector<std::optional<std::int64_t>> reached_;  // time of the latest event, by step
  std::optional<std::int64_t> waits_since_;           // the earliest completion not interrupted
  std::vector<std::uint32_t> sequence_;
  double looked_ = 0;
};

}  // namespace

MaskPart chain_mask(const Node* node, const Sequence& test, const RuleAt& rule) {
  return std::make_unique<ChainMask>(node, test, rule);
}

}  // namespace audience
