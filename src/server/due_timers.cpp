#include "server/due_timers.h"

#include <utility>

#include "base/diagnostics.h"
#include "store/failure.h"

namespace server {

DueTimers::DueTimers(store::Database& database, const base::Clock& clock, base::Random& random)
    : database_(database),
      clock_(clock),
      owner_(random.id()),
      runner_(database, {{ledger::kTimerKind, ledger_ends_}}) {}

// Taken, or renewed.
bool DueTimers::has_lease() {
  const base::Moment now = clock_.now();
  auto lease = database_.write("timer.lease", [&](store::Unit& unit) {
    return lease::acquire(unit, {"timer", owner_, now, kTimersLease});
  });
  if (!lease) return false;
  lease_ = std::move(*lease);
  return true;
}

DueTimers::~DueTimers() {
  if (!lease_) return;
  try {
    database_.write("timer.release", [&](store::Unit& unit) { lease::release(unit, *lease_); });
  } catch (const store::Failure& failure) {
    base::log_warning("the lease of the timers could not be given back: {}", failure.what());
  }
}

std::size_t DueTimers::fire(const std::stop_token& stop) {
  const auto next =
      database_.read([&](store::Session& session) { return runner_.next_due(session); });
  if (!next || *next > clock_.now() || !has_lease()) return 0;
  std::size_t fired = 0;
  // Long before the lease is over.
  const base::Moment until = clock_.now() + base::Duration{kTimersLease.ms / 3};
  for (timer::Step step{.more = true}; step.more && !stop.stop_requested();) {
    const base::Moment now = clock_.now();
    if (now >= until) break;
    step = runner_.step(now);
    fired += step.fired;
    if (step.set_aside > 0) base::log_warning("{} timers were set aside", step.set_aside);
  }
  return fired;
}

Chore firing_timers(DueTimers& timers) {
  return {"firing timers", kTimersEvery, kTimersEvery,
          [&](const std::stop_token& stop) { timers.fire(stop); }};
}

}  // namespace server
