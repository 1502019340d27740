#include "audience/window.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <variant>

#include "audience/evaluate.h"
#include "base/check.h"

namespace audience {

using base::CalendarUnit;
using base::Duration;
using base::Moment;
using base::Zone;
using timeline::Span;

namespace {

constexpr std::int64_t kYearsMax = 10'000;

std::int64_t units_in_calendar(CalendarUnit unit) {
  switch (unit) {
    case CalendarUnit::day:
      return kYearsMax * 366;
    case CalendarUnit::week:
      return kYearsMax * 53;
    case CalendarUnit::month:
      return kYearsMax * 12;
    case CalendarUnit::quarter:
      return kYearsMax * 4;
    case CalendarUnit::year:
      return kYearsMax;
  }
  base::unreachable();
}

Moment moment_of(const Literal& literal) {
  CHECK(literal.value && std::holds_alternative<Moment>(*literal.value));
  return std::get<Moment>(*literal.value);
}

// The range of a fixed window; nothing for the others.
std::optional<Span> fixed_range(const WindowForm& form) {
  if (const auto* between = std::get_if<BetweenMoments>(&form)) {
    return Span{moment_of(between->from), moment_of(between->to)};
  }
  if (const auto* before = std::get_if<Before>(&form)) {
    return Span{base::kMomentMin, moment_of(before->moment)};
  }
  if (const auto* since = std::get_if<Since>(&form)) {
    return Span{moment_of(since->moment), base::kMomentMax};
  }
  return std::nullopt;
}

// The earliest time for which `is_past` is true; it stays true for all later ones.
template <typename IsPast>
Moment first_time(IsPast is_past) {
  std::int64_t low = base::kMomentMin.ms + 1;
  std::int64_t high = base::kMomentMax.ms;  // never a time
  while (low < high) {
    const std::int64_t middle = std::midpoint(low, high - 1);
    if (is_past(Moment{middle})) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Moment{low};
}

}  // namespace

Moment unit_after(Moment t, CalendarUnit unit, std::int64_t offset, const Zone& zone) {
  if (t >= kHorizon || offset >= units_in_calendar(unit)) return base::kMomentMax;
  const Moment start = zone.period_start(t, unit, offset);
  return start >= kHorizon ? base::kMomentMax : start;
}

EventWindow::EventWindow(const std::optional<Window>& window, const Zone& zone) : zone_(&zone) {
  if (window) set(window->form);
}

void EventWindow::set(const WindowForm& window) {
  if (const auto range = fixed_range(window)) {
    low_ = range->from;
    high_ = range->to;
    return;
  }
  std::visit(
      [this](const auto& form) {
        using Type = std::decay_t<decltype(form)>;
        if constexpr (std::is_same_v<Type, InLast>) {
          form_ = Form::sliding;
          leaves_after_ = form.duration.value();
        } else if constexpr (std::is_same_v<Type, FromToAgo>) {
          form_ = Form::sliding;
          enters_after_ = form.to.value();
          leaves_after_ = form.from.value();
        } else {
          form_ = Form::calendar;
          leaves_units_ = 1;
          if constexpr (std::is_same_v<Type, InThis>) {
            unit_ = form.unit;
          } else if constexpr (std::is_same_v<Type, InPrevious>) {
            unit_ = form.unit;
            enters_units_ = 1;
            leaves_units_ = form.count < units_in_calendar(unit_) ? form.count + 1 : form.count;
          } else if constexpr (std::is_same_v<Type, Yesterday>) {
            enters_units_ = 1;
            leaves_units_ = 2;
          } else {
            // `in next` is refused for events when the rule is bound.
            CHECK((std::is_same_v<Type, Today>));
          }
        }
      },
      window);
}

const EventWindow::Units& EventWindow::units_of(Moment t) const {
  if (t < seen_.start || t >= seen_.end) {
    seen_.start = zone_->period_start(t, unit_, 0);
    seen_.end = unit_after(t, unit_, 1, *zone_);
    seen_.enters = unit_after(t, unit_, enters_units_, *zone_);
    seen_.leaves = unit_after(t, unit_, leaves_units_, *zone_);
  }
  return seen_;
}

Moment EventWindow::enters_at(Moment t) const {
  switch (form_) {
    case Form::fixed:
      return t;
    case Form::sliding:
      return t + enters_after_;
    case Form::calendar:
      return enters_units_ == 0 ? t : units_of(t).enters;
  }
  base::unreachable();
}

Moment EventWindow::leaves_at(Moment t) const {
  switch (form_) {
    case Form::fixed:
      return base::kMomentMax;
    case Form::sliding:
      return t + leaves_after_;
    case Form::calendar:
      return units_of(t).leaves;
  }
  base::unreachable();
}

Span EventWindow::inside_at(Moment at) const {
  const Moment from = first_time([&](Moment t) { return leaves_at(t) > at; });
  const Moment to = first_time([&](Moment t) { return enters_at(t) > at; });
  return Span{std::max(low_, from), std::min(high_, to)};
}

Span value_in_window(const Window& window, Moment t, const Zone& zone) {
  if (const auto range = fixed_range(window.form)) {
    const bool inside = t >= range->from && t < range->to;
    return inside ? Span{base::kMomentMin, base::kMomentMax} : Span{t, t};
  }
  if (const auto* next = std::get_if<InNext>(&window.form)) {
    return Span{t - next->duration.value(), t};
  }
  const EventWindow same(window, zone);
  return Span{same.enters_at(t), same.leaves_at(t)};
}

Span values_inside_at(const Window& window, Moment at, const Zone& zone) {
  if (const auto range = fixed_range(window.form)) return *range;
  return Span{
      first_time([&](Moment t) { return value_in_window(window, t, zone).to > at; }),
      first_time([&](Moment t) { return value_in_window(window, t, zone).from > at; }),
  };
}

Span fixed_window(const Window& window) {
  const auto range = fixed_range(window.form);
  CHECK(range);  // the others are refused in filters when the rule is bound
  return *range;
}

bool in_fixed_window(const Window& window, Moment t) {
  const Span range = fixed_window(window);
  return t >= range.from && t < range.to;
}

}  // namespace audience
