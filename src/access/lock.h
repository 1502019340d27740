// The lock spaces of this module (store::LockKey::space).
#pragma once

#include <cstdint>

#include "store/database.h"

namespace rights {

inline constexpr std::int64_t kUserLocks = 40;     // id 1: the table of users as a whole
inline constexpr std::int64_t kAttemptLocks = 41;  // id: from the hash of what is counted

inline constexpr store::LockKey kAllUsers{kUserLocks, 1};

}  // namespace rights
