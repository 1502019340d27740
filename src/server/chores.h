// What a running server does now and then, on one thread: forgetting old keys, scrubbing.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/moment.h"

namespace server {

// Times are of the machine, not of the program's clock.
struct Chore {
  std::string name;
  base::Duration every;
  base::Duration retry;  // after a store::Failure, which is logged
  std::function<void(const std::stop_token&)> work;
};

// A thread that does all of them at its start, one after the other, and each again when its time
// has come. The destructor asks the running one to stop and waits for it.
class Chores {
 public:
  explicit Chores(std::vector<Chore> chores);

 private:
  void run(const std::stop_token& stop) const;

  std::vector<Chore> chores_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace server
