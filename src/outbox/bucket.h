// The pace of a lane: a bucket of tokens, one for each send, that fills while time goes by. Pure.
//
// It is kept with the lane: whoever takes the lane over goes on where the one before was, so that
// neither a restart nor a change of hands gives a burst twice or takes one away. A new lane's is
// full.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/moment.h"

namespace outbox {

struct Pace {
  std::int64_t count = 1;   // positive, at most kPaceMax
  base::Duration in{1000};  // positive, at most a day
  std::int64_t burst = 1;   // positive, at most kPaceMax: how many may go at once
  bool operator==(const Pace&) const = default;
};
inline constexpr std::int64_t kPaceMax = 1'000'000;

// What is in it. A token is pace.in.ms parts, a millisecond brings pace.count: no fraction is lost.
struct Filling {
  std::int64_t parts = 0;
  base::Moment at;
};

// Not thread safe.
class Bucket {
 public:
  Bucket(const Pace& pace, const Filling& filling) : pace_(pace), filling_(filling) {}

  // How many may go now.
  std::int64_t tokens(base::Moment now) {
    fill(now);
    return filling_.parts / pace_.in.ms;
  }
  // What came in until `now` counts first: a full bucket has no room for it afterwards.
  void take(std::int64_t count, base::Moment now) {
    fill(now);
    filling_.parts -= count * pace_.in.ms;
  }
  // When the next one may; `now` where one may now.
  base::Moment next(base::Moment now) {
    fill(now);
    const std::int64_t lacking = pace_.in.ms - filling_.parts;
    if (lacking <= 0) return now;
    return now + base::Duration{(lacking + pace_.count - 1) / pace_.count};
  }
  const Filling& filling() const { return filling_; }

 private:
  // A clock that is set back brings nothing. Longer than a year fills no more than a year.
  void fill(base::Moment now) {
    const std::int64_t passed = std::clamp<std::int64_t>((now - filling_.at).ms, 0, kRestMax.ms);
    filling_.at = now;
    filling_.parts = std::min(filling_.parts + passed * pace_.count, pace_.burst * pace_.in.ms);
  }

  static constexpr base::Duration kRestMax{366 * base::kDay.ms};

  Pace pace_;
  Filling filling_;
};

}  // namespace outbox
