#include "server/live_work.h"

#include <algorithm>
#include <utility>

#include "base/diagnostics.h"
#include "store/failure.h"

namespace server {

using audience::LiveEngine;
using base::Duration;
using base::Moment;

namespace {

constexpr Duration kJobPatience{500};
// A step that may not go on waits for its records to be written.
constexpr Duration kRestWhenFull{20};

void rest(const std::stop_token& stop, Duration time) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, std::chrono::milliseconds(time.ms), [] { return false; });
}

}  // namespace

LiveWork::LiveWork(const Means& means) : means_(means), owner_(means.random.id()) {}

LiveWork::~LiveWork() {
  stepping_ = {};
  computing_ = {};
  recording_ = {};
  try {
    leave();
  } catch (const store::Failure& failure) {
    base::log_warning("where live audiences are could not be stored: {}", failure.what());
  }
}

void LiveWork::start() {
  stepping_ = std::jthread([this](const std::stop_token& stop) { step(stop); });
  computing_ = std::jthread([this](const std::stop_token& stop) { compute(stop); });
  recording_ = std::jthread([this](const std::stop_token& stop) { record(stop); });
}

// Taken, or renewed now and then. Whoever loses it drops the engine: another process goes on.
bool LiveWork::has_lease() {
  const Moment now = means_.clock.now();
  const bool is_recent = renewed_ <= now && now - renewed_ < kLiveLeaseEvery;
  if (means_.access.engine() && is_recent) return true;
  auto taken = means_.engine.database.write("live.lease", [&](store::Unit& unit) {
    return lease::acquire(unit, {kLiveLease, owner_, now, kLiveLeaseTerm});
  });
  if (!taken) {
    means_.access.set(nullptr);
    return false;
  }
  renewed_ = now;
  bool is_another = false;
  {
    const std::scoped_lock lock(lease_mutex_);
    is_another = !lease_ || lease_->fence != taken->fence;
    lease_ = std::move(*taken);
  }
  if (is_another || !means_.access.engine()) {
    auto engine = std::make_shared<LiveEngine>(means_.engine);
    engine->open(now);
    means_.access.set(std::move(engine));
  }
  return true;
}

bool LiveWork::may_write(store::Unit& unit) const {
  const std::scoped_lock lock(lease_mutex_);
  return lease_ && lease::is_newest(unit, kLiveLease, lease_->fence);
}

void LiveWork::settle() {
  if (!has_lease()) return;
  const auto engine = means_.access.engine();
  engine->refresh();
  for (bool more = true; more;) {
    means_.engine.memory.catch_up();
    more = engine->step(means_.clock.now()).more;
    more |= engine->compute();
    more |= engine->record([this](store::Unit& unit) { return may_write(unit); });
  }
}

void LiveWork::leave() {
  const auto engine = means_.access.engine();
  if (!engine) return;
  engine->checkpoint(means_.clock.now());
  const auto allowed = [this](store::Unit& unit) { return may_write(unit); };
  while (engine->record(allowed)) continue;
  means_.access.set(nullptr);
  means_.engine.database.write("live.release",
                               [&](store::Unit& unit) { lease::release(unit, *lease_); });
}

// Until the end, also through lost databases.
template <typename Work>
void LiveWork::repeat(const std::stop_token& stop, std::string_view what, const Work& work) {
  while (!stop.stop_requested()) {
    try {
      work();
    } catch (const store::Failure& failure) {
      base::log_warning("{} live audiences waits: {}", what, failure.what());
      rest(stop, kLiveRetry);
    }
  }
}

void LiveWork::step(const std::stop_token& stop) {
  repeat(stop, "following", [&] {
    if (!has_lease()) return rest(stop, kLiveRetry);
    const std::uint64_t seen = means_.engine.log.appended().count();
    const LiveEngine::Step step = means_.access.engine()->step(means_.clock.now());
    if (step.is_full) return rest(stop, kRestWhenFull);
    if (!step.more) wait(step, seen, stop);
  });
}

void LiveWork::wait(const LiveEngine::Step& step, std::uint64_t seen,
                    const std::stop_token& stop) const {
  if (stop.stop_requested()) return;
  Duration patience = kLiveLookEvery;
  if (step.next) patience = std::min(patience, *step.next - means_.clock.now());
  if (patience.ms > 0) means_.engine.log.appended().wait(seen, patience);
  const auto newest = means_.engine.database.read(
      [&](store::Session& session) { return means_.engine.log.newest(session); });
  // Another moment is due sooner than what is waited for, which the next step then finds.
  patience = step.next ? std::min(kLiveLookEvery, *step.next - means_.clock.now()) : kLiveLookEvery;
  if (patience.ms > 0) means_.engine.memory.await(newest, patience);
}

void LiveWork::compute(const std::stop_token& stop) {
  repeat(stop, "computing", [&] {
    const auto engine = means_.access.engine();
    if (!engine) return rest(stop, kLiveRetry);
    engine->wait_for_jobs(stop, kJobPatience);
    engine->compute(stop);
  });
}

void LiveWork::record(const std::stop_token& stop) {
  repeat(stop, "recording", [&] {
    const auto engine = means_.access.engine();
    if (!engine) return rest(stop, kLiveRetry);
    engine->wait_for_records(stop, kJobPatience);
    engine->record([this](store::Unit& unit) { return may_write(unit); });
  });
}

}  // namespace server
