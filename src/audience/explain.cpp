#include "audience/explain.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "audience/compare.h"
#include "audience/dependency.h"
#include "audience/event_stream.h"
#include "audience/node_stream.h"
#include "audience/print.h"
#include "audience/rhythm.h"
#include "audience/sequence.h"
#include "audience/tally.h"
#include "audience/todays_names.h"

namespace audience {

using base::Moment;
using base::Value;
using timeline::EventAt;
using timeline::MembershipKind;
using timeline::Span;

namespace {

// The properties and fields a test looks at, each once.
using Subjects = std::vector<const Subject*>;

void add_subject(Subjects& subjects, const Subject& subject) {
  const bool there = std::ranges::any_of(subjects, [&](const Subject* other) {
    return other->property == subject.property && other->field == subject.field;
  });
  if (!there) subjects.push_back(&subject);
}

void add_subjects(Subjects& subjects, const Node* filter) {
  if (filter == nullptr) return;
  std::visit(
      [&](const auto& form) {
        if constexpr (requires { form.subject; }) add_subject(subjects, form.subject);
      },
      filter->form);
  for (const Node* child : children_of(*filter)) add_subjects(subjects, child);
}

class Explainer {
 public:
  Explainer(const Scope& scope, const Names& names, Moment at)
      : scope_(scope), names_(names), at_(at) {}

  // `shown`: the same node with today's names.
  ExplainedNode explained(const Node& node, const Node& shown) {
    ExplainedNode found;
    found.rule = print(shown);
    const Moment known = scope_.history.known_since();
    const Stream stream = cut_before(stream_of(scope_, node, known), known);
    found.standing = standing_in(*stream, at_);
    if (at_ >= known) std::visit([&](const auto& form) { add(found, form, node); }, node.form);
    keep_some(found);
    ++level_;
    if (level_ < kExplainedLevelsMax) add_parts(found, node, shown);
    --level_;
    return found;
  }

 private:
  static void keep_some(ExplainedNode& found) {
    found.facts_total = std::max(found.facts_total, std::ssize(found.facts));
    if (found.facts.size() > kFactsMax) found.facts.resize(kFactsMax);
  }

  void add_parts(ExplainedNode& found, const Node& node, const Node& shown) {
    const bool joins =
        std::holds_alternative<And>(node.form) || std::holds_alternative<Or>(node.form) ||
        std::holds_alternative<Not>(node.form) || std::holds_alternative<Held>(node.form);
    if (joins) {
      const auto parts = children_of(node);
      const auto shown_parts = children_of(shown);
      for (std::size_t place = 0; place < parts.size(); ++place) {
        found.parts.push_back(explained(*parts[place], *shown_parts[place]));
      }
    }
    const auto* nested = std::get_if<InAudience>(&node.form);
    if (nested != nullptr && !nested->list) {
      const Rule& definition = scope_.rule.definition(nested->audience.id);
      const Rule today = with_todays_names(definition, names_);
      found.parts.push_back(explained(definition.root, today.root));
    }
    if (std::holds_alternative<Stage>(node.form)) add_stages(found, scope_.rule.stage(node));
  }

  void add_stages(ExplainedNode& found, const StageMeaning& meaning) {
    for (const base::AudienceId id : meaning.rules) {
      const Rule& definition = scope_.rule.definition(id);
      const Rule today = with_todays_names(definition, names_);
      found.parts.push_back(explained(definition.root, today.root));
      found.parts.back().stage = name_of_definition(names_, id);
    }
  }

  Fact fact_of(const EventAt& event, const std::string& name, const Subjects& subjects) const {
    Fact fact{.kind = FactKind::event,
              .name = name,
              .time = event.time,
              .order = event.order,
              .value = {},
              .properties = {}};
    const EventView view{scope_.history, scope_.zone, event};
    for (const Subject* subject : subjects) {
      Value made;
      const Value* value = view.value_of(*subject, made);
      fact.properties.emplace_back(subject->text, value ? std::optional(*value) : std::nullopt);
    }
    return fact;
  }

  void add_membership(ExplainedNode& found, timeline::MembershipKey key,
                      const std::string& name) const {
    for (const Span& span : scope_.history.membership(key)) {
      if (span.from > at_ || at_ >= span.to) continue;
      found.facts.push_back({.kind = FactKind::membership,
                             .name = name,
                             .time = span.from,
                             .until = span.to,
                             .value = {},
                             .properties = {}});
    }
  }

  void add(ExplainedNode& found, const HasTag& test, const Node&) const {
    add_membership(found, {MembershipKind::tag, test.tag.id.value}, tag_name(test.tag.id.value));
  }
  void add(ExplainedNode& found, const HasAnyTag&, const Node& node) const {
    for (const std::int64_t tag : scope_.rule.keys(node)) {
      add_membership(found, {MembershipKind::tag, tag}, tag_name(tag));
    }
  }
  std::string tag_name(std::int64_t tag) const { return names_.name_of(Names::Kind::tag, tag); }
  void add(ExplainedNode& found, const Consents& test, const Node& node) const {
    for (const std::int64_t key : scope_.rule.keys(node)) {
      add_membership(found, {MembershipKind::consent, key}, test.purpose.text);
    }
  }
  void add(ExplainedNode& found, const HasIdentity& test, const Node&) const {
    add_membership(found, {MembershipKind::identity, test.kind.id.value}, test.kind.text);
  }
  void add(ExplainedNode& found, const InAudience& test, const Node&) const {
    if (test.list) {
      add_membership(found, {MembershipKind::list, test.list.value}, test.audience.text);
    }
  }

  void add(ExplainedNode& found, const Did& test, const Node&) const {
    const EventWindow window(test.window, scope_.zone);
    Subjects subjects;
    add_subjects(subjects, test.step.filter.get());
    if (const Subject* subject = measured(test.measure)) add_subject(subjects, *subject);
    const auto tally = tally_of(test.measure, scope_.zone);
    CountedEvents events(scope_, test, window, at_);
    std::vector<EventAt> inside;
    while (const auto counted = events.next()) {
      const EventAt& event = counted->event;
      if (window.enters_at(event.time) > at_) break;
      tally->enter(*counted);
      inside.push_back(event);
    }
    found.facts_total = std::ssize(inside);
    std::ranges::reverse(inside);  // the latest are shown
    inside.resize(std::min(inside.size(), kFactsMax));
    for (const EventAt& event : inside) {
      found.facts.push_back(fact_of(event, test.step.event.text, subjects));
    }
    if (test.measure) found.measured = tally->reading();
    if (const Subject* subject = measured(test.measure);
        subject != nullptr && !counts_all_values(test.measure)) {
      found.measured_of = {test.step.event.text, subject->text};
    }
    found.sum_too_large = tally->overflowed();
  }

  void add(ExplainedNode& found, const FirstLast& test, const Node&) const {
    Subjects subjects;
    add_subjects(subjects, test.step.filter.get());
    add_subjects(subjects, test.with.get());
    std::optional<EventAt> one;
    for (const EventAt& event : scope_.history.events(test.step.event.id)) {
      if (event.time > at_ || (one && !test.last)) break;
      if (passes(scope_, test.step, event)) one = event;
    }
    if (one) found.facts.push_back(fact_of(*one, test.step.event.text, subjects));
  }

  void add(ExplainedNode& found, const Sequence& test, const Node&) const {
    std::optional<Completion> decisive;
    for (const Completion& completion : completions(scope_, test, at_)) {
      if (completion.last.time > at_) break;
      const Span active = completion.active;
      const bool counts = active.from < active.to && at_ < active.to;
      if (counts && (active.from <= at_ || !found.standing.answer)) decisive = completion;
    }
    if (!decisive) return;
    std::size_t place = 0;
    for (const EventAt& event : chain_of(scope_, test, *decisive)) {
      const Step& step = place == 0 ? test.first : test.then[place - 1].step;
      Subjects subjects;
      add_subjects(subjects, step.filter.get());
      if (place == 0) {
        for (const Then& then : test.then) add_same(subjects, then.same_here, then.same_first);
        if (test.then_not) {
          add_same(subjects, test.then_not->same_here, test.then_not->same_first);
        }
      } else if (test.then[place - 1].same_here) {
        add_subject(subjects, *test.then[place - 1].same_here);
      }
      found.facts.push_back(fact_of(event, step.event.text, subjects));
      ++place;
    }
  }
  static void add_same(Subjects& subjects, const std::optional<Subject>& here,
                       const Subject& first) {
    if (here) add_subject(subjects, first);
  }

  // What is computed of purchases: the value at the moment since the last one, and what it is made
  // of; the purchase itself.
  void add_rhythm(ExplainedNode& found, const Subject& subject) const {
    const auto paid = scope_.history.events(subject.bought);
    const auto ahead = std::ranges::upper_bound(paid, at_, {}, &EventAt::time);
    const Moment since = ahead == paid.begin() ? base::kMomentMin : std::prev(ahead)->time;
    const auto add_value = [&](Rhythm rhythm, const std::string& name) {
      found.facts.push_back({.kind = FactKind::attribute,
                             .name = name,
                             .time = since,
                             .value = value_at(rhythm, paid, scope_.zone, at_),
                             .properties = {}});
    };
    add_value(subject.rhythm, subject.text);
    if (subject.rhythm == Rhythm::overdue) {
      add_value(Rhythm::usual_gap, "usual_gap");
      add_value(Rhythm::recency_days, "recency_days");
    }
    if (ahead != paid.begin()) {
      found.facts.push_back(fact_of(*std::prev(ahead), std::string(kBoughtEvent), {}));
    }
  }

  // Tests over attributes, and what has no facts of its own.
  template <typename Form>
  void add(ExplainedNode& found, const Form& form, const Node&) const {
    if constexpr (requires { form.subject; }) {
      if (form.subject.rhythm != Rhythm::none) return add_rhythm(found, form.subject);
      Fact fact{
          .kind = FactKind::attribute, .name = form.subject.text, .value = {}, .properties = {}};
      std::vector<timeline::AttributeChange> computed;
      if (form.subject.fitted) computed = scope_.history.fitted(*form.subject.fitted, at_);
      const auto changes = form.subject.fitted
                               ? std::span<const timeline::AttributeChange>(computed)
                               : scope_.history.attribute(form.subject.attribute);
      for (const auto& change : changes) {
        if (change.since > at_) break;
        fact.time = change.since;
        fact.value = change.value;
      }
      found.facts.push_back(std::move(fact));
    }
  }

  Scope scope_;
  const Names& names_;
  Moment at_;
  std::size_t level_ = 0;
};

}  // namespace

Explanation explain(const BoundRule& rule, const timeline::History& history, const Names& names,
                    Moment at) {
  Explanation found{history.customer(), at, history.known_since(), {}, {}, rule.warnings()};
  if (rule.matches_nobody()) {
    found.tree.rule = print(rule.rule());
  } else {
    NestedStreams nested;
    const Scope scope{rule, history, rule.zone(), base::kMomentMax, &nested};
    const Rule today = with_todays_names(rule.rule(), names);
    found.tree = Explainer(scope, names, at).explained(rule.rule().root, today.root);
  }
  // The root's is that of the rule but for what lies behind the horizon.
  found.standing = at < kHorizon && !rule.matches_nobody() ? found.tree.standing
                                                           : standing_at(rule, history, at);
  return found;
}

}  // namespace audience
