#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "audience/entry_filter.h"
#include "audience/entry_keys.h"
#include "audience/entry_window.h"
#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"

namespace audience {

using timeline::Block;
using timeline::EntryRange;
using timeline::RowMask;
using timeline::Stream;

namespace {

const Subject* same_first(const std::optional<Then>& then) {
  return then && then->same_here ? &then->same_first : nullptr;
}
bool is_property(const Subject& subject) { return subject.field == EventField::none; }

// How many of the first `then` steps have a `same`; nothing: chains of one value cannot be followed
// apart from those of another.
std::optional<std::size_t> keyed_steps(const Sequence& test) {
  const auto free = std::ranges::find_if(test.then, [](const Then& t) { return !t.same_here; });
  const auto keyed = static_cast<std::size_t>(free - test.then.begin());
  const Subject* property = same_first(test.then_not);
  if (property != nullptr && keyed < test.then.size()) return std::nullopt;
  if (property == nullptr && keyed > 0) property = &test.then.front().same_first;
  const auto suits = [&](const Then& then) {
    return is_property(*then.same_here) && is_property(then.same_first) &&
           then.same_first.property == property->property;
  };
  if (!std::all_of(test.then.begin(), free, suits)) return std::nullopt;
  if (same_first(test.then_not) != nullptr && !suits(*test.then_not)) return std::nullopt;
  const bool later = std::any_of(free, test.then.end(),
                                 [](const Then& then) { return then.same_here.has_value(); });
  return later ? std::nullopt : std::optional(keyed);
}

// At one moment the window is a range of times. Going through a row's events in order, of all
// chains that have come to a step only the latest event reached matters: it leaves the most time
// for what follows; where values must be the same, of all chains of one value. Of those that wait
// for an interruption (of their value) the earliest decides: what interrupts it interrupts all.
//
// The streams of the steps are merged by time; where two names meet in one millisecond, the row is
// gone through in the order of its history instead.
class ChainMask final : public LeafMask {
 public:
  ChainMask(const Node* node, const Sequence& test, const RuleAt& rule)
      : LeafMask(node, rule, test.then_not ? Stays::none : Stays::true_one),
        at_(rule.at.ms),
        window_(&test.window, rule),
        numbers_(rule.rule.zone()),
        keyed_steps_(keyed_steps(test)) {
    const base::Zone& zone = rule.rule.zone();
    add_step(test.first, std::nullopt, zone);
    for (const Then& then : test.then) add_step(then.step, then.within, zone);
    if (keyed_steps_) set_keys(test);
    if (!test.then_not) return;
    waiting_ = test.then_not->within->value().ms;
    // Which events interrupt cannot be told where keys are not followed.
    if (test.then_not->same_here && !keyed_steps_) return;
    interrupting_ = names_.try_emplace(test.then_not->step.event.id, names_.size()).first->second;
    interrupts_.emplace(test.then_not->step.filter.get(), zone);
  }

 protected:
  RowMask by_columns(BlockRun& run, const RowMask& candidates) override {
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

  // The time of the latest event at which a chain of one value stands, in the row gone through.
  struct Latest {
    std::uint64_t row = 0;
    std::int64_t time = 0;
  };
  struct Step {
    EntryFilter filter;
    std::optional<std::int64_t> within;
    std::optional<base::PropertyId> same = {};  // of this step's event
    EntryKeys keys = {};
    std::vector<Latest> latest = {};  // by key
  };
  // A completion that waits for an interruption.
  struct Waiting {
    std::int64_t since = 0;
    std::uint32_t key = 0;
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
  void set_keys(const Sequence& test) {
    const Subject* first = same_first(test.then_not);
    if (first != nullptr) interrupting_same_ = test.then_not->same_here->property;
    if (*keyed_steps_ > 0) first = &test.then.front().same_first;
    if (first != nullptr) steps_.front().same = first->property;
    for (std::size_t i = 0; i < *keyed_steps_; ++i) {
      steps_[i + 1].same = test.then[i].same_here->property;
    }
  }

  // False: somebody's step is in nobody's history here. Takes those without one from `rows`.
  bool open(BlockRun& run, RowMask& rows) {
    if (by_name_.empty()) make_names();
    numbers_.clear();
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
        if (steps_[step].same) steps_[step].keys.open(*name.stream, *steps_[step].same);
      }
      const auto at = std::ranges::lower_bound(block.event_types(), type);
      name_of_stream_[static_cast<std::size_t>(at - block.event_types().begin())] = number;
    }
    if (interrupts_ && by_name_[interrupting_].stream != nullptr) {
      const Stream& stream = *by_name_[interrupting_].stream;
      interrupts_->open(stream, run.origins());
      if (interrupting_same_) interrupting_keys_.open(stream, *interrupting_same_);
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
    waiting_chains_.clear();
    ++row_;
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
      if (first == nullptr) return !waiting_chains_.empty();
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
    return !waiting_chains_.empty();
  }

  // The next event in order. True: the sequence is.
  bool take(const Name& name, std::uint32_t entry, std::int64_t time) {
    ++looked_;
    if (!waiting_chains_.empty()) {
      if (time > waiting_chains_.front().since + *waiting_) return true;
      if (interrupts_ && &name == &by_name_[interrupting_]) interrupt(entry);
    }
    if (entry >= name.steps_end) return false;
    for (const std::size_t number : name.steps) {
      Step& step = steps_[number];
      if (!can_reach(number, time) || !step.filter.passes(entry)) continue;
      const std::uint32_t key = step.same ? step.keys.of(entry, numbers_) : 0;
      if (step.same && !can_keep(number, time, key)) continue;
      reached_[number] = time;
      if (step.same) set_latest(step, key, time);
      if (number + 1 < steps_.size()) continue;
      if (!waiting_) return true;
      if (time + *waiting_ < at_) wait(time, key);
    }
    return false;
  }
  bool is_near(std::size_t step, std::int64_t time, std::int64_t before) const {
    return !steps_[step].within || time - before <= *steps_[step].within;
  }
  // Whatever the values are.
  bool can_reach(std::size_t step, std::int64_t time) const {
    return step == 0 || (reached_[step - 1] && is_near(step, time, *reached_[step - 1]));
  }
  // A chain of this value. The first step's may be unknown where it only tells what interrupts.
  bool can_keep(std::size_t step, std::int64_t time, std::uint32_t key) const {
    if (key == 0) return step == 0 && *keyed_steps_ == 0;
    if (step == 0) return true;
    const auto& before = steps_[step - 1].latest;
    return key < before.size() && before[key].row == row_ && is_near(step, time, before[key].time);
  }
  void set_latest(Step& step, std::uint32_t key, std::int64_t time) const {
    if (key >= step.latest.size()) step.latest.resize(std::bit_ceil(std::size_t{key} + 1));
    step.latest[key] = {row_, time};
  }

  void wait(std::int64_t since, std::uint32_t key) {
    const std::uint32_t apart = interrupting_same_ ? key : 0;
    const bool known = std::ranges::any_of(
        waiting_chains_, [&](const Waiting& chain) { return chain.key == apart; });
    if (!known) waiting_chains_.push_back({since, apart});
  }
  void interrupt(std::uint32_t entry) {
    if (!interrupts_->passes(entry)) return;
    if (!interrupting_same_) return waiting_chains_.clear();
    const std::uint32_t key = interrupting_keys_.of(entry, numbers_);
    if (key == 0) return;
    std::erase_if(waiting_chains_, [&](const Waiting& chain) { return chain.key == key; });
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
  // Not interrupted: the earliest of each value, in order.
  std::vector<Waiting> waiting_chains_;
  KeyNumbers numbers_;
  std::optional<std::size_t> keyed_steps_;  // nothing: `same` is not looked at
  std::optional<base::PropertyId> interrupting_same_;
  EntryKeys interrupting_keys_;
  std::uint64_t row_ = 0;  // rows gone through
  std::vector<std::uint32_t> sequence_;
  double looked_ = 0;
};

}  // namespace

bool is_chain(const Sequence& test) { return keyed_steps(test).has_value(); }

MaskPart chain_mask(const Node* node, const Sequence& test, const RuleAt& rule) {
  return std::make_unique<ChainMask>(node, test, rule);
}

}  // namespace audience
