#include "log/projection.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <utility>
#include <variant>

#include "base/result.h"
#include "log/rows.h"

namespace event_log {
namespace {

using Clock = std::chrono::steady_clock;

// Before the log is looked at again when a step found nothing: on PostgreSQL a unit that is still
// running stands before what is waited for.
constexpr std::chrono::milliseconds kLookAgain{10};

// Something of what was read does not count any more.
struct Outdated {};

}  // namespace

bool Projection::step() { return take_step().more; }

Projection::Step Projection::take_step() {
  Position from;
  Step done;
  std::vector<base::BatchId> batches;
  std::vector<Position> positions;
  Effects effects;
  database_.read([&](store::Session& session) {
    batches.clear();
    positions.clear();
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
    for (const Event& event : reading.events) positions.push_back(event.position);
    done = {reading.through, static_cast<std::int64_t>(reading.events.size()), reading.more};
    effects = effects_of(session, *types, std::move(reading));
  });
  if (done.through == from) return {};
  for (const base::BatchId batch : batches) {
    while (database_.write(reader_ + ".remove_batch",
                           [&](store::Unit& unit) { return remove_some(unit, batch); })) {
    }
  }
  // Who was erased since they were read must not come back.
  const auto made =
      database_.write(reader_ + ".project", [&](store::Unit& unit) -> base::Result<void, Outdated> {
        if (visible_rows_with(unit, positions).size() != positions.size()) {
          return base::unexpected(Outdated{});
        }
        if (advance(unit, reader_, from, done.through)) effects(unit);
        return {};
      });
  return made ? done : Step{from, 0, true};
}

Projection::Reached Projection::catch_up(base::Duration patience, const std::stop_token& stop) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.ms);
  const Position wanted = newest();
  Position reached = position();
  while (reached < wanted && Clock::now() < until && !stop.stop_requested()) {
    const std::uint64_t seen = log_.appended().count();
    {
      const std::lock_guard lock(mutex_);
      step();
    }
    const Position before = std::exchange(reached, position());
    if (reached == before) log_.appended().wait(seen, base::Duration{kLookAgain.count()});
  }
  return {reached, reached >= wanted};
}

bool Projection::follow(base::Duration patience, const std::stop_token& stop) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.ms);
  const Position wanted = newest();
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  Position reached = position();
  while (reached < wanted) {
    const auto begun = Clock::now();
    if (stop.stop_requested() || begun >= until) return false;
    const std::uint64_t appended = log_.events_appended();
    {
      const std::lock_guard lock(mutex_);
      step();
    }
    const Position before = std::exchange(reached, position());
    Clock::duration rest = Clock::duration::zero();
    if (log_.events_appended() != appended) rest = (Clock::now() - begun) * kRestAfterStep;
    if (reached == before) rest = std::max<Clock::duration>(rest, kLookAgain);
    if (rest == Clock::duration::zero()) continue;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, rest, [] { return false; });
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
