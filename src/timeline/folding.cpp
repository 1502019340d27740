#include "timeline/folding.h"

#include <algorithm>
#include <ctime>

namespace timeline {

using std::chrono::nanoseconds;

nanoseconds thread_cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

std::size_t Folding::fold(const Wanted& wanted, const std::stop_token& stop) {
  std::size_t folded = 0;
  // No pin is held: it would keep every block that is replaced until the last one is.
  for (const std::size_t block : store_.changed_blocks(wanted.events_min)) {
    if (stop.stop_requested() || (wanted.of_savings && savings_ <= nanoseconds::zero())) break;
    const std::size_t least = wanted.part == 0 ? 0 : store_.base_events(block) / wanted.part;
    if (store_.delta_events(block) < least) continue;
    const nanoseconds begun = cpu_time_();
    if (store_.fold(block)) ++folded;
    if (wanted.of_savings) savings_ -= cpu_time_() - begun;
  }
  return folded;
}

std::size_t Folding::grown_by(std::size_t part, const std::stop_token& stop) {
  return fold({.part = part}, stop);
}

std::size_t Folding::all(const std::stop_token& stop) { return fold({}, stop); }

std::size_t Folding::busy(nanoseconds since, const std::stop_token& stop) {
  savings_ = std::min(savings_ + since / kFoldingShare, kFoldingSavedMax);
  const nanoseconds begun = cpu_time_();
  std::size_t folded = fold({.events_min = kFoldEventsMin, .part = kPartToFold}, stop);
  savings_ = std::max(savings_ - (cpu_time_() - begun), -kFoldingSavedMax);
  folded += fold({.part = kGrowthThatPays, .of_savings = true}, stop);
  return folded;
}

}  // namespace timeline
