// One pool of threads for work that is cut into tasks: everybody at a moment, a report over all.
//
//   base::WorkPool pool(base::WorkPool::machine_threads() - 1);
//   const bool whole = pool.run(blocks.size(), [&](std::size_t task) { … }, stop);
//
// Tasks have numbers and are begun in their order, each once; the caller takes part, so that a pool
// of 0 threads works, as does a task that runs tasks of its own. Several callers share the threads:
// the one who came first is served first, and every caller works for itself meanwhile.
//
// A task that throws ends its run: no further task of it is begun, those that run are waited for,
// and the first exception comes out of run(). Other runs are not touched.
//
// The threads of the pool run at a lower priority than others (nice 10), so that input goes on
// beside heavy questions; who calls run() works at their own.
//
// Threads: run() from any thread. The pool is destroyed when nobody runs anything.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace base {

inline constexpr std::size_t kPoolThreadsMax = 256;

class WorkPool {
 public:
  using Task = std::function<void(std::size_t)>;

  // Besides those who call run(); at most kPoolThreadsMax.
  explicit WorkPool(std::size_t threads);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // At least 1.
  static std::size_t machine_threads();

  std::size_t threads() const { return threads_.size(); }

  // Calls task(0) … task(count - 1) and returns when all have ended. False: a stop was requested
  // and some were not begun.
  bool run(std::size_t count, const Task& task, const std::stop_token& stop = {});

 private:
  struct Run;
  void serve();
  static void work_on(Run& run);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Run*> runs_;  // with tasks not begun, as far as is known; each lives in its run()
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace base
