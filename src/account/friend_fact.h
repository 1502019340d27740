// Inside the module: an event of the log as a fact about a friendship.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/event.h"
#include "log/event_type.h"
#include "log/position.h"
#include "store/database.h"

namespace account {

inline constexpr std::string_view kFriendsReader = "friendships";  // of the log

struct FriendFact {
  event_log::Position position;
  base::CustomerId customer;  // as written
  std::string staff;          // a number
  base::Moment time;
  bool added = false;
};
// The columns epoch, transaction_id, sequence, customer, staff, time, added, from 0.
FriendFact friend_fact_at(const store::Row& row);

// The two event types. Borrows them.
class FriendTypes {
 public:
  explicit FriendTypes(const event_log::EventTypes& types);

  std::vector<base::EventTypeId> ids() const;
  // Nothing: it names no member of staff.
  std::optional<FriendFact> read(const event_log::Event& event) const;

 private:
  const event_log::EventType* added_;
  const event_log::EventType* removed_;
};

}  // namespace account
