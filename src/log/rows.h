// The rows of customers, found without an index of the log: candidates from CustomerRows by their
// position, and a scan of what stands behind those (log/customer_rows.h). `index` null: a scan of
// the whole log.
//
// Exact in the session or unit given, rows written earlier in the same unit included. Visible rows
// only, of these customers as written (not of those merged with them), unless told otherwise.
// Asked for many at once the log is scanned once. Memory: the rows found.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/customer_rows.h"
#include "log/event.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {

// In order of position. `types`: of these only; none given: of every type.
std::vector<Event> rows_of(store::Session& session, const CustomerRows* index,
                           std::span<const base::CustomerId> customers,
                           std::span<const base::EventTypeId> types = {});

// The latest by (time, position), before a mark.
struct Latest {
  std::size_t rows = 0;
  base::Moment before = base::kMomentMax;
  Position before_position = {};                      // of two rows at `before`
  base::Moment from = base::kMomentMin;               // none earlier than this
  std::vector<base::EventTypeId> types = {};          // of these only; empty: of every type
  std::optional<std::int64_t> source = std::nullopt;  // from this one only
};
// The latest first.
std::vector<Event> latest_rows_of(store::Session& session, const CustomerRows* index,
                                  std::span<const base::CustomerId> customers,
                                  const Latest& latest);

// Rows of a batch that need not be read; those behind `after` up to `through` are all of it and are
// not even looked at.
struct OwnRows {
  base::BatchId batch;
  Position after = {};
  Position through = {};
};
struct WantedRows {
  std::span<const RowAt> rows;
  std::optional<OwnRows> but = std::nullopt;
};
// Calls `each` for every row that is wanted, in no order.
void each_row_at(store::Session& session, const CustomerRows* index, const WantedRows& wanted,
                 const std::function<void(const Event&)>& each);

// Whether every row behind `after` up to `through` is the batch's; of no use where more may still
// come in between (Log::head is as far as none can). PostgreSQL.
bool are_own_rows(store::Session& session, const OwnRows& rows);

// Where the rows of these customers stand, in order of position: those that count, and those of a
// batch that is being undone. Others may be among them.
std::vector<RowOfCustomer> places_of(store::Session& session, const CustomerRows* index,
                                     std::span<const base::CustomerId> customers);

// The visible rows at these positions, in order of position.
std::vector<Event> visible_rows_with(store::Session& session, std::span<const Position> positions);
// The rows at these positions that are not erased: also void ones, and those of a batch that is
// being undone. In order of position.
std::vector<Event> rows_with(store::Session& session, std::span<const Position> positions);

}  // namespace event_log
