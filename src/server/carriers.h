// Carrying out what stands in the outbox: some threads share the lanes, one at a time on each.
//
// A thread looks for lanes in which something stands (a read), takes the lease of one, and steps
// its carrier until nothing may go at the moment or kTurnMax is over; then the next lane's turn
// comes. Another process of the same database that has the lease is left alone. A lane whose
// receiver hangs keeps one thread busy for a step; not more than kSlowThreads work on such lanes,
// the others go on.
//
// When the program ends, its calls end soon too (channel/http/caller.h), before the threads are
// waited for; the leases are given back, so that whoever comes next need not wait.
//
// Threads: its own, kCarrierThreads, or none where the test steps it. Borrows everything.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "lease/lease.h"
#include "outbox/carrier.h"
#include "outbox/sender.h"
#include "store/database.h"

namespace server {

inline constexpr std::size_t kCarrierThreads = 8;  // mostly they wait for receivers
inline constexpr base::Duration kCarriersLookEvery{200};
// A step is a batch and a batch of looks: begun for a second each, ended ten seconds later.
inline constexpr base::Duration kStepTimeMax{25 * base::kSecond.ms};
inline constexpr base::Duration kLaneLease{40 * base::kSecond.ms};
inline constexpr base::Duration kTurnMax{500};
inline constexpr std::size_t kSlowThreads = 4;
inline constexpr base::Duration kSlowStep{2 * base::kSecond.ms};

class Carriers {
 public:
  // A lane's own sender, whose calls end soon after the stop.
  using SenderOf = std::function<std::unique_ptr<outbox::Sender>(const outbox::Lane& lane,
                                                                 const std::stop_token& stop)>;

  struct Means {
    store::Database& database;
    const base::Clock& clock;
    base::Random& random;
    SenderOf sender_of;
  };
  explicit Carriers(Means means);
  ~Carriers();
  Carriers(const Carriers&) = delete;
  Carriers& operator=(const Carriers&) = delete;

  void start();
  // From now on nothing is begun, and what is under way ends soon. Does not wait for it: the end of
  // this object does.
  void stop();
  // Everything that may go now, in this thread. Answers how many were sent or looked up. Throws
  // store::Failure.
  std::int64_t carry();

 private:
  struct Held {
    lease::Lease held_lease;
    std::unique_ptr<outbox::Sender> sender;
    std::unique_ptr<outbox::Carrier> carrier;
    bool is_new = true;  // no step yet
  };
  struct Work {
    std::int64_t done = 0;  // sent or looked up
    bool is_slow = false;   // a step took long
  };

  void run();
  // Takes a lane that nobody of this process works on, unless it is one slow one too many.
  bool begin(outbox::LaneId lane);
  void end(outbox::LaneId lane, bool is_slow);
  Work carry_lane(outbox::LaneId lane);
  void give_back_leases();
  // With a lease that lasts a step; null: somebody else has it, or there is nothing to do now.
  Held* hold(outbox::LaneId lane, base::Moment now);
  bool take_lease(Held& held, outbox::LaneId lane, base::Moment now);

  Means means_;
  const std::int64_t owner_;
  std::stop_source stop_;
  std::mutex mutex_;                                      // of what follows
  std::set<outbox::LaneId> working_;                      // a thread has it
  std::set<outbox::LaneId> slow_;                         // its last turn was
  std::map<outbox::LaneId, std::unique_ptr<Held>> held_;  // a value belongs to who works on it
  std::vector<std::jthread> threads_;                     // last: they use the others
};

}  // namespace server
