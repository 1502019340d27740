#include "operate/backup_trial.h"

#include <algorithm>
#include <filesystem>

#include "base/check.h"
#include "base/diagnostics.h"
#include "operate/backup_trial_sql.h"
#include "store/backup.h"
#include "store/failure.h"
#include "store/migration.h"

namespace operate {
namespace {

namespace fs = std::filesystem;

std::int64_t rows_up_to(store::Database& database, std::int64_t last) {
  std::int64_t rows = 0;
  for (std::int64_t from = 0; from < last; from += kRowsCountedAtOnce) {
    const std::int64_t to = std::min(from + kRowsCountedAtOnce, last);
    rows += database
                .read([&](store::Session& session) {
                  return session.one(sql::kCountRows, {from, to},
                                     [](const store::Row& row) { return row.integer(0); });
                })
                .value_or(0);
  }
  return rows;
}

base::Result<std::int64_t, BackupProblem> opened_and_counted(const Trial& trial) {
  const auto database = store::open_sqlite({.folder = trial.folder, .readers = 1});
  if (!store::pending(*database).empty()) return base::unexpected(BackupProblem::not_opened);
  const std::int64_t last = last_row(*database);
  const bool as_it_stood = trial.least <= last && last <= trial.most;
  if (!as_it_stood || rows_up_to(*database, last) != last) {
    return base::unexpected(BackupProblem::incomplete);
  }
  return last;
}

base::Result<std::int64_t, BackupProblem> restored(const Trial& trial) {
  const fs::path copy = fs::path(trial.folder) / "siyu.db";
  fs::remove_all(trial.folder);
  fs::create_directories(trial.folder);
  fs::permissions(trial.folder, fs::perms::owner_all);
  fs::copy_file(trial.file, copy);
  fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
  if (!store::check_backup(copy)) return base::unexpected(BackupProblem::damaged);
  return opened_and_counted(trial);
}

}  // namespace

std::int64_t last_row(store::Database& database) {
  return database
      .read([](store::Session& session) {
        return session.one(sql::kLastRow, {}, [](const store::Row& row) { return row.integer(0); });
      })
      .value_or(0);
}

base::Result<std::int64_t, BackupProblem> try_backup(const Trial& trial) {
  base::Result<std::int64_t, BackupProblem> answer = base::unexpected(BackupProblem::not_opened);
  try {
    answer = restored(trial);
  } catch (const store::Failure& failure) {
    base::log_error("the trial of a backup: {}", failure.what());
  } catch (const fs::filesystem_error& failure) {
    base::log_error("the trial of a backup: {}", failure.code().message());
    if (failure.code() == std::errc::no_space_on_device) {
      answer = base::unexpected(BackupProblem::no_room);
    }
  }
  std::error_code ignored;
  fs::remove_all(trial.folder, ignored);
  return answer;
}

}  // namespace operate
