#include "server/carriers.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/diagnostics.h"
#include "outbox/intent.h"
#include "store/failure.h"

namespace server {

Carriers::Carriers(Means means) : means_(std::move(means)), owner_(means_.random.id()) {}

Carriers::~Carriers() {
  stop();
  threads_.clear();
  give_back_leases();
}

void Carriers::give_back_leases() {
  try {
    for (const auto& [lane, held] : held_) {
      if (held->carrier) held->carrier->write_what_is_known();
    }
    means_.database.write("outbox.release", [&](store::Unit& unit) {
      for (const auto& [lane, held] : held_) {
        if (held->carrier) lease::release(unit, held->held_lease);
      }
    });
  } catch (const store::Failure& failure) {
    base::log_warning("leases of the outbox could not be given back: {}", failure.what());
  }
}

void Carriers::start() {
  for (std::size_t i = 0; i < kCarrierThreads; ++i) threads_.emplace_back([this] { run(); });
}

void Carriers::stop() { stop_.request_stop(); }

std::int64_t Carriers::carry() {
  const auto lanes = means_.database.read(
      [this](store::Session& session) { return outbox::busy_lanes(session, means_.clock.now()); });
  std::int64_t done = 0;
  for (const outbox::LaneId lane : lanes) {
    if (stop_.stop_requested()) break;
    if (!begin(lane)) continue;
    try {
      const Work work = carry_lane(lane);
      done += work.done;
      end(lane, work.is_slow);
    } catch (...) {
      end(lane, false);
      throw;
    }
  }
  return done;
}

void Carriers::run() {
  const std::stop_token stop = stop_.get_token();
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  while (!stop.stop_requested()) {
    base::Duration pause = kCarriersLookEvery;
    try {
      if (carry() > 0) continue;
    } catch (const store::Failure& failure) {
      base::log_warning("carrying out the outbox has failed and will be tried again: {}",
                        failure.what());
      pause = base::kSecond;
    }
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, std::chrono::milliseconds(pause.ms), [] { return false; });
  }
}

bool Carriers::begin(outbox::LaneId lane) {
  const std::scoped_lock lock(mutex_);
  const auto is_slow = [this](outbox::LaneId each) { return slow_.contains(each); };
  const auto at_slow = static_cast<std::size_t>(std::ranges::count_if(working_, is_slow));
  if (is_slow(lane) && at_slow >= kSlowThreads) return false;
  return working_.insert(lane).second;
}

void Carriers::end(outbox::LaneId lane, bool is_slow) {
  const std::scoped_lock lock(mutex_);
  working_.erase(lane);
  if (is_slow) {
    slow_.insert(lane);
  } else {
    slow_.erase(lane);
  }
}

Carriers::Work Carriers::carry_lane(outbox::LaneId lane) {
  Work work;
  const base::Moment begun = means_.clock.now();
  base::Moment now = begun;
  // Also when the clock is set back meanwhile.
  while (!stop_.stop_requested() && begun <= now && now < begun + kTurnMax) {
    Held* held = hold(lane, now);
    if (held == nullptr) break;
    const outbox::Step step = held->carrier->step();
    held->is_new = false;
    work.done += step.sent + step.looked_up;
    const base::Moment after = means_.clock.now();
    work.is_slow = work.is_slow || after - now > kSlowStep;
    now = after;
    if (step.lost) held->carrier = nullptr;
    if (step.lost || step.sent + step.looked_up == 0) break;
  }
  return work;
}

Carriers::Held* Carriers::hold(outbox::LaneId lane, base::Moment now) {
  Held* held = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    auto& slot = held_[lane];
    if (!slot) slot = std::make_unique<Held>();
    held = slot.get();
  }
  // After its end somebody else may have had the lease, and died.
  const bool holds = held->carrier && !held->is_new && held->held_lease.holds_at(now);
  if (holds && held->carrier->next(now) > now) return nullptr;
  return take_lease(*held, lane, now) ? held : nullptr;
}

bool Carriers::take_lease(Held& held, outbox::LaneId lane, base::Moment now) {
  if (held.carrier && held.held_lease.holds_at(now + kStepTimeMax)) return true;
  const std::string name = outbox::lease_of(lane);
  // A look first: who waits for another process writes nothing.
  const auto stands =
      means_.database.read([&](store::Session& session) { return lease::find(session, name); });
  // One that expires later than any that is taken now comes from a clock that was ahead.
  const bool is_held = stands && stands->owner != owner_ && now < stands->expires &&
                       stands->expires <= now + kLaneLease + kLaneLease;
  if (is_held) return false;
  auto taken = means_.database.write("outbox.lease", [&](store::Unit& unit) {
    return lease::acquire(unit, {name, owner_, now, kLaneLease});
  });
  if (!taken) return false;
  const bool is_same = held.carrier && taken->fence == held.held_lease.fence;
  held.held_lease = std::move(*taken);
  if (is_same) return true;
  const auto found = means_.database.read(
      [&](store::Session& session) { return outbox::lane_with(session, lane); });
  if (!found) return false;
  // Under its own fence, which is over: what it knows is written where nobody was quicker.
  if (held.carrier) held.carrier->write_what_is_known();
  held.carrier = nullptr;
  held.sender = means_.sender_of(*found, stop_.get_token());
  held.carrier = std::make_unique<outbox::Carrier>(means_.database, *held.sender, means_.clock,
                                                   outbox::Holding{*found, held.held_lease.fence});
  held.is_new = true;
  return true;
}

}  // namespace server
