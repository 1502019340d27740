#include "intake/import_undo.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace intake {
namespace {

constexpr std::size_t kCustomersAtOnce = 50;  // in one unit

base::Result<event_log::Batch, event_log::BatchFault> begin(const UndoMeans& means,
                                                            base::BatchId id) {
  const base::Moment now = means.clock.now();
  using Answer = base::Result<event_log::Batch, event_log::BatchFault>;
  return means.database.write("intake.undo", [&](store::Unit& unit) -> Answer {
    auto batch = event_log::find_batch(unit, id);
    if (!batch) return base::unexpected(event_log::BatchFault::unknown_batch);
    if (batch->state == event_log::BatchState::undoing) return *batch;
    const auto begun = event_log::begin_undo(unit, id, now);
    if (!begun) return base::unexpected(begun.error());
    return *batch;
  });
}

}  // namespace

base::Result<UndoReport, event_log::BatchFault> undo_import(const UndoMeans& means,
                                                            base::BatchId batch) {
  UndoReport report;
  std::vector<base::CustomerId> customers;
  means.database.read([&](store::Session& session) {
    customers = event_log::customers_of(session, batch);
    for (const event_log::BatchFollower* follower : means.followers) {
      auto listed = follower->built_upon(session, batch, kBuiltUponListedMax);
      std::ranges::move(listed, std::back_inserter(report.left_as_is));
    }
  });
  const auto begun = begin(means, batch);
  if (!begun) return base::unexpected(begun.error());
  const auto all = static_cast<std::int64_t>(customers.size());
  for (const base::CustomerId customer : customers) {
    for (event_log::BatchFollower* follower : means.followers) {
      means.database.write("intake.take_back",
                           [&](store::Unit& unit) { follower->take_back(unit, batch, customer); });
    }
    ++report.customers;
    if (means.progress) means.progress(report.customers, all);
  }
  // Last of all: while it is `undoing` a stopped undo begins again.
  for (bool more = true; more;) {
    const auto step = means.database.write(
        "intake.undo_step", [&](store::Unit& unit) { return event_log::undo_step(unit, batch); });
    if (!step) return base::unexpected(step.error());
    more = *step;
  }
  means.database.read([&](store::Session& session) {
    report.batch = event_log::find_batch(session, batch).value_or(*begun);
  });
  return report;
}

}  // namespace intake
