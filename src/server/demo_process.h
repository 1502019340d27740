// The demo as a second process of this program: `siyu serve --demo --attached` on its own folder
// and a free port at the same address.
//
//   its standard input    a secret in one line, then nothing: it ends when this end is closed, be
//   it
//                         by stop() or because this process is gone, however it went
//   its standard output   a line of JSON each: {"demo_making": n, "of": n} …, then {"address": …}
//
// One thread reads what it says and waits for its end. Threads: any.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/demo_host.h"
#include "base/clock.h"
#include "base/random.h"

namespace server {

class DemoProcess final : public api::DemoHost {
 public:
  struct Means {
    const base::Clock& clock;
    base::Random& random;
  };
  // `command`: path of the program, then its arguments. Means must outlive it.
  DemoProcess(std::vector<std::string> command, const Means& means);
  // Ends it and waits for that.
  ~DemoProcess() override;
  DemoProcess(const DemoProcess&) = delete;
  DemoProcess& operator=(const DemoProcess&) = delete;

  api::DemoStanding start() override;
  api::DemoStanding stop() override;
  api::DemoStanding standing() const override;
  std::string new_ticket() override;

 private:
  struct Ends {
    pid_t process = 0;
    int output = -1;
  };
  // Under mutex_; false: it could not be started.
  bool spawn(Ends& ends);
  void close_input();  // under mutex_
  void follow(const Ends& ends);
  void read_lines(int output);
  void take(const std::string& line);

  std::vector<std::string> command_;
  Means means_;
  mutable std::mutex mutex_;
  api::DemoStanding standing_;
  std::string secret_;  // of the process that was started last
  int input_ = -1;      // our end of its standard input
  std::thread thread_;
};

}  // namespace server
