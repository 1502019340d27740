// Whose customers are whose: a member of staff has any number of customers, a customer any number
// of staff, each with from and to. Rows keep the customer they were written with; everything here
// is read over the person (customer_person).
//
//   10:00 Lin has a         a: [10:00, …)
//   11:00 a no longer Lin's a: [10:00, 11:00)
//   12:00 Lin has a again   a: [10:00, 11:00) [12:00, …)
//
// Two things say so: friendships (account/friendship.h: what events say) and decisions of people
// (AssignedTo). From the first decision about a person and a member of staff on, decisions
// alone count for these two: no event takes away what somebody gave, or brings back what somebody
// took.
//
//   10:00 a adds Lin        a: [10:00, …)   by an event
//   11:00 a no longer Lin's a: [10:00, 11:00)
//   12:00 a adds Lin again  a: [10:00, 11:00)
//
// Every decision is audited as one of the customer. Friendships are as of the position their reader
// has reached; who asks waits for it before. Functions over a Session or in a unit; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/change.h"
#include "account/staff.h"
#include "base/result.h"

namespace account {

inline constexpr std::int64_t kAssignedMax = 100'000;  // of one member of staff at a time

// The customers of one member of staff, as they are changed in one unit: the member is looked up
// once, how many they have is counted once and then kept. No other unit changes them meanwhile.
// Borrows the change; lives inside its unit.
class AssignedTo {
 public:
  AssignedTo(const Change& change, base::StaffId staff);

  // The customer may be any of the person's ids; whoever is already theirs by a decision stays
  // since when they were. Answers whether it decided anything. Faults: unknown_staff, staff_left,
  // too_many_assigned.
  [[nodiscard]] base::Result<bool, Fault> assign(base::CustomerId person);
  // Fault: unknown_staff.
  [[nodiscard]] base::Result<bool, Fault> unassign(base::CustomerId person);

 private:
  std::int64_t count();  // of rows that stand

  Change change_;
  std::optional<Staff> member_;
  std::optional<std::int64_t> counted_ = std::nullopt;
};

inline constexpr std::string_view kByEvent = "event";  // a friendship

// Whose customer the person is and was: what stands first, then what ended, the latest first.
struct Assignment {
  base::StaffId staff;
  std::string number;
  std::string name;
  base::Moment from;
  std::string by;                                 // rights::to_text of who assigned; kByEvent
  std::optional<base::Moment> to = std::nullopt;  // nothing: they are
};
inline constexpr std::size_t kAssignmentsShownMax = 200;
std::vector<Assignment> assignments_of(store::Session& session, base::CustomerId person);

// The persons who are somebody's customers now, each once, in any order. Whom a merge has made one
// are one.
std::vector<base::CustomerId> customers_of(store::Session& session, base::StaffId staff);

// What a user who is this member of staff sees beyond nobody: the persons that are assigned, to
// them or to whoever works in one of their stores (also to those who have left), and the words that
// make a customer one of their stores': codes and names, values of kStoreAttribute.
// Nothing for whoever has left or is none.
struct Sight {
  std::vector<base::CustomerId> assigned = {};  // each once
  std::vector<std::string> store_words = {};
};
Sight sight_of_own(store::Session& session, base::StaffId staff);
Sight sight_of_stores(store::Session& session, base::StaffId staff);

// Erasing a person: the rows of these ids go, friendships too, in the unit of the erasure.
void erase(store::Unit& unit, std::span<const base::CustomerId> ids);
// After people of a restored backup were erased again: the assignments of whoever is no more.
// Friendships follow the log by themselves.
void erase_of_nobody(store::Unit& unit);

}  // namespace account
