// Leases: work that only one process may do at a time (refreshing a token, running timers), held
// for a while under a name.
//
// A lease has an owner (a process's random id), an expiry and a fence. The fence rises with every
// new acquisition and never falls, so that whoever was asleep when the lease moved on can be told
// by its old number: effects are written with the fence, and a lower one is refused.
// Time is the clock's that is passed in; on several machines clocks may differ by seconds, so a
// holder stops working kSafety before its expiry.
// Threads: any; every call is part of the caller's unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/result.h"
#include "store/database.h"

namespace lease {

inline constexpr std::size_t kNameBytesMax = 100;
inline constexpr base::Duration kSafety{2 * base::kSecond.ms};

struct Lease {
  std::string name;
  std::int64_t owner = 0;  // base::Random::id of the process
  std::int64_t fence = 0;
  base::Moment expires;

  // Whether its holder may still work at `now`.
  bool holds_at(base::Moment now) const { return now < expires - kSafety; }
};

enum class LeaseFault : std::uint8_t {
  held,  // somebody else's, and not expired
  lost,  // no longer the holder's: expired and taken, or released
};
std::string_view code_of(LeaseFault fault);  // "lease.held", …

// Who wants a lease, and until when.
struct Claim {
  std::string_view name;  // outlives the call
  std::int64_t owner = 0;
  base::Moment now;
  base::Duration term;  // positive
};

// Takes a lease that is free or expired, with the next fence; also one that expires later than two
// terms from now, since a clock that was ahead gave it. One's own unexpired lease is renewed, its
// fence stays. Everybody claims a name with the same term.
[[nodiscard]] base::Result<Lease, LeaseFault> acquire(store::Unit& unit, const Claim& claim);
// Moves the expiry to now + term; never back. Lost once it has expired, even if nobody took it.
[[nodiscard]] base::Result<Lease, LeaseFault> renew(store::Unit& unit, const Lease& held,
                                                    const Claim& claim);
// Frees it for the next one at once; the fence stays. Nothing when it is no longer held.
void release(store::Unit& unit, const Lease& held);
// Of processes that are no more: for a process that knows to be the only one.
void release_all(store::Unit& unit);

// The lease as it stands, expired or not; nothing when it was never taken.
std::optional<Lease> find(store::Session& session, std::string_view name);
// Whether `fence` is still the newest of this name: asked in the unit of the effects, it keeps
// everybody else from acquiring the lease before that unit ends.
bool is_newest(store::Unit& unit, std::string_view name, std::int64_t fence);

}  // namespace lease
