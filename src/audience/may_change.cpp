#include "audience/may_change.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "audience/evaluate.h"
#include "audience/made_node.h"
#include "audience/may_change_leaf.h"
#include "audience/mentions.h"
#include "base/check.h"

namespace audience {

using base::Moment;
using timeline::Span;

namespace {

using Definitions = std::map<base::AudienceId, Rule>;

// Every event of a rule by its name, nested definitions included.
class EventsOf {
 public:
  explicit EventsOf(const BoundRule& rule) : rule_(rule) {}

  std::vector<Named<base::EventTypeId>> of(const Node& node) {
    waiting_ = {&node};
    while (!waiting_.empty()) {
      const Node& next = *waiting_.back();
      waiting_.pop_back();
      look(next);
    }
    std::vector<Named<base::EventTypeId>> all;
    for (const auto& [id, name] : found_) all.push_back(name);
    return all;
  }

 private:
  void look(const Node& node) {
    if (const auto* did = std::get_if<Did>(&node.form)) return add(did->step);
    if (const auto* edge = std::get_if<FirstLast>(&node.form)) return add(edge->step);
    if (const auto* sequence = std::get_if<Sequence>(&node.form)) {
      add(sequence->first);
      for (const Then& then : sequence->then) add(then.step);
      if (sequence->then_not) add(sequence->then_not->step);
      return;
    }
    const auto* nested = std::get_if<InAudience>(&node.form);
    if (nested != nullptr && !nested->list && seen_.insert(nested->audience.id).second) {
      waiting_.push_back(&rule_.definition(nested->audience.id).root);
    }
    for (const Node* part : children_of(node)) waiting_.push_back(part);
  }
  void add(const Step& step) { found_.emplace(step.event.id, step.event); }

  const BoundRule& rule_;
  std::map<base::EventTypeId, Named<base::EventTypeId>> found_;
  std::set<base::AudienceId> seen_;
  std::vector<const Node*> waiting_;
};

enum class Depth : std::uint8_t {
  narrow,  // with a look at what the other parts say
  plain,   // whatever crosses an edge; of events alone it is right at any later moment, too
};

// One overload per production: a new one is to be answered in `changes` and in `sometimes`.
class Maker {
 public:
  Maker(const BoundRule& rule, const Stretch& stretch, Depth depth)
      : rule_(rule), stretch_(stretch), depth_(depth), leaves_(rule.zone(), stretch) {}

  // Whoever it may change for in (from, to].
  Node changes(const Node& node) {
    return std::visit([&](const auto& form) { return changes_of(node, form); }, node.form);
  }
  // Whoever it may have this truth for in [from, to].
  Node sometimes(const Node& node, bool truth) {
    if (depth_ == Depth::plain) return everyone();
    return std::visit([&](const auto& form) { return sometimes_of(node, form, truth); }, node.form);
  }

  bool too_deep() const { return too_deep_; }
  Definitions& definitions() { return definitions_; }

 private:
  // --- changes ---
  Node changes_of(const Node&, const Everyone&) { return nobody(); }
  Node changes_of(const Node&, const And& all) { return changes_of_parts(all.parts, true); }
  Node changes_of(const Node&, const Or& any) { return changes_of_parts(any.parts, false); }
  Node changes_of(const Node&, const Not& no) { return changes(*no.part); }
  Node changes_of(const Node&, const Held& held) {
    return any_of(nodes(changes(*held.part), begun(held)));
  }
  Node changes_of(const Node& node, const Compare& test) { return changes_of_value(node, test); }
  Node changes_of(const Node& node, const InList& test) { return changes_of_value(node, test); }
  Node changes_of(const Node& node, const BetweenValues& test) {
    return changes_of_value(node, test);
  }
  Node changes_of(const Node&, const IsKnown&) { return nobody(); }
  Node changes_of(const Node&, const MatchText&) { return nobody(); }
  Node changes_of(const Node&, const InWindow& test) { return leaves_.changes(test); }
  Node changes_of(const Node&, const Anniversary& test) { return leaves_.changes(test); }
  Node changes_of(const Node&, const HasTag&) { return nobody(); }
  Node changes_of(const Node&, const HasAnyTag&) { return nobody(); }
  Node changes_of(const Node&, const InAudience& test) {
    return test.list ? nobody() : nested(test, Answer::changes);
  }
  Node changes_of(const Node&, const Consents&) { return nobody(); }
  Node changes_of(const Node&, const HasIdentity&) { return nobody(); }
  // bind() refuses what no module answers yet.
  Node changes_of(const Node&, const Relation&) { base::unreachable(); }
  Node changes_of(const Node& node, const Stage&) { return changes(rule_.stage(node).tree); }
  Node changes_of(const Node&, const Balance&) { base::unreachable(); }
  Node changes_of(const Node&, const Did& test) { return of_events(test); }
  Node changes_of(const Node&, const FirstLast& test) { return of_events(test); }
  Node changes_of(const Node&, const Sequence& test) { return of_events(test); }

  // --- sometimes ---
  Node sometimes_of(const Node&, const Everyone&, bool truth) {
    return truth ? everyone() : nobody();
  }
  Node sometimes_of(const Node&, const And& all, bool truth) {
    return truth ? all_of(each_sometimes(all.parts, true))
                 : any_of(each_sometimes(all.parts, false));
  }
  Node sometimes_of(const Node&, const Or& any, bool truth) {
    return truth ? any_of(each_sometimes(any.parts, true))
                 : all_of(each_sometimes(any.parts, false));
  }
  Node sometimes_of(const Node&, const Not& no, bool truth) { return sometimes(*no.part, !truth); }
  // Held is only what is true.
  Node sometimes_of(const Node&, const Held& held, bool truth) {
    return truth ? sometimes(*held.part, true) : everyone();
  }
  Node sometimes_of(const Node& node, const Compare& test, bool truth) {
    return sometimes_of_value(node, test, truth);
  }
  Node sometimes_of(const Node& node, const InList& test, bool truth) {
    return sometimes_of_value(node, test, truth);
  }
  Node sometimes_of(const Node& node, const BetweenValues& test, bool truth) {
    return sometimes_of_value(node, test, truth);
  }
  Node sometimes_of(const Node& node, const IsKnown&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node& node, const MatchText&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node&, const InWindow& test, bool truth) {
    return leaves_.sometimes(test, truth);
  }
  Node sometimes_of(const Node&, const Anniversary& test, bool truth) {
    return leaves_.sometimes(test, truth);
  }
  Node sometimes_of(const Node& node, const HasTag&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node& node, const HasAnyTag&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node& node, const InAudience& test, bool truth) {
    if (test.list) return as_is(node, truth);
    return nested(test, truth ? Answer::sometimes_true : Answer::sometimes_false);
  }
  Node sometimes_of(const Node& node, const Consents&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node& node, const HasIdentity&, bool truth) { return as_is(node, truth); }
  Node sometimes_of(const Node&, const Relation&, bool) { base::unreachable(); }
  Node sometimes_of(const Node& node, const Stage&, bool truth) {
    return sometimes(rule_.stage(node).tree, truth);
  }
  Node sometimes_of(const Node&, const Balance&, bool) { base::unreachable(); }
  Node sometimes_of(const Node&, const Did& test, bool truth) {
    return leaves_.sometimes(test, truth);
  }
  Node sometimes_of(const Node&, const FirstLast& test, bool truth) {
    return leaves_.sometimes(test, truth);
  }
  Node sometimes_of(const Node&, const Sequence& test, bool truth) {
    return leaves_.sometimes(test, truth);
  }

  // Of what is computed of purchases (rhythm.h) time changes the answer; of nothing else.
  template <typename Test>
  Node changes_of_value(const Node& node, const Test& test) {
    if (test.subject.rhythm == Rhythm::none) return nobody();
    Node copy = clone(node);
    std::get<Test>(copy.form).subject.changing_over = stretch_.to - stretch_.from;
    return copy;
  }
  template <typename Test>
  Node sometimes_of_value(const Node& node, const Test& test, bool truth) {
    if (test.subject.rhythm == Rhythm::none) return as_is(node, truth);
    return any_of(nodes(as_is(node, truth), changes_of_value(node, test)));
  }

  // Of a test that time does not change.
  static Node as_is(const Node& node, bool truth) {
    return truth ? clone(node) : none_of(clone(node));
  }
  template <typename Test>
  Node of_events(const Test& test) {
    return depth_ == Depth::plain ? leaves_.crossings(test) : leaves_.changes(test);
  }
  std::vector<Node> each_sometimes(const std::vector<Node>& parts, bool truth) {
    std::vector<Node> each;
    for (const Node& part : parts) each.push_back(sometimes(part, truth));
    return each;
  }

  // An `and` changes where a part does while no other is false throughout, an `or` while no other
  // is true throughout. Whoever a part changes for it has both truths for.
  Node changes_of_parts(const std::vector<Node>& parts, bool all) {
    std::vector<Node> any;
    std::optional<std::size_t> only;  // the part that changes, if there is one
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Node changing = changes(parts[i]);
      if (is_nobody(changing)) continue;
      only = any.empty() ? std::optional(i) : std::nullopt;
      any.push_back(std::move(changing));
    }
    if (any.empty()) return nobody();
    std::vector<Node> both = nodes(any_of(std::move(any)));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (only != i) both.push_back(sometimes(parts[i], all));
    }
    return all_of(std::move(both));
  }

  // Whoever has begun to have it held within the stretch and has it still: held for as long, but
  // not for the stretch more. If it has ended meanwhile, its part has changed.
  Node begun(const Held& held) {
    const base::Duration longer = and_the_stretch(held.duration.value());
    return all_of(nodes(part_changed(held), Node{held_for(held, held.duration)},
                        not_held_for(*held.part, longer)));
  }
  base::Duration and_the_stretch(base::Duration duration) const {
    return base::Duration{duration.ms + (stretch_.to - stretch_.from).ms};
  }
  static Held held_for(const Held& held, const WrittenDuration& duration) {
    return Held{std::make_unique<Node>(clone(*held.part)), duration};
  }
  static Node not_held_for(const Node& part, base::Duration duration) {
    const WrittenDuration written = in_milliseconds(duration);
    if (!is_within_limit(written)) return everyone();
    return none_of(Node{Held{std::make_unique<Node>(clone(part)), written}});
  }

  // Whoever the part may have changed for when that which begins now would have begun, as far as
  // the columns can tell: of events alone.
  Node part_changed(const Held& held) {
    const LooksAt looks = looks_at(rule_, *held.part);
    const auto& [events, attributes, memberships] = looks.mentions;
    // A rhythm is what it is when it is asked: it cannot be asked of a moment before.
    if (looks.held || looks.rhythm || events.empty() || !attributes.empty() ||
        !memberships.empty()) {
      return everyone();
    }
    const base::Duration duration = held.duration.value();
    const Stretch then{stretch_.from - duration, stretch_.to - duration};
    std::vector<Node> any;
    for (const auto& event : EventsOf(rule_).of(*held.part)) {
      const Span times{then.from + base::kMillisecond, then.to + base::kMillisecond};
      any.push_back(Node{Did{false, Step{event, nullptr}, std::nullopt, between_moments(times)}});
    }
    any.push_back(crossed(*held.part, then));
    // First known then: before, the part counts as false.
    const Held known{std::make_unique<Node>(everyone()), held.duration};
    any.push_back(all_of(nodes(Node{held_for(known, held.duration)},
                               not_held_for(everyone(), and_the_stretch(duration)))));
    return any_of(std::move(any));
  }
  Node crossed(const Node& part, const Stretch& then) {
    Maker maker(rule_, then, Depth::plain);
    maker.next_ = next_;
    maker.nesting_ = nesting_;
    Node made = maker.changes(part);
    next_ = maker.next_;
    too_deep_ |= maker.too_deep_;
    levels_ = std::max(levels_, maker.levels_);
    definitions_.merge(maker.definitions_);
    return made;
  }

  // --- nested definitions: each answer is a definition of its own, made once ---
  enum class Answer : std::uint8_t { changes, sometimes_true, sometimes_false };
  struct Made {
    Node node;               // what stands at a mention
    std::size_t levels = 0;  // of definitions, one in the other
  };

  Node nested(const InAudience& test, Answer answer) {
    const std::pair key(test.audience.id, answer);
    auto found = made_.find(key);
    if (found == made_.end()) {
      if (nesting_ >= kMayChangeNestingMax) {
        too_deep_ = true;
        return everyone();
      }
      found = made_.emplace(key, make_nested(test, answer)).first;
    }
    levels_ = std::max(levels_, found->second.levels);
    too_deep_ |= levels_ > kMayChangeNestingMax;
    return clone(found->second.node);
  }
  Made make_nested(const InAudience& test, Answer answer) {
    const Node& definition = rule_.definition(test.audience.id).root;
    const std::size_t outer = std::exchange(levels_, 0);
    ++nesting_;
    Node node = answer == Answer::changes ? changes(definition)
                                          : sometimes(definition, answer == Answer::sometimes_true);
    --nesting_;
    Made made{everyone(), std::exchange(levels_, outer) + 1};
    if (is_everyone(node) || is_nobody(node)) {
      made.node = std::move(node);
      return made;
    }
    InAudience mention{test.audience, {}};
    mention.audience.id = base::AudienceId{next_--};
    definitions_.emplace(mention.audience.id, Rule{std::move(node)});
    made.node = Node{std::move(mention)};
    return made;
  }

  const BoundRule& rule_;
  Stretch stretch_;
  Depth depth_;
  LeafChanges leaves_;
  Definitions definitions_;
  std::map<std::pair<base::AudienceId, Answer>, Made> made_;
  std::int64_t next_ = -1;   // of the ids of definitions
  std::size_t nesting_ = 0;  // of the definition that is being made
  std::size_t levels_ = 0;   // of definitions in what is being made
  bool too_deep_ = false;
};

// Null: too large.
std::shared_ptr<const BoundRule> made_rule(const BoundRule& rule, Node root,
                                           Definitions definitions) {
  std::size_t tests = count_tests(root);
  for (const auto& [audience, definition] : definitions) tests += count_tests(definition.root);
  if (tests > kMayChangeTestsMax) return nullptr;
  return rule.another(Rule{std::move(root)}, std::move(definitions));
}

}  // namespace

std::shared_ptr<const BoundRule> may_change(const BoundRule& rule, const Stretch& stretch) {
  CHECK(stretch.from < stretch.to && stretch.to < kHorizon);
  if (rule.matches_nobody()) return nullptr;
  for (const Depth depth : {Depth::narrow, Depth::plain}) {
    Maker maker(rule, stretch, depth);
    Node root = maker.changes(rule.rule().root);
    if (maker.too_deep()) break;
    if (is_nobody(root)) return nullptr;
    auto made = made_rule(rule, std::move(root), std::move(maker.definitions()));
    if (made != nullptr) return made;
  }
  return rule.another(Rule{everyone()}, {});
}

}  // namespace audience
