// A projection: tables kept from the events of the log, under a reader's name and position.
//
//   log ──read_after──▶ effects_of() ──▶ the tables
//
// Only events of the types it wants are brought out of the log. All of one step happens in one unit
// with the position, so that nothing counts twice. Customers are kept as written: whoever reads the
// tables resolves them, a merge changes no row. Who is erased and what an import took back leaves
// by the log's notices; who erases also takes the rows away in that unit, so that nothing of the
// person is left when it ends. Everything can be made anew from the log.
//
// Threads: any; one step at a time in a process, and of several processes one wins each step.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "log/log.h"
#include "log/position.h"
#include "log/reader.h"
#include "store/database.h"

namespace event_log {

inline constexpr std::int64_t kProjectedRowsAtOnce = 50'000;  // of the log, in one step
// Of what is wanted, in one step: some 10 ms of the one who writes.
inline constexpr std::int64_t kProjectedEventsAtOnce = 500;
// Who follows rests so many times as long as a step took, when others have appended meanwhile.
inline constexpr std::int64_t kRestAfterStep = 4;

class Projection {
 public:
  virtual ~Projection() = default;
  Projection(const Projection&) = delete;
  Projection& operator=(const Projection&) = delete;

  // Goes on from the stored position. False: there is nothing more to read. Throws store::Failure.
  bool step();
  // Until everything that is committed now is in the tables, `patience` (real time) is over, or it
  // is told to stop; what was done stays.
  struct Reached {
    Position position;
    bool fresh = true;  // it is all that was committed when it began
  };
  [[nodiscard]] Reached catch_up(base::Duration patience, const std::stop_token& stop = {});
  // The same for who has time: events that come in meanwhile go first.
  bool follow(base::Duration patience, const std::stop_token& stop);
  // All of it anew, from the first event on; answers how many events of the wanted types there
  // were. Until it ends the tables hold a part. `siyu check` says when it is needed. After each
  // step `go_on` is told how far it is; false: stop there, whoever follows goes on.
  std::int64_t rebuild(const std::function<bool(const Position& through)>& go_on = {});

  Position position() const;
  std::string_view reader() const { return reader_; }

 protected:
  // Both outlive it.
  Projection(store::Database& database, Log& log, std::string_view reader)
      : database_(database), log_(log), reader_(reader) {}

 private:
  using Effects = std::function<void(store::Unit&)>;

  // What it is made from.
  virtual std::vector<base::EventTypeId> types_of(const EventTypes& types) const = 0;
  // Made ready while nobody waits for it, then called in the unit, more than once where that runs
  // again.
  virtual Effects effects_of(store::Session& session, const EventTypes& types,
                             Reading reading) const = 0;
  // Takes some of the batch's rows away; true: there may be more of them. In units of its own
  // before the position moves on: an import may have been large.
  virtual bool remove_some(store::Unit& unit, base::BatchId batch) const = 0;
  virtual void clear(store::Unit& unit) const = 0;

  struct Step {
    Position through;
    std::int64_t events = 0;
    bool more = false;
  };
  Step take_step();
  Position newest() const;

  store::Database& database_;
  Log& log_;
  std::string reader_;
  std::mutex mutex_;
};

}  // namespace event_log
