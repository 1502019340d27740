// The demo goes on living while the program runs: a thread that waits for the moment of what comes
// next and tells it (demo/living.h).
//
// Units of about demo::kToldAtOnce, with kBetween between two while something happens all the time,
// so that the writer is free for others. Ends with its destructor, within one unit.
#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/moment.h"
#include "log/log.h"
#include "store/database.h"

namespace server {

class DemoLiving {
 public:
  // Between two looks at the clock while nothing happens: it may have been set.
  static constexpr base::Duration kLookEvery = base::kMinute;
  static constexpr base::Duration kBetween{500};  // milliseconds
  static constexpr base::Duration kRetry{10 * base::kSecond.ms};

  struct Means {
    store::Database& database;
    event_log::Log& log;
    const base::Clock& clock;
  };
  // `speed`: 1 … demo::kSpeedMax. Means must outlive it. Ends by itself where there is no demo that
  // can be gone on with.
  DemoLiving(const Means& means, std::int64_t speed);

  // How long to wait, at `now`, for what comes at `next`.
  static base::Duration pause(base::Moment next, base::Moment now);

 private:
  void run(const std::stop_token& stop, std::int64_t speed) const;

  Means means_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace server
