// Tests over events: did, did not, measures, first and last.
//
// Everything is a sweep over the moments at which events enter and leave the window: linear in the
// events of the name, lazily, and events that left before `from` are skipped unseen.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/compare.h"
#include "audience/scope.h"
#include "audience/streams.h"
#include "audience/tally.h"
#include "audience/window.h"

namespace audience {

// The one order of events: by time, then by log position; `order` numbers it.
inline bool comes_after(const timeline::EventAt& later, const timeline::EventAt& earlier) {
  return later.order > earlier.order;
}

// Whether the event satisfies the step's `where`.
bool passes(const Scope& scope, const Step& step, const timeline::EventAt& event);

// The events of the step's name that are not over by `from`.
std::span<const timeline::EventAt> events_from(const Scope& scope, const Step& step,
                                               const EventWindow& window, base::Moment from);

// Values of one subject over many events, each living as long as this.
class Values {
 public:
  Values(const Scope& scope, const Subject& subject);
  // Null: unknown; a date without a year too, unless all values count.
  const base::Value* of(const timeline::EventAt& event, bool all_values);

 private:
  Scope scope_;
  const Subject* subject_;
  std::vector<base::Value> small_numbers_;  // hours and weekdays
  std::map<std::string, base::Value, std::less<>> sources_;
};

// The events of a step as its measure counts them, one after the other: those that are not over by
// `from`, are inside some time, pass the step's filter and have the property that is measured.
class CountedEvents {
 public:
  CountedEvents(const Scope& scope, const Did& test, const EventWindow& window, base::Moment from);
  // Nothing: no more. Its value lives as long as this.
  std::optional<Counted> next();

 private:
  bool measure(Counted& counted);

  Scope scope_;
  const Did& test_;
  const EventWindow& window_;
  std::span<const timeline::EventAt> events_;  // the history's
  std::size_t next_ = 0;
  std::optional<Values> values_;        // of a measured property, or its numbers,
  std::vector<std::uint32_t> numbers_;  // one an event
};

Stream stream_of(const Scope& scope, const Did& test, base::Moment from);
Stream stream_of(const Scope& scope, const FirstLast& test, base::Moment from);

}  // namespace audience
