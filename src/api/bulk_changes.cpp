#include "api/bulk_changes.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <span>
#include <utility>

#include "account/assignment.h"
#include "base/diagnostics.h"
#include "customer/static_list.h"
#include "customer/tag.h"
#include "log/batch_report.h"
#include "store/failure.h"

namespace api {
namespace {

using Changed = base::Result<bool, customer::Error>;

enum class Came : std::uint8_t { changed, as_before, left_out };
using Outcome = base::Result<Came, BulkEnd>;

Outcome came_of(const Changed& done) {
  if (done) return *done ? Came::changed : Came::as_before;
  using customer::Fault;
  const Fault fault = done.error().fault;
  if (fault == Fault::unknown_customer) return Came::left_out;  // erased since
  const bool deleted = fault == Fault::unknown_list;
  return base::unexpected(deleted ? BulkEnd::list_deleted : BulkEnd::batch_closed);
}

Outcome came_of(const base::Result<bool, account::Fault>& done) {
  if (done) return *done ? Came::changed : Came::as_before;
  if (done.error() == account::Fault::too_many_assigned) return Came::left_out;
  return base::unexpected(BulkEnd::staff_left);
}

std::string_view code_of(BulkEnd end) {
  switch (end) {
    case BulkEnd::list_deleted:
      return "api.bulk_list_deleted";
    case BulkEnd::staff_left:
      return "api.bulk_staff_left";
    case BulkEnd::batch_closed:
      break;
  }
  return "";
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

// Every person of one unit, one after the other.
class Step {
 public:
  Step(customer::Writing& writing, const BulkOrder& order)
      : writing_(writing), order_(order), change_{writing.unit(), order.actor, writing.now()} {
    const auto staff = order.assign_to ? order.assign_to : order.take_from;
    if (staff) staff_.emplace(change_, *staff);
  }

  Outcome change(base::CustomerId person) {
    if (!staff_) return came_of(change_person(writing_, order_, person));
    const auto locked = writing_.lock(person);
    if (!locked) return Came::left_out;
    return came_of(order_.assign_to ? staff_->assign(*locked) : staff_->unassign(*locked));
  }

 private:
  customer::Writing& writing_;
  const BulkOrder& order_;
  account::Change change_;
  std::optional<account::AssignedTo> staff_;
};

base::Result<event_log::BatchCounts, BulkEnd> change_all(
    customer::Writing& writing, const BulkOrder& order, std::span<const base::CustomerId> persons) {
  Step step(writing, order);
  event_log::BatchCounts counts{.rows = static_cast<std::int64_t>(persons.size())};
  for (const base::CustomerId person : persons) {
    const Outcome came = step.change(person);
    if (!came) return base::unexpected(came.error());
    if (*came == Came::changed) ++counts.written;
    if (*came == Came::as_before) ++counts.repeated;
    if (*came == Came::left_out) ++counts.refused;
  }
  return counts;
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
    std::optional<BulkEnd> end;
    while (!left.empty() && !stop.stop_requested()) {
      const auto here = left.first(std::min(kPersonsAtOnce, left.size()));
      end = write(order, here);
      if (end) break;
      left = left.subspan(here.size());
      done_ += static_cast<std::int64_t>(here.size());
    }
    using event_log::BatchState;
    if (!end) {
      finish(order.batch, left.empty() ? BatchState::done : BatchState::stopped);
    } else if (*end != BulkEnd::batch_closed) {
      finish(order.batch, BatchState::stopped, code_of(*end));
    }
  } catch (const store::Failure& failure) {
    base::log_error("a bulk change was cut off: {}", failure.what());
    cut_off(order.batch);
  }
  const std::lock_guard lock(mutex_);
  running_.reset();
}

void BulkChanges::finish(base::BatchId batch, event_log::BatchState state,
                         std::string_view reason) {
  const event_log::BatchEnd end{clock_.now(), state};
  // Somebody may take it back at this very moment: then that is its state.
  (void)database_.write("bulk.finish", [&](store::Unit& unit) {
    auto done = event_log::finish_batch(unit, batch, end);
    if (done && !reason.empty()) {
      const boost::json::object report{{"reason", reason}};
      event_log::keep_report(unit, batch,
                             {.report = boost::json::serialize(report), .now = end.now});
    }
    return done;
  });
}

void BulkChanges::cut_off(base::BatchId batch) {
  try {
    finish(batch, event_log::BatchState::cut_off);
  } catch (const store::Failure& failure) {
    base::log_warning("a bulk change that was cut off stays open for now: {}", failure.what());
  }
}

std::optional<BulkEnd> BulkChanges::write(const BulkOrder& order,
                                          std::span<const base::CustomerId> persons) {
  customer::WritingOptions options;
  options.actor = {.kind = rights::ActorKind::import, .id = order.batch.value};
  options.now = clock_.now();
  options.source = "bulk " + std::to_string(order.batch.value);
  options.batch = order.batch;
  const auto written =
      database_.write("bulk.change", [&](store::Unit& unit) -> base::Result<void, BulkEnd> {
        customer::Writing writing(unit, log_, options);
        const auto counts = change_all(writing, order, persons);
        if (!counts) return base::unexpected(counts.error());
        event_log::count_rows(unit, order.batch, {*counts, options.now});
        return {};
      });
  if (!written) return written.error();
  return std::nullopt;
}

}  // namespace api
