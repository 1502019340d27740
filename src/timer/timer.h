// Timers: what is to be done at a moment, durable, each once, in the order of their moments; those
// that came due while nothing ran come late and in order. Millions may stand.
//
//   unit of a cause:  schedule(unit, {"ledger", 17, at})
//   runner, later:    one unit: take those that are due ─▶ Handler::fire() ─▶ its changes
//
// A timer is taken and carried out in one unit, so that it has happened once or not yet. Nothing
// must need one to be right: a hold ends at its moment whether or not its timer has come.
//
// Threads: functions belong to the caller's unit; a Runner to one thread. Several runners on one
// database do each timer once all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "store/database.h"

namespace timer {

inline constexpr std::size_t kKindBytesMax = 40;
inline constexpr std::size_t kTimersAtOnce = 500;  // in one unit
inline constexpr std::int64_t kTriesMax = 5;       // of one alone; then it is set aside

// One of its kind: `key` tells which.
struct Timer {
  std::string_view kind;  // outlives the call
  std::int64_t key = 0;
  base::Moment due;
};

// As it stands in the table.
struct StoredTimer {
  std::string kind;
  std::int64_t key = 0;
  base::Moment due;
};

// Each from now on at its moment: one that stood is moved there, one set aside stands again.
void schedule(store::Unit& unit, std::span<const Timer> timers);
// Nothing where there is none.
void cancel(store::Unit& unit, std::string_view kind, std::span<const std::int64_t> keys);

// Does what timers of one kind are for.
class Handler {
 public:
  virtual ~Handler() = default;
  // Takes the locks (store/database.h) that fire() will take, before the timers in `due` are taken:
  // so that it and whoever moves or cancels the same timers under those locks do not wait for each
  // other crosswise. Part of the same unit; some may be gone when fire() comes.
  virtual void lock(store::Unit& unit, std::span<const Timer> due);
  // Those in `due`, in the order of their moments, which are not after `now`; at most
  // kTimersAtOnce. Part of the unit. Throws store::Failure; one that is not a lost database makes
  // each be tried alone.
  virtual void fire(store::Unit& unit, std::span<const Timer> due, base::Moment now) = 0;
};

struct Kind {
  std::string_view name;  // outlives the runner
  Handler& handler;
};

// What a step did.
struct Step {
  std::size_t fired = 0;
  std::size_t set_aside = 0;
  bool more = false;  // there may be others that are due
};

class Runner {
 public:
  // Borrows all. Timers of a kind it does not know are left to a runner that does: while processes
  // of two versions run, the older one knows fewer.
  Runner(store::Database& database, std::vector<Kind> kinds);

  // Fires some of what is due at `now`. Throws store::Failure for a lost database.
  Step step(base::Moment now);
  // The moment of the next one of its kinds, due or not; nothing: none stands.
  std::optional<base::Moment> next_due(store::Session& session) const;

 private:
  std::vector<StoredTimer> due(store::Session& session, base::Moment now) const;
  std::size_t fire(std::span<const StoredTimer> timers, base::Moment now);
  Step one_by_one(std::span<const StoredTimer> timers, base::Moment now);
  bool fail(const StoredTimer& timer, std::string_view problem);

  store::Database& database_;
  std::vector<Kind> kinds_;
};

// One that failed kTriesMax times and waits for a person.
struct SetAside {
  StoredTimer timer;
  std::string problem;  // the code of its last failure
};
std::vector<SetAside> set_aside(store::Session& session, std::int64_t rows_max);
// All of them stand again, at their moments. How many.
std::int64_t try_again(store::Unit& unit);

}  // namespace timer
