// Imports and bulk changes that are taken back in the background, one after the other, on a thread
// of its own (intake/import_undo.h).
//
//   begun (nobody sees the batch's events any more) ──▶ waiting ──▶ running ──▶ ended · failed
//
// It cannot be stopped: what was begun is to be ended. With the program it stops between two units;
// resume() goes on at the next start, as does asking again after a failure (a lost database).
//
// Threads: any.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/moment.h"
#include "customer/writing.h"
#include "log/batch.h"
#include "log/log.h"
#include "store/database.h"

namespace api {

inline constexpr std::size_t kUndosWaitingMax = 100;
inline constexpr std::size_t kUndosRemembered = 20;  // that have ended, with what was kept

struct Undoing {
  enum class State : std::uint8_t { waiting, running, ended, failed };
  State state = State::waiting;
  std::int64_t customers = 0;  // of the batch; 0 until they are counted
  std::int64_t done = 0;
  std::vector<event_log::BuiltUpon> kept;  // left as it is; complete once it has ended

  bool is_over() const { return state == State::ended || state == State::failed; }
};

class Undoings {
 public:
  Undoings(store::Database& database, event_log::Log& log, const base::Clock& clock);
  ~Undoings();
  Undoings(const Undoings&) = delete;
  Undoings& operator=(const Undoings&) = delete;

  // A batch whose undo is begun (intake::begin_undo); one that waits or runs already stays.
  // False: the program ends, or kUndosWaitingMax wait.
  bool add(base::BatchId batch, const customer::WritingOptions& writing);
  // Those an earlier process has begun and not ended.
  void resume();

  // Of one that waits, runs, or is among the last kUndosRemembered.
  std::optional<Undoing> find(base::BatchId batch) const;
  // The same once it is over, or after `patience` (real time).
  std::optional<Undoing> await(base::BatchId batch, base::Duration patience) const;

  // Ends between two units and waits for that; nothing begins any more.
  void end();

 private:
  struct Order {
    base::BatchId batch;
    customer::WritingOptions writing;
  };
  void run(const std::stop_token& stop);
  void carry_out(const Order& order, const std::stop_token& stop);
  void finish(base::BatchId batch, Undoing::State state, std::vector<event_log::BuiltUpon> kept);

  store::Database& database_;
  event_log::Log& log_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::deque<Order> waiting_;                // under mutex_, like all that follow
  std::map<base::BatchId, Undoing> states_;  // of all that are remembered
  std::deque<base::BatchId> over_;           // the oldest first
  bool ended_ = false;
  std::jthread worker_;  // last: it uses the others
};

}  // namespace api
