// Passwords take memory and time: few are checked at once, few wait, others are told to come back.
// Threads: any.
#pragma once

#include <atomic>
#include <cstddef>
#include <semaphore>

namespace rights {

inline constexpr std::ptrdiff_t kPasswordChecksAtOnceMax = 2;  // 32 MiB each
inline constexpr int kPasswordChecksWaitingMax = 16;           // beyond: Fault::busy

class PasswordChecks {
 public:
  // A place among those who check, held as long as it lives.
  class Place {
   public:
    explicit Place(PasswordChecks& checks) : checks_(checks), held_(checks.wait()) {}
    ~Place() {
      if (held_) checks_.at_once_.release();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    bool held() const { return held_; }  // false: too many are waiting

   private:
    PasswordChecks& checks_;
    bool held_;
  };

 private:
  bool wait() {
    if (at_once_.try_acquire()) return true;
    const bool may = ++waiting_ <= kPasswordChecksWaitingMax;
    if (may) at_once_.acquire();
    --waiting_;
    return may;
  }

  std::counting_semaphore<kPasswordChecksAtOnceMax> at_once_{kPasswordChecksAtOnceMax};
  std::atomic<int> waiting_ = 0;
};

}  // namespace rights
