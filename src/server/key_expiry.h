// Forgetting callers' keys whose window has passed, every hour for as long as the server runs: the
// log keeps them no longer than it promises, and SQLite's stay within memory.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/clock.h"
#include "log/log.h"
#include "server/chores.h"
#include "store/database.h"

namespace server {

inline constexpr std::int64_t kKeysForgottenAtOnce = 2'000;  // in one unit
inline constexpr base::Duration kKeyExpiryEvery{base::kHour.ms};
inline constexpr base::Duration kKeyExpiryRetry{base::kMinute.ms};  // after a failure of the store

// Forgets what arrived longer than the workspace's window before `now`, `at_once` keys in a unit,
// until there are none or `stop` is asked for. Answers how many. Throws store::Failure.
struct ForgetKeys {
  base::Moment now;
  std::int64_t at_once = kKeysForgottenAtOnce;
  std::stop_token stop = {};
};
std::int64_t forget_keys(store::Database& database, event_log::Log& log, const ForgetKeys& asked);

// The chore that does so every kKeyExpiryEvery. Borrows everything.
Chore forgetting_keys(store::Database& database, event_log::Log& log, const base::Clock& clock);

}  // namespace server
