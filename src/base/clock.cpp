#include "base/clock.h"

#include <chrono>

namespace base {

Moment SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Moment{std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace base
