#include "log/projection.h"

#include <chrono>
#include <condition_variable>
#include <utility>
#include <variant>

namespace event_log {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

bool Projection::step() { return take_step().more; }

Projection::Step Projection::take_step() {
  Position from;
  Step done;
  std::vector<base::BatchId> batches;
  Effects effects;
  database_.read([&](store::Session& session) {
    batches.clear();
    from = position_of(session, reader_).value_or(Position{});
    const auto types = log_.catalog().of(session);
    const auto wanted = types_of(*types);
    Reading reading = read_after(
        session, from,
        {.types = wanted, .events_max = kProjectedEventsAtOnce, .rows_max = kProjectedRowsAtOnce});
    for (const Notice& notice : reading.notices) {
      const auto* batch = std::get_if<base::BatchId>(&notice.subject);
      if (batch != nullptr) batches.push_back(*batch);
    }
    done = {reading.through, static_cast<std::int64_t>(reading.events.size()), reading.more};
    effects = effects_of(session, *types, std::move(reading));
  });
  if (done.through == from) return {};
  for (const base::BatchId batch : batches) {
    while (database_.write(reader_ + ".remove_batch",
                           [&](store::Unit& unit) { return remove_some(unit, batch); })) {
    }
  }
  database_.write(reader_ + ".project", [&](store::Unit& unit) {
    if (advance(unit, reader_, from, done.through)) effects(unit);
  });
  return done;
}

Projection::Reached Projection::catch_up(base::Duration patience, const std::stop_token& stop) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.ms);
  const Position wanted = newest();
  Position reached = position();
  while (reached < wanted && Clock::now() < until && !stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      step();
    }
    reached = position();
  }
  return {reached, reached >= wanted};
}

bool Projection::follow(base::Duration patience, const std::stop_token& stop) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.ms);
  const Position wanted = newest();
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  while (position() < wanted) {
    const auto begun = Clock::now();
    if (stop.stop_requested() || begun >= until) return false;
    const std::uint64_t appended = log_.events_appended();
    {
      const std::lock_guard lock(mutex_);
      step();
    }
    if (log_.events_appended() == appended) continue;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, (Clock::now() - begun) * kRestAfterStep, [] { return false; });
  }
  return true;
}

std::int64_t Projection::rebuild(const std::function<bool(const Position& through)>& go_on) {
  const std::lock_guard lock(mutex_);
  database_.write(reader_ + ".clear", [&](store::Unit& unit) {
    forget_reader(unit, reader_);
    clear(unit);
  });
  std::int64_t events = 0;
  for (bool more = true; more;) {
    const Step step = take_step();
    events += step.events;
    more = step.more && (!go_on || go_on(step.through));
  }
  return events;
}

Position Projection::newest() const {
  return database_.read([&](store::Session& session) { return log_.newest(session); });
}

Position Projection::position() const {
  return database_.read(
      [&](store::Session& session) { return position_of(session, reader_).value_or(Position{}); });
}

}  // namespace event_log
