#include "server/key_expiry.h"

#include "base/diagnostics.h"
#include "setting/setting.h"

namespace server {

std::int64_t forget_keys(store::Database& database, event_log::Log& log, const ForgetKeys& asked) {
  const base::Duration window = database.read(
      [](store::Session& session) { return setting::read(session).idempotency_window; });
  std::int64_t forgotten = 0;
  while (!asked.stop.stop_requested()) {
    const std::int64_t some = database.write("event.forget_keys", [&](store::Unit& unit) {
      return log.expire_keys(unit, asked.now - window, asked.at_once);
    });
    forgotten += some;
    if (some < asked.at_once) break;
  }
  return forgotten;
}

Chore forgetting_keys(store::Database& database, event_log::Log& log, const base::Clock& clock) {
  return {"forgetting old keys of events", kKeyExpiryEvery, kKeyExpiryRetry,
          [&](const std::stop_token& stop) {
            const std::int64_t count =
                forget_keys(database, log, {.now = clock.now(), .stop = stop});
            if (count > 0) base::log_info("{} keys of events are older than their window", count);
          }};
}

}  // namespace server
