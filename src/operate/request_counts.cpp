#include "operate/request_counts.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace operate {

std::uint64_t RouteCount::all() const {
  return std::accumulate(by_status.begin(), by_status.end(), std::uint64_t{0});
}

RequestCounts::RequestCounts(std::size_t routes)
    : count_(routes + 1), counters_(std::make_unique<Counters[]>(count_)) {}

void RequestCounts::answered(std::size_t route, int status, std::chrono::nanoseconds took) {
  CHECK(route < count_);
  Counters& counters = counters_[route];
  const int status_class = std::clamp(status / 100, 1, static_cast<int>(kStatusClasses));
  const auto bound = std::ranges::find_if(
      kLatencyBounds, [&](std::int64_t ms) { return took <= std::chrono::milliseconds(ms); });
  ++counters.by_status[static_cast<std::size_t>(status_class - 1)];
  ++counters.by_latency[static_cast<std::size_t>(bound - kLatencyBounds.begin())];
  counters.nanoseconds += static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0));
}

std::vector<RouteCount> RequestCounts::routes() const {
  std::vector<RouteCount> routes(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    std::ranges::copy(counters_[i].by_status, routes[i].by_status.begin());
    std::ranges::copy(counters_[i].by_latency, routes[i].by_latency.begin());
    routes[i].seconds = static_cast<double>(counters_[i].nanoseconds) / 1e9;
  }
  return routes;
}

}  // namespace operate
