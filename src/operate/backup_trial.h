// Trying a backup: it is restored into a folder of its own, opened as the program would, and
// counted.
//
// Threads: any; two trials need two folders.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "operate/backup_run.h"
#include "store/database.h"

namespace operate {

inline constexpr std::int64_t kRowsCountedAtOnce = 1'000'000;  // of the log, in one read

// The number of the log's last row: SQLite's rows are numbered from 1 without gaps.
std::int64_t last_row(store::Database& database);

struct Trial {
  std::string file;        // the backup
  std::string folder;      // is made for it, and gone afterwards
  std::int64_t least = 0;  // where the log stood before the backup was begun
  std::int64_t most = 0;   // and after it was done
};
// Answers how many rows the log in it has. Never throws for what is wrong with the backup.
[[nodiscard]] base::Result<std::int64_t, BackupProblem> try_backup(const Trial& trial);

}  // namespace operate
