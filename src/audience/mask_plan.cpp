#include "audience/mask_plan.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

#include "audience/compare.h"
#include "audience/mentions.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::RowMask;

namespace {

// What is looked at before a question.
constexpr std::size_t kSampledBlocks = 4;
constexpr std::size_t kSampledRows = 128;  // of each

// So that parts that cost or decide nothing in the sample can be compared, too.
constexpr double kLeastNanoseconds = 0.01;
constexpr double kLeastShare = 1e-4;

class EveryoneMask final : public MaskNode {
 public:
  explicit EveryoneMask(const Node& node) : MaskNode(&node) {}
  void sample(BlockRun&, const RowMask&) override {}
  void settle() override { expect({1, 0, 0}); }

 protected:
  RowMask answer(BlockRun&, const RowMask& candidates) override { return candidates; }
  RowMask find_changed(BlockRun&) override { return {}; }
};

class NotMask final : public MaskNode {
 public:
  NotMask(const Node& node, MaskPart part) : MaskNode(&node), part_(std::move(part)) {}
  void sample(BlockRun& run, const RowMask& rows) override { part_->sample(run, rows); }
  void settle() override {
    part_->settle();
    const Expected& part = part_->expected();
    expect({1 - part.share, part.bytes, part.nanoseconds});
  }
  std::vector<const MaskNode*> parts() const override { return {part_.get()}; }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    return candidates - part_->of(run, candidates);
  }
  RowMask find_changed(BlockRun& run) override { return part_->changed(run); }

 private:
  MaskPart part_;
};

// and, or: what a part has decided the next is not asked about. Each is asked first about the rows
// that are not changed for it, so that of the others only those are asked that no other part has
// decided.
class JoinedMask final : public MaskNode {
 public:
  JoinedMask(const Node& node, std::vector<MaskPart> parts)
      : MaskNode(&node),
        all_(std::holds_alternative<And>(node.form)),
        parts_(std::move(parts)),
        order_(parts_.size()) {
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
  }

  void sample(BlockRun& run, const RowMask& rows) override {
    for (const MaskPart& part : parts_) part->sample(run, rows);
  }

  // Least cost per row decided first: for independent parts no order is expected to cost less.
  void settle() override {
    for (const MaskPart& part : parts_) part->settle();
    std::ranges::stable_sort(order_, {}, [this](std::size_t place) {
      const Expected& part = parts_[place]->expected();
      return (part.nanoseconds + kLeastNanoseconds) / std::max(decided(part), kLeastShare);
    });
    Expected expected{0, 0, 0};
    double reached = 1;
    for (const std::size_t place : order_) {
      const Expected& part = parts_[place]->expected();
      expected.bytes += reached * part.bytes;
      expected.nanoseconds += reached * part.nanoseconds;
      reached *= 1 - decided(part);
    }
    expected.share = all_ ? reached : 1 - reached;
    expect(expected);
  }
  void order_like(const MaskNode& other) override {
    order_ = static_cast<const JoinedMask&>(other).order_;
  }
  std::vector<const MaskNode*> parts() const override {
    std::vector<const MaskNode*> parts;
    for (const std::size_t place : order_) parts.push_back(parts_[place].get());
    return parts;
  }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    RowMask left = candidates;  // not decided yet
    const bool some_changed = !(candidates & run.changed()).none();
    for (const std::size_t place : order_) {
      if (left.none() || run.stopped()) break;
      MaskNode& part = *parts_[place];
      decide(run, part, some_changed ? left - part.changed(run) : left, left);
    }
    for (std::size_t i = 0; some_changed && i < order_.size(); ++i) {
      if (left.none() || run.stopped()) break;
      MaskNode& part = *parts_[order_[i]];
      decide(run, part, left & part.changed(run), left);
    }
    return all_ ? left : candidates - left;
  }
  RowMask find_changed(BlockRun& run) override {
    RowMask changed;
    for (const MaskPart& part : parts_) changed |= part->changed(run);
    return changed;
  }

 private:
  // Asks a part about some of the rows that are left, and takes away those it decides.
  void decide(BlockRun& run, MaskNode& part, const RowMask& asked, RowMask& left) const {
    if (asked.none()) return;
    const RowMask found = part.of(run, asked);
    left -= all_ ? asked - found : found;
  }
  double decided(const Expected& part) const { return all_ ? 1 - part.share : part.share; }

  bool all_;
  std::vector<MaskPart> parts_;
  std::vector<std::size_t> order_;
};

// The definition of a nested audience: remembers for which rows of the block it has answered.
class DefinitionMask final : public MaskNode {
 public:
  explicit DefinitionMask(MaskPart rule) : MaskNode(nullptr), rule_(std::move(rule)) {}

  void sample(BlockRun& run, const RowMask& rows) override {
    if (sampled_visit_ == run.visit()) return;
    sampled_visit_ = run.visit();
    rule_->sample(run, rows);
  }
  void settle() override {
    if (settled_) return;
    settled_ = true;
    rule_->settle();
    expect(rule_->expected());
  }
  std::vector<const MaskNode*> parts() const override { return {rule_.get()}; }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    if (visit_ != run.visit()) {
      visit_ = run.visit();
      asked_ = {};
      true_ = {};
    }
    const RowMask fresh = candidates - asked_;
    if (!fresh.none()) {
      true_ |= rule_->of(run, fresh);
      asked_ |= fresh;
    }
    return candidates & true_;
  }
  RowMask find_changed(BlockRun& run) override { return rule_->changed(run); }

 private:
  MaskPart rule_;
  std::uint64_t visit_ = 0;
  std::uint64_t sampled_visit_ = 0;
  bool settled_ = false;
  RowMask asked_;
  RowMask true_;
};

// One mention of it.
class MentionMask final : public MaskNode {
 public:
  MentionMask(const Node& node, MaskNode& definition) : MaskNode(&node), definition_(definition) {}
  void sample(BlockRun& run, const RowMask& rows) override { definition_.sample(run, rows); }
  void settle() override {
    definition_.settle();
    expect(definition_.expected());
  }
  std::vector<const MaskNode*> parts() const override { return definition_.parts(); }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    return definition_.of(run, candidates);
  }
  RowMask find_changed(BlockRun& run) override { return definition_.changed(run); }

 private:
  MaskNode& definition_;
};

// A test of a stage is asked as what it means.
class StageMask final : public MaskNode {
 public:
  StageMask(const Node& node, MaskPart meaning) : MaskNode(&node), meaning_(std::move(meaning)) {}
  void sample(BlockRun& run, const RowMask& rows) override { meaning_->sample(run, rows); }
  void settle() override {
    meaning_->settle();
    expect(meaning_->expected());
  }
  std::vector<const MaskNode*> parts() const override { return {meaning_.get()}; }

 protected:
  RowMask answer(BlockRun& run, const RowMask& candidates) override {
    return meaning_->of(run, candidates);
  }
  RowMask find_changed(BlockRun& run) override { return meaning_->changed(run); }

 private:
  MaskPart meaning_;
};

}  // namespace

// Makes the nodes, each definition once a moment.
class PlanMaker {
 public:
  PlanMaker(MaskPlan& plan, const BoundRule& rule) : plan_(plan), rule_(rule) {}

  MaskPart make(const Node& node, Moment at) {
    MaskPart made = std::visit([&](const auto& form) { return of(node, form, at); }, node.form);
    plan_.nodes_.push_back(made.get());
    return made;
  }

 private:
  MaskPart of(const Node& node, const Everyone&, Moment) {
    return std::make_unique<EveryoneMask>(node);
  }
  MaskPart of(const Node& node, const And& all, Moment at) {
    return std::make_unique<JoinedMask>(node, parts_of(all.parts, at));
  }
  MaskPart of(const Node& node, const Or& any, Moment at) {
    return std::make_unique<JoinedMask>(node, parts_of(any.parts, at));
  }
  MaskPart of(const Node& node, const Not& no, Moment at) {
    return std::make_unique<NotMask>(node, make(*no.part, at));
  }
  MaskPart of(const Node& node, const Held& held, Moment at) {
    LooksAt looks = looks_at(rule_, *held.part);
    HeldPart part;
    part.now = make(*held.part, at);
    // With a held inside a held both ends of both would be made, and of theirs.
    if (!looks.held) part.then = make(*held.part, at - held.duration.value());
    part.steady = !looks.held && !looks.fitted;
    part.mentions = std::move(looks.mentions);
    return held_mask(node, std::move(part), {rule_, at});
  }
  MaskPart of(const Node& node, const InAudience& test, Moment at) {
    if (test.list) return membership_mask(node, {rule_, at});
    MaskNode*& definition = definitions_[{test.audience.id, at}];
    if (definition == nullptr) {
      auto made =
          std::make_unique<DefinitionMask>(make(rule_.definition(test.audience.id).root, at));
      definition = made.get();
      plan_.nodes_.push_back(definition);
      plan_.definitions_.push_back(std::move(made));
    }
    return std::make_unique<MentionMask>(node, *definition);
  }
  MaskPart of(const Node& node, const Did& test, Moment at) {
    EventQuestion question{test.step.event.id, test.step.filter.get(), &test.window, test.measure,
                           test.negated};
    return event_mask(&node, std::move(question), {rule_, at});
  }
  MaskPart of(const Node& node, const FirstLast& test, Moment at) {
    return first_last_mask(node, test, {rule_, at});
  }
  MaskPart of(const Node& node, const Sequence& test, Moment at) {
    if (is_chain(test)) return chain_mask(&node, test, {rule_, at});
    MaskPart chain = chain_mask(nullptr, test, {rule_, at});
    plan_.nodes_.push_back(chain.get());
    return sequence_mask(node, std::move(chain), {rule_, at});
  }
  MaskPart of(const Node& node, const Stage&, Moment at) {
    return std::make_unique<StageMask>(node, make(rule_.stage(node).tree, at));
  }
  // bind() refuses what no module answers yet.
  MaskPart of(const Node&, const Relation&, Moment) { base::unreachable(); }
  MaskPart of(const Node&, const Balance&, Moment) { base::unreachable(); }
  template <typename Test>
  MaskPart of(const Node& node, const Test&, Moment at) {
    if constexpr (requires(const Test& test) { test.subject; }) {
      return attribute_mask(node, {rule_, at});
    } else {
      return membership_mask(node, {rule_, at});
    }
  }

  std::vector<MaskPart> parts_of(const std::vector<Node>& nodes, Moment at) {
    std::vector<MaskPart> parts;
    for (const Node& node : nodes) parts.push_back(make(node, at));
    return parts;
  }

  MaskPlan& plan_;
  const BoundRule& rule_;
  std::map<std::pair<base::AudienceId, Moment>, MaskNode*> definitions_;
};

MaskPlan::MaskPlan(const RuleAt& rule)
    : mentions_(looks_at(rule.rule, rule.rule.rule().root).mentions) {
  root_ = PlanMaker(*this, rule.rule).make(rule.rule.rule().root, rule.at);
}

MaskPlan::~MaskPlan() = default;

namespace {

// About kSampledRows of them, evenly.
RowMask some_of(const RowMask& rows) {
  const std::size_t step = std::max<std::size_t>(1, rows.count() / kSampledRows);
  RowMask some;
  std::size_t seen = 0;
  rows.each([&](std::size_t row) {
    if (seen++ % step == 0) some.add(row);
  });
  return some;
}

}  // namespace

void MaskPlan::prepare(const timeline::Pin& pin) {
  BlockRun run(pin, {});
  const std::size_t sampled = std::min(pin.blocks(), kSampledBlocks);
  for (std::size_t i = 0; i < sampled; ++i) {
    const std::size_t block = (2 * i + 1) * pin.blocks() / (2 * sampled);
    run.enter(block);
    root_->sample(run, some_of(pin.rows(block) & pin.block(block).persons()));
  }
  root_->settle();
  for (MaskNode* node : nodes_) node->reset_counts();
}

void MaskPlan::order_like(const MaskPlan& other) {
  CHECK(nodes_.size() == other.nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i]->order_like(*other.nodes_[i]);
}

void MaskPlan::add_counts(const MaskPlan& other) {
  CHECK(nodes_.size() == other.nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i]->add(other.nodes_[i]->counts());
}

}  // namespace audience
