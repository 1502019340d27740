// What the last proof of the books said, for whoever looks now: a proof reads everything.
// Threads: any.
#pragma once

#include <mutex>
#include <optional>
#include <stop_token>

#include "base/clock.h"
#include "ledger/proof.h"
#include "store/database.h"

namespace ledger {

class KeptProof {
 public:
  struct Kept {
    Proof proof;
    base::Moment at;
  };

  // Proves anew and keeps it, unless a stop is asked for meanwhile. Rests between slices, so that
  // a large ledger does not keep the database busy. Throws store::Failure.
  void prove(store::Database& database, const base::Clock& clock, const std::stop_token& stop);

  // Nothing: none has ended since the start.
  std::optional<Kept> kept() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Kept> kept_;
};

}  // namespace ledger
