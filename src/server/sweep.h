// How far a sweep over everything is (`siyu check`), and whether it goes on. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "audience/question.h"

namespace server {

class Sweep {
 public:
  // Told after every slice how much is done; false: stop. Empty: nobody asks.
  using GoOn = std::function<bool(const audience::Progress&)>;

  // `total`: what all slices are estimated to cost together, in any unit.
  Sweep(GoOn go_on, std::int64_t total) : go_on_(std::move(go_on)), total_(total) {}

  // A slice is done. False: stop, from now on always.
  bool step(std::int64_t cost) {
    done_ = std::min(done_ + cost, total_);
    if (!stopped_ && go_on_) stopped_ = !go_on_({done_, total_});
    return !stopped_;
  }
  bool stopped() const { return stopped_; }

 private:
  const GoOn go_on_;
  const std::int64_t total_;
  std::int64_t done_ = 0;
  bool stopped_ = false;
};

}  // namespace server
