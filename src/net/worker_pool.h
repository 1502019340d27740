// A fixed number of threads and one bounded queue in front of them.
//
// Threads: every member from any thread; stop() not from a job.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace net {

class WorkerPool {
 public:
  struct Size {
    std::size_t threads;
    std::size_t queued_max;
  };

  explicit WorkerPool(Size size);
  ~WorkerPool();  // stop()

  // False when queued_max jobs wait already, or after stop(). Jobs start in the order they came and
  // must not throw.
  [[nodiscard]] bool submit(std::function<void()> job);

  // Runs what is queued, then ends the threads.
  void stop();

  std::size_t queued() const;
  std::size_t running() const;

 private:
  void work();

  const std::size_t queued_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace net
