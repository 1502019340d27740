// One pool of threads for work that is cut into tasks: everybody at a moment, a report over all.
//
//   base::WorkPool pool(base::WorkPool::machine_threads() - 1);
//   const bool whole = pool.run(blocks.size(), [&](std::size_t task) { … }, stop);
//
// Tasks have numbers and are begun in their order, each once. Several callers share the threads:
// the one who came first is served first. Meanwhile one thread more works on each run: a stand-in
// of the caller's, and the caller themselves where the pool has no threads, where all stand-ins are
// taken, or where it is a task that runs tasks of its own.
//
// A task that throws ends its run: no further task of it is begun, those that run are waited for,
// and the first exception comes out of run(). Other runs are not touched.
//
// Threads of the pool and stand-ins run at a lower priority than others (nice 10), so that input
// goes on beside heavy questions. A caller at their own priority would take as much as the writer.
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
// As many as heavy questions run at once (api/questions.h).
inline constexpr std::size_t kStandIns = 4;

class WorkPool {
 public:
  using Task = std::function<void(std::size_t)>;

  // Besides those who call run() and their stand-ins; at most kPoolThreadsMax.
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
  void stand_in();
  void help(std::unique_lock<std::mutex>& lock, Run& run);
  static void work_on(Run& run);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Run*> runs_;  // with tasks not begun, as far as is known; each lives in its run()
  std::deque<Run*> handed_over_;  // to stand-ins that have not begun
  std::size_t stand_ins_free_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
  std::vector<std::thread> stand_ins_;
};

}  // namespace base
