// The runs of fitted values in the database: what a FittedValues reads and writes.
//
// Functions over a Session or in a unit; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "store/database.h"
#include "timeline/fitted_image.h"
#include "timeline/fitted_values.h"

namespace timeline {

struct StoredRun {
  FittedRunInfo info;
  FittedForm form;
};
// Those that are whole, by family and moment. Throws store::Failure{corrupt}.
std::vector<StoredRun> stored_runs(store::Session& session);

// One chunk and all after it, by person. Throws store::Failure{corrupt}.
FittedTable read_run(store::Session& session, const StoredRun& run);
// The numbers of one person, a column each; nothing: the run does not name them.
std::optional<std::vector<std::int64_t>> read_person(store::Session& session, const StoredRun& run,
                                                     base::CustomerId person);

void begin_run(store::Unit& unit, const StoredRun& run);
// Rows of at most kFittedChunkCustomers, less those who are no customers any more.
void write_chunk(store::Unit& unit, std::int64_t run, FittedTable rows);
// From now on it is there; those of the same moment and those `given_up` are not.
void finish_run(store::Unit& unit, const StoredRun& run, std::span<const std::int64_t> given_up);

// Of runs of one family, by moment: those that are no longer kept once it is `now`.
std::vector<std::int64_t> runs_to_give_up(std::span<const FittedRunInfo> runs, base::Moment now);

// These persons leave every run, `ids` ascending. How many rows went.
std::int64_t erase_from_runs(store::Unit& unit, std::span<const base::CustomerId> ids);

}  // namespace timeline
