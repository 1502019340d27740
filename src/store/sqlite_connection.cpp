#include "store/sqlite_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/check.h"
#include "store/row_insert.h"
#include "store/sqlite_statement.h"

namespace store {
namespace {

// Steps of SQLite's machine between two looks at the clock: about a tenth of a millisecond.
constexpr int kStepsBetweenLooks = 10'000;

int past_deadline(void* deadline) {
  const auto& limit =
      *static_cast<const std::optional<std::chrono::steady_clock::time_point>*>(deadline);
  return limit && std::chrono::steady_clock::now() > *limit ? 1 : 0;
}

int keep_log_pages(void* kept, sqlite3*, const char*, int pages) {
  *static_cast<int*>(kept) = pages;
  return SQLITE_OK;
}

// The file is made before SQLite would, since it would let everybody on the machine read it; the
// write-ahead log takes over its mode.
void make_private_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) close(file);  // else SQLite reports it
}

}  // namespace

SqliteConnection::SqliteConnection(const SqlitePlace& place, SqliteAccess access)
    : statements_(std::make_unique<Statements>()) {
  if (access == SqliteAccess::write) make_private_file(place.path);
  // A reader opens for writing too: it may be the one that recovers the log after a crash.
  // query_only keeps its statements from writing.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const char* vfs = place.vfs.empty() ? nullptr : place.vfs.c_str();
  const int code = sqlite3_open_v2(place.path.c_str(), &handle_, flags, vfs);
  try {
    if (code != SQLITE_OK) throw_sqlite_failure(handle_, code);
    configure(access);
  } catch (...) {
    statements_->clear();
    sqlite3_close_v2(handle_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  statements_->clear();
  sqlite3_close_v2(handle_);
}

void SqliteConnection::configure(SqliteAccess access) {
  sqlite3_busy_timeout(handle_, kBusyMillisecondsMax);
  sqlite3_progress_handler(handle_, kStepsBetweenLooks, past_deadline, &deadline_);
  // A commit whose outcome is unknown is told by what the log holds, so closing must not fold it.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // Readers go on reading while the writer writes.
  control("PRAGMA journal_mode=WAL");
  // A COMMIT that returned survives a power cut; NORMAL would lose the last groups.
  control("PRAGMA synchronous=FULL");
  // References are checked, which SQLite does only when asked, for every connection.
  control("PRAGMA foreign_keys=ON");
  // Sorting never writes customers' data into files that nobody erases.
  control("PRAGMA temp_store=MEMORY");
  // What is deleted is overwritten, so that erasing a person leaves nothing in free pages.
  control("PRAGMA secure_delete=ON");
  // Functions in a schema that somebody handed us do not run.
  control("PRAGMA trusted_schema=OFF");
  // The writer folds the log itself, after it has answered (SqliteWriter).
  control("PRAGMA wal_autocheckpoint=0");
  sqlite3_wal_hook(handle_, keep_log_pages, &log_pages_);
  // 16 MiB of pages per connection.
  control("PRAGMA cache_size=-16384");
  if (access == SqliteAccess::read) control("PRAGMA query_only=ON");
}

void SqliteConnection::query(std::string_view sql, std::span<const Param> params,
                             const std::function<void(const Row&)>& each) {
  CHECK(!statements_->busy);
  if (past_deadline(&deadline_) != 0) {
    throw Failure(FailureKind::timeout, "a read took longer than its limit");
  }
  SqliteStatement& statement = statements_->get(handle_, sql);
  statements_->busy = true;
  struct Idle {
    bool& busy;
    ~Idle() { busy = false; }
  } const idle{statements_->busy};
  statement.run(params, &each);
}

std::int64_t SqliteConnection::execute(std::string_view sql, std::span<const Param> params) {
  CHECK(!statements_->busy);
  return execute(statements_->get(handle_, sql), params);
}

std::int64_t SqliteConnection::execute_batch(std::string_view sql,
                                             std::span<const std::vector<Param>> rows) {
  CHECK(!statements_->busy);
  std::int64_t changed = 0;
  if (rows.size() >= kRowsOfInsert) {
    if (const RowInsert* insert = statements_->many(sql)) changed += insert_rows(*insert, rows);
  }
  if (rows.empty()) return changed;
  SqliteStatement& statement = statements_->get(handle_, sql);
  for (const std::vector<Param>& row : rows) changed += execute(statement, row);
  return changed;
}

// As many as go together; they are taken from `rows`.
std::int64_t SqliteConnection::insert_rows(const RowInsert& insert,
                                           std::span<const std::vector<Param>>& rows) {
  SqliteStatement& statement = statements_->get(handle_, insert.sql);
  std::vector<Param> params;
  params.reserve(kRowsOfInsert * insert.params_of_row);
  std::int64_t changed = 0;
  for (; rows.size() >= kRowsOfInsert; rows = rows.subspan(kRowsOfInsert)) {
    params.clear();
    for (const std::vector<Param>& row : rows.first(kRowsOfInsert)) {
      if (row.size() != insert.params_of_row) {
        throw Failure(FailureKind::misuse, "a row has another number of parameters");
      }
      params.insert(params.end(), row.begin(), row.end());
    }
    changed += execute(statement, params);
  }
  return changed;
}

std::int64_t SqliteConnection::execute(SqliteStatement& statement, std::span<const Param> params) {
  const std::int64_t total_before = sqlite3_total_changes64(handle_);
  statement.run(params, nullptr);
  // sqlite3_changes64 keeps the number of the last statement that changed rows.
  const bool changed = sqlite3_total_changes64(handle_) != total_before;
  return changed ? sqlite3_changes64(handle_) : 0;
}

void SqliteConnection::control(std::string_view sql) {
  SqliteStatement(handle_, sql).run({}, nullptr);
}

void SqliteConnection::transact(std::string_view sql) {
  statements_->get(handle_, sql).run({}, nullptr);
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::int32_t SqliteConnection::group_number() {
  std::int64_t number = 0;
  query("PRAGMA user_version", {}, [&](const Row& row) { number = row.integer(0); });
  return static_cast<std::int32_t>(number);
}

void SqliteConnection::set_group_number(std::int32_t number) {
  control(fmt::format("PRAGMA user_version={}", number));
}

void SqliteConnection::set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) {
  deadline_ = deadline;
}

bool SqliteConnection::checkpoint(bool wait) {
  int frames = 0;
  int frames_copied = 0;
  const int mode = wait ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &frames, &frames_copied);
  if (code == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) throw_sqlite_failure(handle_, code);
  return frames == frames_copied;
}

void SqliteConnection::backup_to(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    throw Failure(FailureKind::misuse,
                  "the backup's file exists already or cannot be made: give another path");
  }
  close(file);
  sqlite3* copy = nullptr;
  int code =
      sqlite3_open_v2(path.c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_backup* backup = sqlite3_backup_init(copy, "main", handle_, "main");
    code = backup == nullptr ? sqlite3_extended_errcode(copy) : sqlite3_backup_step(backup, -1);
    const int finished = backup == nullptr ? code : sqlite3_backup_finish(backup);
    code = code == SQLITE_DONE ? finished : code;
  }
  // The copy says WAL like its original; as one closed file it is easier to carry away.
  if (code == SQLITE_OK) {
    code = sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  }
  sqlite3_close_v2(copy);
  if (code != SQLITE_OK) {
    unlink(path.c_str());
    throw_sqlite_failure(nullptr, code);
  }
}

}  // namespace store
