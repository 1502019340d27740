// Firing timers that are due, every second, in one process of those that share a database: the one
// that holds the lease `timer`.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/clock.h"
#include "base/random.h"
#include "lease/lease.h"
#include "ledger/ledger.h"
#include "server/chores.h"
#include "store/database.h"
#include "timer/timer.h"

namespace server {

inline constexpr base::Duration kTimersEvery = base::kSecond;
inline constexpr base::Duration kTimersLease{30 * base::kSecond.ms};

// Threads: one. Borrows everything.
class DueTimers {
 public:
  DueTimers(store::Database& database, const base::Clock& clock, base::Random& random);
  // Gives the lease back, so that whoever comes next need not wait.
  ~DueTimers();
  DueTimers(const DueTimers&) = delete;
  DueTimers& operator=(const DueTimers&) = delete;

  // Fires what is due until nothing is, another process has the lease, or `stop` is asked for.
  // Answers how many. Throws store::Failure.
  std::size_t fire(const std::stop_token& stop);

 private:
  bool has_lease();

  store::Database& database_;
  const base::Clock& clock_;
  const std::int64_t owner_;
  std::optional<lease::Lease> lease_;  // taken last
  ledger::Ends ledger_ends_;
  timer::Runner runner_;
};

// The chore that does so every kTimersEvery.
Chore firing_timers(DueTimers& timers);

}  // namespace server
