// Whether this thread is inside a unit, a read or an effect. Using the database again from there
// would wait for itself, so it is a CHECK failure (store/database.h, Threads).
#pragma once

#include "base/check.h"

namespace store {

class Nesting {
 public:
  Nesting() {
    CHECK(!inside_);
    inside_ = true;
  }
  ~Nesting() { inside_ = false; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

  static bool inside() { return inside_; }

 private:
  static inline thread_local bool inside_ = false;
};

}  // namespace store
