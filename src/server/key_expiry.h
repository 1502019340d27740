// Forgetting callers' keys whose window has passed, every hour for as long as the server runs: the
// log keeps them no longer than it promises, and SQLite's stay within memory.
#pragma once

#include <cstdint>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "log/log.h"
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

// A thread that does so at its start and every kKeyExpiryEvery of real time; failures of the store
// are logged and tried again. Borrows everything; the destructor ends the thread after the unit it
// is in.
class KeyExpiry {
 public:
  KeyExpiry(store::Database& database, event_log::Log& log, const base::Clock& clock);

 private:
  void run(const std::stop_token& stop);

  store::Database& database_;
  event_log::Log& log_;
  const base::Clock& clock_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace server
