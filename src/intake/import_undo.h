// Taking an import back whole.
//
// From the first unit on no question sees its events; then its rows are made void and what it had
// set on customers falls back to what history says, some hundred customers in a unit. What others
// have built upon since is listed and not touched. An import that still runs stops there.
// Stopped half way (a crash, a lost database) it goes on when called again; what it lists then is
// all of it unless it had begun to make rows void, which tell nothing any more.
//
// Memory: 50 bytes for each customer, 32 for each change of one that the import has made.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "log/batch.h"
#include "log/log.h"
#include "store/database.h"

namespace intake {

inline constexpr std::size_t kBuiltUponListedMax = 1000;

struct UndoReport {
  event_log::Batch batch;
  std::int64_t customers = 0;                    // whose history it was part of
  std::vector<event_log::BuiltUpon> left_as_is;  // the first kBuiltUponListedMax
  bool stopped = false;                          // as asked for: it goes on when called again
};

struct UndoMeans {
  store::Database& database;
  event_log::Log& log;
  const base::Clock& clock;
  // Who holds what imports have set: customer::ImportUndo; outlive the call.
  std::span<event_log::BatchFollower* const> followers;
  std::function<void(std::int64_t done, std::int64_t all)> progress = {};  // in customers
  std::stop_token stop = {};  // ends it after the unit it is at
};

// The first unit of undo_import alone, at once: behind it nobody sees the batch's events.
// wrong_state: it has been taken back already.
[[nodiscard]] base::Result<event_log::Batch, event_log::BatchFault> begin_undo(
    const UndoMeans& means, base::BatchId batch);

// wrong_state: it has been taken back already.
[[nodiscard]] base::Result<UndoReport, event_log::BatchFault> undo_import(const UndoMeans& means,
                                                                          base::BatchId batch);

}  // namespace intake
