#include "net/worker_pool.h"

#include "base/check.h"

namespace net {

WorkerPool::WorkerPool(Size size) : queued_max_(size.queued_max) {
  CHECK(size.threads > 0);
  for (std::size_t i = 0; i < size.threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(std::function<void()> job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= queued_max_) return false;
    jobs_.push_back(std::move(job));
    wake = is_one_to_wake();
  }
  if (wake) changed_.notify_one();
  return true;
}

// With the lock held; true: the caller wakes one, once it has let go of the lock.
bool WorkerPool::is_one_to_wake() {
  if (waking_ || idle_ == 0 || jobs_.empty()) return false;
  waking_ = true;
  return true;
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!stopping_ && jobs_.empty()) {
      ++idle_;
      changed_.wait(lock);
      --idle_;
      waking_ = false;
    }
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    ++running_;
    const bool wake = is_one_to_wake();
    lock.unlock();
    if (wake) changed_.notify_one();
    job();
    job = nullptr;  // what it holds ends before it counts as done
    lock.lock();
    --running_;
  }
}

}  // namespace net
