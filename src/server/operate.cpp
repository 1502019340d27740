#include "server/operate.h"

#include <filesystem>
#include <fstream>

#include "customer/writing.h"
#include "log/log.h"
#include "store/failure.h"
#include "store/migration.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using store::Failure;
using store::FailureKind;

constexpr const char* kDatabaseName = "siyu.db";
constexpr std::string_view kSqliteMagic = "SQLite format 3";
constexpr std::size_t kConnections = 32;
// A question reads every history with plain SQL until memory columns exist.
constexpr std::int64_t kReadMillisecondsMax = 120'000;

bool is_sqlite(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(kSqliteMagic.size(), '\0');
  return in.read(head.data(), static_cast<std::streamsize>(head.size())) && head == kSqliteMagic;
}

// Copies under another name first, so that a folder never holds half a database.
void place(const std::string& file, const fs::path& folder) {
  fs::create_directories(folder);
  const fs::path target = folder / kDatabaseName;
  if (fs::exists(target)) {
    throw Failure(FailureKind::misuse,
                  "the folder has a database already: restore into an empty folder");
  }
  const fs::path partial = folder / "siyu.db.restoring";
  std::error_code failure;
  fs::copy_file(file, partial, fs::copy_options::overwrite_existing, failure);
  if (!failure) fs::rename(partial, target, failure);
  if (failure) {
    fs::remove(partial);
    throw Failure(FailureKind::full,
                  "the backup cannot be copied into the folder: " + failure.message());
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
    return customer::apply_erased(writing, *hashes, means.random);
  });
  if (!erased) {
    throw Failure(FailureKind::misuse, "people erased since the backup could not be erased again");
  }
  if (*erased > 0) database->scrub();
  return *erased;
}

}  // namespace

std::unique_ptr<store::Database> open_database(const AppOptions& options) {
  if (!options.database_url.empty()) {
    return store::open_postgresql({.url = options.database_url,
                                   .connections = kConnections,
                                   .read_milliseconds_max = kReadMillisecondsMax});
  }
  std::error_code failure;
  fs::create_directories(options.folder, failure);
  if (failure) {
    throw Failure(FailureKind::unavailable, "the data folder cannot be made: " + failure.message());
  }
  return store::open_sqlite({.folder = options.folder,
                             .read_milliseconds_max = kReadMillisecondsMax,
                             .disk = options.disk});
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
    throw Failure(FailureKind::misuse,
                  "the database is older than this program: back it up, then run siyu migrate");
  }
  store::migrate(database, now);
}

std::vector<std::string> migrate(const AppOptions& options, const base::Clock& clock) {
  const auto database = open_database(options);
  return store::migrate(*database, clock.now());
}

std::int64_t restore(const AppOptions& options, const std::string& file,
                     const RestoreMeans& means) {
  if (!options.database_url.empty()) {
    if (!file.empty()) {
      throw Failure(FailureKind::misuse,
                    "put the dump back with pg_restore, then run siyu restore without a file");
    }
    return erase_again(options, means);
  }
  if (!is_sqlite(file)) throw Failure(FailureKind::misuse, "that file is no backup of siyu");
  place(file, options.folder);
  return erase_again(options, means);
}

}  // namespace server
