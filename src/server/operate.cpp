#include "server/operate.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "access/session.h"
#include "account/assignment.h"
#include "account/friendship.h"
#include "audience/live_move.h"
#include "base/check.h"
#include "base/diagnostics.h"
#include "customer/writing.h"
#include "log/log.h"
#include "order/projection.h"
#include "server/order_persons.h"
#include "store/backup.h"
#include "store/failure.h"
#include "store/migration.h"
#include "store/scrub.h"
#include "timeline/fitted_values.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using store::Failure;
using store::FailureKind;

constexpr const char* kDatabaseName = "siyu.db";
constexpr std::size_t kConnections = 32;

std::string_view sentence_of(OperateFault fault) {
  switch (fault) {
    case OperateFault::no_such_file:
      return "there is no such file";
    case OperateFault::not_a_backup:
      return "that file is no backup of siyu";
    case OperateFault::damaged_backup:
      return "the backup is damaged or cut off: take another one";
    case OperateFault::unknown_backup:
      return "the backup is of a newer siyu: use that one";
    case OperateFault::cannot_copy:
      return "the backup cannot be copied into the folder";
    case OperateFault::folder_in_use:
      return "the folder has a database already: restore into an empty folder";
    case OperateFault::file_beside_postgresql:
      return "put the dump back with pg_restore, then run siyu restore without a file";
    case OperateFault::cannot_erase_again:
      return "people erased since the backup could not be erased again";
    case OperateFault::older_database:
      return "the database is older than this program: back it up, then run siyu migrate";
    case OperateFault::no_folder:
      return "the data folder cannot be made";
    case OperateFault::not_a_demo:
      return "the folder holds data of its own: the demo wants an empty one";
  }
  base::unreachable();
}

std::string line_of(OperateFault fault, const std::string& subject) {
  const std::string sentence(sentence_of(fault));
  return subject.empty() ? sentence : sentence + ": " + subject;
}

void require_backup(const std::string& path) {
  const auto checked = store::check_backup(path);
  if (checked) return;
  switch (checked.error()) {
    case store::BackupFault::not_ours:
      throw OperateFailure(OperateFault::not_a_backup);
    case store::BackupFault::damaged:
      throw OperateFailure(OperateFault::damaged_backup);
    case store::BackupFault::unknown:
      throw OperateFailure(OperateFault::unknown_backup);
  }
  base::unreachable();
}

// So that what stands at the path (a file, or the names in a folder) outlives a power cut.
void make_durable(const fs::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = opened >= 0 && ::fsync(opened) == 0;
  const int reason = errno;
  if (opened >= 0) ::close(opened);
  if (!done) {
    throw OperateFailure(OperateFault::cannot_copy, std::generic_category().message(reason));
  }
}

void remove_database(const fs::path& database) {
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm"}) {
    fs::remove(database.string() + ending, ignored);
  }
}

// Copies under another name and looks at the copy, so that a folder never holds half a database.
void place(const std::string& file, const fs::path& folder) {
  const fs::path partial = folder / "siyu.db.restoring";
  const fs::path target = folder / kDatabaseName;
  try {
    fs::copy_file(file, partial, fs::copy_options::overwrite_existing);
    fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write);
    require_backup(partial);
    make_durable(partial);
    fs::rename(partial, target);
    make_durable(folder);
  } catch (const fs::filesystem_error& failure) {
    remove_database(partial);
    throw OperateFailure(OperateFault::cannot_copy, failure.code().message());
  } catch (const Failure&) {
    remove_database(partial);
    remove_database(target);
    throw;
  }
}

// A log without its database would be taken for the log of the next one.
void require_free(const fs::path& folder) {
  for (const char* name : {"siyu.db", "siyu.db-wal"}) {
    if (fs::exists(folder / name)) {
      throw OperateFailure(OperateFault::folder_in_use, folder.string());
    }
  }
}

// The notices of the erasures tell the tables made from the log; they must have heard of them
// before the file is rewritten.
void forget_projections_of_erased(store::Database& database, event_log::Log& log) {
  const OrderPersons persons;
  order::Projection orders({database, log, persons});
  account::Friendships friendships(database, log);
  while (orders.step() || friendships.step()) {
  }
}

std::int64_t erase_again(const AppOptions& options, const RestoreMeans& means) {
  const auto database = open_database(options);
  bring_forward(*database, true, means.clock.now());
  event_log::Log log(*database);
  log.prepare(means.clock.now(), means.random);
  const auto hashes = open_hashes(options, means.random);
  rights::Actor actor;
  actor.kind = rights::ActorKind::command_line;
  actor.from = "local";
  const base::Moment now = means.clock.now();
  const auto erased = database->write("customer.erase_again", [&](store::Unit& unit) {
    customer::Writing writing(unit, log, {.actor = actor, .now = now, .source = "restore"});
    auto again = customer::apply_erased(writing, *hashes, means.random);
    account::erase_of_nobody(unit);
    timeline::erase_fitted_of_nobody(unit);
    audience::erase_moves_of_nobody(unit);
    rights::end_all_sign_ins(unit);
    return again;
  });
  if (!erased) {
    throw OperateFailure(OperateFault::cannot_erase_again);
  }
  try {
    forget_projections_of_erased(*database, log);
    store::scrub_if_due(*database);
  } catch (const Failure& failure) {
    base::log_warning("the file is to be rewritten by the next siyu serve: {}", failure.what());
  }
  return *erased;
}

}  // namespace

std::string_view code_of(OperateFault fault) {
  switch (fault) {
    case OperateFault::no_such_file:
      return "operate.no_such_file";
    case OperateFault::not_a_backup:
      return "operate.not_a_backup";
    case OperateFault::damaged_backup:
      return "operate.damaged_backup";
    case OperateFault::unknown_backup:
      return "operate.unknown_backup";
    case OperateFault::cannot_copy:
      return "operate.cannot_copy";
    case OperateFault::folder_in_use:
      return "operate.folder_in_use";
    case OperateFault::file_beside_postgresql:
      return "operate.file_beside_postgresql";
    case OperateFault::cannot_erase_again:
      return "operate.cannot_erase_again";
    case OperateFault::older_database:
      return "operate.older_database";
    case OperateFault::no_folder:
      return "operate.no_folder";
    case OperateFault::not_a_demo:
      return "operate.not_a_demo";
  }
  base::unreachable();
}

OperateFailure::OperateFailure(OperateFault fault, std::string subject)
    : Failure(FailureKind::misuse, line_of(fault, subject)),
      fault_(fault),
      subject_(std::move(subject)) {}

namespace {

// A new one is its owner's only; one that is there stays as it is.
void make_folder(const fs::path& folder) {
  std::error_code failure;
  if (fs::is_directory(folder, failure)) return;
  fs::create_directories(folder, failure);
  if (!failure) fs::permissions(folder, fs::perms::owner_all, failure);
  if (failure) throw OperateFailure(OperateFault::no_folder, failure.message());
}

}  // namespace

std::unique_ptr<store::Database> open_database(const AppOptions& options) {
  if (!options.database_url.empty()) {
    if (!options.folder.empty()) make_folder(options.folder);
    return store::open_postgresql({.url = options.database_url, .connections = kConnections});
  }
  make_folder(options.folder);
  return store::open_sqlite({.folder = options.folder, .disk = options.disk});
}

std::unique_ptr<customer::ErasedHashes> open_hashes(const AppOptions& options,
                                                    base::Random& random) {
  if (options.database_url.empty()) return customer::open_erased_hashes(options.folder, random);
  return customer::erased_hashes_table(random);
}

void bring_forward(store::Database& database, bool allowed, base::Moment now) {
  const auto missing = store::pending(database);
  if (missing.empty()) return;
  const bool empty = missing.size() == store::migrations().size();
  if (!empty && !allowed) {
    throw OperateFailure(OperateFault::older_database);
  }
  store::migrate(database, now);
}

std::vector<std::string> migrate(const AppOptions& options, const base::Clock& clock) {
  const auto database = open_database(options);
  return store::migrate(*database, clock.now());
}

std::int64_t backup(const AppOptions& options, const std::string& file) {
  open_database(options)->backup(file);
  return static_cast<std::int64_t>(fs::file_size(file));
}

Restored restore(const AppOptions& options, const std::string& file, const RestoreMeans& means) {
  if (!options.database_url.empty()) {
    if (!file.empty()) {
      throw OperateFailure(OperateFault::file_beside_postgresql);
    }
    return {erase_again(options, means)};
  }
  if (!fs::is_regular_file(file)) throw OperateFailure(OperateFault::no_such_file, file);
  require_free(options.folder);
  make_folder(options.folder);
  const bool knew_erased = fs::exists(fs::path(options.folder) / customer::kErasedFile);
  place(file, options.folder);
  try {
    return {erase_again(options, means), knew_erased};
  } catch (const Failure&) {
    // Whoever was erased may be in it again: nobody shall serve it, and a second try must find
    // room.
    remove_database(fs::path(options.folder) / kDatabaseName);
    throw;
  }
}

}  // namespace server
