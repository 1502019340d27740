#include "log/signal.h"

#include <chrono>

namespace event_log {

std::uint64_t CommitSignal::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void CommitSignal::raise() {
  {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  condition_.notify_all();
}

bool CommitSignal::wait(std::uint64_t seen, base::Duration patience) const {
  std::unique_lock lock(mutex_);
  return condition_.wait_for(lock, std::chrono::milliseconds(patience.ms),
                             [&] { return count_ > seen; });
}

}  // namespace event_log
