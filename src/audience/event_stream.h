// Tests over events: did, did not, measures, first and last.
//
// Everything is a sweep over the moments at which events enter and leave the window: linear in the
// events of the name, lazily, and events that left before `from` are skipped unseen.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/compare.h"
#include "audience/scope.h"
#include "audience/streams.h"
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

Stream stream_of(const Scope& scope, const Did& test, base::Moment from);
Stream stream_of(const Scope& scope, const FirstLast& test, base::Moment from);

}  // namespace audience
