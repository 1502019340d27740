#include "account/assignment.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "access/audit.h"
#include "account/assignment_sql.h"
#include "account/friendship.h"

namespace account {
namespace {

constexpr std::int64_t kStaffLocks = 62;  // id: of the member of staff

struct Standing {
  base::CustomerId customer;
  std::int64_t sequence;
};
std::vector<Standing> standing(store::Unit& unit, base::StaffId staff, base::CustomerId person) {
  std::vector<Standing> rows;
  unit.query(sql::kStanding, {staff.value, person.value}, [&](const store::Row& row) {
    rows.push_back({base::CustomerId{row.integer(0)}, row.integer(1)});
  });
  return rows;
}

// What events say of them, ended now by whoever changes it. False: there was nothing, or somebody
// has decided before.
bool end_friendships(const Change& change, const Staff& member, base::CustomerId person) {
  const auto decided = change.unit.one(sql::kDecided, {member.id.value, person.value},
                                       [](const store::Row&) { return true; });
  if (decided) return false;
  struct Friend {
    base::CustomerId customer;
    base::Moment since;
  };
  std::vector<Friend> rows;
  change.unit.query(
      sql::kStandingFriendships, {member.number, person.value},
      [&](const store::Row& row) { rows.push_back({{row.integer(0)}, {row.integer(1)}}); });
  for (const Friend& row : rows) {
    change.unit.execute(sql::kInsertEnded,
                        {member.id.value, row.customer.value, std::min(row.since, change.now).ms,
                         kByEvent, change.now.ms, rights::to_text(change.actor)});
  }
  return !rows.empty();
}

void note_customer(const Change& change, const Staff& member, base::CustomerId person,
                   std::string_view verb) {
  const auto said = boost::json::serialize(
      boost::json::object{{"staff", member.id.value}, {"number", member.number}});
  const bool begins = verb == "assigned";
  rights::record(change.unit, {.actor = change.actor,
                               .at = change.now,
                               .noun = "customer",
                               .verb = std::string(verb),
                               .subject = std::to_string(person.value),
                               .customer = person,
                               .before = begins ? std::nullopt : std::optional(said),
                               .after = begins ? std::optional(said) : std::nullopt});
}

std::vector<base::CustomerId> persons(store::Session& session, std::string_view statement,
                                      base::StaffId staff) {
  std::vector<base::CustomerId> found;
  session.query(statement, {staff.value},
                [&](const store::Row& row) { found.push_back(base::CustomerId{row.integer(0)}); });
  return found;
}

bool is_there(store::Session& session, base::StaffId staff) {
  const auto member = staff_with(session, staff);
  return member && member->state == StaffState::active;
}

}  // namespace

AssignedTo::AssignedTo(const Change& change, base::StaffId staff) : change_(change) {
  change_.unit.lock({{kStaffLocks, staff.value}});
  member_ = staff_with(change_.unit, staff);
}

std::int64_t AssignedTo::count() {
  if (!counted_) {
    counted_ = change_.unit.one(sql::kCountAssigned, {member_->id.value},
                                [](const store::Row& row) { return row.integer(0); });
  }
  return counted_.value_or(0);
}

base::Result<bool, Fault> AssignedTo::assign(base::CustomerId person) {
  if (!member_) return base::unexpected(Fault::unknown_staff);
  if (member_->state != StaffState::active) return base::unexpected(Fault::staff_left);
  if (!standing(change_.unit, member_->id, person).empty()) return false;
  const std::int64_t has = count();
  if (has >= kAssignedMax) return base::unexpected(Fault::too_many_assigned);
  change_.unit.execute(sql::kInsertAssignment, {member_->id.value, person.value, change_.now.ms,
                                                rights::to_text(change_.actor)});
  counted_ = has + 1;
  note_customer(change_, *member_, person, "assigned");
  return true;
}

base::Result<bool, Fault> AssignedTo::unassign(base::CustomerId person) {
  if (!member_) return base::unexpected(Fault::unknown_staff);
  const auto rows = standing(change_.unit, member_->id, person);
  for (const Standing& row : rows) {
    change_.unit.execute(sql::kEndAssignment, {member_->id.value, row.customer.value, row.sequence,
                                               change_.now.ms, rights::to_text(change_.actor)});
  }
  if (rows.empty() && !end_friendships(change_, *member_, person)) return false;
  if (counted_) *counted_ -= static_cast<std::int64_t>(rows.size());
  note_customer(change_, *member_, person, "unassigned");
  return true;
}

std::vector<Assignment> assignments_of(store::Session& session, base::CustomerId person) {
  std::vector<Assignment> found;
  const auto most = static_cast<std::int64_t>(kAssignmentsShownMax);
  const auto add = [&](const store::Row& row, std::string_view by, int ended_column) {
    Assignment one{.staff = base::StaffId{row.integer(0)},
                   .number = std::string(row.text(1)),
                   .name = std::string(row.text(2)),
                   .from = base::Moment{row.integer(3)},
                   .by = std::string(by)};
    if (!row.is_null(ended_column)) one.to = base::Moment{row.integer(ended_column)};
    found.push_back(std::move(one));
  };
  session.query(sql::kAssignmentsOf, {person.value, most},
                [&](const store::Row& row) { add(row, row.text(4), 5); });
  session.query(sql::kFriendshipsOf, {person.value, most},
                [&](const store::Row& row) { add(row, kByEvent, 4); });
  std::ranges::stable_sort(found, [](const Assignment& one, const Assignment& other) {
    const auto end = [](const Assignment& each) { return each.to.value_or(base::kMomentMax); };
    if (end(one) != end(other)) return end(one) > end(other);
    return one.from > other.from;
  });
  if (found.size() > kAssignmentsShownMax) found.resize(kAssignmentsShownMax);
  return found;
}

std::vector<base::CustomerId> customers_of(store::Session& session, base::StaffId staff) {
  return persons(session, sql::kCustomersOfStaff, staff);
}

Sight sight_of_own(store::Session& session, base::StaffId staff) {
  if (!is_there(session, staff)) return {};
  return {.assigned = customers_of(session, staff)};
}

Sight sight_of_stores(store::Session& session, base::StaffId staff) {
  if (!is_there(session, staff)) return {};
  Sight sight{.assigned = persons(session, sql::kCustomersOfStores, staff)};
  session.query(sql::kWordsOfStores, {staff.value}, [&](const store::Row& row) {
    sight.store_words.emplace_back(row.text(0));
    sight.store_words.emplace_back(row.text(1));
  });
  return sight;
}

void erase(store::Unit& unit, std::span<const base::CustomerId> ids) {
  for (const base::CustomerId id : ids) unit.execute(sql::kEraseAssignments, {id.value});
  erase_friendships(unit, ids);
}

void erase_of_nobody(store::Unit& unit) { unit.execute(sql::kEraseAssignmentsOfNobody, {}); }

}  // namespace account
