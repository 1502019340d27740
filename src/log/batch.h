// Import batches: everything one import has written, to be looked at and taken back whole.
//
//   running ──finish──▶ done, stopped, cut_off ──begin_undo──▶ undoing ──undo_step…──▶ undone
//      └───────────────────────begin_undo──────────────────────▲
//
// Stopped is what was asked to end before its end, by a person or with the program; cut off is what
// has failed. Of a writer that was killed nothing is heard any more: close_silent() makes its batch
// a cut-off one. Should that writer be alive after all (it was suspended, say), the next rows it
// writes make the batch a running one again.
//
// From begin_undo on no reader and no history sees the batch's events (one row decides, so it
// happens at once); undo_step then makes the rows void in short units: blank, since nothing reads
// them any more and the erase of a person does not find them. Void rows keep their positions, which
// are never reused. Keys and equal rows of the batch no longer count as known from
// begin_undo on, so the same file can come again. What the events had set elsewhere (attributes,
// tags, merges) is taken back by the modules that hold it: they implement BatchFollower and the
// importer asks them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "log/customer_rows.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {

class Log;

inline constexpr std::size_t kFileNameBytesMax = 255;
inline constexpr std::int64_t kBatchRowsAtOnce = 5'000;  // of the log, the batch's or not
inline constexpr std::size_t kTakeBackCustomersMax = 200;

// No writer of a batch is silent for longer: its units are short.
inline constexpr base::Duration kBatchSilenceMax{2 * base::kMinute.ms};

enum class BatchState : std::uint8_t {
  running = 0,
  done = 1,
  undoing = 2,
  undone = 3,
  stopped = 4,
  cut_off = 5,
};
std::string_view name_of(BatchState state);  // "running", …

struct BatchCounts {
  std::int64_t rows = 0;  // read
  std::int64_t written = 0;
  std::int64_t repeated = 0;  // known already
  std::int64_t refused = 0;   // left out and reported
};

struct Batch {
  base::BatchId id;
  std::string kind;       // "events", "customers"
  std::string file_name;  // without folders; empty once forgotten
  std::string who;        // a user's or key's name, or "command line"
  base::Moment started;
  std::optional<base::Moment> finished;  // of one cut off: its last sign of life
  std::optional<base::Moment> undone;
  BatchState state = BatchState::running;
  BatchCounts counts;
};

struct NewBatch {
  base::BatchId id;
  std::string kind;
  std::string file_name;
  std::string who;
  base::Moment now;
};

enum class BatchFault : std::uint8_t {
  unknown_batch,
  wrong_state,  // finishing one that is not running, undoing one that is undone
};
std::string_view code_of(BatchFault fault);  // "log.unknown_batch", …

void begin_batch(store::Unit& unit, const NewBatch& batch);
// Adds to the counts; the importer calls it in the unit that writes the rows. A sign of life.
struct MoreRows {
  BatchCounts counts;
  base::Moment now;
};
void count_rows(store::Unit& unit, base::BatchId batch, const MoreRows& more);
struct BatchEnd {
  base::Moment now;
  BatchState state = BatchState::done;  // or stopped, cut_off
};
[[nodiscard]] base::Result<void, BatchFault> finish_batch(store::Unit& unit, base::BatchId batch,
                                                          const BatchEnd& end);

// Whether batches run whose writers gave no sign of life at `since` or later; closes them as cut
// off and answers how many. kBatchSilenceMax ago is right where other processes may be writing;
// any later moment where there are none, or base::kMomentMax for all.
bool is_any_silent(store::Session& session, base::Moment since);
std::int64_t close_silent(store::Unit& unit, base::Moment since);

std::optional<Batch> find_batch(store::Session& session, base::BatchId batch);
// The latest first, at most `limit`; those behind `after`: none when there is no such batch.
std::vector<Batch> list_batches(store::Session& session, std::int64_t limit,
                                std::optional<base::BatchId> after = std::nullopt);

// Forgets the names of files for which `tells` is true: erasing a person a file was named after.
// Answers how many.
std::int64_t forget_file_names(store::Unit& unit,
                               const std::function<bool(std::string_view)>& tells);

// Also notifies of the batch.
[[nodiscard]] base::Result<void, BatchFault> begin_undo(Log& log, store::Unit& unit,
                                                        base::BatchId batch, base::Moment now);

// A stretch of the log in which rows of a batch are looked for: reads and units are short.
struct Stretch {
  Position after = {};  // zero: from the batch's first row on
  std::int64_t rows = kBatchRowsAtOnce;
};

// Marks the batch's rows in the stretch void. Answers where the next one begins; nothing: that was
// the last, the batch is undone.
[[nodiscard]] base::Result<std::optional<Position>, BatchFault> undo_step(store::Unit& unit,
                                                                          base::BatchId batch,
                                                                          const Stretch& stretch);

// The customers the batch's events in the stretch belong to, as written, each once, in order of id;
// and its rows of `types`, in log order. All stretches together are complete from begin_undo on:
// until then the import may go on.
struct BatchCustomers {
  std::vector<base::CustomerId> customers;
  std::vector<RowOfCustomer> rows;
  std::optional<Position> next;  // where the next stretch begins; nothing: that was the last
};
BatchCustomers customers_of(store::Session& session, base::BatchId batch, const Stretch& stretch,
                            std::span<const base::EventTypeId> types = {});

bool is_any_being_undone(store::Session& session);
std::vector<base::BatchId> batches_being_undone(store::Session& session);
// Every row, also void ones, of every batch that is being undone.
void each_row_being_undone(
    store::Session& session,
    const std::function<void(base::CustomerId customer, const Position& position)>& visit);

// Something of a batch that others have built upon since: listed, not touched.
struct BuiltUpon {
  std::string kind;  // "attribute", "tag", "customer"
  base::CustomerId customer;
  std::string name;  // of the attribute or tag; empty: of a kind that has none
};

// Some of a batch's customers, and where those of its rows stand that the follower wants to be
// shown: no index of the log finds rows that are in no history.
struct BatchPart {
  base::BatchId batch;
  std::span<const base::CustomerId> customers;
  std::span<const Position> rows;  // of these customers
};

// Implemented by modules that hold what imports have set.
class BatchFollower {
 public:
  virtual ~BatchFollower() = default;
  // The rows it wants to be shown; others may come too.
  virtual std::vector<base::EventTypeId> types(store::Session& session) const = 0;
  // What take_back leaves as it is for these customers of the batch. Asked before it, in its unit.
  virtual std::vector<BuiltUpon> built_upon(store::Session& session,
                                            const BatchPart& part) const = 0;
  // From begin_undo on (the batch's events are no longer in any history): falls back to what
  // history says. Called for every customer of the batch, up to kTakeBackCustomersMax in a unit,
  // and once more for those of an undo that was stopped.
  virtual void take_back(store::Unit& unit, const BatchPart& part) = 0;
};

}  // namespace event_log
