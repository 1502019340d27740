// The stream of one node of a bound rule, which explanation asks for, too.
#pragma once

#include "audience/rule.h"
#include "audience/scope.h"
#include "audience/streams.h"

namespace audience {

// Exact from `from` on (streams.h); not yet cut to when the customer is known.
Stream stream_of(const Scope& scope, const Node& node, base::Moment from);

// Reads the standing at `at` off a stream that is exact from the beginning.
Standing standing_in(IntervalStream& stream, base::Moment at);

}  // namespace audience
