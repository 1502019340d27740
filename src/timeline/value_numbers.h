// Values as numbers that are equal exactly where the values are: History::value_numbers of those
// histories that hold values, not codes.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/value.h"

namespace timeline {

class ValueNumbers {
 public:
  // The number of the value; null: 0. Values must outlive this. O(log n).
  std::uint32_t of(const base::Value* value) {
    if (value == nullptr) return 0;
    return numbers_.try_emplace(value, static_cast<std::uint32_t>(numbers_.size() + 1))
        .first->second;
  }

 private:
  struct ByValue {
    bool operator()(const base::Value* left, const base::Value* right) const {
      return *left < *right;
    }
  };
  std::map<const base::Value*, std::uint32_t, ByValue> numbers_;
};

}  // namespace timeline
