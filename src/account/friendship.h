// Which customers have added which member of staff, kept from the events of the log
// (log/projection.h):
//
//   friend_added, friend_removed {staff, …}
//
//   log ──▶ friend_fact   one row an event that names a member of staff
//              │ spans_of()
//              ▼
//           friendship    one row from an added to the removed that ends it
//
// `staff` of an event is a member's number; for who comes from WeCom that is the userid. An event
// without it (or with one that is no number of anybody, longer than kCodeBytesMax) tells nothing
// here. Whether there is such a member is looked at by who reads: somebody who is entered later has
// the friends they made before, and a number that is changed brings those of the new one.
//
// Who is whose customer is read in account/assignment.h, where what a person decided goes before
// what events say.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "account/friend_fact.h"
#include "base/moment.h"
#include "log/projection.h"

namespace account {

// From an added to the removed that ends it. Of events at one moment the later in the log counts; a
// span of no length is none. A time that is still to come counts already.
struct FriendSpan {
  base::Moment since;
  std::optional<base::Moment> ended_at = std::nullopt;  // nothing: they are friends
  friend bool operator==(const FriendSpan&, const FriendSpan&) = default;
};
// Of one customer and member of staff, in the order (time, position). Pure.
std::vector<FriendSpan> spans_of(std::span<const FriendFact> facts);

class Friendships final : public event_log::Projection {
 public:
  Friendships(store::Database& database, event_log::Log& log);

 private:
  std::vector<base::EventTypeId> types_of(const event_log::EventTypes& types) const override;
  std::function<void(store::Unit&)> effects_of(store::Session& session,
                                               const event_log::EventTypes& types,
                                               event_log::Reading reading) const override;
  bool remove_some(store::Unit& unit, base::BatchId batch) const override;
  void clear(store::Unit& unit) const override;
};

// Whatever the tables hold of these customers (ids as written) goes, in the caller's unit.
void erase_friendships(store::Unit& unit, std::span<const base::CustomerId> customers);

}  // namespace account
