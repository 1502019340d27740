// Counts the units that took too long, for Database::health(). Threads: any.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "store/database.h"

namespace store {

class UnitPace {
 public:
  // Measures one run of a unit's work, from its making to its end.
  class Run {
   public:
    Run(UnitPace& pace, std::string_view name)
        : pace_(pace), name_(name), begun_(std::chrono::steady_clock::now()) {}
    ~Run() {
      if (std::chrono::steady_clock::now() - begun_ > pace_.limit_) pace_.add_slow(name_);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

   private:
    UnitPace& pace_;
    const std::string_view name_;
    const std::chrono::steady_clock::time_point begun_;
  };

  explicit UnitPace(
      std::chrono::milliseconds limit = std::chrono::milliseconds(kUnitMillisecondsMax))
      : limit_(limit) {}

  void tell(Database::Health& health) const {
    const std::scoped_lock lock(mutex_);
    health.units_slow = slow_count_;
    health.unit_slow = slow_name_;
  }

 private:
  void add_slow(std::string_view name) {
    const std::scoped_lock lock(mutex_);
    ++slow_count_;
    slow_name_ = name;
  }

  const std::chrono::milliseconds limit_;
  mutable std::mutex mutex_;
  std::int64_t slow_count_ = 0;
  std::string slow_name_;
};

}  // namespace store
