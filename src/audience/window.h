// Windows seen from the event's side: from when until when is an event of time t inside?
//
// For a fixed t the moments `now` at which t lies in the window are one interval
// [enters_at(t), leaves_at(t)), possibly empty; both ends never decrease when t grows, and for
// events the first is never before t. All measures and sequences rest on this.
#pragma once

#include <optional>

#include "audience/rule.h"
#include "base/calendar.h"
#include "base/moment.h"
#include "timeline/history.h"

namespace audience {

// The first millisecond of the unit `offset` units after the one that holds t, kMomentMax when that
// lies beyond the calendar (year 10,000). Requires offset >= 0.
base::Moment unit_after(base::Moment t, base::CalendarUnit unit, std::int64_t offset,
                        const base::Zone& zone);

// The window of an event test. Borrows the zone. Remembers the calendar unit it saw last: one
// thread, and fast when times come in order.
class EventWindow {
 public:
  // No window: all that happened up to now. Requires a bound window (its moments resolved).
  EventWindow(const std::optional<Window>& window, const base::Zone& zone);

  // Whether an event of this time is ever inside.
  bool admits(base::Moment t) const { return t >= low_ && t < high_; }
  // Requires admits(t).
  base::Moment enters_at(base::Moment t) const;
  base::Moment leaves_at(base::Moment t) const;
  // The times inside at `at`: [from, to), empty when to <= from.
  timeline::Span inside_at(base::Moment at) const;
  // Events leave after a time: those long gone need not be looked at.
  bool forgets() const { return form_ != Form::fixed; }

 private:
  enum class Form : std::uint8_t { fixed, sliding, calendar };
  struct Units {
    base::Moment start = base::kMomentMax;  // the unit seen last: [start, end)
    base::Moment end = base::kMomentMin;
    base::Moment enters{};
    base::Moment leaves{};
  };
  const Units& units_of(base::Moment t) const;

  void set(const WindowForm& form);

  const base::Zone* zone_;
  Form form_ = Form::fixed;
  base::Moment low_ = base::kMomentMin;
  base::Moment high_ = base::kMomentMax;
  base::Duration enters_after_{0};  // sliding
  base::Duration leaves_after_{0};
  base::CalendarUnit unit_ = base::CalendarUnit::day;  // calendar
  std::int64_t enters_units_ = 0;
  std::int64_t leaves_units_ = 0;
  mutable Units seen_;
};

// The moments at which a value of time t lies in the window: for attributes, whose `between`,
// `before` and `since` compare the value as it stands and which know `in next`.
timeline::Span value_in_window(const Window& window, base::Moment t, const base::Zone& zone);

// The times of values that lie in the window at `at`: [from, to), empty when to <= from.
timeline::Span values_inside_at(const Window& window, base::Moment at, const base::Zone& zone);

// The times in a window of fixed moments, the only ones a filter has: [from, to).
timeline::Span fixed_window(const Window& window);
bool in_fixed_window(const Window& window, base::Moment t);

}  // namespace audience
