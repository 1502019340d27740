#include "server/demo_living.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/diagnostics.h"
#include "demo/living.h"
#include "store/failure.h"

namespace server {

DemoLiving::DemoLiving(const Means& means, std::int64_t speed)
    : means_(means), thread_([this, speed](const std::stop_token& stop) { run(stop, speed); }) {}

base::Duration DemoLiving::pause(base::Moment next, base::Moment now) {
  // What lies behind by more than is told as it happens is a gap to be filled: at once.
  if (now - next > demo::kLiveMax) return {};
  return std::clamp(next - now, kBetween, kLookEvery);
}

void DemoLiving::run(const std::stop_token& stop, std::int64_t speed) const {
  demo::Living living(means_.database, means_.log, speed);
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  while (!stop.stop_requested()) {
    base::Duration wait = kRetry;
    try {
      const base::Moment now = means_.clock.now();
      const std::optional<base::Moment> next = living.step(now);
      if (!next) return;
      wait = pause(*next, now);
    } catch (const store::Failure& failure) {
      base::log_warning("the demo could not be told and will be tried again: {}", failure.what());
    }
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, std::chrono::milliseconds(wait.ms), [] { return false; });
  }
}

}  // namespace server
