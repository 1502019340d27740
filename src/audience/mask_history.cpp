#include <utility>
#include <variant>

#include "audience/leaf_mask.h"
#include "audience/mask_leaves.h"

namespace audience {

using base::Moment;
using timeline::RowMask;

namespace {

// Of a sample, persons whose histories are opened.
constexpr std::size_t kSampledHistories = 4;

// What the columns cannot answer alone: conditions by the columns, then person by person.
class HistoryMask : public LeafMask {
 public:
  HistoryMask(const Node& node, std::vector<MaskPart> conditions, const RuleAt& rule)
      : LeafMask(&node, rule), conditions_(std::move(conditions)) {}

  void sample(BlockRun& run, const RowMask& rows) final {
    for (const MaskPart& condition : conditions_) condition->sample(run, rows);
    RowMask left = satisfying_conditions(run, rows);
    const RowMask surely = sure(run, left);
    seen_ += static_cast<double>(rows.count());
    sure_ += static_cast<double>(surely.count());
    left -= surely;
    asked_ += static_cast<double>(left.count());
    RowMask few;
    std::size_t taken = 0;
    left.each([&](std::size_t row) {
      if (taken++ < kSampledHistories) few.add(row);
    });
    MaskNode::sample(run, few);
  }

  void settle() final {
    Expected expected{0, 0, 0};
    double reached = 1;
    for (const MaskPart& condition : conditions_) {
      condition->settle();
      expected.bytes += reached * condition->expected().bytes;
      expected.nanoseconds += reached * condition->expected().nanoseconds;
      reached *= condition->expected().share;
    }
    const Expected one = sampled();
    const double asked = seen_ > 0 ? asked_ / seen_ : reached;
    expected.bytes += asked * one.bytes;
    expected.nanoseconds += asked * one.nanoseconds;
    expected.share = asked * one.share + (seen_ > 0 ? sure_ / seen_ : 0);
    expect(expected);
  }

  std::vector<const MaskNode*> parts() const final {
    std::vector<const MaskNode*> parts;
    for (const MaskPart& condition : conditions_) parts.push_back(condition.get());
    return parts;
  }

 protected:
  // Without those of which the block says at once that it cannot be true.
  virtual RowMask possible(BlockRun&, const RowMask& rows) { return rows; }
  // Of rows that satisfy the conditions, those for which it is true without looking further.
  virtual RowMask sure(BlockRun&, const RowMask&) { return {}; }

  RowMask by_columns(BlockRun& run, const RowMask& candidates) final {
    RowMask left = satisfying_conditions(run, candidates);
    if (left.none()) return left;
    RowMask found = sure(run, left);
    left -= found;
    left.each([&](std::size_t row) {
      if (run.stopped()) return;
      if (holds(run.history(row))) found.add(row);
      const double events = run.block().event_count(row);
      run.spend(events, kHistoryNanoseconds + events * kHistoryEventNanoseconds);
    });
    return found;
  }

 private:
  RowMask satisfying_conditions(BlockRun& run, const RowMask& rows) {
    RowMask left = possible(run, rows);
    for (const MaskPart& condition : conditions_) {
      if (left.none()) break;
      left = condition->of(run, left);
    }
    return left;
  }

  std::vector<MaskPart> conditions_;
  double seen_ = 0;
  double sure_ = 0;
  double asked_ = 0;
};

// True for those whose part is true now and of whom nothing is known that could have changed it.
class HeldMask final : public HistoryMask {
 public:
  HeldMask(const Node& node, std::vector<MaskPart> conditions, const RuleAt& rule)
      : HistoryMask(node, std::move(conditions), rule),
        since_(rule.at - std::get<Held>(node.form).duration.value()) {}

  void only_changes_with(timeline::Mentions mentions) { mentions_ = std::move(mentions); }

 protected:
  // Before a customer is known the part counts as false.
  RowMask possible(BlockRun& run, const RowMask& rows) override {
    return known_at(run.block(), rows, since_);
  }
  RowMask sure(BlockRun& run, const RowMask& rows) override {
    if (!mentions_) return {};
    RowMask still = rows;
    for (const auto type : mentions_->events) {
      if (const auto* stream = run.block().events(type)) still -= stream->rows();
    }
    for (const auto attribute : mentions_->attributes) {
      if (const auto* stream = run.block().attribute(attribute)) still -= stream->rows();
    }
    for (const auto key : mentions_->memberships) {
      if (const auto* stream = run.block().membership(key)) still -= stream->rows();
    }
    return still;
  }

 private:
  Moment since_;
  std::optional<timeline::Mentions> mentions_;
};

}  // namespace

MaskPart sequence_mask(const Node& node, MaskPart chain, const RuleAt& rule) {
  std::vector<MaskPart> conditions;
  conditions.push_back(std::move(chain));
  return std::make_unique<HistoryMask>(node, std::move(conditions), rule);
}

MaskPart held_mask(const Node& node, HeldPart part, const RuleAt& rule) {
  std::vector<MaskPart> conditions;
  conditions.push_back(std::move(part.now));
  if (part.then) conditions.push_back(std::move(part.then));
  auto held = std::make_unique<HeldMask>(node, std::move(conditions), rule);
  if (part.steady) held->only_changes_with(std::move(part.mentions));
  return held;
}

}  // namespace audience
