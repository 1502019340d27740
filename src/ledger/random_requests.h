// Random requests for the ledger's tests: bundles, holds, refunds, repeats, over accounts of which
// those whose id ends in 4 or more keep lots and the first may owe. A seed repeats everything.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ledger/bundle.h"
#include "ledger/naive_ledger.h"

namespace ledger {

// What a failure prints.
std::string told(const Request& request);

class RandomRequests {
 public:
  RandomRequests(std::uint32_t seed, std::vector<LedgerAccountId> accounts);

  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }
  bool one_in(int count) { return below(count) == 0; }

  // Mostly some seconds later, or the very end of a hold; sometimes the clock is set back an hour,
  // or is a day ahead.
  base::Moment next_moment(base::Moment now);
  // The twin knows which lots there are to be named.
  Request next(const NaiveLedger& twin, base::Moment now);

 private:
  template <typename Items>
  const typename Items::value_type& pick(const Items& items) {
    return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
  }
  Request repeat();
  Request commit();
  Request bundle(const NaiveLedger& twin, base::Moment now);
  Transfer transfer(const NaiveLedger& twin, base::Moment now);

  std::uint32_t seed_;
  std::mt19937 random_;
  std::vector<LedgerAccountId> accounts_;
  std::vector<Bundle> bundles_;
  std::vector<Bundle> holds_;
  std::vector<base::Moment> ends_;  // of the holds
  int made_ = 0;
};

}  // namespace ledger
