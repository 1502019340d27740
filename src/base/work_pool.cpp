#include "base/work_pool.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace base {

namespace {

// What threads of the pool do can wait a little for what comes in meanwhile.
constexpr int kPoolNice = 10;

}  // namespace

struct WorkPool::Run {
  const Task& task;
  const std::stop_token& stop;
  const std::size_t count;
  std::atomic<std::size_t> next = 0;  // the first task not begun
  std::atomic<bool> cut = false;      // no further task is to be begun
  std::size_t helpers = 0;            // threads of the pool that work on it; under mutex_
  std::mutex failure_mutex = {};
  std::exception_ptr failure = {};
};

WorkPool::WorkPool(std::size_t threads) {
  const std::size_t size = std::min(threads, kPoolThreadsMax);
  threads_.reserve(size);
  for (std::size_t i = 0; i < size; ++i) threads_.emplace_back([this] { serve(); });
}

WorkPool::~WorkPool() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::size_t WorkPool::machine_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

void WorkPool::work_on(Run& run) {
  while (!run.cut.load(std::memory_order_relaxed)) {
    if (run.stop.stop_requested()) {
      if (run.next.load() < run.count) run.cut = true;
      return;
    }
    const std::size_t number = run.next.fetch_add(1);
    if (number >= run.count) return;
    try {
      run.task(number);
    } catch (...) {
      const std::scoped_lock lock(run.failure_mutex);
      if (!run.failure) run.failure = std::current_exception();
      run.cut = true;
    }
  }
}

void WorkPool::serve() {
  // On Linux of this thread alone; when it is refused the thread is like any other.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kPoolNice);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !runs_.empty(); });
    if (ending_) return;
    Run& run = *runs_.front();
    ++run.helpers;
    lock.unlock();
    work_on(run);
    lock.lock();
    // Nothing of it is left to begin: others need not look at it.
    std::erase(runs_, &run);
    if (--run.helpers == 0) changed_.notify_all();
  }
}

bool WorkPool::run(std::size_t count, const Task& task, const std::stop_token& stop) {
  Run run{.task = task, .stop = stop, .count = count};
  const bool shared = count > 1 && !threads_.empty();
  if (shared) {
    const std::scoped_lock lock(mutex_);
    runs_.push_back(&run);
  }
  if (shared) changed_.notify_all();
  work_on(run);
  if (shared) {
    std::unique_lock lock(mutex_);
    std::erase(runs_, &run);
    changed_.wait(lock, [&] { return run.helpers == 0; });
  }
  if (run.failure) std::rethrow_exception(run.failure);
  return !run.cut;
}

}  // namespace base
