#include "audience/naive_twin.h"

#include <algorithm>
#include <set>
#include <utility>

#include "audience/naive_moments.h"
#include "base/check.h"

namespace audience {
namespace {

using base::Moment;
using base::Value;
using naive::Event;
using naive::literal_moment;
using naive::moment_of;
using naive::Overloaded;

bool compares(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::equal:
      return order == 0;
    case Comparison::not_equal:
      return order != 0;
    case Comparison::greater:
      return order > 0;
    case Comparison::greater_equal:
      return order >= 0;
    case Comparison::less:
      return order < 0;
    case Comparison::less_equal:
      return order <= 0;
  }
  base::unreachable();
}

template <typename Ordered>
int order_of(const Ordered& left, const Ordered& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

bool fixed_window(const WindowForm& form) {
  return std::holds_alternative<BetweenMoments>(form) || std::holds_alternative<Before>(form) ||
         std::holds_alternative<Since>(form);
}

// Whether `time` lies in the window as seen at `now`, not looking whether it is still ahead.
bool in_window(const WindowForm& form, Moment time, Moment now, const base::Zone& zone) {
  const auto start = [&](base::CalendarUnit unit, std::int64_t offset) {
    return zone.period_start(now, unit, offset);
  };
  return std::visit(
      Overloaded{
          [&](const InLast& w) { return now - w.duration.value() < time; },
          [&](const InNext& w) { return now < time && time <= now + w.duration.value(); },
          [&](const InThis& w) { return time >= start(w.unit, 0); },
          [&](const InPrevious& w) {
            return w.count > 0 && time >= start(w.unit, -w.count) && time < start(w.unit, 0);
          },
          [&](const Today&) { return zone.day_of(time) == zone.day_of(now); },
          [&](const Yesterday&) { return zone.day_of(time).days == zone.day_of(now).days - 1; },
          [&](const BetweenMoments& w) {
            return literal_moment(w.from) <= time && time < literal_moment(w.to);
          },
          [&](const Before& w) { return time < literal_moment(w.moment); },
          [&](const Since& w) { return literal_moment(w.moment) <= time; },
          [&](const FromToAgo& w) {
            return now - w.from.value() < time && time <= now - w.to.value();
          },
      },
      form);
}

__extension__ using Wide = __int128;

using Answers = std::map<std::pair<const Node*, Moment>, bool>;

struct Known {
  const BoundRule& rule;
  const timeline::History& history;
  const std::vector<Event>& events;
  const std::vector<Moment>& moments;
  Answers& answers;
};

class Asker {
 public:
  explicit Asker(const Known& known)
      : rule_(known.rule),
        history_(known.history),
        events_(known.events),
        moments_(known.moments),
        answers_(known.answers) {}

  bool ask(const Node& node, Moment now) {
    if (now < history_.known_since()) return false;
    return truth(node, now);
  }

 private:
  const base::Zone& zone() const { return rule_.zone(); }

  // --- values ------------------------------------------------------------------------------------
  std::optional<Value> attribute_at(base::AttributeId attribute, Moment now) const {
    std::optional<Value> value;
    for (const auto& change : history_.attribute(attribute)) {
      if (change.since <= now) value = change.value;
    }
    return value;
  }

  // Twice the median of the gaps between the days with a purchase.
  std::optional<std::int64_t> twice_usual_gap(base::EventTypeId bought, Moment now) const {
    std::set<std::int32_t> days;
    for (const auto& event : history_.events(bought)) {
      if (event.time <= now) days.insert(zone().day_of(event.time).days);
    }
    if (days.size() < 3) return std::nullopt;
    std::multiset<std::int32_t> gaps;
    for (auto day = std::next(days.begin()); day != days.end(); ++day) {
      gaps.insert(*day - *std::prev(day));
    }
    const auto nth = [&](std::size_t place) {
      return std::int64_t{*std::next(gaps.begin(), static_cast<std::ptrdiff_t>(place))};
    };
    return nth((gaps.size() - 1) / 2) + nth(gaps.size() / 2);
  }

  std::optional<Value> rhythm_at(const Subject& subject, Moment now) const {
    std::optional<Moment> last;
    for (const auto& event : history_.events(subject.bought)) {
      if (event.time <= now) last = event.time;
    }
    if (!last) return std::nullopt;
    const std::int64_t idle = now.ms - last->ms;
    if (subject.rhythm == Rhythm::recency_days) return Value(idle / base::kDay.ms);
    const auto twice = twice_usual_gap(subject.bought, now);
    if (!twice) return std::nullopt;
    if (subject.rhythm == Rhythm::usual_gap) return Value(base::Decimal{*twice * 500'000});
    const Wide micros = Wide{idle} * 2'000'000 / (Wide{*twice} * base::kDay.ms);
    return Value(base::Decimal{static_cast<std::int64_t>(micros)});
  }

  std::optional<Value> fitted_at(timeline::FittedAttribute attribute, Moment now) const {
    std::optional<Value> value;
    for (const auto& change : history_.fitted(attribute, base::kMomentMin)) {
      if (change.since <= now) value = change.value;
    }
    return value;
  }

  // `event` null: an attribute of the customer.
  std::optional<Value> value_of(const Subject& subject, const Event* event, Moment now) const {
    if (subject.rhythm != Rhythm::none) return rhythm_at(subject, now);
    if (subject.fitted) return fitted_at(*subject.fitted, now);
    if (event == nullptr) return attribute_at(subject.attribute, now);
    switch (subject.field) {
      case EventField::source:
        return Value(std::string(history_.source(event->at.order)));
      case EventField::local_hour:
        return Value(std::int64_t{zone().hour_of(event->at.time)});
      case EventField::local_weekday:
        return Value(std::int64_t{zone().weekday_of(event->at.time)});
      case EventField::none:
        break;
    }
    const Value* found = history_.property(event->at.order, subject.property);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

  // Order of a known value against a literal; nothing where no comparison is possible.
  std::optional<int> order(const Value& value, const Literal& literal) const {
    if (const auto number = base::number_of(value)) return base::compare(*number, *literal.number);
    if (const auto* text = std::get_if<std::string>(&value)) {
      return order_of(*text, std::get<std::string>(*literal.value));
    }
    if (const auto* boolean = std::get_if<bool>(&value)) {
      return order_of(*boolean, std::get<bool>(*literal.value));
    }
    const auto moment = moment_of(value, zone());
    // A date without a year has no moment, on either side.
    if (!moment || !literal.value) return std::nullopt;
    return order_of(*moment, literal_moment(literal));
  }

  bool equals(const Value& value, const Literal& literal) const {
    if (const auto* list = std::get_if<base::TextList>(&value)) {
      return std::ranges::find(*list, std::get<std::string>(*literal.value)) != list->end();
    }
    const auto found = order(value, literal);
    return found && *found == 0;
  }

  bool compare_test(const Compare& test, const Event* event, Moment now) const {
    const auto value = value_of(test.subject, event, now);
    if (test.comparison == Comparison::not_equal) return !value || !equals(*value, test.value);
    if (!value) return false;
    if (test.comparison == Comparison::equal) return equals(*value, test.value);
    const auto found = order(*value, test.value);
    return found && compares(test.comparison, *found);
  }

  bool between_test(const BetweenValues& test, const Event* event, Moment now) const {
    const auto value = value_of(test.subject, event, now);
    if (!value) return false;
    const auto low = order(*value, test.low);
    const auto high = order(*value, test.high);
    if (!low || !high) return false;
    const bool number = base::number_of(*value).has_value();
    return *low >= 0 && (number ? *high <= 0 : *high < 0);
  }

  static bool matches(const MatchText& test, const std::string& text) {
    const std::string& part = test.value.text;
    switch (test.match) {
      case TextMatch::contains:
        return text.find(part) != std::string::npos;
      case TextMatch::starts_with:
        return text.starts_with(part);
      case TextMatch::ends_with:
        return text.ends_with(part);
    }
    base::unreachable();
  }

  bool window_test(const InWindow& test, const Event* event, Moment now) const {
    const auto value = value_of(test.subject, event, now);
    const auto moment = value ? moment_of(*value, zone()) : std::nullopt;
    if (!moment) return false;
    const WindowForm& form = test.window.form;
    const bool ahead_counts = fixed_window(form) || std::holds_alternative<InNext>(form);
    return (ahead_counts || *moment <= now) && in_window(form, *moment, now, zone());
  }

  bool anniversary_test(const Anniversary& test, Moment now) const {
    const auto value = attribute_at(test.subject.attribute, now);
    if (!value) return false;
    base::Date date;
    if (const auto* moment = std::get_if<Moment>(&*value)) {
      date = base::date_of(zone().day_of(*moment));
    } else {
      date = std::get<base::Date>(*value);
    }
    std::int32_t days = 0;
    if (test.duration) days = static_cast<std::int32_t>(test.duration->value().ms / base::kDay.ms);
    const bool next = test.range == AnniversaryRange::next;
    const std::int32_t today = zone().day_of(now).days;
    const std::int32_t first = next ? today : today - days;
    const std::int32_t last = next ? today + days : today;
    for (std::int32_t day = first; day <= last; ++day) {
      const base::Date kept = base::date_of(base::LocalDay{day});
      if (date.year != 0 && kept.year <= date.year) continue;  // from the first anniversary on
      base::Date wanted{kept.year, date.month, date.day};
      if (date.month == 2 && date.day == 29 && !base::is_leap_year(kept.year)) wanted.day = 28;
      if (wanted == kept) return true;
    }
    return false;
  }

  // --- events ------------------------------------------------------------------------------------
  bool filter_holds(const Node* filter, const Event& event, Moment now) {
    return filter == nullptr || test_of(*filter, &event, now);
  }

  bool fits(const Step& step, const Event& event, Moment now) {
    return event.type == step.event.id && event.at.time <= now &&
           filter_holds(step.filter.get(), event, now);
  }

  bool visible(const std::optional<Window>& window, const Event& event, Moment now) const {
    return event.at.time <= now && (!window || in_window(window->form, event.at.time, now, zone()));
  }

  bool did(const Did& test, Moment now) {
    std::vector<const Event*> found;
    for (const Event& event : events_) {
      if (fits(test.step, event, now) && visible(test.window, event, now)) found.push_back(&event);
    }
    if (!test.measure) return found.empty() == test.negated;
    return std::visit(
        Overloaded{
            [&](const CountTimes& m) {
              return compares(m.comparison,
                              order_of(static_cast<std::int64_t>(found.size()), m.times));
            },
            [&](const OnDays& m) {
              std::set<std::int32_t> days;
              for (const Event* event : found) days.insert(zone().day_of(event->at.time).days);
              return compares(m.comparison,
                              order_of(static_cast<std::int64_t>(days.size()), m.days));
            },
            [&](const AggregateOf& m) { return aggregate(m, found, now); },
        },
        *test.measure);
  }

  bool aggregate(const AggregateOf& m, const std::vector<const Event*>& found, Moment now) const {
    std::vector<Value> values;
    for (const Event* event : found) {
      if (auto value = value_of(m.property, event, now)) values.push_back(std::move(*value));
    }
    const bool unknown = m.comparison == Comparison::not_equal;
    if (m.aggregate == Aggregate::distinct) return distinct(m, values);
    if (m.aggregate == Aggregate::minimum || m.aggregate == Aggregate::maximum) {
      bool holds_for_best = unknown;
      const Value* best = nullptr;
      for (const Value& value : values) {
        if (!base::number_of(value) && !moment_of(value, zone())) continue;
        if (best == nullptr || better(m.aggregate, value, *best)) best = &value;
      }
      const auto against = best != nullptr ? order(*best, m.value) : std::nullopt;
      if (against) holds_for_best = compares(m.comparison, *against);
      return holds_for_best;
    }
    Wide sum = 0;
    for (const Value& value : values) sum += base::number_of(value)->micros;
    if (m.aggregate == Aggregate::sum) {
      return compares(m.comparison, base::compare(base::Number{sum, false}, *m.value.number));
    }
    if (values.empty()) return unknown;
    return compares(m.comparison, average_order(sum, values.size(), m.value.text));
  }

  // sum / count against the literal as written, both times count and a power of ten: exact for the
  // few places these rules have.
  static int average_order(Wide sum_micros, std::size_t count, std::string_view literal) {
    Wide digits = 0;
    int places = 0;
    bool behind_point = false;
    for (const char c : literal) {
      if (c == '.') behind_point = true;
      if (c < '0' || c > '9') continue;
      digits = digits * 10 + (c - '0');
      places += behind_point ? 1 : 0;
    }
    CHECK(places <= 12);
    if (literal.starts_with('-')) digits = -digits;
    for (; places < 6; ++places) digits *= 10;
    for (; places > 6; --places) sum_micros *= 10;
    return order_of(sum_micros, static_cast<Wide>(digits * static_cast<Wide>(count)));
  }

  bool better(Aggregate aggregate, const Value& value, const Value& best) const {
    int found = 0;
    if (const auto number = base::number_of(value)) {
      found = base::compare(*number, *base::number_of(best));
    } else {
      found = order_of(*moment_of(value, zone()), *moment_of(best, zone()));
    }
    return aggregate == Aggregate::minimum ? found < 0 : found > 0;
  }

  bool distinct(const AggregateOf& m, const std::vector<Value>& values) const {
    std::vector<const Value*> different;
    for (const Value& value : values) {
      const bool known =
          std::ranges::any_of(different, [&](const Value* d) { return *d == value; });
      if (!known) different.push_back(&value);
    }
    const base::Number count{static_cast<Wide>(different.size()) * 1'000'000, false};
    return compares(m.comparison, base::compare(count, *m.value.number));
  }

  bool first_last(const FirstLast& test, Moment now) {
    const Event* chosen = nullptr;
    for (const Event& event : events_) {
      if (!fits(test.step, event, now)) continue;
      if (chosen == nullptr || test.last) chosen = &event;
    }
    return chosen != nullptr && visible(test.window, *chosen, now) &&
           filter_holds(test.with.get(), *chosen, now);
  }

  bool same(const Then& then, const Event& first, const Event& here, Moment now) const {
    if (!then.same_here) return true;
    const auto left = value_of(then.same_first, &first, now);
    const auto right = value_of(*then.same_here, &here, now);
    return left && right && *left == *right;
  }

  bool waited(const Sequence& test, const Event& first, const Event& completing, Moment now) {
    if (!test.then_not) return true;
    const Moment end = completing.at.time + test.then_not->within->value();
    if (now <= end) return false;
    return std::ranges::none_of(events_, [&](const Event& event) {
      return event.at.order > completing.at.order && event.at.time <= end &&
             fits(test.then_not->step, event, now) && same(*test.then_not, first, event, now);
    });
  }

  // Tries every choice of an event for step `index`, after `previous`.
  bool complete(const Sequence& test, std::size_t index, const Event& first, const Event& previous,
                Moment now) {
    if (index == test.then.size()) return waited(test, first, previous, now);
    const Then& then = test.then[index];
    return std::ranges::any_of(events_, [&](const Event& event) {
      if (event.at.order <= previous.at.order || !fits(then.step, event, now)) return false;
      if (!visible(test.window, event, now) || !same(then, first, event, now)) return false;
      if (then.within && event.at.time - previous.at.time > then.within->value()) return false;
      return complete(test, index + 1, first, event, now);
    });
  }

  bool sequence(const Sequence& test, Moment now) {
    return std::ranges::any_of(events_, [&](const Event& event) {
      return fits(test.first, event, now) && visible(test.window, event, now) &&
             complete(test, 0, event, event, now);
    });
  }

  // --- memberships and the rest ------------------------------------------------------------------
  bool member(timeline::MembershipKind kind, std::int64_t id, Moment now) const {
    return std::ranges::any_of(history_.membership({kind, id}), [&](const timeline::Span& span) {
      return span.from <= now && now < span.to;
    });
  }

  bool any_member(timeline::MembershipKind kind, const Node& node, Moment now) const {
    return std::ranges::any_of(rule_.keys(node),
                               [&](std::int64_t id) { return member(kind, id, now); });
  }

  bool in_audience(const InAudience& test, Moment now) {
    if (test.list) return member(timeline::MembershipKind::list, test.list.value, now);
    return ask(rule_.definition(test.audience.id).root, now);
  }

  bool in_stage(const StageMeaning& meaning, Moment now) {
    for (std::size_t i = 0; i < meaning.rules.size(); ++i) {
      if (ask(rule_.definition(meaning.rules[i]).root, now)) return meaning.answers[i];
    }
    return meaning.otherwise;
  }

  bool held(const Held& test, Moment now) {
    const Moment begin = now - test.duration.value();
    if (!ask_again(*test.part, begin) || !ask_again(*test.part, now)) return false;
    const auto from = std::ranges::upper_bound(moments_, begin);
    for (auto moment = from; moment != moments_.end() && *moment <= now; ++moment) {
      if (!ask_again(*test.part, *moment)) return false;
    }
    return true;
  }

  bool ask_again(const Node& node, Moment now) {
    const auto known = answers_.find({&node, now});
    if (known != answers_.end()) return known->second;
    const bool answer = ask(node, now);
    answers_[{&node, now}] = answer;
    return answer;
  }

  bool truth(const Node& node, Moment now) { return test_of(node, nullptr, now); }

  bool test_of(const Node& node, const Event* event, Moment now) {
    const auto part = [&](const Node& inner) { return test_of(inner, event, now); };
    return std::visit(
        Overloaded{
            [&](const Everyone&) { return true; },
            [&](const And& f) { return std::ranges::all_of(f.parts, part); },
            [&](const Or& f) { return std::ranges::any_of(f.parts, part); },
            [&](const Not& f) { return !part(*f.part); },
            [&](const Held& f) { return held(f, now); },
            [&](const Compare& f) { return compare_test(f, event, now); },
            [&](const InList& f) {
              const auto value = value_of(f.subject, event, now);
              return value && std::ranges::any_of(
                                  f.values, [&](const Literal& l) { return equals(*value, l); });
            },
            [&](const BetweenValues& f) { return between_test(f, event, now); },
            [&](const IsKnown& f) {
              return value_of(f.subject, event, now).has_value() == f.known;
            },
            [&](const MatchText& f) {
              const auto value = value_of(f.subject, event, now);
              return value && matches(f, std::get<std::string>(*value));
            },
            [&](const InWindow& f) { return window_test(f, event, now); },
            [&](const Anniversary& f) { return anniversary_test(f, now); },
            [&](const HasTag& f) {
              return member(timeline::MembershipKind::tag, f.tag.id.value, now);
            },
            [&](const HasAnyTag&) { return any_member(timeline::MembershipKind::tag, node, now); },
            [&](const InAudience& f) { return in_audience(f, now); },
            [&](const Consents&) {
              return any_member(timeline::MembershipKind::consent, node, now);
            },
            [&](const HasIdentity& f) {
              return member(timeline::MembershipKind::identity, f.kind.id.value, now);
            },
            [&](const Relation&) -> bool { base::unreachable(); },
            [&](const Stage&) { return in_stage(rule_.stage(node), now); },
            [&](const Balance&) -> bool { base::unreachable(); },
            [&](const Did& f) { return did(f, now); },
            [&](const FirstLast& f) { return first_last(f, now); },
            [&](const Sequence& f) { return sequence(f, now); },
        },
        node.form);
  }

  const BoundRule& rule_;
  const timeline::History& history_;
  const std::vector<Event>& events_;
  const std::vector<Moment>& moments_;
  Answers& answers_;
};

std::vector<Event> all_events(const timeline::History& history,
                              const std::vector<base::EventTypeId>& types) {
  std::vector<Event> events;
  for (const base::EventTypeId type : types) {
    for (const timeline::EventAt& at : history.events(type)) events.push_back({at, type});
  }
  std::ranges::sort(events, {}, [](const Event& event) { return event.at.order; });
  return events;
}

}  // namespace

NaiveTwin::NaiveTwin(const BoundRule& rule, const timeline::History& history,
                     const std::vector<base::EventTypeId>& types)
    : rule_(rule),
      history_(history),
      events_(all_events(history, types)),
      moments_(naive::moments_of_change(rule, history, events_)) {}

bool NaiveTwin::holds_at(Moment at) const {
  if (rule_.matches_nobody()) return false;
  return Asker({rule_, history_, events_, moments_, answers_}).ask(rule_.rule().root, at);
}

}  // namespace audience
