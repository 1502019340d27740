// The stream of one node of a bound rule, which explanation asks for, too.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "audience/rule.h"
#include "audience/scope.h"
#include "audience/streams.h"

namespace audience {

// Exact from `from` on (streams.h); not yet cut to when the customer is known.
Stream stream_of(const Scope& scope, const Node& node, base::Moment from);

// The streams of nested audiences in one evaluation: each is evaluated once, however often and
// through whatever other audiences it is mentioned. Lives while streams are made; they keep what
// they share.
class NestedStreams {
 public:
  Stream of(const Scope& scope, base::AudienceId audience, base::Moment from);

 private:
  std::map<std::pair<base::AudienceId, base::Moment>, std::shared_ptr<SharedSpans>> made_;
};

// Reads the standing at `at` off a stream that is exact from the beginning.
Standing standing_in(IntervalStream& stream, base::Moment at);

}  // namespace audience
