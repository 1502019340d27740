// The one thread that writes to a SQLite file: takes units in the order they came, runs each in a
// savepoint (the first of a group without), and commits many at once.
//
//   queued -> running in a group -> COMMIT returned -> effects, answered
//                |                        |
//                | an error took the      | COMMIT failed: in doubt. Every connection is closed and
//                | group away             | the file opened again; the group number in it tells
//                v                        v whether the group happened
//             each unit alone <------ did not happen
//
// Answers wait for the COMMIT, also those of units that were rolled back: what made them refuse may
// have been a unit of the same group. While a group is in doubt new units throw
// Failure{unavailable}; the writer looks again every kDoubtRetryMilliseconds and when one comes.
// A unit whose group stays in doubt for the limit given is answered with Failure{unavailable}; its
// effects run should it turn out to have happened.
//
// Threads: any, but not from inside a unit (CHECK).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/sqlite_connection.h"
#include "store/sqlite_readers.h"
#include "store/unit_pace.h"

namespace store {

inline constexpr std::int64_t kDoubtRetryMilliseconds = 200;
// Pages in the log after which it is folded into the file, as SQLite's own default.
inline constexpr int kLogPagesMax = 1000;
// Size of the log at which the writer waits for readers in order to empty it.
inline constexpr std::int64_t kLogBytesMax = 256 * 1024 * 1024;

class SqliteWriter {
 public:
  // Opens the file. `readers` outlives the writer.
  SqliteWriter(SqlitePlace place, SqliteReaders& readers, std::chrono::milliseconds doubt_max);
  // Answers every unit that waits, then ends the thread.
  ~SqliteWriter();

  void run(std::string_view name, const std::function<bool(Unit&)>& work);

  // Between two groups, on the writer's thread, where no other checkpoint is in the way: the log is
  // emptied into the file, which is written anew before when `cleaning` asks for it.
  enum class Cleaning : std::uint8_t { empty_log, rewrite };
  void clean(Cleaning cleaning);

  Database::Health health() const;

 private:
  struct Job;
  using JobPtr = std::shared_ptr<Job>;
  struct Doubt;
  enum class GroupEnd : std::uint8_t { answered, lost, in_doubt };

  void serve();
  bool wait_for_work();
  JobPtr take(bool alone);
  bool ready();
  void run_group();
  GroupEnd run_units(std::vector<JobPtr>& group, bool alone);
  enum class UnitPlace : std::uint8_t { first, behind_others };  // of a unit in its group
  void run_unit(Job& job, UnitPlace place);
  GroupEnd commit(std::vector<JobPtr>& group);
  void finish(std::vector<JobPtr>& group);
  void answer(Job& job);
  bool settle_doubt();
  void doubt_lasts(const Failure& failure);
  void refuse_waiting(const Failure& failure);
  void fold_log();
  bool clean_waiting();
  struct Cleanings;
  Cleanings take_cleanings();
  void set_unavailable(const std::string& reason);
  void set_available();

  const SqlitePlace place_;
  SqliteReaders& readers_;
  const std::chrono::milliseconds doubt_max_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<JobPtr> queue_;                   // by mutex_
  std::vector<std::promise<void>> cleanings_;  // by mutex_; one answers all of them
  bool rewrite_wanted_ = false;                // by mutex_
  bool stopping_ = false;                      // by mutex_
  std::string reason_;                         // by mutex_; empty: available
  std::atomic<std::int64_t> groups_committed_ = 0;
  std::atomic<std::int64_t> units_committed_ = 0;
  UnitPace pace_;

  // The writer thread's own.
  std::unique_ptr<SqliteConnection> connection_;
  std::deque<JobPtr> alone_;  // of a lost group, to be run one by one before the queue
  std::unique_ptr<Doubt> doubt_;
  int log_pages_seen_ = 0;
  int log_pages_due_ = kLogPagesMax;  // when the log is folded next
  std::thread thread_;
};

}  // namespace store
