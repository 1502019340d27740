#include "server/key_expiry.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/diagnostics.h"
#include "setting/setting.h"
#include "store/failure.h"

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

KeyExpiry::KeyExpiry(store::Database& database, event_log::Log& log, const base::Clock& clock)
    : database_(database),
      log_(log),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void KeyExpiry::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  while (!stop.stop_requested()) {
    base::Duration pause = kKeyExpiryEvery;
    try {
      const std::int64_t count = forget_keys(database_, log_, {.now = clock_.now(), .stop = stop});
      if (count > 0) base::log_info("{} keys of events are older than their window", count);
    } catch (const store::Failure& failure) {
      base::log_warning("old keys of events cannot be forgotten: {}", failure.what());
      pause = kKeyExpiryRetry;
    }
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, std::chrono::milliseconds(pause.ms), [] { return false; });
  }
}

}  // namespace server
