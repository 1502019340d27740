// The log: each thing that happens to a customer, appended once, in one total order, in the unit of
// its effects. Whatever wants to know reads it from its own position (log/reader.h).
//
//   auto done = database.write("event.append", [&](store::Unit& unit) {
//     return log.append(unit, {.source = "api", .liveness = Liveness::live, .now = now}, events);
//   });
//   if (!done) …done.error() names the event and its fault; the unit was rolled back
//
// Repeats. A key given by a caller is exact for `key_window` from its arrival; with a batch (an
// import) it never expires until the batch is undone. A file's row without a key is compared with
// its customer's history. A repeat changes nothing and its outcome says so. One key may stand for
// the whole append. Keys are kept as hashes. On SQLite the keys of the window are in memory
// (kKeyBytesInMemory each) beside an append-only table; PostgreSQL has a unique index.
//
// Time. Before 1970 and more than 366 days ahead is refused. A live event up to five minutes ahead
// gets its arrival as its time, the time it gave is kept as `sent`; history keeps its own time.
//
// Threads: any. A Log borrows its database, which must outlive it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/random.h"
#include "base/result.h"
#include "log/customer_rows.h"
#include "log/event.h"
#include "log/event_type.h"
#include "log/key_hash.h"
#include "log/notice.h"
#include "log/position.h"
#include "log/prepared_events.h"
#include "log/signal.h"
#include "store/database.h"

namespace event_log {

inline constexpr std::size_t kAppendEventsMax = 10'000;
inline constexpr base::Duration kKeyWindow{7 * base::kDay.ms};
inline constexpr std::size_t kKeyBytesInMemory = 48;

// Where the events of one append come from. The moment is drawn outside the unit.
struct Origin {
  std::string source;  // what writes: "api", "csv 4711" (an import's batch), "console"
  Liveness liveness = Liveness::history;
  base::Moment now;  // the arrival
  std::optional<base::BatchId> batch = std::nullopt;
  // One key for all of this append: known, nothing at all happens.
  std::optional<std::string> key = std::nullopt;
  base::Duration key_window = kKeyWindow;
};

// What became of one event.
struct Outcome {
  Position position;  // its own, or that of the event it repeats where that is known (else zero)
  base::Moment time;  // the event's time as stored: a live one's may have been moved
  bool repeated = false;  // nothing was written
};

struct Appended {
  std::vector<Outcome> outcomes;  // one per event, in the order given
  Position last;                  // of the last event written; for await(); zero when none was
  std::int64_t written = 0;
  std::int64_t repeated = 0;
};

// For each event of an append whether it comes again by its key: Log::find_repeats.
using Repeats = std::vector<bool>;

// What whoever appends prepared events has found out in the unit.
struct FoundOut {
  // One per event; of a repeat it may be zero.
  std::span<const base::CustomerId> customers;
  const Repeats* repeats = nullptr;  // what find_repeats saw; null: nobody asked
  // Of a batch: every row behind `own_after` up to `own_through` is the batch's own. They need not
  // be read to know that an event has no equal but those.
  Position own_after = {};
  Position own_through = {};
};

class KeyMemory;  // log/key_memory.h

// How long a memory that does not get further is waited for: one that is being read from the disk
// stands still for a while.
inline constexpr base::Duration kStandstillMax{5000};

class Log {
 public:
  explicit Log(store::Database& database);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Once, after the migrations and before anything is appended: gives a new log its id, raises the
  // epoch when the database turns out to be another one, reads the keys of the window.
  void prepare(base::Moment now, base::Random& random);

  // Random, for everything downstream: a copy restored elsewhere keeps it. After prepare().
  const std::string& id() const { return id_; }

  EventCatalog& catalog() { return catalog_; }

  // Part of the caller's unit, which must end with the error when this answers one.
  // On PostgreSQL it locks the customers of rows with an ordinal; a caller that locks more names
  // all of it before.
  [[nodiscard]] base::Result<Appended, AppendError> append(store::Unit& unit, const Origin& origin,
                                                           std::span<const NewEvent> events);
  [[nodiscard]] base::Result<Appended, AppendError> append(store::Unit& unit, const Origin& origin,
                                                           const NewEvent& event) {
    return append(unit, origin, std::span(&event, 1));
  }

  // The same of events that were made ready before: nothing of their own is checked again.
  [[nodiscard]] base::Result<Appended, AppendError> append(store::Unit& unit, const Origin& origin,
                                                           const PreparedEvents& events,
                                                           const FoundOut& found);

  // Which events come again by their keys: known already, or the key stands on an event above; all
  // of them when that of the append is known. Reads only. For who makes customers for the events,
  // since a repeat leaves nothing behind: an event that is one needs no customer (zero) when what
  // was seen is given to append() in the same unit. That throws store::Failure{serialization} when
  // others have come between, so that the unit runs again.
  Repeats find_repeats(store::Unit& unit, const Origin& origin, const PreparedEvents& events) const;

  // Tells memories of the log what is no event (log/notice.h), in the caller's unit, behind what it
  // has changed. Answers the position of the last one. Requires at least one.
  Position notify(store::Unit& unit, std::span<const NoticeSubject> subjects, base::Moment now);
  Position notify(store::Unit& unit, const NoticeSubject& subject, base::Moment now) {
    return notify(unit, std::span(&subject, 1), now);
  }

  // How many events this process has appended and committed.
  std::uint64_t events_appended() const { return events_appended_; }

  // How many calls of it this process has committed.
  std::uint64_t notices_told() const { return notices_told_; }

  // Who finds customers' rows (log/customer_rows.h). Null, as at first: the whole log is read for
  // them, for tests and small databases. Must outlive every call that finds rows.
  void set_customer_rows(const CustomerRows* rows) { customer_rows_ = rows; }
  const CustomerRows* customer_rows() const { return customer_rows_; }
  // Waits until that one knows the rows up to `position`, or has not got further for `standstill`
  // of real time: for who is about to ask about very many, each time reading through what it does
  // not know.
  void await_customer_rows(const Position& position,
                           base::Duration standstill = kStandstillMax) const;

  // The greatest position that readers may read; zero for an empty log.
  Position head(store::Session& session) const;
  // The greatest position that has been committed: at or behind what any unit has written that
  // returned before. On PostgreSQL readers may still have to wait for it.
  Position newest(store::Session& session) const;
  // Waits until everything at or before `position` can be read: read-your-writes. False when that
  // takes longer than `patience` (real time), as for a position of another database.
  bool await(const Position& position, base::Duration patience) const;
  // Rung after every commit that appended or notified in this process.
  CommitSignal& appended() const { return appended_; }

  // The id of a source that has written; nothing: none of this name has.
  std::optional<std::int64_t> source_named(store::Session& session, std::string_view name) const;
  // The name of a source; empty for an unknown id.
  std::string source_name(store::Session& session, std::int64_t source) const;

  // Forgets callers' keys that arrived before `arrived_before`, at most `limit`; answers how many.
  // To be run now and then with now − kKeyWindow.
  std::int64_t expire_keys(store::Unit& unit, base::Moment arrived_before, std::int64_t limit);
  // Of the keys in memory (SQLite).
  std::size_t memory_bytes() const;

  // Erases customers' rows: properties gone, times cut to the UTC day, the customer's id replaced
  // by its stand-in (a random one), positions kept. Nothing reads such a row again. Ids as written;
  // of a person all that are merged into them, at once. Answers the number of rows. Void rows are
  // blank already and are not looked for: they keep the customer's id (a random number that no
  // table knows behind the erasure), the type, the source and the day; so do notices the id.
  struct Erasure {
    base::CustomerId customer;
    base::CustomerId stand_in;
  };
  std::int64_t erase(store::Unit& unit, std::span<const Erasure> erasures);
  std::int64_t erase(store::Unit& unit, const Erasure& erasure) {
    return erase(unit, std::span(&erasure, 1));
  }

 private:
  std::int64_t source_id(store::Unit& unit, std::string_view name);
  void raise_epoch(store::Unit& unit, base::Moment now);

  store::Database& database_;
  EventCatalog catalog_;
  std::string id_;
  mutable CommitSignal appended_;
  std::atomic<std::uint64_t> notices_told_ = 0;
  std::atomic<std::uint64_t> events_appended_ = 0;
  std::unique_ptr<KeyMemory> keys_;
  std::atomic<const CustomerRows*> customer_rows_ = nullptr;

  mutable std::mutex sources_mutex_;
  mutable std::unordered_map<std::string, std::int64_t> source_ids_;  // committed
  mutable std::unordered_map<std::int64_t, std::string> source_names_;
};

}  // namespace event_log
