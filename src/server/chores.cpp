#include "server/chores.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/diagnostics.h"
#include "store/failure.h"

namespace server {
namespace {

base::Duration pause_after(const Chore& chore, const std::stop_token& stop) {
  try {
    chore.work(stop);
    return chore.every;
  } catch (const store::Failure& failure) {
    base::log_warning("{} has failed and will be tried again: {}", chore.name, failure.what());
    return chore.retry;
  }
}

}  // namespace

Chores::Chores(std::vector<Chore> chores)
    : chores_(std::move(chores)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Chores::run(const std::stop_token& stop) const {
  using Clock = std::chrono::steady_clock;
  std::mutex mutex;
  std::condition_variable_any woken;  // by nobody but the end
  std::vector<Clock::time_point> due(chores_.size(), Clock::now());
  while (!stop.stop_requested() && !due.empty()) {
    const auto next = std::ranges::min_element(due);
    {
      std::unique_lock lock(mutex);
      woken.wait_until(lock, stop, *next, [] { return false; });
    }
    if (stop.stop_requested()) return;
    const Chore& chore = chores_[static_cast<std::size_t>(next - due.begin())];
    *next = Clock::now() + std::chrono::milliseconds(pause_after(chore, stop).ms);
  }
}

}  // namespace server
