// Inside the module: ids for the customers an import makes. They ascend in random steps from a
// random place, so that the rows of customers of one import lie beside each other in every index
// that begins with a customer (docs/decisions/0023). Not thread safe.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/random.h"

namespace intake {

class FreshIds {
 public:
  // Uniform in 1 … kStepMax: kImportRowsMax customers take some thousandth of all ids.
  static constexpr std::int64_t kStepMax = std::int64_t{1} << 20;

  explicit FreshIds(base::Random& random) : random_(random) {}

  base::CustomerId next() {
    const std::int64_t step = 1 + static_cast<std::int64_t>(random_.next() % kStepMax);
    last_ = last_ == 0 || last_ > kIdMax - step ? random_.id() : last_ + step;
    return {last_};
  }

 private:
  static constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;

  base::Random& random_;
  std::int64_t last_ = 0;
};

}  // namespace intake
