// Keeping audiences and lifecycle models live, in one process of those that share a database: the
// one that holds the lease `live`.
//
//   stepping     the lease; what has come to the memory, what is due     audience::LiveEngine::step
//   computing    what is to be asked of everybody                        …::compute
//   recording    what was decided, into the log                          …::record
//
// Stepping waits for what is appended in this process and for the next moment at which something is
// due; what other processes append it finds when it looks after kLiveLookEvery.
//
// Threads: its own three after start(), or none where a test settles it. Borrows everything.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "audience/live_access.h"
#include "base/clock.h"
#include "base/random.h"
#include "lease/lease.h"

namespace server {

inline constexpr std::string_view kLiveLease = "live";
inline constexpr base::Duration kLiveLookEvery{100};
inline constexpr base::Duration kLiveLeaseTerm{30 * base::kSecond.ms};
inline constexpr base::Duration kLiveLeaseEvery{10 * base::kSecond.ms};
inline constexpr base::Duration kLiveRetry{base::kSecond.ms};  // after a lost database

class LiveWork {
 public:
  struct Means {
    audience::LiveEngine::Means engine;
    audience::LiveAccess& access;
    const base::Clock& clock;
    base::Random& random;
  };
  explicit LiveWork(const Means& means);
  // Stores where it is, and gives the lease back.
  ~LiveWork();
  LiveWork(const LiveWork&) = delete;
  LiveWork& operator=(const LiveWork&) = delete;

  void start();
  // Everything there is to be done now, in this thread: for tests, instead of start(). Nothing when
  // another process has the lease. Throws store::Failure.
  void settle();

 private:
  bool has_lease();
  bool may_write(store::Unit& unit) const;
  void leave();
  void step(const std::stop_token& stop);
  void compute(const std::stop_token& stop);
  void record(const std::stop_token& stop);
  void wait(const audience::LiveEngine::Step& step, std::uint64_t seen,
            const std::stop_token& stop) const;
  template <typename Work>
  void repeat(const std::stop_token& stop, std::string_view what, const Work& work);

  const Means means_;
  const std::int64_t owner_;
  mutable std::mutex lease_mutex_;
  std::optional<lease::Lease> lease_;
  base::Moment renewed_ = base::kMomentMin;
  std::jthread stepping_;
  std::jthread computing_;
  std::jthread recording_;
};

}  // namespace server
