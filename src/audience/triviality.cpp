#include "audience/triviality.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "audience/print.h"

namespace audience {
namespace {

Truth opposite(Truth truth) {
  if (truth == Truth::open) return truth;
  return truth == Truth::always ? Truth::never : Truth::always;
}

// A part as a text and whether it stands negated: of `not x` and `did not x` that of x.
struct Part {
  std::string text;
  bool negated = false;
  friend auto operator<=>(const Part&, const Part&) = default;
};
Part part_of(const Node& node) {
  if (const auto* no = std::get_if<Not>(&node.form)) {
    Part inner = part_of(*no->part);
    inner.negated = !inner.negated;
    return inner;
  }
  const auto* did = std::get_if<Did>(&node.form);
  if (did == nullptr || !did->negated) return {print(node), false};
  Node positive = clone(node);
  std::get<Did>(positive.form).negated = false;
  return {print(positive), true};
}

// Some part beside its own not.
bool has_opposites(const std::vector<Node>& parts) {
  std::set<Part> seen;
  for (const Node& node : parts) {
    Part part = part_of(node);
    if (seen.contains({part.text, !part.negated})) return true;
    seen.insert(std::move(part));
  }
  return false;
}

bool is_before(const Literal& one, const Literal& other) {
  if (!one.value || !other.value) return true;
  const auto* from = std::get_if<base::Moment>(&*one.value);
  const auto* to = std::get_if<base::Moment>(&*other.value);
  return from == nullptr || to == nullptr || *from < *to;
}

bool is_empty(const Window& window) {
  if (const auto* previous = std::get_if<InPrevious>(&window.form)) return previous->count == 0;
  if (const auto* between = std::get_if<BetweenMoments>(&window.form)) {
    return !is_before(between->from, between->to);
  }
  if (const auto* ago = std::get_if<FromToAgo>(&window.form)) {
    return ago->from.value() <= ago->to.value();
  }
  const auto* last = std::get_if<InLast>(&window.form);
  return last != nullptr && last->duration.count == 0;
}

// Whether every count satisfies it, or none: counts begin at 0.
Truth truth_of_count(Comparison comparison, std::int64_t count) {
  if (count == 0 && comparison == Comparison::greater_equal) return Truth::always;
  if (count == 0 && comparison == Comparison::less) return Truth::never;
  return Truth::open;
}

class Judge {
 public:
  explicit Judge(const BoundRule& rule) : rule_(rule) {}

  Truth of(const Node& node) {
    return std::visit([&](const auto& form) { return judge(node, form); }, node.form);
  }

 private:
  Truth judge(const Node&, const Everyone&) { return Truth::always; }
  Truth judge(const Node&, const And& all) { return joined(all.parts, Truth::never); }
  Truth judge(const Node&, const Or& any) { return joined(any.parts, Truth::always); }
  Truth judge(const Node&, const Not& no) { return opposite(of(*no.part)); }
  Truth judge(const Node&, const Held& held) {
    // What is always true is not held before its duration has passed.
    return of(*held.part) == Truth::never ? Truth::never : Truth::open;
  }
  Truth judge(const Node&, const InAudience& test) {
    if (test.list || !test.audience.id) return Truth::open;
    const auto known = definitions_.find(test.audience.id);
    if (known != definitions_.end()) return known->second;
    const Truth truth = of(rule_.definition(test.audience.id).root);
    return definitions_[test.audience.id] = truth;
  }
  Truth judge(const Node& node, const Stage&) { return of(rule_.stage(node).tree); }
  Truth judge(const Node&, const Did& did) {
    const bool empty = did.window && is_empty(*did.window);
    if (!did.measure) {
      if (!empty) return Truth::open;
      return did.negated ? Truth::always : Truth::never;
    }
    if (const auto* times = std::get_if<CountTimes>(&*did.measure)) {
      return truth_of_count(times->comparison, times->times);
    }
    const auto* days = std::get_if<OnDays>(&*did.measure);
    return days == nullptr ? Truth::open : truth_of_count(days->comparison, days->days);
  }
  Truth judge(const Node&, const FirstLast& edge) { return by_window(edge.window); }
  Truth judge(const Node&, const Sequence& sequence) { return by_window(sequence.window); }
  Truth judge(const Node&, const InWindow& test) {
    return is_empty(test.window) ? Truth::never : Truth::open;
  }
  template <typename Test>
  Truth judge(const Node&, const Test&) {
    return Truth::open;
  }

  static Truth by_window(const std::optional<Window>& window) {
    return window && is_empty(*window) ? Truth::never : Truth::open;
  }

  // `deciding`: one part of this truth decides; all of the opposite are the opposite.
  Truth joined(const std::vector<Node>& parts, Truth deciding) {
    bool all = true;
    for (const Node& part : parts) {
      const Truth truth = of(part);
      if (truth == deciding) return deciding;
      all &= truth == opposite(deciding);
    }
    if (all) return opposite(deciding);
    return has_opposites(parts) ? deciding : Truth::open;
  }

  const BoundRule& rule_;
  std::map<base::AudienceId, Truth> definitions_;
};

std::set<Part> conditions_of(const Node& node) {
  const auto* all = std::get_if<And>(&node.form);
  if (all == nullptr) return {part_of(node)};
  std::set<Part> parts;
  for (const Node& part : all->parts) parts.insert(part_of(part));
  return parts;
}

bool is_within(const Node& node, const Node& other) {
  if (std::ranges::includes(conditions_of(node), conditions_of(other))) return true;
  const auto* any = std::get_if<Or>(&other.form);
  if (any == nullptr) return false;
  return std::ranges::any_of(any->parts, [&](const Node& part) { return is_within(node, part); });
}

}  // namespace

Truth truth_of(const BoundRule& rule) {
  return rule.matches_nobody() ? Truth::open : Judge(rule).of(rule.rule().root);
}

std::vector<Warning> triviality_warnings(const BoundRule& rule) {
  const Truth truth = truth_of(rule);
  if (truth == Truth::open) return {};
  std::string code("audience.always_true");
  if (truth == Truth::never) code = "audience.never_true";
  return {Warning{std::move(code), rule.rule().root.offset, {}, std::nullopt}};
}

bool is_within(const Rule& rule, const Rule& other) { return is_within(rule.root, other.root); }

}  // namespace audience
