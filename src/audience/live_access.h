// Where the others find the live engine: it comes and goes with the lease that lets one process of
// those that share a database keep audiences live.
//
// Threads: any. Whoever has got the engine may go on asking it; its answers then stand still.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "audience/live_engine.h"

namespace audience {

class LiveAccess {
 public:
  // Null: it is not in this process.
  std::shared_ptr<LiveEngine> engine() const {
    const std::scoped_lock lock(mutex_);
    return engine_;
  }
  void set(std::shared_ptr<LiveEngine> engine) {
    const std::scoped_lock lock(mutex_);
    engine_ = std::move(engine);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<LiveEngine> engine_;
};

}  // namespace audience
