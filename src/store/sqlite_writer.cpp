#include "store/sqlite_writer.h"

#include <sys/stat.h>

#include <utility>

#include "base/check.h"
#include "store/guarded_unit.h"
#include "store/nesting.h"

namespace store {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

struct SqliteWriter::Job {
  std::string_view name;                   // the caller's, who waits for `done`
  const std::function<bool(Unit&)>* work;  // the caller's
  std::promise<void> done;
  bool answered = false;

  // Of the last run.
  bool happened = false;
  std::exception_ptr error;
  std::vector<std::function<void()>> effects;
};

struct SqliteWriter::Doubt {
  std::vector<JobPtr> group;
  std::int32_t number;  // what the file's group number is if the group happened
  Failure failure;      // of the COMMIT
  Steady::time_point since;
};

namespace {

class SqliteUnit final : public GuardedUnit {
 public:
  explicit SqliteUnit(SqliteConnection& connection) : connection_(connection) {}

  Dialect dialect() const override { return Dialect::sqlite; }

  void query(std::string_view sql, std::span<const Param> params,
             const std::function<void(const Row&)>& each) override {
    guard([&] { connection_.query(sql, params, each); });
  }
  std::int64_t execute(std::string_view sql, std::span<const Param> params) override {
    return guard([&] { return connection_.execute(sql, params); });
  }
  std::int64_t execute_batch(std::string_view sql,
                             std::span<const std::vector<Param>> rows) override {
    return guard([&] { return connection_.execute_batch(sql, rows); });
  }
  void lock(std::vector<LockKey>) override {}

 private:
  SqliteConnection& connection_;
};

}  // namespace

SqliteWriter::SqliteWriter(SqlitePlace place, SqliteReaders& readers,
                           std::chrono::milliseconds doubt_max)
    : place_(std::move(place)), readers_(readers), doubt_max_(doubt_max) {
  connection_ = std::make_unique<SqliteConnection>(place_, SqliteAccess::write);
  thread_ = std::thread([this] { serve(); });
}

// All that were asked for when the first is begun.
struct SqliteWriter::Cleanings {
  std::vector<std::promise<void>> waiting;
  bool rewrite = false;

  void answer(const std::exception_ptr& error) {
    for (std::promise<void>& each : waiting) {
      if (error == nullptr) {
        each.set_value();
      } else {
        each.set_exception(error);
      }
    }
  }
};

SqliteWriter::~SqliteWriter() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void SqliteWriter::run(std::string_view name, const std::function<bool(Unit&)>& work) {
  CHECK(!Nesting::inside());
  auto job = std::make_shared<Job>();
  job->name = name;
  job->work = &work;
  auto done = job->done.get_future();
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= kQueuedUnitsMax) {
      throw Failure(FailureKind::overloaded, "too many writes are waiting: try again later");
    }
    queue_.push_back(job);
  }
  wake_.notify_one();
  done.get();
}

void SqliteWriter::clean(Cleaning cleaning) {
  CHECK(!Nesting::inside());
  std::promise<void> promise;
  auto done = promise.get_future();
  {
    const std::scoped_lock lock(mutex_);
    cleanings_.push_back(std::move(promise));
    rewrite_wanted_ = rewrite_wanted_ || cleaning == Cleaning::rewrite;
  }
  wake_.notify_one();
  done.get();
}

Database::Health SqliteWriter::health() const {
  Database::Health health;
  {
    const std::scoped_lock lock(mutex_);
    health.available = reason_.empty();
    health.reason = reason_;
    health.queued_units = static_cast<std::int64_t>(queue_.size());
  }
  struct stat log = {};
  if (stat((place_.path + "-wal").c_str(), &log) == 0) health.wal_bytes = log.st_size;
  health.groups_committed = groups_committed_;
  health.units_committed = units_committed_;
  pace_.tell(health);
  return health;
}

void SqliteWriter::set_unavailable(const std::string& reason) {
  const std::scoped_lock lock(mutex_);
  reason_ = reason;
}

void SqliteWriter::set_available() { set_unavailable(""); }

// ---------------------------------------------------------------- the thread

void SqliteWriter::serve() {
  while (wait_for_work()) {
    if (doubt_ != nullptr && !settle_doubt()) continue;
    if (!ready()) continue;
    if (clean_waiting()) continue;
    run_group();
    fold_log();
  }
  if (doubt_ != nullptr && !settle_doubt()) {
    for (const JobPtr& job : doubt_->group) {
      job->error = std::make_exception_ptr(doubt_->failure);
      answer(*job);
    }
  }
  // A folder that nobody serves holds everything in one file.
  try {
    if (connection_ != nullptr) connection_->checkpoint(true);
  } catch (const Failure&) {
    // The log stays and is read at the next start.
  }
}

// False: the writer is to end and nothing waits.
bool SqliteWriter::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto waits = [&] { return !queue_.empty() || !alone_.empty() || !cleanings_.empty(); };
  const auto due = [&] { return stopping_ || waits(); };
  if (doubt_ == nullptr) {
    wake_.wait(lock, due);
  } else {
    wake_.wait_for(lock, std::chrono::milliseconds(kDoubtRetryMilliseconds), due);
  }
  return !stopping_ || waits();
}

SqliteWriter::JobPtr SqliteWriter::take(bool alone) {
  const std::scoped_lock lock(mutex_);
  auto& from = alone ? alone_ : queue_;
  if (from.empty()) return nullptr;
  JobPtr job = std::move(from.front());
  from.pop_front();
  return job;
}

// Answers everybody who waits with the failure; nothing of theirs has been done.
void SqliteWriter::refuse_waiting(const Failure& failure) {
  set_unavailable(failure.what());
  take_cleanings().answer(std::make_exception_ptr(failure));
  for (const bool alone : {true, false}) {
    while (const JobPtr job = take(alone)) {
      job->error = std::make_exception_ptr(failure);
      answer(*job);
    }
  }
}

// Sees to a connection; false: there is none to be had, and everybody has been told.
bool SqliteWriter::ready() {
  if (connection_ != nullptr) return true;
  try {
    connection_ = std::make_unique<SqliteConnection>(place_, SqliteAccess::write);
    return true;
  } catch (const Failure& failure) {
    refuse_waiting(failure);
    return false;
  }
}

void SqliteWriter::run_group() {
  const bool alone = !alone_.empty();
  std::vector<JobPtr> group;
  const GroupEnd end = run_units(group, alone);
  if (end != GroupEnd::lost) return;
  if (alone || group.size() == 1) {
    // Alone it fails again: its own error is the answer.
    for (const JobPtr& job : group) answer(*job);
    return;
  }
  const std::scoped_lock lock(mutex_);
  alone_.insert(alone_.begin(), group.begin(), group.end());
}

SqliteWriter::GroupEnd SqliteWriter::run_units(std::vector<JobPtr>& group, bool alone) {
  const auto until = Steady::now() + std::chrono::milliseconds(kGroupMillisecondsMax);
  const std::size_t units_max = alone ? 1 : kGroupUnitsMax;
  try {
    connection_->transact("BEGIN IMMEDIATE");
  } catch (const Failure& failure) {
    connection_.reset();
    refuse_waiting(failure);
    return GroupEnd::answered;
  }
  try {
    while (group.size() < units_max && (group.empty() || Steady::now() < until)) {
      JobPtr job = take(alone);
      if (job == nullptr) break;
      group.push_back(std::move(job));
      run_unit(*group.back(), group.size() == 1 ? UnitPlace::first : UnitPlace::behind_others);
      if (!connection_->in_transaction()) return GroupEnd::lost;
    }
    return commit(group);
  } catch (const Failure& failure) {
    // A savepoint or ROLLBACK failed: no COMMIT was tried, so nothing happened.
    set_unavailable(failure.what());
    connection_.reset();
    for (const JobPtr& job : group) {
      if (job->error == nullptr) job->error = std::make_exception_ptr(failure);
    }
    return GroupEnd::lost;
  }
}

// Runs one unit in its savepoint. Afterwards either the savepoint is gone and the group goes on, or
// no transaction is open and the group is lost. Throws when a savepoint cannot be handled. The
// first of a group needs none: nothing stands before it that must not be taken back with it. A
// savepoint keeps a copy of every page the unit changes, and SQLite walks the list of them again
// and again: of an import's large units that was up to half of the CPU.
void SqliteWriter::run_unit(Job& job, UnitPlace place) {
  job.effects.clear();
  job.error = nullptr;
  job.happened = false;

  if (place == UnitPlace::behind_others) connection_->transact("SAVEPOINT unit");
  SqliteUnit unit(*connection_);
  try {
    const Nesting nesting;
    const UnitPace::Run run(pace_, job.name);
    job.happened = (*job.work)(unit);
    job.effects = unit.take_effects();
  } catch (...) {
    job.error = std::current_exception();
  }
  if (unit.failure()) job.error = std::make_exception_ptr(named(job.name, *unit.failure()));
  if (job.error != nullptr) job.happened = false;
  if (!connection_->in_transaction()) {
    const Failure lost(FailureKind::unavailable, "the transaction was lost: try again");
    if (job.error == nullptr) job.error = std::make_exception_ptr(lost);
    set_unavailable(unit.failure() ? unit.failure()->what() : lost.what());
    return;
  }

  if (place == UnitPlace::behind_others) {
    if (!job.happened) connection_->transact("ROLLBACK TO unit");
    connection_->transact("RELEASE unit");
  } else if (!job.happened) {
    connection_->transact("ROLLBACK");
    connection_->transact("BEGIN IMMEDIATE");
  }
}

SqliteWriter::GroupEnd SqliteWriter::commit(std::vector<JobPtr>& group) {
  bool any = false;
  for (const JobPtr& job : group) any = any || job->happened;
  if (!any) {
    connection_->transact("ROLLBACK");
    finish(group);
    return GroupEnd::answered;
  }
  const std::int32_t number = (connection_->group_number() + 1) & 0x7fffffff;
  connection_->set_group_number(number);
  try {
    connection_->transact("COMMIT");
  } catch (const Failure& failure) {
    connection_.reset();
    doubt_ = std::make_unique<Doubt>(Doubt{std::move(group), number, failure, Steady::now()});
    set_unavailable(failure.what());
    settle_doubt();
    return GroupEnd::in_doubt;
  }
  groups_committed_ += 1;
  finish(group);
  return GroupEnd::answered;
}

// The group's COMMIT returned, or it turned out to have happened.
void SqliteWriter::finish(std::vector<JobPtr>& group) {
  set_available();
  for (const JobPtr& job : group) {
    if (!job->happened) continue;
    units_committed_ += 1;
    const Nesting nesting;
    for (const auto& effect : job->effects) [&]() noexcept { effect(); }();
  }
  for (const JobPtr& job : group) answer(*job);
}

void SqliteWriter::answer(Job& job) {
  if (job.answered) return;
  job.answered = true;
  if (job.error != nullptr) {
    job.done.set_exception(job.error);
  } else {
    job.done.set_value();
  }
}

// Finds out what became of the group whose COMMIT failed. False: it is still not known, and
// everybody who waits has been told.
bool SqliteWriter::settle_doubt() {
  bool happened = false;
  try {
    // The first connection to open the file reads the log as a crash would have left it. Readers
    // would keep their own idea of where it ends.
    readers_.close();
    connection_ = std::make_unique<SqliteConnection>(place_, SqliteAccess::write);
    happened = connection_->group_number() == doubt_->number;
    // It is there, but its sync failed, and the system forgets what it could not write. Folding
    // the log writes it once more, into the database file, and syncs that.
    if (happened && !connection_->checkpoint(false)) {
      throw Failure(FailureKind::unavailable, "another program keeps the log from being folded");
    }
  } catch (const Failure& failure) {
    connection_.reset();
    doubt_lasts(failure);
    return false;
  }
  readers_.open();
  const auto doubt = std::move(doubt_);
  if (happened) {
    groups_committed_ += 1;
    finish(doubt->group);
  } else if (doubt->group.size() == 1) {
    doubt->group[0]->error = std::make_exception_ptr(doubt->failure);
    answer(*doubt->group[0]);
  } else {
    const std::scoped_lock lock(mutex_);
    for (const JobPtr& job : doubt->group) {
      if (!job->answered) alone_.push_back(job);
    }
  }
  return true;
}

void SqliteWriter::doubt_lasts(const Failure& failure) {
  readers_.refuse(failure.what());
  if (Steady::now() - doubt_->since >= doubt_max_) {
    for (const JobPtr& job : doubt_->group) {
      if (job->answered) continue;
      const auto kept = job->error;
      job->error = std::make_exception_ptr(doubt_->failure);
      answer(*job);
      job->error = kept;
    }
  }
  refuse_waiting(failure);
}

// Folds the write-ahead log into the file, after the group was answered. Failing is no loss: the
// log stays, and the next group meets the same disk.
void SqliteWriter::fold_log() {
  if (connection_ == nullptr) return;
  const int pages = connection_->log_pages();
  if (pages < log_pages_seen_) log_pages_due_ = kLogPagesMax;  // it began anew
  log_pages_seen_ = pages;
  if (pages < log_pages_due_) return;
  log_pages_due_ = pages + kLogPagesMax;
  try {
    connection_->checkpoint(health().wal_bytes > kLogBytesMax);
  } catch (const Failure& failure) {
    set_unavailable(failure.what());
  }
}

// True: it was asked for and has been answered.
bool SqliteWriter::clean_waiting() {
  Cleanings cleanings = take_cleanings();
  if (cleanings.waiting.empty()) return false;
  try {
    if (cleanings.rewrite) {
      // In memory the copy could be larger than the machine's.
      connection_->control("PRAGMA temp_store=FILE");
      connection_->control("VACUUM");
      connection_->control("PRAGMA temp_store=MEMORY");
    }
    if (!connection_->checkpoint(true)) {
      throw Failure(FailureKind::timeout, "a long read keeps the log from being emptied");
    }
    cleanings.answer(nullptr);
  } catch (const Failure&) {
    connection_.reset();  // opened afresh, with its settings, for the next unit
    cleanings.answer(std::current_exception());
  }
  log_pages_seen_ = 0;
  log_pages_due_ = kLogPagesMax;
  return true;
}

SqliteWriter::Cleanings SqliteWriter::take_cleanings() {
  const std::scoped_lock lock(mutex_);
  return {std::exchange(cleanings_, {}), std::exchange(rewrite_wanted_, false)};
}

}  // namespace store
