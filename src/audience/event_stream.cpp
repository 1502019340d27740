#include "audience/event_stream.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace audience {

using base::Moment;
using base::Value;
using timeline::EventAt;
using timeline::Span;

bool passes(const Scope& scope, const Step& step, const EventAt& event) {
  return !step.filter || satisfies(*step.filter, EventView{scope.history, scope.zone, event});
}

std::span<const EventAt> events_from(const Scope& scope, const Step& step,
                                     const EventWindow& window, Moment from) {
  const std::span<const EventAt> all = scope.history.events(step.event.id);
  if (!window.forgets()) return all;
  const auto over = std::ranges::partition_point(
      all, [&](const EventAt& event) { return window.leaves_at(event.time) <= from; });
  return all.subspan(static_cast<std::size_t>(over - all.begin()));
}

Values::Values(const Scope& scope, const Subject& subject) : scope_(scope), subject_(&subject) {
  constexpr std::int64_t kHours = 24;
  const bool is_small =
      subject.field == EventField::local_hour || subject.field == EventField::local_weekday;
  for (std::int64_t number = 0; is_small && number < kHours; ++number) {
    small_numbers_.emplace_back(number);
  }
}

const Value* Values::of(const EventAt& event, bool all_values) {
  switch (subject_->field) {
    case EventField::none:
      break;
    case EventField::source: {
      const std::string_view name = scope_.history.source(event.order);
      auto found = sources_.find(name);
      if (found == sources_.end()) {
        found = sources_.emplace(std::string(name), Value(std::string(name))).first;
      }
      return &found->second;
    }
    case EventField::local_hour:
      return &small_numbers_[static_cast<std::size_t>(scope_.zone.hour_of(event.time))];
    case EventField::local_weekday:
      return &small_numbers_[static_cast<std::size_t>(scope_.zone.weekday_of(event.time))];
  }
  const Value* value = scope_.history.property(event.order, subject_->property);
  const auto* date = value ? std::get_if<base::Date>(value) : nullptr;
  return date != nullptr && date->year == 0 && !all_values ? nullptr : value;
}

CountedEvents::CountedEvents(const Scope& scope, const Did& test, const EventWindow& window,
                             Moment from)
    : scope_(scope),
      test_(test),
      window_(window),
      events_(events_from(scope, test.step, window, from)) {
  const Subject* subject = measured(test.measure);
  if (subject == nullptr) return;
  if (!counts_numbers(test.measure)) {
    values_.emplace(scope, *subject);
    return;
  }
  const base::EventTypeId type = test.step.event.id;
  const std::size_t over = scope.history.events(type).size() - events_.size();
  numbers_ = scope.history.value_numbers(type, subject->property, over);
}

std::optional<Counted> CountedEvents::next() {
  for (; next_ < events_.size(); ++next_) {
    Counted counted{events_[next_]};
    const Moment time = counted.event.time;
    if (!window_.admits(time) || !passes(scope_, test_.step, counted.event)) continue;
    if (!measure(counted) || window_.enters_at(time) >= window_.leaves_at(time)) continue;
    ++next_;
    return counted;
  }
  return std::nullopt;
}

// False: not known, and a measure looks only at known properties.
bool CountedEvents::measure(Counted& counted) {
  if (values_) {
    counted.value = values_->of(counted.event, counts_all_values(test_.measure));
    return counted.value != nullptr;
  }
  if (numbers_.empty()) return true;
  counted.number = numbers_[next_];
  return counted.number != 0;
}

namespace {

// An event on its way through the window.
struct Visitor {
  Counted counted;
  Moment enters;
  Moment leaves;
};

class MeasureStream final : public IntervalStream {
 public:
  MeasureStream(const Scope& scope, const Did& test, Moment from)
      : from_(from),
        until_(scope.until),
        window_(test.window, scope.zone),
        tally_(tally_of(test.measure, scope.zone)),
        events_(scope, test, window_, from) {}

  std::optional<Span> next() override {
    if (!started_) start();
    while (const auto moment = next_change()) {
      change_at(*moment);
      const bool holds = tally_->holds();
      if (holds && !open_) open_ = *moment;
      if (!holds && open_) return Span{*std::exchange(open_, std::nullopt), *moment};
    }
    if (!open_) return std::nullopt;
    return Span{*std::exchange(open_, std::nullopt), base::kMomentMax};
  }

 private:
  // All there is by `from_` at once: an interval that holds it may begin there.
  void start() {
    started_ = true;
    look_ahead();
    change_at(from_);
    if (tally_->holds()) open_ = from_;
  }

  void look_ahead() {
    ahead_.reset();
    if (const auto counted = events_.next()) {
      const Moment time = counted->event.time;
      ahead_ = Visitor{*counted, window_.enters_at(time), window_.leaves_at(time)};
    }
  }

  std::optional<Moment> next_change() const {
    if (is_decided()) return std::nullopt;
    Moment moment = ahead_ ? ahead_->enters : base::kMomentMax;
    if (left_ < inside_.size()) moment = std::min(moment, inside_[left_].leaves);
    return moment == base::kMomentMax || moment > until_ ? std::nullopt : std::optional(moment);
  }
  bool is_decided() const { return !window_.forgets() && tally_->settled(); }

  // All that happens at one moment happens at once.
  void change_at(Moment moment) {
    for (; left_ < inside_.size() && inside_[left_].leaves <= moment; ++left_) {
      tally_->leave(inside_[left_].counted);
    }
    while (ahead_ && ahead_->enters <= moment && !is_decided()) {
      tally_->enter(ahead_->counted);
      if (ahead_->leaves <= until_ && ahead_->leaves != base::kMomentMax) {
        inside_.push_back(*ahead_);
      }
      look_ahead();
    }
  }

  Moment from_;
  Moment until_;
  EventWindow window_;
  std::unique_ptr<Tally> tally_;
  CountedEvents events_;
  std::optional<Visitor> ahead_;
  std::vector<Visitor> inside_;  // those that will leave or have left, first out first
  std::size_t left_ = 0;
  std::optional<Moment> open_;
  bool started_ = false;
};

// `first`: only the earliest event that passes counts, for ever. `last`: each one counts until the
// next that passes.
class FirstLastStream final : public MergingStream {
 public:
  FirstLastStream(const Scope& scope, const FirstLast& test, Moment from)
      : scope_(scope), test_(test), window_(test.window, scope.zone) {
    // The earliest event stays the first after it has left the window, so `first` sees them all.
    events_ = test.last ? events_from(scope, test.step, window_, from)
                        : scope.history.events(test.step.event.id);
  }

 protected:
  std::optional<Span> raw() override {
    if (!started_) {
      started_ = true;
      ahead_ = next_passing();
    }
    if (!ahead_) return std::nullopt;
    const EventAt event = *ahead_;
    ahead_ = test_.last ? next_passing() : std::nullopt;
    const Moment replaced = ahead_ ? ahead_->time : base::kMomentMax;
    const Span nothing{event.time, event.time};
    if (!window_.admits(event.time)) return nothing;
    const EventView view{scope_.history, scope_.zone, event};
    if (test_.with && !satisfies(*test_.with, view)) return nothing;
    return Span{window_.enters_at(event.time), std::min(window_.leaves_at(event.time), replaced)};
  }

 private:
  std::optional<EventAt> next_passing() {
    while (!events_.empty()) {
      const EventAt event = events_.front();
      events_ = events_.subspan(1);
      if (passes(scope_, test_.step, event)) return event;
    }
    return std::nullopt;
  }

  Scope scope_;
  const FirstLast& test_;
  EventWindow window_;
  std::span<const EventAt> events_;
  std::optional<EventAt> ahead_;
  bool started_ = false;
};

}  // namespace

Stream stream_of(const Scope& scope, const Did& test, Moment from) {
  Stream measured_stream = std::make_unique<MeasureStream>(scope, test, from);
  return test.negated ? complement_of(std::move(measured_stream)) : std::move(measured_stream);
}

Stream stream_of(const Scope& scope, const FirstLast& test, Moment from) {
  return std::make_unique<FirstLastStream>(scope, test, from);
}

}  // namespace audience
