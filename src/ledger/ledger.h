// The ledger: who asks it for something does it here, as part of a unit.
//
//   auto paid = ledger::post(unit, bundle, clock.now());   // base::Result<Outcome, Fault>
//   if (!paid) return base::unexpected(...);               // nothing has changed; the unit goes on
//
// What is asked is decided by rules.h over the books as they stand under the locks of the accounts
// it names: no balance is read by one statement and spent by another. Many requests that come at
// once for the same accounts are queued at the desk (desk.h).
//
// A unit that also locks customers does so before. Two calls in one unit may wait crosswise with
// another unit on PostgreSQL, which runs one of them again; post_all() in one call does not.
// Threads: functions of the caller's unit.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "ledger/bundle.h"
#include "ledger/fault.h"
#include "store/database.h"
#include "timer/timer.h"

namespace ledger {

inline constexpr std::size_t kRequestsMax = 1000;  // in one call

using Answer = base::Result<Outcome, Fault>;

// Each is done as a whole or refused, in the order given, over what those before it left. At most
// kRequestsMax (CHECK).
[[nodiscard]] std::vector<Answer> post_all(store::Unit& unit, std::span<const Request> requests,
                                           base::Moment now);

[[nodiscard]] Answer post(store::Unit& unit, const Bundle& bundle, base::Moment now);
[[nodiscard]] Answer commit(store::Unit& unit, const Commit& commit, base::Moment now);
[[nodiscard]] Answer release(store::Unit& unit, const Release& release, base::Moment now);

inline constexpr std::string_view kTimerKind = "ledger";

// Makes ends seen that time has brought: the record of a hold says expired, what was left in a lot
// moves to its asset's account `expired`. Nothing else needs them: what has ended is neither kept
// nor spent from its moment on. For timers of kTimerKind.
class Ends final : public timer::Handler {
 public:
  void lock(store::Unit& unit, std::span<const timer::Timer> due) override;
  void fire(store::Unit& unit, std::span<const timer::Timer> due, base::Moment now) override;
};

}  // namespace ledger
