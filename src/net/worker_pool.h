// A fixed number of threads and one bounded queue in front of them.
//
// At most one thread is being woken at a time; it wakes the next when it leaves jobs behind. So
// short jobs that come in a flood are done by few threads, one after the other, and long ones that
// block get as many as there are.
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
  bool is_one_to_wake();

  const std::size_t queued_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t running_ = 0;
  std::size_t idle_ = 0;  // threads that wait for a job, one that is being woken too
  bool waking_ = false;   // one of them has been told and has not looked yet
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace net
