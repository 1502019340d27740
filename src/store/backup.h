// Looking at a file somebody hands us as a backup, before anything of it is used.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace store {

enum class BackupFault : std::uint8_t {
  not_ours,  // no SQLite file, or one that siyu has not made
  damaged,   // cut off, or its pages do not agree with each other
  unknown,   // made by a newer siyu, or with another text of a migration
};

// Reads all of the SQLite file at `path` (PRAGMA quick_check) and what was applied to it; changes
// nothing and leaves nothing beside it. A write-ahead log beside it is not looked at. Throws
// Failure{unavailable} when the file cannot be read.
[[nodiscard]] base::Result<void, BackupFault> check_backup(const std::string& path);

}  // namespace store
