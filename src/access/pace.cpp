#include "access/pace.h"

#include <algorithm>
#include <array>

namespace rights {
namespace {

// How much later a bucket of so many calls a minute is full for each call taken.
base::Duration cost_of(std::int64_t calls_a_minute) {
  return base::Duration{base::kMinute.ms / calls_a_minute};
}

struct Limit {
  std::string name;
  base::Duration cost;
};

}  // namespace

void Pace::forget_full(base::Moment now) {
  std::erase_if(buckets_, [&](const auto& entry) { return entry.second.full_at <= now; });
}

std::optional<base::Duration> Pace::take(const PublicCall& call) {
  const std::string key = std::to_string(call.key.value);
  const std::array<Limit, 2> limits = {
      {{key, cost_of(kPublicKeyCallsAMinuteMax)},
       {key + " " + network_of(call.from), cost_of(kPublicCallsAMinuteMax)}}};
  const std::lock_guard hold(mutex_);
  if (buckets_.size() + limits.size() > kPaceBucketsMax) forget_full(call.now);
  if (buckets_.size() + limits.size() > kPaceBucketsMax) return base::kMinute;
  std::array<base::Moment, 2> full_at{};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto found = buckets_.find(limits[i].name);
    base::Moment since = call.now;
    // A clock set back leaves a bucket empty, not emptier.
    if (found != buckets_.end()) {
      since = std::clamp(found->second.full_at, call.now, call.now + base::kMinute);
    }
    full_at[i] = since + limits[i].cost;
    if (full_at[i] > call.now + base::kMinute) return full_at[i] - (call.now + base::kMinute);
  }
  for (std::size_t i = 0; i < limits.size(); ++i) buckets_[limits[i].name] = {full_at[i]};
  return std::nullopt;
}

}  // namespace rights
