// The memory: every person's history in columns, kept up to the log.
//
// A follower reads the log in order and adds to the ColumnStore what it finds. It publishes where
// the log ended in some moment, so that every moment a question can pin is one the database has
// been in: never half a unit, and while much is written, all that had been when a read began.
// What changes who is who, or takes events away, is announced in the log (log/notice.h);
// the persons concerned are then read anew from the database. What has been read may show such a
// change before its notice was come to; then no moment before the notice is published
// (timeline/notices_ahead.h). Only the first moment of a memory on PostgreSQL, opened while a unit
// is running, may show some of what was committed beside that unit.
//
//   ColumnHistories memory(database, log, pool, {.snapshot = folder + "/memory.snapshot"});
//   memory.open();     from the snapshot, or everything from the log; then up to its head
//   memory.start();    follows, folds and writes snapshots until destroyed
//   const Pin pin = memory.pin();
//
// Snapshots are written by the thread that folds, at most one every kSnapshotEvery: until it is on
// the disk (a gigabyte takes about a second) only what has no room is folded, by the thread that
// reads.
//
// Its end stops the reading within one read of the database, reads once more, and writes a snapshot
// when that pays: what is left of the log is read by who opens the memory next. What a command has
// appended by the hundred thousand is not begun with: an import need not wait for a memory that
// nobody asks.
//
// Without start() the follower runs inside catch_up() and await(), in the caller's thread: for
// commands that answer one question, and for tests.
//
// Whoever is erased is in no file from then on, and in no page of the snapshot that was mapped as
// soon as it is let go: a second after the erasure was read at a hundred million events, or when
// the last pin of before ends (a question takes a minute at most, an export of an audience an hour,
// a check a day). Without start() the mapping stays until fold_all() or the end of the process,
// which for a command comes at once.
//
// Any number of threads may ask. Borrows the database, the log and the pool, which must
// outlive it. Calls of
// open(), catch_up(), await(), of() and each() must not stand inside a read or unit of the
// database; pin(), rows_of() and rows_at() may.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/moment.h"
#include "base/work_pool.h"
#include "log/customer_rows.h"
#include "log/log.h"
#include "store/database.h"
#include "timeline/column_store.h"
#include "timeline/history.h"

namespace timeline {

// When nothing has arrived for so long, everything is folded; else what folding.h says.
inline constexpr base::Duration kQuiet{200};
// A snapshot is written when this many events, and a fiftieth of all, have come since the last.
inline constexpr std::int64_t kSnapshotEventsMin = 100'000;
inline constexpr base::Duration kSnapshotEvery{10 * base::kMinute.ms};
// How long an answer waits to be up to date with the log's head.
inline constexpr base::Duration kFreshPatience{1000};

// More events than these that are not read at the end stay so, unless this process has written a
// notice among them (somebody may be gone who is in the snapshot). Not on PostgreSQL, where others
// write notices.
inline constexpr std::int64_t kLeftUnreadMin = 100'000;

struct MemoryOptions {
  std::string snapshot = {};          // path of the file; empty: none is read or written
  const store::Disk* disk = nullptr;  // the seam under it, for tests
  // More events than these that have arrived and are not folded, and more than an eighth of all,
  // are folded before more is read; once it is open, where a unit is known to end.
  std::size_t delta_events_max = kDeltaEventsMax;
  std::int64_t left_unread_min = kLeftUnreadMin;  // for tests
  // A read of the log lasts about as long at most and takes up to event_log::kReadEventsMax rows
  // beyond; what is left is read by the next. Well below store::kReadMillisecondsMax.
  base::Duration read_max{1000};
  // Of fitted attributes; null: nobody computes.
  std::shared_ptr<const FittedReader> fitted = nullptr;
};

// How the memory was made and how far it is.
struct MemoryState {
  std::string opened_from;  // "snapshot", "log"
  std::string not_from;     // why not from the snapshot: a stable code (timeline/snapshot.h)
  event_log::Position position;
  std::int64_t persons = 0;
  std::int64_t events = 0;
  std::int64_t delta_events = 0;
  StoreBytes bytes;
  std::size_t positions_bytes = 0;
  std::size_t keys_bytes = 0;  // callers' keys of the window, which the log holds
};

class ColumnHistories final : public Histories, public event_log::CustomerRows {
 public:
  ColumnHistories(store::Database& database, event_log::Log& log, base::WorkPool& pool,
                  MemoryOptions options);
  ~ColumnHistories() override;
  ColumnHistories(const ColumnHistories&) = delete;
  ColumnHistories& operator=(const ColumnHistories&) = delete;

  // Once. `progress` is told how many of about how many events are read. Throws store::Failure.
  void open(const std::function<void(std::int64_t read, std::int64_t expected)>& progress = {});
  // Once, after open().
  void start();

  // Reads what the log has more. Answers whether there was anything. Throws store::Failure.
  bool catch_up();
  // The published moment, which may lie behind the log by what is being read.
  Pin pin() const;
  // A moment at or after everything that was committed when it was asked for; nothing when that
  // takes longer than kFreshPatience.
  std::optional<Pin> fresh_pin() const;

  // Folds everything that is published. Whoever follows does so by itself.
  void fold_all();
  // Writes the snapshot now, whatever has changed. False: there is no path, or writing failed,
  // which is logged.
  bool write_snapshot();
  MemoryState state() const;
  // Where an event of a pin stands in the log.
  event_log::Position position_of(Slot slot) const;

  // --- Histories
  bool await(const event_log::Position& position, base::Duration patience) const override;
  std::unique_ptr<History> of(base::CustomerId customer) const override;
  void each(const std::function<bool(const History&)>& visit) const override;
  std::int64_t persons() const override;

  // --- event_log::CustomerRows
  std::unique_ptr<View> view() const override;

 private:
  class Follower;
  std::unique_ptr<Follower> follower_;
};

}  // namespace timeline
