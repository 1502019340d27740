#include "audience/everyone.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "audience/evaluate.h"
#include "audience/mask_plan.h"
#include "audience/print.h"
#include "base/check.h"

namespace audience {

using timeline::Pin;
using timeline::RowMask;
using Clock = std::chrono::steady_clock;

namespace {

// So many tasks a thread that a slow one at the end does not keep the others waiting.
constexpr std::size_t kTasksPerThread = 8;
constexpr std::size_t kEstimatedBlocks = 64;  // in which changed persons are counted
// Blocks of those and persons of each that are asked.
constexpr std::size_t kAskedBlocksMax = 8;
constexpr std::size_t kAskedChangedMax = 8;

std::int64_t nanoseconds_since(Clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begun).count();
}

// What a block is estimated to cost, in events.
std::int64_t cost_of(const timeline::Block& block) {
  return block.event_count() + static_cast<std::int64_t>(block.row_count()) * kEventsPerRow + 1;
}

std::int64_t cost_of(const Pin& pin, std::size_t begin, std::size_t end) {
  std::int64_t total = 0;
  for (std::size_t block = begin; block < end; ++block) total += cost_of(pin.block(block));
  return total;
}

struct Blocks {
  std::size_t begin;
  std::size_t end;
};

// Where each task begins, and the end: about equal costs in each.
std::vector<std::size_t> shared_out(const Pin& pin, const Blocks& blocks, std::size_t tasks_max) {
  const std::int64_t total = cost_of(pin, blocks.begin, blocks.end);
  const auto share = total / static_cast<std::int64_t>(tasks_max) + 1;
  std::vector<std::size_t> begins{blocks.begin};
  std::int64_t here = 0;
  for (std::size_t block = blocks.begin; block < blocks.end; ++block) {
    here += cost_of(pin.block(block));
    if (here < share || block + 1 == blocks.end) continue;
    begins.push_back(block + 1);
    here = 0;
  }
  begins.push_back(blocks.end);
  return begins;
}

// The rows a viewer sees; nothing: all.
std::optional<std::vector<RowMask>> seen_rows(const Pin& pin, const rights::Viewer& viewer) {
  const rights::CustomerSet* only = viewer.only();
  if (only == nullptr) return std::nullopt;
  std::vector<RowMask> seen(pin.blocks());
  for (const base::CustomerId customer : only->customers()) {
    const auto place = pin.place_of(customer);
    // The set is of persons: one merged into another since stands for nobody.
    if (place && pin.person(place->block, place->row) == customer)
      seen[place->block].add(place->row);
  }
  return seen;
}

// The rows of those left out; nothing: nobody is.
std::optional<std::vector<RowMask>> rows_left_out(const Pin& pin,
                                                  std::span<const base::CustomerId> customers) {
  if (customers.empty()) return std::nullopt;
  std::vector<RowMask> rows(pin.blocks());
  for (const base::CustomerId customer : customers) {
    if (const auto place = pin.place_of(customer)) rows[place->block].add(place->row);
  }
  return rows;
}

// Plans alike, one for each thread that needs one at a time.
class Plans {
 public:
  Plans(const RuleAt& rule, const Pin& pin) : rule_(rule), first_(rule) {
    first_.prepare(pin);
    idle_.push_back(&first_);
  }
  const MaskPlan& first() const { return first_; }

  MaskPlan& take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        MaskPlan* plan = idle_.back();
        idle_.pop_back();
        return *plan;
      }
    }
    auto made = std::make_unique<MaskPlan>(rule_);
    made->order_like(first_);
    const std::scoped_lock lock(mutex_);
    others_.push_back(std::move(made));
    return *others_.back();
  }
  void give_back(MaskPlan& plan) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(&plan);
  }
  // All counts in the first one. Requires that none is taken.
  void add_up() {
    for (const auto& other : others_) first_.add_counts(*other);
  }

 private:
  RuleAt rule_;
  MaskPlan first_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<MaskPlan>> others_;
  std::vector<MaskPlan*> idle_;
};

// One question on its way through the blocks.
class Asking {
 public:
  Asking(const Pin& pin, const Question& question)
      : pin_(pin),
        question_(question),
        plans_({question.rule, question.at}, pin),
        seen_(seen_rows(pin, question.viewer)),
        left_out_(rows_left_out(pin, question.left_out)),
        cost_(cost_of(pin, 0, pin.blocks())) {}

  // Asks these blocks; false: stopped.
  bool run(base::WorkPool& pool, const Blocks& blocks) {
    first_ = blocks.begin;
    found_.assign(blocks.end - blocks.begin, {});
    const auto begins = shared_out(pin_, blocks, (pool.threads() + 1) * kTasksPerThread);
    const bool whole = pool.run(
        begins.size() - 1, [&](std::size_t task) { visit({begins[task], begins[task + 1]}); },
        question_.stop);
    return whole && !question_.stop.stop_requested();
  }
  void finish(Profile& profile) {
    plans_.add_up();
    profile.persons = visited_;
    profile.changed = changed_;
    profile.changed_nanoseconds = changed_nanoseconds_;
    profile.tree = profile_of(plans_.first().root());
  }
  // Of the blocks asked last.
  std::vector<RowMask> take_found() { return std::move(found_); }

 private:
  void visit(const Blocks& blocks) {
    MaskPlan& plan = plans_.take();
    BlockRun run(pin_, question_.stop);
    for (std::size_t block = blocks.begin; block < blocks.end && !run.stopped(); ++block) {
      found_[block - first_] = rows_of(block, plan, run);
      visited_ += static_cast<std::int64_t>(pin_.rows(block).count());
      const std::int64_t done = done_ += cost_of(pin_.block(block));
      if (question_.progress) question_.progress({done, cost_});
    }
    changed_nanoseconds_ += run.by_history_nanoseconds();
    plans_.give_back(plan);
  }

  RowMask rows_of(std::size_t block, MaskPlan& plan, BlockRun& run) {
    RowMask rows = pin_.rows(block);
    if (seen_) rows &= (*seen_)[block];
    if (left_out_) rows -= (*left_out_)[block];
    if (rows.none()) return {};
    const RowMask changed = pin_.changed(block, plan.mentions()) & rows;
    // The block does not know them, or not since when they are known.
    const RowMask apart = changed.none() ? changed : pin_.changed(block, {}) & changed;
    const RowMask candidates = known_at(pin_.block(block), rows - apart, question_.at);
    RowMask found;
    if (!candidates.none()) {
      run.enter(block, changed - apart);
      found = plan.root().of(run, candidates);
      changed_ += static_cast<std::int64_t>(run.by_history().count());
    }
    if (!apart.none()) found |= by_history(block, apart, run);
    return found;
  }

  RowMask by_history(std::size_t block, const RowMask& rows, const BlockRun& run) {
    const auto begun = Clock::now();
    RowMask found;
    rows.each([&](std::size_t row) {
      if (run.stopped()) return;
      if (holds_at(question_.rule, *pin_.history(block, row), question_.at)) found.add(row);
    });
    changed_ += static_cast<std::int64_t>(rows.count());
    changed_nanoseconds_ += nanoseconds_since(begun);
    return found;
  }

  static NodeProfile profile_of(const MaskNode& node) {
    NodeProfile profile{node.node() ? print(*node.node()) : "", node.counts(), {}};
    for (const MaskNode* part : node.parts()) profile.parts.push_back(profile_of(*part));
    return profile;
  }

  const Pin& pin_;
  const Question& question_;
  Plans plans_;
  std::optional<std::vector<RowMask>> seen_;
  std::optional<std::vector<RowMask>> left_out_;
  const std::int64_t cost_;
  std::size_t first_ = 0;  // the block of found_[0]
  std::vector<RowMask> found_;
  std::atomic<std::int64_t> done_ = 0;     // of cost_
  std::atomic<std::int64_t> visited_ = 0;  // persons
  std::atomic<std::int64_t> changed_ = 0;
  std::atomic<std::int64_t> changed_nanoseconds_ = 0;
};

bool has_answers(const Question& question) {
  return !question.rule.matches_nobody() && question.at < kHorizon;
}

NodeEstimate estimate_of(const MaskNode& node) {
  const Expected& expected = node.expected();
  NodeEstimate estimate{node.node() ? print(*node.node()) : "",
                        expected.share,
                        expected.bytes,
                        expected.nanoseconds,
                        {}};
  for (const MaskNode* part : node.parts()) estimate.parts.push_back(estimate_of(*part));
  return estimate;
}

// Of the persons of whom something has arrived that the rule looks at.
struct Changed {
  double share = 0;        // of all
  double nanoseconds = 0;  // for one, by the model
};

Changed changed_of(const Pin& pin, MaskPlan& plan) {
  const std::size_t step = std::max<std::size_t>(1, pin.blocks() / kEstimatedBlocks);
  const double events = static_cast<double>(pin.events()) / static_cast<double>(pin.persons());
  double changed = 0;
  double rows = 0;
  double asked = 0;
  BlockRun run(pin, {});
  std::size_t asked_blocks = 0;
  for (std::size_t block = 0; block < pin.blocks(); block += step) {
    const RowMask here = pin.changed(block, plan.mentions());
    changed += static_cast<double>(here.count());
    rows += static_cast<double>(pin.rows(block).count());
    if (asked_blocks == kAskedBlocksMax || here.none()) continue;
    RowMask few;
    std::size_t taken = 0;
    (here - pin.changed(block, {})).each([&](std::size_t row) {
      if (taken++ < kAskedChangedMax) few.add(row);
    });
    if (few.none()) continue;
    run.enter(block, few);
    plan.root().of(run, few);
    asked += static_cast<double>(few.count());
    ++asked_blocks;
  }
  if (rows == 0) return {};
  const double whole = kHistoryNanoseconds + events * kHistoryEventNanoseconds;
  return {changed / rows, asked == 0 ? whole : run.nanoseconds() / asked};
}

}  // namespace

std::vector<RowMask> rows_seen(const Pin& pin, const rights::Viewer& viewer) {
  const auto seen = seen_rows(pin, viewer);
  std::vector<RowMask> rows(pin.blocks());
  for (std::size_t block = 0; block < rows.size(); ++block) {
    rows[block] = pin.rows(block);
    if (seen) rows[block] &= (*seen)[block];
  }
  return rows;
}

base::Result<std::vector<RowMask>, QuestionFault> matching_rows(const Pin& pin,
                                                                const Question& question,
                                                                base::WorkPool& pool) {
  if (!has_answers(question)) return std::vector<RowMask>(pin.blocks());
  const auto begun = Clock::now();
  Asking asking(pin, question);
  if (!asking.run(pool, {0, pin.blocks()})) return base::unexpected(QuestionFault::stopped);
  if (question.profile != nullptr) {
    asking.finish(*question.profile);
    question.profile->nanoseconds = nanoseconds_since(begun);
  }
  return asking.take_found();
}

class EveryoneWalk::Asking : public audience::Asking {
 public:
  using audience::Asking::Asking;
};

EveryoneWalk::EveryoneWalk(const Pin& pin, const Question& question, base::WorkPool& pool)
    : pin_(pin), pool_(pool) {
  if (has_answers(question)) asking_ = std::make_unique<Asking>(pin, question);
}

EveryoneWalk::~EveryoneWalk() = default;

bool EveryoneWalk::more() const { return asking_ != nullptr && next_ < pin_.blocks(); }

base::Result<std::vector<base::CustomerId>, QuestionFault> EveryoneWalk::next() {
  CHECK(more());
  const std::size_t begin = next_;
  next_ = std::min(begin + kWalkBlocks, pin_.blocks());
  if (!asking_->run(pool_, {begin, next_})) return base::unexpected(QuestionFault::stopped);
  std::vector<base::CustomerId> persons;
  std::size_t block = begin;
  for (const RowMask& rows : asking_->take_found()) {
    rows.each([&](std::size_t row) { persons.push_back(pin_.person(block, row)); });
    ++block;
  }
  return persons;
}

Estimate estimate(const Pin& pin, const Question& question) {
  if (!has_answers(question)) return {};
  MaskPlan plan({question.rule, question.at});
  plan.prepare(pin);
  const Expected& expected = plan.root().expected();
  const auto persons = static_cast<double>(pin.persons());
  const Changed changed = persons == 0 ? Changed{} : changed_of(pin, plan);
  const double nanoseconds =
      (1 - changed.share) * expected.nanoseconds + changed.share * changed.nanoseconds;
  Estimate estimate;
  estimate.persons = pin.persons();
  estimate.rows = static_cast<std::int64_t>(persons * expected.share);
  estimate.bytes = static_cast<std::int64_t>(persons * expected.bytes);
  estimate.milliseconds = persons * nanoseconds / 1e6;
  estimate.tree = estimate_of(plan.root());
  return estimate;
}

}  // namespace audience
