// How many requests each route has answered since the start, how, and how fast.
//
// Threads: any; a count is three atomic additions.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace operate {

// Upper bounds of the histogram in milliseconds; beyond the last: everything.
inline constexpr std::array<std::int64_t, 12> kLatencyBounds = {1,   2,   5,    10,   25,    50,
                                                                100, 300, 1000, 3000, 10000, 60000};
inline constexpr std::size_t kStatusClasses = 5;  // 1xx … 5xx

struct RouteCount {
  std::array<std::uint64_t, kStatusClasses> by_status{};
  std::array<std::uint64_t, kLatencyBounds.size() + 1> by_latency{};  // each alone, not summed up
  double seconds = 0;                                                 // all of them together
  std::uint64_t all() const;
};

class RequestCounts {
 public:
  // Routes are told apart by their numbers from 0; one more is for what is no route.
  explicit RequestCounts(std::size_t routes);

  std::size_t no_route() const { return count_ - 1; }
  void answered(std::size_t route, int status, std::chrono::nanoseconds took);
  void sign_in_failed() { ++sign_ins_failed_; }

  // By the number of the route, the last for no route. Counts of requests that end meanwhile may
  // be half in.
  std::vector<RouteCount> routes() const;
  std::uint64_t sign_ins_failed() const { return sign_ins_failed_; }

 private:
  struct Counters {
    std::array<std::atomic<std::uint64_t>, kStatusClasses> by_status{};
    std::array<std::atomic<std::uint64_t>, kLatencyBounds.size() + 1> by_latency{};
    std::atomic<std::uint64_t> nanoseconds{};
  };
  const std::size_t count_;
  const std::unique_ptr<Counters[]> counters_;
  std::atomic<std::uint64_t> sign_ins_failed_ = 0;
};

}  // namespace operate
