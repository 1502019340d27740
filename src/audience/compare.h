// The truth of a test on one value, and of a filter on one event.
//
// Unknown (null): every test is false, except `is unknown` and `!=`. Numbers compare by value
// whatever their places; a date counts as its first millisecond in the workspace's zone; a date
// without a year has no moment, so that comparisons treat it as unknown.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "audience/rule.h"
#include "base/calendar.h"
#include "base/value.h"
#include "timeline/history.h"

namespace audience {

// `order` is negative, zero or positive: the left side against the right one.
bool compares(Comparison comparison, int order);

// The moment of a time or date; nothing for other types and for a date without a year.
std::optional<base::Moment> moment_of_value(const base::Value& value, const base::Zone& zone);

// Of the value against the literal; nothing where one of them has no order here: unknown.
std::optional<int> order_against(const base::Value& value, const Literal& literal,
                                 const base::Zone& zone);

bool satisfies(const Compare& test, const base::Value* value, const base::Zone& zone);
bool satisfies(const InList& test, const base::Value* value, const base::Zone& zone);
bool satisfies(const BetweenValues& test, const base::Value* value, const base::Zone& zone);
bool satisfies(const IsKnown& test, const base::Value* value);
bool satisfies(const MatchText& test, const base::Value* value);

// A test of a filter on the value of its subject; null: unknown.
bool satisfies_test(const Node& test, const base::Value* value, const base::Zone& zone);

// A key that two values share exactly when they are equal as `same` and `distinct` mean it; nothing
// for a date without a year, which is equal to nothing.
std::optional<std::string> equality_key(const base::Value& value, const base::Zone& zone);

// What an attribute test is about; null: no such test.
const Subject* subject_of(const Node& node);

// One event as a filter sees it. Borrows the history and the zone.
struct EventView {
  const timeline::History& history;
  const base::Zone& zone;
  timeline::EventAt event;

  // The value of a property, or of one of the three fields every event has; null: unknown. Fields
  // are put into `made`, which must outlive the answer.
  const base::Value* value_of(const Subject& subject, base::Value& made) const;
};

// Requires a bound filter: attribute tests over properties, and, or, not.
bool satisfies(const Node& filter, const EventView& event);

}  // namespace audience
