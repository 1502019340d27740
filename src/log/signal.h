// Wakes who waits for something to be committed in this process. What other processes commit is
// found by looking again after `patience`, so a wait is never the only way to notice.
// Threads: any.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/moment.h"

namespace event_log {

class CommitSignal {
 public:
  // How often it was raised so far: read it before looking, pass it to wait() after.
  std::uint64_t count() const;
  void raise();
  // Until it was raised more than `seen` times, or for `patience` of real time. True: raised.
  bool wait(std::uint64_t seen, base::Duration patience) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable condition_;
  std::uint64_t count_ = 0;
};

}  // namespace event_log
