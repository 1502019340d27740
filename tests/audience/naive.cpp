#include "audience/naive.h"

#include <algorithm>
#include <set>
#include <type_traits>
#include <variant>

#include "audience/compare.h"
#include "base/check.h"

namespace audience {

using base::CalendarUnit;
using base::Date;
using base::LocalDay;
using base::Moment;
using base::Value;
using timeline::EventAt;

namespace {

Moment moment_of(const Literal& literal) { return std::get<Moment>(literal.value.value()); }

class Naive {
 public:
  Naive(const BoundRule& rule, const timeline::History& history, const std::vector<Moment>& changes,
        Moment now)
      : rule_(rule), history_(history), zone_(rule.zone()), changes_(changes), now_(now) {}

  bool holds(const Node& node) const {
    if (now_ < history_.known_since()) return false;
    return std::visit([&](const auto& form) { return is(form, node); }, node.form);
  }

 private:
  bool is(const Everyone&, const Node&) const { return true; }
  bool is(const And& all, const Node&) const {
    return std::ranges::all_of(all.parts, [&](const Node& part) { return holds(part); });
  }
  bool is(const Or& any, const Node&) const {
    return std::ranges::any_of(any.parts, [&](const Node& part) { return holds(part); });
  }
  bool is(const Not& no, const Node&) const { return !holds(*no.part); }
  // True at now - d, at now, and at every moment between at which anything can change.
  bool is(const Held& held, const Node&) const {
    const Moment begin = now_ - held.duration.value();
    if (!at(begin).holds(*held.part) || !holds(*held.part)) return false;
    const auto after = std::ranges::upper_bound(changes_, begin);
    const auto end = std::upper_bound(after, changes_.end(), now_);
    return std::all_of(after, end, [&](Moment change) { return at(change).holds(*held.part); });
  }
  bool is(const HasTag& test, const Node&) const {
    return on({timeline::MembershipKind::tag, test.tag.id.value});
  }
  bool is(const HasAnyTag&, const Node& node) const {
    return any_on(timeline::MembershipKind::tag, node);
  }
  bool is(const Consents&, const Node& node) const {
    return any_on(timeline::MembershipKind::consent, node);
  }
  bool is(const HasIdentity& test, const Node&) const {
    return on({timeline::MembershipKind::identity, test.kind.id.value});
  }
  bool is(const InAudience& test, const Node&) const {
    return test.list ? on({timeline::MembershipKind::list, test.list.value})
                     : holds(rule_.definition(test.audience.id).root);
  }
  bool is(const Relation&, const Node&) const { base::unreachable(); }
  bool is(const Stage&, const Node&) const { base::unreachable(); }
  bool is(const Balance&, const Node&) const { base::unreachable(); }
  bool is(const Did& test, const Node&) const { return measure(test) != test.negated; }
  bool is(const FirstLast& test, const Node&) const {
    std::vector<EventAt> up_to_now;
    for (const EventAt& event : passing(test.step)) {
      if (event.time <= now_) up_to_now.push_back(event);
    }
    if (up_to_now.empty()) return false;
    const EventAt one = test.last ? up_to_now.back() : up_to_now.front();
    return inside(test.window, one.time) &&
           (!test.with || satisfies(*test.with, EventView{history_, zone_, one}));
  }
  bool is(const Sequence& test, const Node&) const {
    for (const EventAt& first : passing(test.first)) {
      if (inside(test.window, first.time) && goes_on(test, first, first, 0)) return true;
    }
    return false;
  }
  template <typename Test>
  bool is(const Test& test, const Node&) const {
    const Value* value = value_of(test.subject.attribute);
    if constexpr (std::is_same_v<Test, InWindow>) {
      const auto moment = value ? moment_of_value(*value, zone_) : std::nullopt;
      return moment && value_inside(test.window, *moment);
    } else if constexpr (std::is_same_v<Test, Anniversary>) {
      return value != nullptr && anniversary(test, *value);
    } else if constexpr (requires { satisfies(test, value, zone_); }) {
      return satisfies(test, value, zone_);
    } else {
      return satisfies(test, value);
    }
  }

  Naive at(Moment moment) const { return Naive(rule_, history_, changes_, moment); }

  bool on(timeline::MembershipKey key) const {
    return std::ranges::any_of(history_.membership(key), [&](const timeline::Span& span) {
      return span.from <= now_ && now_ < span.to;
    });
  }
  bool any_on(timeline::MembershipKind kind, const Node& node) const {
    return std::ranges::any_of(rule_.keys(node), [&](std::int64_t id) { return on({kind, id}); });
  }
  const Value* value_of(base::AttributeId attribute) const {
    const Value* value = nullptr;
    for (const auto& change : history_.attribute(attribute)) {
      if (change.since <= now_) value = change.value ? &*change.value : nullptr;
    }
    return value;
  }

  std::vector<EventAt> passing(const Step& step) const {
    std::vector<EventAt> events;
    for (const EventAt& event : history_.events(step.event.id)) {
      if (!step.filter || satisfies(*step.filter, EventView{history_, zone_, event})) {
        events.push_back(event);
      }
    }
    return events;
  }

  // --- windows, as the table of the language words them ----------------------------------------
  Moment start_of(CalendarUnit unit, std::int64_t offset) const {
    return zone_.period_start(now_, unit, offset);
  }
  bool inside(const std::optional<Window>& window, Moment t) const {
    return t <= now_ && (!window || value_inside(*window, t));
  }
  bool value_inside(const Window& window, Moment t) const {
    return std::visit([&](const auto& form) { return is_in(form, t); }, window.form);
  }
  bool is_in(const InLast& window, Moment t) const {
    return now_ - window.duration.value() < t && t <= now_;
  }
  bool is_in(const InNext& window, Moment t) const {
    return now_ < t && t <= now_ + window.duration.value();
  }
  bool is_in(const InThis& window, Moment t) const {
    return start_of(window.unit, 0) <= t && t <= now_;
  }
  bool is_in(const InPrevious& window, Moment t) const {
    return start_of(window.unit, -window.count) <= t && t < start_of(window.unit, 0);
  }
  bool is_in(const Today&, Moment t) const {
    return start_of(CalendarUnit::day, 0) <= t && t <= now_;
  }
  bool is_in(const Yesterday&, Moment t) const {
    return start_of(CalendarUnit::day, -1) <= t && t < start_of(CalendarUnit::day, 0);
  }
  bool is_in(const BetweenMoments& window, Moment t) const {
    return moment_of(window.from) <= t && t < moment_of(window.to);
  }
  bool is_in(const Before& window, Moment t) const { return t < moment_of(window.moment); }
  bool is_in(const Since& window, Moment t) const { return t >= moment_of(window.moment); }
  bool is_in(const FromToAgo& window, Moment t) const {
    return now_ - window.from.value() < t && t <= now_ - window.to.value();
  }

  bool anniversary(const Anniversary& test, const Value& value) const {
    const auto* time = std::get_if<Moment>(&value);
    const Date date = time ? base::date_of(zone_.day_of(*time)) : std::get<Date>(value);
    const auto days =
        static_cast<std::int32_t>(test.duration ? test.duration->value().ms / base::kDay.ms : 0);
    const std::int32_t low = test.range == AnniversaryRange::last ? -days : 0;
    const std::int32_t high = test.range == AnniversaryRange::next ? days : 0;
    for (std::int32_t offset = low; offset <= high; ++offset) {
      const Date day = base::date_of(LocalDay{zone_.day_of(now_).days + offset});
      const bool kept = day.month == date.month && day.day == date.day;
      const bool instead = date.month == 2 && date.day == 29 && day.month == 2 && day.day == 28 &&
                           !base::is_leap_year(day.year);
      if ((kept || instead) && (date.year == 0 || day.year > date.year)) return true;
    }
    return false;
  }

  // --- measures ----------------------------------------------------------------------------------
  bool measure(const Did& test) const {
    std::vector<EventAt> events;
    for (const EventAt& event : passing(test.step)) {
      if (inside(test.window, event.time)) events.push_back(event);
    }
    if (!test.measure) return !events.empty();
    if (const auto* times = std::get_if<CountTimes>(&*test.measure)) {
      return compares(times->comparison, order_of(std::ssize(events), times->times));
    }
    if (const auto* days = std::get_if<OnDays>(&*test.measure)) {
      std::set<std::int32_t> seen;
      for (const EventAt& event : events) seen.insert(zone_.day_of(event.time).days);
      return compares(days->comparison, order_of(std::ssize(seen), days->days));
    }
    return aggregate(std::get<AggregateOf>(*test.measure), events);
  }
  static int order_of(std::int64_t left, std::int64_t right) {
    return left < right ? -1 : (left > right ? 1 : 0);
  }

  bool aggregate(const AggregateOf& test, const std::vector<EventAt>& events) const {
    std::vector<Value> values;
    for (const EventAt& event : events) {
      Value made;
      const EventView view{history_, zone_, event};
      if (const Value* value = view.value_of(test.property, made)) values.push_back(*value);
    }
    switch (test.aggregate) {
      case Aggregate::sum:
      case Aggregate::average:
        return sum(test, values);
      case Aggregate::minimum:
      case Aggregate::maximum:
        return extreme(test, values);
      case Aggregate::distinct:
        break;
    }
    std::vector<Value> different;
    for (const Value& value : values) {
      if (std::ranges::find(different, value) == different.end()) different.push_back(value);
    }
    const base::Number count{static_cast<std::int64_t>(different.size()) * 1'000'000};
    return compares(test.comparison, base::compare(count, *test.value.number));
  }
  // Small numbers only: random tests have no others, hand-made ones do.
  static bool sum(const AggregateOf& test, const std::vector<Value>& values) {
    base::Number sum;
    for (const Value& value : values) sum.micros += base::number_of(value)->micros;
    base::Number literal = *test.value.number;
    if (test.aggregate == Aggregate::average) {
      if (values.empty()) return test.comparison == Comparison::not_equal;
      literal.micros *= std::ssize(values);
    }
    return compares(test.comparison, base::compare(sum, literal));
  }
  bool extreme(const AggregateOf& test, std::vector<Value> values) const {
    std::erase_if(values, [&](const Value& value) {
      return !base::number_of(value) && !moment_of_value(value, zone_);
    });
    if (values.empty()) return test.comparison == Comparison::not_equal;
    const auto less = [&](const Value& left, const Value& right) {
      const auto number = base::number_of(left);
      return number ? base::compare(*number, *base::number_of(right)) < 0
                    : *moment_of_value(left, zone_) < *moment_of_value(right, zone_);
    };
    const Value& found = test.aggregate == Aggregate::minimum
                             ? *std::ranges::min_element(values, less)
                             : *std::ranges::max_element(values, less);
    const auto order = order_against(found, test.value, zone_);
    return order ? compares(test.comparison, *order) : test.comparison == Comparison::not_equal;
  }

  // --- sequences: try everything ---------------------------------------------------------------
  bool goes_on(const Sequence& test, const EventAt& first, const EventAt& before,
               std::size_t step) const {
    if (step == test.then.size()) return waited(test, first, before);
    const Then& then = test.then[step];
    for (const EventAt& event : passing(then.step)) {
      if (event.order <= before.order || !inside(test.window, event.time)) continue;
      if (then.within && event.time - before.time > then.within->value()) continue;
      if (then.same_here && !same(then, first, event)) continue;
      if (goes_on(test, first, event, step + 1)) return true;
    }
    return false;
  }
  bool waited(const Sequence& test, const EventAt& first, const EventAt& last) const {
    if (!test.then_not) return true;
    const Then& then_not = *test.then_not;
    const Moment end = last.time + then_not.within->value();
    if (now_ <= end) return false;
    for (const EventAt& event : passing(then_not.step)) {
      if (event.order <= last.order || event.time > end) continue;
      if (!then_not.same_here || same(then_not, first, event)) return false;
    }
    return true;
  }
  bool same(const Then& then, const EventAt& first, const EventAt& event) const {
    Value made_here;
    Value made_first;
    const Value* here = EventView{history_, zone_, event}.value_of(*then.same_here, made_here);
    const Value* there = EventView{history_, zone_, first}.value_of(then.same_first, made_first);
    if (here == nullptr || there == nullptr) return false;
    const auto key = equality_key(*here, zone_);
    return key && key == equality_key(*there, zone_);
  }

  const BoundRule& rule_;
  const timeline::History& history_;
  const base::Zone& zone_;
  const std::vector<Moment>& changes_;
  Moment now_;
};

// What a tree says about time.
struct Mentions {
  std::set<std::int64_t> durations_ms;
  std::size_t held_depth = 0;
  bool calendar = false;
};

void add(Mentions& mentions, const std::optional<Window>& window) {
  if (!window) return;
  std::visit(
      [&](const auto& form) {
        if constexpr (requires { form.duration; }) {
          mentions.durations_ms.insert(form.duration.value().ms);
        } else if constexpr (requires { form.from.unit; }) {
          mentions.durations_ms.insert({form.from.value().ms, form.to.value().ms});
        } else {
          mentions.calendar = true;  // harmless for fixed moments
        }
      },
      window->form);
}

void read(const BoundRule& rule, const Node& node, std::size_t depth, Mentions& mentions) {
  if (const auto* held = std::get_if<Held>(&node.form)) {
    mentions.durations_ms.insert(held->duration.value().ms);
    mentions.held_depth = std::max(mentions.held_depth, ++depth);
  }
  if (const auto* nested = std::get_if<InAudience>(&node.form); nested && !nested->list) {
    read(rule, rule.definition(nested->audience.id).root, depth, mentions);
  }
  if (const auto* test = std::get_if<InWindow>(&node.form)) add(mentions, test->window);
  if (std::get_if<Anniversary>(&node.form) != nullptr) mentions.calendar = true;
  if (const auto* test = std::get_if<Did>(&node.form)) add(mentions, test->window);
  if (const auto* test = std::get_if<FirstLast>(&node.form)) add(mentions, test->window);
  if (const auto* test = std::get_if<Sequence>(&node.form)) {
    add(mentions, test->window);
    if (test->then_not) mentions.durations_ms.insert(test->then_not->within->value().ms);
  }
  for (const Node* child : children_of(node)) read(rule, *child, depth, mentions);
}

constexpr std::int32_t kDaysAround = 9;
constexpr std::int64_t kMonthsAround = 3;

}  // namespace

std::vector<Moment> change_moments(const BoundRule& rule, std::vector<Moment> times) {
  Mentions mentions;
  read(rule, rule.rule().root, 0, mentions);
  std::set<Moment> moments(times.begin(), times.end());
  if (mentions.calendar) {
    for (const Moment time : times) {
      const LocalDay day = rule.zone().day_of(time);
      for (std::int32_t offset = -kDaysAround; offset <= kDaysAround; ++offset) {
        moments.insert(rule.zone().start_of(LocalDay{day.days + offset}));
      }
      for (std::int64_t offset = -kMonthsAround; offset <= kMonthsAround; ++offset) {
        moments.insert(rule.zone().period_start(time, CalendarUnit::month, offset));
      }
    }
  }
  for (std::size_t round = 0; round <= mentions.held_depth; ++round) {
    const std::set<Moment> before = moments;
    for (const Moment moment : before) {
      for (const std::int64_t ms : mentions.durations_ms) {
        moments.insert({moment + base::Duration{ms}, moment + base::Duration{ms + 1},
                        moment - base::Duration{ms}});
      }
    }
  }
  return {moments.begin(), moments.end()};
}

bool naive_holds_at(const BoundRule& rule, const timeline::History& history,
                    const std::vector<Moment>& changes, Moment at) {
  return !rule.matches_nobody() && Naive(rule, history, changes, at).holds(rule.rule().root);
}

}  // namespace audience
