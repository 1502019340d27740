// Live membership: the state of every customer in every live subject, at every moment.
//
//    log ──▶ memory ──pin──▶ step(): who was touched ─▶ evaluator ─▶ states ──▶ members()
//                              ▲   whose time has come                 │
//            compute() ────────┘                                       ▼
//            everybody at once: new rules,                    record(): entered, left, corrected,
//            who may change in the next hour                  stage_changed, into the log
//
// For one customer a state is a function of moments (state.h). What touches a customer (an event, a
// change, a merge) makes the engine evaluate the subjects that mention it, from the moment of what
// came; nothing else is evaluated. What time alone changes is found beforehand: for each subject
// compute() asks the columns who may change in the next hour (may_change.h), each of these is
// evaluated once, and their moments are waited for (live_due.h). Nothing is polled.
//
// Records carry the exact moment, also of what happened while the program was down. They are made
// durable by record(), in the order they were decided; states are ahead of them by what waits
// there. A repeat of what is recorded is never recorded: what is due is the difference between
// what was recorded and what is true (live_record.h). Whoever has no record of a subject and is
// changed by history alone (an import) changes without one: history starts nothing.
//
// A new or changed rule is asked for everybody in the background, while the one before goes on,
// and put in its place between two steps, with one entry in the audit instead of records. So is
// everything after an import was undone, and when the clock went back by more than kClockBackMax.
//
// Fitted attributes change for everybody when a run is stored: compute() asks subjects that mention
// them, and whoever is in another state than before is looked at as of the run's moment.
//
// Checkpoints (live_store.h) hold the states; a start reads the last one, the records since, and
// goes on from there.
//
// Threads: open() and step() belong to one, compute() to a second, record() to a third (or all to
// one, as in tests); questions come from any. Borrows its means.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "audience/live_due.h"
#include "audience/live_event.h"
#include "audience/live_states.h"
#include "audience/live_store.h"
#include "audience/live_subject.h"
#include "base/work_pool.h"
#include "log/log.h"
#include "log/reader.h"
#include "store/database.h"
#include "timeline/column_histories.h"
#include "timeline/fitted_values.h"

namespace audience {

inline constexpr std::int64_t kLiveEventsAtOnce = 2000;    // of the log, in one step
inline constexpr std::size_t kLiveEvaluatedAtOnce = 2000;  // of what waits or is due, in one step
inline constexpr std::size_t kLiveRecordsAtOnce = 2000;    // in one unit
// Beyond, steps wait for record(): each takes some hundred bytes.
inline constexpr std::size_t kLiveRecordsWaitingMax = 1'000'000;
inline constexpr base::Duration kLiveAhead{base::kHour.ms};  // how far compute() looks
inline constexpr base::Duration kClockBackMax{5 * base::kSecond.ms};
inline constexpr base::Duration kCheckpointEvery{5 * base::kMinute.ms};
inline constexpr std::string_view kLiveReader = "live";

enum class LivePhase : std::uint8_t { computing, live };

// What is known of a subject and what it costs.
struct LiveFigures {
  SubjectId id;
  std::string name;
  std::int64_t version = 1;
  LivePhase phase = LivePhase::computing;
  double progress = 0;                 // of computing
  std::vector<std::int64_t> in_state;  // by state; of 0: nothing
  std::size_t bytes = 0;
  std::int64_t evaluations = 0;
  std::int64_t nanoseconds = 0;  // for those
  std::int64_t recorded = 0;
  std::int64_t due_soon = 0;
  base::Moment switched_at;
  // As of when everybody was asked: records up to its number are of rules before and do not count.
  LivePoint base;
};

// As of one position and moment.
struct LivePeopleList {
  LivePoint point;
  std::vector<base::CustomerId> persons;  // in no order
};

class LiveEngine {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    timeline::ColumnHistories& memory;
    base::WorkPool& pool;
    const LiveSource& source;
    const timeline::FittedValues* fitted = nullptr;  // null: rules know no fitted attributes
  };
  explicit LiveEngine(const Means& means);
  ~LiveEngine();
  LiveEngine(const LiveEngine&) = delete;
  LiveEngine& operator=(const LiveEngine&) = delete;

  // Once. Throws store::Failure.
  void open(base::Moment now);

  struct Step {
    std::size_t evaluated = 0;
    bool more = false;                 // there is more to be done at once
    bool is_full = false;              // records wait to be written: nothing was done
    std::optional<base::Moment> next;  // when something is due; nothing: nothing soon
  };
  // Everything up to the memory's published position and up to `now`, or a part of it (`more`).
  Step step(base::Moment now);
  // One thing that is to be asked of everybody. False: there is none.
  bool compute(const std::stop_token& stop = {});
  // Writes what waits, at most kLiveRecordsAtOnce. False: nothing waits. Throws store::Failure: it
  // waits on. With a lease's fence: `may_write` is asked in the unit; false: nothing is written.
  using MayWrite = std::function<bool(store::Unit&)>;
  bool record(const MayWrite& may_write = {});
  // Definitions may have changed: the next step reads them again.
  void refresh() { refresh_ = true; }
  // The states as of now are stored with the next records.
  void checkpoint(base::Moment now);

  // --- any thread
  // Waits until step() or record() may have something to do; for their threads.
  void wait_for_jobs(const std::stop_token& stop, base::Duration patience);
  void wait_for_records(const std::stop_token& stop, base::Duration patience);

  LivePoint point() const;
  // Whether this record and all before are in the log.
  bool is_recorded(std::int64_t record) const;
  std::vector<LiveFigures> figures() const;
  std::optional<LiveFigures> figures_of(SubjectId id) const;
  // Who is in the state at `now`, with everything up to `at_least`; nothing: it is not live, or not
  // that far within `patience` (real time).
  struct Wanted {
    State state = 1;
    event_log::Position at_least;
    base::Moment now;
    base::Duration patience{0};
    std::string meaning = {};  // of the rules asked (meaning_of); others are not this; "": any
  };
  std::optional<LivePeopleList> members(SubjectId id, const Wanted& wanted) const;
  // For every live subject, how many of these persons are in which state; of 0: nothing. Those
  // computed for the first time are not here.
  std::map<SubjectId, std::vector<std::int64_t>> in_state_of(
      std::span<const base::CustomerId> persons) const;
  struct Memory {
    std::size_t people = 0;
    std::size_t states = 0;
    std::size_t due = 0;
    std::size_t persons = 0;
  };
  Memory memory() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  std::atomic<bool> refresh_ = true;
};

}  // namespace audience
