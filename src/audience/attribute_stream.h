// Tests over attributes: piece by piece of what the value was, each piece from its change until the
// next. Before the first change the value is unknown. Those of a fitted attribute are its runs.
#pragma once

#include "audience/rule.h"
#include "audience/scope.h"
#include "audience/streams.h"

namespace audience {

// The anniversaries of a date or time that has one: [from, kHorizon) as far as it is asked for.
// Starts with those that end after `from`.
Stream anniversaries(const Anniversary& test, const base::Value& value, const base::Zone& zone,
                     base::Moment from);

// The first year in which those that end after `from` are looked for; of dates before it the year
// makes no difference.
int first_year_kept(const Anniversary& test, const base::Zone& zone, base::Moment from);

struct AtMoment {
  const base::Zone& zone;
  base::Moment moment;
};
// Whether a test with a subject holds at the moment for an attribute of this value; null: unknown.
bool holds_for_value(const Node& test, const base::Value* value, const AtMoment& at);

// `node` is a test with a subject, bound to an attribute, also to one that is computed.
Stream attribute_stream(const Scope& scope, const Node& node, base::Moment from);

}  // namespace audience
