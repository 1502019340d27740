#include "audience/naive_moments.h"

#include <algorithm>
#include <set>

namespace audience::naive {
namespace {

using base::Moment;

// Everything in a rule and a history that can move a moment of change.
class MomentCollector {
 public:
  MomentCollector(const BoundRule& rule, const timeline::History& history,
                  const std::vector<Event>& events)
      : rule_(rule), history_(history) {
    add(history.known_since());
    for (const Event& event : events) add(event.at.time);
    walk(rule.rule().root);
    add_calendar();
    // A window lets go of a moment a duration later (or sees it that much earlier); `then not`
    // one millisecond after that.
    const std::set<Moment> plain = moments_;
    for (const base::Duration by : shifts_) {
      for (const Moment moment : plain) {
        add(moment + by);
        add(moment + by + base::kMillisecond);
        add(moment - by);
      }
    }
    for (const base::Duration by : held_) {
      const std::set<Moment> before = moments_;
      for (const Moment moment : before) add(moment + by);
    }
  }

  std::vector<Moment> sorted() const { return {moments_.begin(), moments_.end()}; }

 private:
  void add(Moment moment) {
    if (moment != base::kMomentMax && moment != base::kMomentMin) moments_.insert(moment);
  }

  void add_spans(timeline::MembershipKind kind, std::int64_t id) {
    for (const timeline::Span& span : history_.membership({kind, id})) {
      add(span.from);
      add(span.to);
    }
  }

  void add_attribute(const Subject& subject) {
    if (!subject.attribute) return;
    for (const auto& change : history_.attribute(subject.attribute)) {
      add(change.since);
      if (!change.value) continue;
      if (const auto moment = moment_of(*change.value, rule_.zone())) add(*moment);
    }
  }

  // The moments from each purchase on at which what is computed of it reaches one of these values,
  // or the one after, whatever gap has been the usual one by then.
  void add_rhythm(const Subject& subject, const std::vector<const Literal*>& literals) {
    if (subject.rhythm == Rhythm::none) return;
    std::set<std::int64_t> units{base::kDay.ms};  // of which six places are told, in half days
    const auto bought = history_.events(subject.bought);
    if (subject.rhythm == Rhythm::overdue) {
      units.clear();
      const std::int32_t span = bought.empty() ? 0
                                               : rule_.zone().day_of(bought.back().time).days -
                                                     rule_.zone().day_of(bought[0].time).days;
      for (std::int64_t half_days = 2; half_days <= 2 * span; ++half_days) {
        units.insert(half_days * base::kDay.ms / 2);
      }
    }
    for (const Literal* literal : literals) {
      const auto micros = static_cast<std::int64_t>(literal->number->micros);
      for (const auto& event : bought) {
        for (const std::int64_t unit : units) add_rhythm_values(event.time, unit, micros, subject);
      }
    }
  }
  void add_values(const Subject& subject, const std::vector<const Literal*>& literals) {
    add_attribute(subject);
    add_rhythm(subject, literals);
  }
  void add_list(const InList& test) {
    for (const Literal& value : test.values) add_values(test.subject, {&value});
  }
  void add_rhythm_values(Moment paid, std::int64_t unit, std::int64_t micros,
                         const Subject& subject) {
    __extension__ using Wide = __int128;
    constexpr std::int64_t kMicros = 1'000'000;
    const std::int64_t step = subject.rhythm == Rhythm::recency_days ? kMicros : 1;
    for (const std::int64_t value : {micros, micros + step}) {
      if (value < 0) continue;
      const std::int64_t whole = step == 1 ? value : value / kMicros * kMicros;
      const Wide ms = (Wide{unit} * whole + kMicros - 1) / kMicros;
      add(paid + base::Duration{static_cast<std::int64_t>(ms)});
    }
  }

  void add_window(const Window& window) {
    const auto literal = [&](const Literal& l) { add(literal_moment(l)); };
    std::visit(Overloaded{
                   [&](const InLast& w) { shifts_.insert(w.duration.value()); },
                   [&](const InNext& w) { shifts_.insert(w.duration.value()); },
                   [&](const FromToAgo& w) {
                     shifts_.insert(w.from.value());
                     shifts_.insert(w.to.value());
                   },
                   [&](const BetweenMoments& w) {
                     literal(w.from);
                     literal(w.to);
                   },
                   [&](const Before& w) { literal(w.moment); },
                   [&](const Since& w) { literal(w.moment); },
                   [](const auto&) {},
               },
               window.form);
  }

  void add_anniversary(const Anniversary& test) {
    add_attribute(test.subject);
    std::int32_t days = 0;
    if (test.duration) days = static_cast<std::int32_t>(test.duration->value().ms / base::kDay.ms);
    for (const auto& change : history_.attribute(test.subject.attribute)) {
      if (!change.value) continue;
      base::Date date;
      if (const auto* moment = std::get_if<Moment>(&*change.value)) {
        date = base::date_of(rule_.zone().day_of(*moment));
      } else {
        date = std::get<base::Date>(*change.value);
      }
      for (std::int16_t year = 2020; year < 2034; ++year) {
        const auto last = static_cast<std::uint8_t>(
            date.month == 2 && date.day == 29 && !base::is_leap_year(year) ? 28 : date.day);
        const std::int32_t day = base::day_of({year, date.month, last}).days;
        for (const std::int32_t edge : {day - days, day, day + 1, day + days + 1}) {
          add(rule_.zone().start_of(base::LocalDay{edge}));
        }
      }
    }
  }

  // Starts of days near the history, of weeks for a year, of months for six.
  void add_calendar() {
    if (moments_.empty()) return;
    const auto series = [&](base::CalendarUnit unit, Moment from, Moment to) {
      for (Moment at = rule_.zone().period_start(from, unit, 0); at < to;
           at = rule_.zone().period_start(at, unit, 1)) {
        add(at);
      }
    };
    const Moment first = history_.known_since();
    const Moment last = *moments_.rbegin();
    const auto days = [](std::int64_t count) { return base::Duration{count * base::kDay.ms}; };
    const Moment begin = std::max(*moments_.begin(), first - days(400));
    const Moment end = std::min(last, first + days(800));
    series(base::CalendarUnit::day, begin - days(1), end + days(40));
    series(base::CalendarUnit::week, begin - days(8), end + days(366));
    series(base::CalendarUnit::month, begin - days(32), end + days(6 * 366));
  }

  void walk_stages(const StageMeaning& meaning) {
    for (const base::AudienceId rule : meaning.rules) walk(rule_.definition(rule).root);
  }
  void walk_step(const Step& step) {
    if (step.filter) walk(*step.filter);
  }

  void walk(const Node& node) {
    std::visit(
        Overloaded{
            [&](const And& f) {
              for (const Node& part : f.parts) walk(part);
            },
            [&](const Or& f) {
              for (const Node& part : f.parts) walk(part);
            },
            [&](const Not& f) { walk(*f.part); },
            [&](const Held& f) {
              held_.push_back(f.duration.value());
              walk(*f.part);
            },
            [&](const Compare& f) { add_values(f.subject, {&f.value}); },
            [&](const InList& f) { add_list(f); },
            [&](const BetweenValues& f) { add_values(f.subject, {&f.low, &f.high}); },
            [&](const IsKnown& f) { add_attribute(f.subject); },
            [&](const MatchText& f) { add_attribute(f.subject); },
            [&](const InWindow& f) {
              add_attribute(f.subject);
              add_window(f.window);
            },
            [&](const Anniversary& f) { add_anniversary(f); },
            [&](const HasTag& f) { add_spans(timeline::MembershipKind::tag, f.tag.id.value); },
            [&](const HasAnyTag&) {
              for (const auto id : rule_.keys(node)) {
                add_spans(timeline::MembershipKind::tag, id);
              }
            },
            [&](const InAudience& f) {
              if (f.list) {
                add_spans(timeline::MembershipKind::list, f.list.value);
              } else {
                walk(rule_.definition(f.audience.id).root);
              }
            },
            [&](const Stage&) { walk_stages(rule_.stage(node)); },
            [&](const Consents&) {
              for (const auto id : rule_.keys(node)) {
                add_spans(timeline::MembershipKind::consent, id);
              }
            },
            [&](const HasIdentity& f) {
              add_spans(timeline::MembershipKind::identity, f.kind.id.value);
            },
            [&](const Did& f) {
              walk_step(f.step);
              if (f.window) add_window(*f.window);
            },
            [&](const FirstLast& f) {
              walk_step(f.step);
              if (f.window) add_window(*f.window);
            },
            [&](const Sequence& f) { walk_sequence(f); },
            [](const auto&) {},
        },
        node.form);
  }

  void walk_sequence(const Sequence& f) {
    walk_step(f.first);
    for (const Then& then : f.then) walk_step(then.step);
    if (f.then_not) shifts_.insert(f.then_not->within->value());
    if (f.window) add_window(*f.window);
  }

  const BoundRule& rule_;
  const timeline::History& history_;
  std::set<Moment> moments_;
  std::set<base::Duration> shifts_;
  std::vector<base::Duration> held_;
};

}  // namespace

std::vector<Moment> moments_of_change(const BoundRule& rule, const timeline::History& history,
                                      const std::vector<Event>& events) {
  return MomentCollector(rule, history, events).sorted();
}

}  // namespace audience::naive
