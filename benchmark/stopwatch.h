// Wall seconds, and the CPU seconds of the whole process and of the calling thread, since it was
// made (by that thread).
#pragma once

#include <ctime>

namespace bench {

class Stopwatch {
 public:
  double wall_seconds() const { return read(CLOCK_MONOTONIC) - wall_; }
  double cpu_seconds() const { return read(CLOCK_PROCESS_CPUTIME_ID) - cpu_; }
  double thread_cpu_seconds() const { return read(CLOCK_THREAD_CPUTIME_ID) - thread_cpu_; }

 private:
  static double read(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }
  double wall_ = read(CLOCK_MONOTONIC);
  double cpu_ = read(CLOCK_PROCESS_CPUTIME_ID);
  double thread_cpu_ = read(CLOCK_THREAD_CPUTIME_ID);
};

}  // namespace bench
