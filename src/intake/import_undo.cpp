#include "intake/import_undo.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace intake {
namespace {

// All that the batch has written, as followers want to be shown it. In one piece reading it would
// take longer than a read may.
struct Written {
  std::vector<base::CustomerId> customers;     // each once, in order of id
  std::vector<event_log::RowOfCustomer> rows;  // in order of customer and position
};
Written written_by(const UndoMeans& means, base::BatchId batch) {
  Written written;
  std::vector<base::EventTypeId> types;
  means.database.read([&](store::Session& session) {
    for (const event_log::BatchFollower* follower : means.followers) {
      std::ranges::move(follower->types(session), std::back_inserter(types));
    }
  });
  std::set<base::CustomerId> customers;
  for (std::optional<event_log::Position> next = event_log::Position{}; next;) {
    const auto some = means.database.read([&](store::Session& session) {
      return event_log::customers_of(session, batch, {.after = *next}, types);
    });
    customers.insert(some.customers.begin(), some.customers.end());
    std::ranges::move(some.rows, std::back_inserter(written.rows));
    next = some.next;
  }
  written.customers.assign(customers.begin(), customers.end());
  std::ranges::sort(written.rows);
  return written;
}

// Where the rows of these customers stand.
std::vector<event_log::Position> positions_of(const Written& written,
                                              std::span<const base::CustomerId> customers) {
  const auto& rows = written.rows;
  const auto customer = &event_log::RowOfCustomer::customer;
  const auto first = std::ranges::lower_bound(rows, customers.front(), {}, customer);
  const auto last = std::ranges::upper_bound(rows, customers.back(), {}, customer);
  std::vector<event_log::Position> positions;
  for (auto row = first; row != last; ++row) positions.push_back(row->position);
  return positions;
}

// Some customers in one unit: what is left as it is, at most `listed_max` lines.
std::vector<event_log::BuiltUpon> take_back(const UndoMeans& means,
                                            const event_log::BatchPart& part,
                                            std::size_t listed_max) {
  return means.database.write("intake.take_back", [&](store::Unit& unit) {
    std::vector<event_log::BuiltUpon> left;
    for (event_log::BatchFollower* follower : means.followers) {
      if (left.size() < listed_max) {
        auto listed = follower->built_upon(unit, part);
        std::ranges::move(listed, std::back_inserter(left));
      }
      follower->take_back(unit, part);
    }
    if (left.size() > listed_max) left.resize(listed_max);
    return left;
  });
}

}  // namespace

base::Result<event_log::Batch, event_log::BatchFault> begin_undo(const UndoMeans& means,
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

base::Result<UndoReport, event_log::BatchFault> undo_import(const UndoMeans& means,
                                                            base::BatchId batch) {
  const auto begun = begin_undo(means, batch);
  if (!begun) return base::unexpected(begun.error());
  // Behind that no unit of the import writes any more: these are all there will be.
  const Written written = written_by(means, batch);
  UndoReport report;
  for (std::span<const base::CustomerId> rest = written.customers; !rest.empty();) {
    report.stopped = means.stop.stop_requested();
    if (report.stopped) return report;
    const auto some = rest.first(std::min(rest.size(), event_log::kTakeBackCustomersMax));
    rest = rest.subspan(some.size());
    const std::vector<event_log::Position> rows = positions_of(written, some);
    auto left =
        take_back(means, {batch, some, rows}, kBuiltUponListedMax - report.left_as_is.size());
    std::ranges::move(left, std::back_inserter(report.left_as_is));
    report.customers += static_cast<std::int64_t>(some.size());
    if (means.progress) {
      means.progress(report.customers, static_cast<std::int64_t>(written.customers.size()));
    }
  }
  // Last of all: while it is `undoing` a stopped undo begins again.
  for (std::optional<event_log::Position> next = event_log::Position{}; next;) {
    report.stopped = means.stop.stop_requested();
    if (report.stopped) return report;
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
