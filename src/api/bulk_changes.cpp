#include "api/bulk_changes.h"

#include <algorithm>
#include <span>
#include <utility>

#include "account/assignment.h"
#include "base/diagnostics.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "store/failure.h"

namespace api {
namespace {

using Changed = base::Result<bool, customer::Error>;

enum class Came : std::uint8_t { changed, as_before, left_out, batch_closed };

Came came_of(const Changed& done) {
  if (done) return *done ? Came::changed : Came::as_before;
  using customer::Fault;
  const Fault fault = done.error().fault;
  // Erased since, deleted since.
  const bool gone = fault == Fault::unknown_customer || fault == Fault::unknown_list;
  return gone ? Came::left_out : Came::batch_closed;
}

Came assign_person(customer::Writing& writing, const BulkOrder& order, base::CustomerId named) {
  const auto person = writing.lock(named);
  if (!person) return Came::left_out;
  const account::Change change{writing.unit(), order.actor, writing.now()};
  const auto done = order.assign_to ? account::assign(change, *order.assign_to, *person)
                                    : account::unassign(change, *order.take_from, *person);
  if (!done) return Came::left_out;
  return *done ? Came::changed : Came::as_before;
}

// Everything of the order for one person; whether it changed anything.
Changed change_person(customer::Writing& writing, const BulkOrder& order, base::CustomerId person) {
  bool any = false;
  const auto take = [&](const Changed& changed) {
    any = any || (changed && *changed);
    return changed.has_value();
  };
  for (const base::TagId tag : order.add_tags) {
    const auto done = customer::add_tag(writing, person, tag, {});
    if (!take(done)) return done;
  }
  for (const base::TagId tag : order.remove_tags) {
    const auto done = customer::remove_tag(writing, person, tag, {});
    if (!take(done)) return done;
  }
  if (order.add_to_list) {
    const auto done = customer::join_list(writing, person, *order.add_to_list, {});
    if (!take(done)) return done;
  }
  if (order.remove_from_list) {
    const auto done = customer::leave_list(writing, person, *order.remove_from_list, {});
    if (!take(done)) return done;
  }
  return any;
}

}  // namespace

BulkChanges::BulkChanges(store::Database& database, event_log::Log& log, const base::Clock& clock)
    : database_(database), log_(log), clock_(clock) {}

BulkChanges::~BulkChanges() { end(); }

bool BulkChanges::is_idle() const {
  const std::lock_guard lock(mutex_);
  return !running_ && !ended_;
}

bool BulkChanges::start(BulkOrder order) {
  const std::lock_guard lock(mutex_);
  if (running_ || ended_) return false;
  running_ = Running{order.batch, static_cast<std::int64_t>(order.persons.size())};
  done_ = 0;
  // The thread before has ended its work: it has given up running_ as its last step.
  worker_ = std::jthread(
      [this, order = std::move(order)](const std::stop_token& stop) { run(order, stop); });
  return true;
}

std::optional<BulkChanges::Running> BulkChanges::running() const {
  const std::lock_guard lock(mutex_);
  auto running = running_;
  if (running) running->done = done_;
  return running;
}

bool BulkChanges::stop(base::BatchId batch) {
  const std::lock_guard lock(mutex_);
  if (!running_ || running_->batch != batch) return false;
  worker_.request_stop();
  return true;
}

void BulkChanges::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    worker_.request_stop();
  }
  if (worker_.joinable()) worker_.join();
}

void BulkChanges::run(const BulkOrder& order, const std::stop_token& stop) {
  try {
    std::span<const base::CustomerId> left = order.persons;
    bool open = true;
    while (open && !left.empty() && !stop.stop_requested()) {
      const auto here = left.first(std::min(kPersonsAtOnce, left.size()));
      left = left.subspan(here.size());
      open = write(order, here);
      done_ += static_cast<std::int64_t>(here.size());
    }
    using event_log::BatchState;
    if (open) finish(order.batch, left.empty() ? BatchState::done : BatchState::stopped);
  } catch (const store::Failure& failure) {
    base::log_error("a bulk change was cut off: {}", failure.what());
    cut_off(order.batch);
  }
  const std::lock_guard lock(mutex_);
  running_.reset();
}

void BulkChanges::finish(base::BatchId batch, event_log::BatchState state) {
  const event_log::BatchEnd end{clock_.now(), state};
  // Somebody may take it back at this very moment: then that is its state.
  (void)database_.write(
      "bulk.finish", [&](store::Unit& unit) { return event_log::finish_batch(unit, batch, end); });
}

void BulkChanges::cut_off(base::BatchId batch) {
  try {
    finish(batch, event_log::BatchState::cut_off);
  } catch (const store::Failure& failure) {
    base::log_warning("a bulk change that was cut off stays open for now: {}", failure.what());
  }
}

bool BulkChanges::write(const BulkOrder& order, std::span<const base::CustomerId> persons) {
  customer::WritingOptions options;
  options.actor = {.kind = rights::ActorKind::import, .id = order.batch.value};
  options.now = clock_.now();
  options.source = "bulk " + std::to_string(order.batch.value);
  options.batch = order.batch;
  const auto written =
      database_.write("bulk.change", [&](store::Unit& unit) -> base::Result<void, customer::Error> {
        customer::Writing writing(unit, log_, options);
        event_log::BatchCounts counts{.rows = static_cast<std::int64_t>(persons.size())};
        for (const base::CustomerId person : persons) {
          const bool assigns = order.assign_to || order.take_from;
          switch (assigns ? assign_person(writing, order, person)
                          : came_of(change_person(writing, order, person))) {
            case Came::changed:
              ++counts.written;
              break;
            case Came::as_before:
              ++counts.repeated;
              break;
            case Came::left_out:
              ++counts.refused;
              break;
            case Came::batch_closed:
              return base::unexpected(customer::Error{customer::Fault::import_closed, {}});
          }
        }
        event_log::count_rows(unit, order.batch, {counts, options.now});
        return {};
      });
  return written.has_value();
}

}  // namespace api
