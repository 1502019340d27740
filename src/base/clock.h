// The time of day as a dependency, so that tests and the simulation make it.
#pragma once

#include "base/moment.h"

namespace base {

// Thread safe. `now` may jump back when the machine's clock is set back.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Moment now() const override;
};

}  // namespace base
