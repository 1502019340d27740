#include "account/staff.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "account/staff_sql.h"
#include "base/text.h"

namespace account {
namespace {

Staff staff_at(const store::Row& row) {
  Staff member;
  member.id = base::StaffId{row.integer(0)};
  member.number = row.text(1);
  member.name = row.text(2);
  member.phone = row.text(3);
  member.state = staff_state_named(row.text(4)).value_or(StaffState::left);
  member.created_at = base::Moment{row.integer(5)};
  return member;
}

void add_stores(store::Session& session, Staff& member) {
  session.query(sql::kStoresOfStaff, {member.id.value}, [&](const store::Row& row) {
    member.stores.push_back(base::StoreId{row.integer(0)});
  });
}

// The phone is left out: it is nobody else's business what it was.
std::string json_of(const Staff& member) {
  boost::json::array stores;
  for (const base::StoreId store : member.stores) stores.emplace_back(store.value);
  return boost::json::serialize(boost::json::object{{"number", member.number},
                                                    {"name", member.name},
                                                    {"stores", std::move(stores)},
                                                    {"state", name_of(member.state)}});
}

// As they are stored, checked.
std::optional<Fault> fault_of(store::Unit& unit, Staff& member) {
  if (!is_good_name(member.name)) return Fault::bad_name;
  if (!is_good_code(member.number)) return Fault::bad_code;
  if (!is_good_phone(member.phone)) return Fault::bad_phone;
  member.name = base::to_nfc(member.name);
  member.number = base::to_nfc(member.number);
  std::ranges::sort(member.stores);
  const auto repeats = std::ranges::unique(member.stores);
  member.stores.erase(repeats.begin(), repeats.end());
  if (member.stores.size() > kStoresOfStaffMax) return Fault::too_many_stores;
  const auto taken = unit.one(sql::kStaffTaken, {member.number, member.id.value},
                              [](const store::Row&) { return true; });
  if (taken) return Fault::code_taken;
  return std::nullopt;
}

// False: one of the stores is none.
bool put_stores(store::Unit& unit, const Staff& member) {
  unit.execute(sql::kClearStores, {member.id.value});
  return std::ranges::all_of(member.stores, [&](base::StoreId store) {
    return unit.execute(sql::kInsertStoreOfStaff, {member.id.value, store.value}) == 1;
  });
}

}  // namespace

std::string_view name_of(StaffState state) {
  return state == StaffState::active ? "active" : "left";
}

std::optional<StaffState> staff_state_named(std::string_view name) {
  if (name == "active") return StaffState::active;
  if (name == "left") return StaffState::left;
  return std::nullopt;
}

std::vector<Staff> staff(store::Session& session, const Cut& cut) {
  std::vector<Staff> found;
  const auto rows = static_cast<std::int64_t>(std::clamp<std::size_t>(cut.rows, 1, kPageMax));
  const std::string pattern = pattern_of(cut.search);
  session.query(sql::kStaff, {cut.after, pattern, rows},
                [&](const store::Row& row) { found.push_back(staff_at(row)); });
  for (Staff& member : found) add_stores(session, member);
  return found;
}

std::optional<Staff> staff_with(store::Session& session, base::StaffId id) {
  auto member = session.one(sql::kStaffWith, {id.value}, staff_at);
  if (member) add_stores(session, *member);
  return member;
}

base::Result<Staff, Fault> add_staff(const Change& change, Staff member) {
  begin(change);
  member.created_at = change.now;
  if (const auto fault = fault_of(change.unit, member)) return base::unexpected(*fault);
  const auto known =
      change.unit.one(sql::kCountStaff, {}, [](const store::Row& row) { return row.integer(0); });
  if (known.value_or(0) >= kStaffMax) return base::unexpected(Fault::too_many);
  const std::string key = find_key({member.number, member.name});
  change.unit.execute(sql::kInsertStaff, {member.id.value, member.number, member.name, member.phone,
                                          name_of(member.state), key, member.created_at.ms});
  if (!put_stores(change.unit, member)) return base::unexpected(Fault::unknown_store);
  note(change,
       {.noun = "staff", .verb = "created", .subject = member.id.value, .after = json_of(member)});
  return member;
}

base::Result<Staff, Fault> change_staff(const Change& change, base::StaffId id,
                                        const StaffChange& to) {
  begin(change);
  const auto before = staff_with(change.unit, id);
  if (!before) return base::unexpected(Fault::unknown_staff);
  Staff after = *before;
  if (to.number) after.number = *to.number;
  if (to.name) after.name = *to.name;
  if (to.phone) after.phone = *to.phone;
  if (to.stores) after.stores = *to.stores;
  if (to.state) after.state = *to.state;
  if (const auto fault = fault_of(change.unit, after)) return base::unexpected(*fault);
  const std::string key = find_key({after.number, after.name});
  change.unit.execute(sql::kUpdateStaff,
                      {id.value, after.number, after.name, after.phone, name_of(after.state), key});
  if (to.stores && !put_stores(change.unit, after)) {
    return base::unexpected(Fault::unknown_store);
  }
  note(change, {.noun = "staff",
                .verb = "changed",
                .subject = id.value,
                .before = json_of(*before),
                .after = json_of(after)});
  return after;
}

}  // namespace account
