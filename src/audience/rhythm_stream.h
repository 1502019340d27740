// Tests over what is computed of purchases: from one order_paid to the next the value stays or
// rises, so that each range of values for which a test holds is one interval.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audience/rhythm.h"
#include "audience/rule.h"
#include "audience/scope.h"
#include "audience/streams.h"

namespace audience {

// The values for which a test of a rhythm holds, by their numbers (rhythm.h).
class RhythmTruth {
 public:
  // `node`: a test whose subject has a rhythm.
  RhythmTruth(const Node& node, const base::Zone& zone);

  struct Range {
    std::int64_t from = 0;             // not negative: no value of a rhythm is
    std::optional<std::int64_t> to{};  // not included; nothing: all from there on
  };
  // In order, disjoint, not touching.
  const std::vector<Range>& ranges() const { return ranges_; }
  bool of_unknown() const { return of_unknown_; }
  bool of(const std::optional<std::int64_t>& number) const;
  // Whether the answer changes while the number rises from one to the other, that one left out.
  bool changes(std::int64_t from, std::int64_t to) const;
  // The numbers at which it does, ascending.
  std::vector<std::int64_t> edges() const;

 private:
  std::vector<Range> ranges_;
  bool of_unknown_;
};

// Linear in the purchases.
Stream rhythm_stream(const Scope& scope, const Node& node, base::Moment from);

}  // namespace audience
