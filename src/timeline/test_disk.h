// For tests: a disk that fails at the call it is told to.
#pragma once

#include <atomic>

#include "store/disk.h"

namespace timeline {

class FailingDisk final : public store::Disk {
 public:
  // Call `at` (the first is 0) gets `answer`, also all after it when `for_good`.
  FailingDisk(int at, store::DiskAnswer answer, bool for_good)
      : at_(at), answer_(answer), for_good_(for_good) {}

  store::DiskAnswer before(const store::DiskCall& call) const override {
    const int number = calls_++;
    if (number == at_) failed_ = call.step;
    const bool fails = number == at_ || (for_good_ && number > at_);
    return fails ? answer_ : store::DiskAnswer::proceed;
  }
  int calls() const { return calls_; }
  // The step of call `at`.
  store::DiskStep failed() const { return failed_; }

 private:
  int at_;
  store::DiskAnswer answer_;
  bool for_good_;
  mutable std::atomic<int> calls_ = 0;
  mutable std::atomic<store::DiskStep> failed_ = store::DiskStep::open;
};

}  // namespace timeline
