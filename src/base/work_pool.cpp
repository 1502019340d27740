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

// Whether this thread is one of a pool's or a stand-in.
thread_local bool is_of_a_pool = false;

void begin_pool_thread() {
  is_of_a_pool = true;
  // On Linux of this thread alone; when it is refused the thread is like any other.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kPoolNice);
}

}  // namespace

struct WorkPool::Run {
  const Task& task;
  const std::stop_token& stop;
  const std::size_t count;
  std::atomic<std::size_t> next = 0;  // the first task not begun
  std::atomic<bool> cut = false;      // no further task is to be begun
  std::size_t helpers = 0;  // threads of the pool and stand-ins that work on it; under mutex_
  std::mutex failure_mutex = {};
  std::exception_ptr failure = {};
};

WorkPool::WorkPool(std::size_t threads) {
  const std::size_t size = std::min(threads, kPoolThreadsMax);
  threads_.reserve(size);
  for (std::size_t i = 0; i < size; ++i) threads_.emplace_back([this] { serve(); });
  if (size == 0) return;
  stand_ins_free_ = kStandIns;
  for (std::size_t i = 0; i < kStandIns; ++i) stand_ins_.emplace_back([this] { stand_in(); });
}

WorkPool::~WorkPool() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  for (std::thread& thread : stand_ins_) thread.join();
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

// Of what it is counted among the helpers.
void WorkPool::help(std::unique_lock<std::mutex>& lock, Run& run) {
  lock.unlock();
  work_on(run);
  lock.lock();
  // Nothing of it is left to begin: others need not look at it.
  std::erase(runs_, &run);
  if (--run.helpers == 0) changed_.notify_all();
}

void WorkPool::serve() {
  begin_pool_thread();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !runs_.empty(); });
    if (ending_) return;
    Run& run = *runs_.front();
    ++run.helpers;
    help(lock, run);
  }
}

void WorkPool::stand_in() {
  begin_pool_thread();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !handed_over_.empty(); });
    if (ending_) return;
    Run& run = *handed_over_.front();
    handed_over_.pop_front();
    help(lock, run);
    ++stand_ins_free_;
  }
}

bool WorkPool::run(std::size_t count, const Task& task, const std::stop_token& stop) {
  Run run{.task = task, .stop = stop, .count = count};
  const bool shared = count > 1 && !threads_.empty();
  bool has_stand_in = false;
  if (shared) {
    const std::scoped_lock lock(mutex_);
    runs_.push_back(&run);
    has_stand_in = !is_of_a_pool && stand_ins_free_ > 0;
    if (has_stand_in) {
      --stand_ins_free_;
      ++run.helpers;
      handed_over_.push_back(&run);
    }
  }
  if (shared) changed_.notify_all();
  if (!has_stand_in) work_on(run);
  if (shared) {
    std::unique_lock lock(mutex_);
    if (!has_stand_in) std::erase(runs_, &run);
    changed_.wait(lock, [&] { return run.helpers == 0; });
  }
  if (run.failure) std::rethrow_exception(run.failure);
  return !run.cut;
}

}  // namespace base
