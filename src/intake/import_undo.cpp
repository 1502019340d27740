#include "intake/import_undo.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace intake {
namespace {

base::Result<event_log::Batch, event_log::BatchFault> begin(const UndoMeans& means,
                                                            base::BatchId id) {
  const base::Moment now = means.clock.now();
  using Answer = base::Result<event_log::Batch, event_log::BatchFault>;
  return means.database.write("intake.undo", [&](store::Unit& unit) -> Answer {
    auto batch = event_log::find_batch(unit, id);
    if (!batch) return base::unexpected(event_log::BatchFault::unknown_batch);
    if (batch->state == event_log::BatchState::undoing) return *batch;
    const auto begun = event_log::begin_undo(means.log, unit, id, now);
    if (!begun) return base::unexpected(begun.error());
    return *batch;
  });
}

// All customers of the batch, each once. In one piece they would take longer than a read may.
std::vector<base::CustomerId> customers_of(store::Database& database, base::BatchId batch) {
  std::set<base::CustomerId> customers;
  for (std::optional<event_log::Position> next = event_log::Position{}; next;) {
    const auto some = database.read([&](store::Session& session) {
      return event_log::customers_of(session, batch, {.after = *next});
    });
    customers.insert(some.customers.begin(), some.customers.end());
    next = some.next;
  }
  return {customers.begin(), customers.end()};
}

// Some customers in one unit: what is left as it is, at most `listed_max` lines.
std::vector<event_log::BuiltUpon> take_back(const UndoMeans& means, base::BatchId batch,
                                            std::span<const base::CustomerId> customers,
                                            std::size_t listed_max) {
  return means.database.write("intake.take_back", [&](store::Unit& unit) {
    std::vector<event_log::BuiltUpon> left;
    for (event_log::BatchFollower* follower : means.followers) {
      if (left.size() < listed_max) {
        auto listed = follower->built_upon(unit, batch, customers);
        std::ranges::move(listed, std::back_inserter(left));
      }
      follower->take_back(unit, batch, customers);
    }
    if (left.size() > listed_max) left.resize(listed_max);
    return left;
  });
}

}  // namespace

base::Result<UndoReport, event_log::BatchFault> undo_import(const UndoMeans& means,
                                                            base::BatchId batch) {
  const auto begun = begin(means, batch);
  if (!begun) return base::unexpected(begun.error());
  // Behind that no unit of the import writes any more: these are all there will be.
  const std::vector<base::CustomerId> customers = customers_of(means.database, batch);
  UndoReport report;
  for (std::span<const base::CustomerId> rest = customers; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), event_log::kTakeBackCustomersMax));
    rest = rest.subspan(some.size());
    auto left = take_back(means, batch, some, kBuiltUponListedMax - report.left_as_is.size());
    std::ranges::move(left, std::back_inserter(report.left_as_is));
    report.customers += static_cast<std::int64_t>(some.size());
    if (means.progress) {
      means.progress(report.customers, static_cast<std::int64_t>(customers.size()));
    }
  }
  // Last of all: while it is `undoing` a stopped undo begins again.
  for (std::optional<event_log::Position> next = event_log::Position{}; next;) {
    const auto step = means.database.write("intake.undo_step", [&](store::Unit& unit) {
      return event_log::undo_step(unit, batch, {.after = *next});
    });
    if (!step) return base::unexpected(step.error());
    next = *step;
  }
  means.database.read([&](store::Session& session) {
    report.batch = event_log::find_batch(session, batch).value_or(*begun);
  });
  return report;
}

}  // namespace intake
