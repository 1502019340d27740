// Ctrl+C (and SIGTERM) while this process answers a question itself.
//
// Somebody who watches is told by a stop token and ends in order; while nobody watches, and when
// the signal comes a second time, the process ends at once, as without this. What the process was
// started to ignore stays ignored.
//
// One at a time, made before any other thread, so that those have the signals blocked.
#pragma once

#include <signal.h>

#include <mutex>
#include <stop_token>
#include <thread>

namespace cli {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // From now until unwatch() a signal only ends the token.
  std::stop_token watch();
  void unwatch();
  // A signal came while somebody watched.
  bool interrupted() const { return stop_.stop_requested(); }

 private:
  void wait();
  void take(int signal);

  sigset_t signals_{};
  sigset_t before_{};
  int arrived_ = -1;  // file descriptors: of the signals
  int ended_ = -1;    // and of the end
  std::mutex mutex_;
  bool watched_ = false;  // under mutex_
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace cli
