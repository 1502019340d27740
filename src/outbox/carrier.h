// Carries out what stands in one lane, at its pace, for as long as its holder has the lane's lease.
//
//   one unit: claim (queued ─▶ sending, under the fence; the pace's tokens)   durable before the
//   call Sender::send()                                                           outside of units
//   one unit: settle (sending ─▶ done, waiting, dead, unknown; queued what was not begun)
//
// Whoever dies between the two leaves intents in `sending`: the next holder turns them into
// `unknown` and looks each up before anything is sent again. A holder whose database was lost
// knows what came of its calls and writes that first when it is back. What a holder that was only
// asleep reports later changes nothing: the fence is another; and it asks for the fence once more
// before it calls.
//
// Looks are calls, too: they take tokens, and nothing is looked up while the lane is paused or
// quiet.
//
// When a receiver says `too_often` the whole lane is quiet for as long as that effect waits; when
// nothing of a batch was answered it rests, longer and longer up to a minute.
//
// Threads: one. Borrows the database, the sender and the clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/moment.h"
#include "outbox/bucket.h"
#include "outbox/intent.h"
#include "outbox/sender.h"
#include "store/database.h"

namespace outbox {

inline constexpr std::int64_t kSentAtOnce = 200;
inline constexpr std::int64_t kLookedUpAtOnce = 20;
inline constexpr std::int64_t kWokenAtOnce = 400;  // of each priority

// "outbox/<lane>".
std::string lease_of(LaneId lane);

struct Step {
  std::int64_t sent = 0;       // tries, whatever came of them
  std::int64_t looked_up = 0;  // effects
  bool lost = false;           // somebody else has the lease: stop
  // When there may be more: the pace, a due moment; kMomentMax: nothing stands here.
  base::Moment next = base::kMomentMax;
};

// The lane, and the fence of its lease, which the caller holds and renews.
struct Holding {
  Lane lane;
  std::int64_t fence = 0;
};

// One for each holding: a new fence needs a new carrier.
class Carrier {
 public:
  Carrier(store::Database& database, Sender& sender, const base::Clock& clock,
          const Holding& holding)
      : database_(database),
        sender_(sender),
        clock_(clock),
        lane_(holding.lane),
        fence_(holding.fence) {}

  // Looks up what is unknown, sends what may go now. Throws store::Failure; what it knew by then
  // is written by the next step.
  Step step();
  // What came of calls and could not be written then: for a holder that ends. Where somebody else
  // has taken over, nothing changes. Throws store::Failure.
  void write_what_is_known();
  // When a step may find something to do; kMomentMax: nothing stands here. A read alone. What is
  // left of a holder who died is found by a first step; after a step that failed it is now.
  base::Moment next(base::Moment now);

 private:
  struct Claimed {
    IntentId id;
    Priority priority = Priority::transactional;
    base::Moment give_up;
    std::int64_t turn = 0;
    Effect effect;
  };
  struct Claim {
    bool lost = false;
    std::vector<Claimed> intents;
  };
  // As it is kept.
  struct LaneState {
    Pace pace;
    Filling filling;
    base::Moment quiet_since;
    base::Moment quiet_until;
    // A clock that was ahead when it was said quietens nobody for longer.
    bool is_quiet(base::Moment now) const { return quiet_since <= now && now < quiet_until; }
  };
  struct Paused {
    bool lane = false;  // or its account
    bool marketing = false;
    bool stops(Priority priority) const {
      return lane || (marketing && priority == Priority::marketing);
    }
  };
  // What came of a call; `begun` is false: nothing was asked.
  struct Settlement {
    IntentId id;
    bool begun = true;
    Next next;
  };
  struct Settling {
    std::vector<Settlement> intents;
    base::Moment at;
    base::Moment quiet_until;  // later than `at`: the lane is quiet until then
  };

  Claim claim(base::Moment now);
  std::vector<Claimed> claim_queued(store::Unit& unit, base::Moment now) const;
  void look_back(store::Unit& unit, base::Moment now) const;
  std::vector<Claimed> queued(store::Unit& unit, std::int64_t rows_max, const Paused& paused) const;
  std::vector<Claimed> take(store::Unit& unit, std::vector<Claimed> found, base::Moment now) const;
  LaneState state_of_lane(store::Session& session) const;
  Paused paused(store::Session& session) const;
  // Gives back what has been paused since it was claimed; everything where the lease is lost.
  Claim still_wanted(std::vector<Claimed> claimed);
  void send(const std::vector<Claimed>& wanted);
  Settling settling_of(std::span<const Claimed> sent, std::span<const Outcome> outcomes,
                       base::Moment now);
  void write(store::Unit& unit, const Settling& settling) const;
  struct Open {
    IntentId id;
    base::Moment give_up;
    std::int64_t looks = 0;
    base::Moment tried_at;
    Effect effect;
  };
  std::vector<Open> unknown(base::Moment now);
  std::int64_t look_up();

  store::Database& database_;
  Sender& sender_;
  const base::Clock& clock_;
  Lane lane_;
  std::int64_t fence_;
  std::int64_t unanswered_ = 0;  // batches of which nothing was answered, one after the other
  Settling unsettled_;           // known, and not written yet
  bool has_claimed_ = false;     // what the holder before left behind has been seen to
  bool open_ = false;            // a step has begun and not ended: it may have left something
};

}  // namespace outbox
