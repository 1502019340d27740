// What units of both databases share: the effects they collect, and that a unit which has met an
// error of the store is over, whatever its work makes of the exception.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/database.h"

namespace store {

// The failure as write() throws it: with the unit's name in front.
inline Failure named(std::string_view unit, const Failure& failure) {
  return Failure(failure.kind(), std::string(unit) + ": " + failure.what());
}

class GuardedUnit : public Unit {
 public:
  void after_commit(std::function<void()> effect) override {
    effects_.push_back(std::move(effect));
  }

  // The first error of the store; from then on every call throws it again.
  const std::optional<Failure>& failure() const { return failure_; }
  std::vector<std::function<void()>> take_effects() { return std::move(effects_); }

 protected:
  template <typename Call>
  auto guard(Call call) {
    if (failure_) throw Failure(*failure_);
    try {
      return call();
    } catch (const Failure& failure) {
      failure_ = failure;
      throw;
    }
  }

 private:
  std::vector<std::function<void()>> effects_;
  std::optional<Failure> failure_;
};

}  // namespace store
