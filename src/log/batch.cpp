#include "log/batch.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "log/batch_sql.h"
#include "log/log.h"

namespace event_log {
namespace {

Batch batch_in(const store::Row& row) {
  Batch batch;
  batch.id = {row.integer(0)};
  batch.kind = row.text(1);
  batch.file_name = row.text(2);
  batch.who = row.text(3);
  batch.started = {row.integer(4)};
  if (!row.is_null(5)) batch.finished = base::Moment{row.integer(5)};
  if (!row.is_null(6)) batch.undone = base::Moment{row.integer(6)};
  batch.state = static_cast<BatchState>(row.integer(7));
  batch.counts = {row.integer(8), row.integer(9), row.integer(10), row.integer(11)};
  return batch;
}

BatchFault fault_of(store::Session& session, base::BatchId batch) {
  return find_batch(session, batch) ? BatchFault::wrong_state : BatchFault::unknown_batch;
}

// Between which rows of the log the batch's lie; nothing: it has none.
struct Bounds {
  Position first;
  Position last;
};
std::optional<Bounds> bounds_of(store::Session& session, base::BatchId batch) {
  const auto bounds = session.one(sql::kBatchBounds, {batch.value}, [](const store::Row& row) {
    return Bounds{{row.integer(0), row.integer(1), row.integer(2)},
                  {row.integer(3), row.integer(4), row.integer(5)}};
  });
  if (!bounds || bounds->last == Position{}) return std::nullopt;
  return bounds;
}

// Visits the batch's rows of the stretch: (position, row: …, customer, state, batch,
// type). Answers where the
// next stretch begins.
template <typename Visit>
std::optional<Position> each_row(store::Session& session, base::BatchId batch,
                                 const Stretch& stretch, const Visit& visit) {
  const auto bounds = bounds_of(session, batch);
  if (!bounds) return std::nullopt;
  Position before_first = bounds->first;
  --before_first.sequence;
  const Position after = std::max(stretch.after, before_first);
  const Position& last = bounds->last;
  Position through;
  std::int64_t rows = 0;
  const auto each = [&](const store::Row& row) {
    through = {row.integer(0), row.integer(1), row.integer(2)};
    ++rows;
    if (row.optional_integer(5) == batch.value) visit(through, row);
  };
  if (session.dialect() == store::Dialect::sqlite) {
    session.query(sql::kStretchSqlite, {after.sequence, last.sequence, stretch.rows}, each);
  } else {
    session.query(sql::kStretchPostgresql,
                  {after.epoch, after.transaction, after.sequence, last.epoch, last.transaction,
                   last.sequence, stretch.rows},
                  each);
  }
  if (rows < stretch.rows) return std::nullopt;
  return through;
}

}  // namespace

std::string_view name_of(BatchState state) {
  switch (state) {
    case BatchState::running:
      return "running";
    case BatchState::done:
      return "done";
    case BatchState::undoing:
      return "undoing";
    case BatchState::undone:
      return "undone";
    case BatchState::stopped:
      return "stopped";
    case BatchState::cut_off:
      return "cut_off";
  }
  base::unreachable();
}

std::string_view code_of(BatchFault fault) {
  switch (fault) {
    case BatchFault::unknown_batch:
      return "log.unknown_batch";
    case BatchFault::wrong_state:
      return "log.wrong_batch_state";
  }
  base::unreachable();
}

void begin_batch(store::Unit& unit, const NewBatch& batch) {
  CHECK(batch.file_name.size() <= kFileNameBytesMax);
  unit.execute(sql::kAddBatch,
               {batch.id.value, batch.kind, batch.file_name, batch.who, batch.now.ms});
}

void count_rows(store::Unit& unit, base::BatchId batch, const MoreRows& more) {
  const BatchCounts& counts = more.counts;
  unit.execute(sql::kCountRows, {batch.value, counts.rows, counts.written, counts.repeated,
                                 counts.refused, more.now.ms});
}

base::Result<void, BatchFault> finish_batch(store::Unit& unit, base::BatchId batch,
                                            const BatchEnd& end) {
  CHECK(end.state == BatchState::done || end.state == BatchState::stopped ||
        end.state == BatchState::cut_off);
  const auto state = static_cast<std::int64_t>(end.state);
  if (unit.execute(sql::kFinishBatch, {batch.value, end.now.ms, state}) > 0) return {};
  return base::unexpected(fault_of(unit, batch));
}

bool is_any_silent(store::Session& session, base::Moment since) {
  return session.one(sql::kAnySilent, {since.ms}, [](const store::Row&) { return true; })
      .has_value();
}

std::int64_t close_silent(store::Unit& unit, base::Moment since) {
  return unit.execute(sql::kCloseSilent, {since.ms});
}

std::optional<Batch> find_batch(store::Session& session, base::BatchId batch) {
  return session.one(sql::kFindBatch, {batch.value}, batch_in);
}

std::vector<Batch> list_batches(store::Session& session, std::int64_t limit,
                                std::optional<base::BatchId> after) {
  std::vector<Batch> batches;
  const auto add = [&](const store::Row& row) { batches.push_back(batch_in(row)); };
  if (after) {
    session.query(sql::kListBatchesAfter, {limit, after->value}, add);
  } else {
    session.query(sql::kListBatches, {limit}, add);
  }
  return batches;
}

std::int64_t forget_file_names(store::Unit& unit,
                               const std::function<bool(std::string_view)>& tells) {
  std::vector<std::int64_t> telling;
  unit.query(sql::kFileNames, {}, [&](const store::Row& row) {
    if (tells(row.text(1))) telling.push_back(row.integer(0));
  });
  for (const std::int64_t batch : telling) unit.execute(sql::kForgetFileName, {batch});
  return static_cast<std::int64_t>(telling.size());
}

base::Result<void, BatchFault> begin_undo(Log& log, store::Unit& unit, base::BatchId batch,
                                          base::Moment now) {
  if (unit.execute(sql::kBeginUndo, {batch.value, now.ms}) == 0) {
    return base::unexpected(fault_of(unit, batch));
  }
  log.notify(unit, batch, now);
  return {};
}

std::vector<base::BatchId> batches_being_undone(store::Session& session) {
  std::vector<base::BatchId> batches;
  session.query(sql::kBatchesBeingUndone, {},
                [&](const store::Row& row) { batches.push_back({row.integer(0)}); });
  return batches;
}

bool is_any_being_undone(store::Session& session) { return !batches_being_undone(session).empty(); }

void each_row_being_undone(
    store::Session& session,
    const std::function<void(base::CustomerId customer, const Position& position)>& visit) {
  constexpr Stretch kAll{.rows = std::numeric_limits<std::int64_t>::max()};
  for (const base::BatchId batch : batches_being_undone(session)) {
    each_row(session, batch, kAll, [&](const Position& position, const store::Row& row) {
      visit({row.integer(3)}, position);
    });
  }
}

base::Result<std::optional<Position>, BatchFault> undo_step(store::Unit& unit, base::BatchId batch,
                                                            const Stretch& stretch) {
  const auto found = find_batch(unit, batch);
  if (!found) return base::unexpected(BatchFault::unknown_batch);
  if (found->state != BatchState::undoing) return base::unexpected(BatchFault::wrong_state);
  std::vector<std::vector<store::Param>> rows;
  const auto next = each_row(unit, batch, stretch, [&](const Position& position, const auto& row) {
    const bool stands = row.integer(4) == 0;
    if (stands) rows.push_back({position.epoch, position.transaction, position.sequence});
  });
  if (!rows.empty()) unit.execute_batch(sql::kVoidRow, rows);
  if (!next) unit.execute(sql::kEndUndo, {batch.value});
  return next;
}

BatchCustomers customers_of(store::Session& session, base::BatchId batch, const Stretch& stretch,
                            std::span<const base::EventTypeId> types) {
  BatchCustomers found;
  const auto visit = [&](const Position& position, const store::Row& row) {
    const bool erased = row.integer(4) == 2;
    if (erased) return;
    const base::CustomerId customer{row.integer(3)};
    found.customers.push_back(customer);
    const base::EventTypeId type{row.integer(6)};
    if (std::ranges::find(types, type) != types.end()) found.rows.push_back({customer, position});
  };
  found.next = each_row(session, batch, stretch, visit);
  std::ranges::sort(found.customers);
  const auto [first, last] = std::ranges::unique(found.customers);
  found.customers.erase(first, last);
  return found;
}

}  // namespace event_log
