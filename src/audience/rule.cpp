#include "audience/rule.h"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace audience {
namespace {

std::unique_ptr<Node> clone_pointer(const std::unique_ptr<Node>& node) {
  return node ? std::make_unique<Node>(clone(*node)) : nullptr;
}

Step clone_step(const Step& step) { return Step{step.event, clone_pointer(step.filter)}; }

Then clone_then(const Then& then) {
  return Then{clone_step(then.step), then.within, then.same_here, then.same_first};
}

std::vector<Node> clone_parts(const std::vector<Node>& parts) {
  std::vector<Node> copies;
  copies.reserve(parts.size());
  for (const Node& part : parts) copies.push_back(clone(part));
  return copies;
}

// The forms that own other nodes; every other form copies itself.
struct Cloner {
  NodeForm operator()(const And& form) const { return And{clone_parts(form.parts)}; }
  NodeForm operator()(const Or& form) const { return Or{clone_parts(form.parts)}; }
  NodeForm operator()(const Not& form) const { return Not{clone_pointer(form.part)}; }
  NodeForm operator()(const Held& form) const {
    return Held{clone_pointer(form.part), form.duration};
  }
  NodeForm operator()(const Did& form) const {
    return Did{form.negated, clone_step(form.step), form.measure, form.window};
  }
  NodeForm operator()(const FirstLast& form) const {
    return FirstLast{form.last, clone_step(form.step), clone_pointer(form.with), form.window};
  }
  NodeForm operator()(const Sequence& form) const {
    Sequence copy{clone_step(form.first), {}, std::nullopt, form.window};
    for (const Then& then : form.then) copy.then.push_back(clone_then(then));
    if (form.then_not) copy.then_not = clone_then(*form.then_not);
    return copy;
  }
  template <typename Leaf>
  NodeForm operator()(const Leaf& form) const {
    return form;
  }
};

void add_child(std::vector<const Node*>& children, const std::unique_ptr<Node>& child) {
  if (child) children.push_back(child.get());
}

// 0 for what is no unit.
std::int64_t milliseconds_of(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return base::kSecond.ms;
  if (unit == "m") return base::kMinute.ms;
  if (unit == "h") return base::kHour.ms;
  if (unit == "d") return base::kDay.ms;
  if (unit == "w") return 7 * base::kDay.ms;
  return 0;
}

}  // namespace

base::Duration WrittenDuration::value() const {
  CHECK(is_within_limit(*this));
  return base::Duration{count * milliseconds_of(unit)};
}

bool is_within_limit(const WrittenDuration& duration) {
  const std::int64_t unit_ms = milliseconds_of(duration.unit);
  return unit_ms > 0 && duration.count >= 0 &&
         duration.count <= kDurationYearsMax * 365 * base::kDay.ms / unit_ms;
}

Rule Rule::clone() const { return Rule{audience::clone(root)}; }

Node clone(const Node& node) { return Node{std::visit(Cloner{}, node.form), node.offset}; }

std::vector<const Node*> children_of(const Node& node) {
  std::vector<const Node*> children;
  const auto add_step = [&](const Step& step) { add_child(children, step.filter); };
  if (const auto* all = std::get_if<And>(&node.form)) {
    for (const Node& part : all->parts) children.push_back(&part);
  } else if (const auto* any = std::get_if<Or>(&node.form)) {
    for (const Node& part : any->parts) children.push_back(&part);
  } else if (const auto* inverse = std::get_if<Not>(&node.form)) {
    add_child(children, inverse->part);
  } else if (const auto* held = std::get_if<Held>(&node.form)) {
    add_child(children, held->part);
  } else if (const auto* did = std::get_if<Did>(&node.form)) {
    add_step(did->step);
  } else if (const auto* edge = std::get_if<FirstLast>(&node.form)) {
    add_step(edge->step);
    add_child(children, edge->with);
  } else if (const auto* sequence = std::get_if<Sequence>(&node.form)) {
    add_step(sequence->first);
    for (const Then& then : sequence->then) add_step(then.step);
    if (sequence->then_not) add_step(sequence->then_not->step);
  }
  return children;
}

bool is_test(const Node& node) {
  return !std::holds_alternative<And>(node.form) && !std::holds_alternative<Or>(node.form) &&
         !std::holds_alternative<Not>(node.form) && !std::holds_alternative<Held>(node.form);
}

std::size_t count_tests(const Node& node) {
  std::size_t tests = is_test(node) ? 1 : 0;
  for (const Node* child : children_of(node)) tests += count_tests(*child);
  return tests;
}

std::size_t depth_of(const Node& node) {
  std::size_t below = 0;
  for (const Node* child : children_of(node)) below = std::max(below, depth_of(*child));
  return below + 1;
}

}  // namespace audience
