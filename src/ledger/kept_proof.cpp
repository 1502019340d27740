#include "ledger/kept_proof.h"

#include <chrono>
#include <condition_variable>
#include <utility>

namespace ledger {
namespace {

// Of the time a slice took.
constexpr int kRestAfterSlice = 3;

}  // namespace

void KeptProof::prove(store::Database& database, const base::Clock& clock,
                      const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const base::Moment begun = clock.now();
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  auto slice = Clock::now();
  Proof proof = ledger::prove(database, [&](std::int64_t) {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, (Clock::now() - slice) * kRestAfterSlice, [] { return false; });
    slice = Clock::now();
    return !stop.stop_requested();
  });
  if (proof.stopped) return;
  const std::scoped_lock lock(mutex_);
  kept_ = Kept{std::move(proof), begun};
}

std::optional<KeptProof::Kept> KeptProof::kept() const {
  const std::scoped_lock lock(mutex_);
  return kept_;
}

}  // namespace ledger
