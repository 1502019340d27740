// For tests: the time is what somebody else's variable says.
#pragma once

#include "base/clock.h"

namespace base {

// Threads: as the variable, which it borrows.
class GivenClock final : public Clock {
 public:
  explicit GivenClock(const Moment& now) : now_(now) {}
  Moment now() const override { return now_; }

 private:
  const Moment& now_;
};

}  // namespace base
