#include "customer/static_list.h"

#include "customer/membership.h"
#include "customer/static_list_sql.h"

namespace customer {
namespace {

constexpr MembershipTable kTable = {sql::kListStanding, sql::kSetList, "list_joined", "list_left"};

StaticList list_at(const store::Row& row) { return {{row.integer(0)}, std::string(row.text(1))}; }

base::Result<bool, Error> change_list(Writing& writing, base::CustomerId customer,
                                      base::ListId list, MembershipChange change) {
  const auto known = list_with(writing.unit(), list);
  if (!known) return base::unexpected(Error{Fault::unknown_list, {}});
  change.thing = list.value;
  change.name = known->name;
  return change_membership(writing, kTable, customer, change);
}

}  // namespace

std::vector<StaticList> lists(store::Session& session) {
  std::vector<StaticList> all;
  session.query(sql::kLists, {}, [&](const store::Row& row) { all.push_back(list_at(row)); });
  return all;
}

std::optional<StaticList> list_named(store::Session& session, std::string_view name) {
  return session.one(sql::kListNamed, {name}, list_at);
}

std::optional<StaticList> list_with(store::Session& session, base::ListId id) {
  return session.one(sql::kListWith, {id.value}, list_at);
}

base::Result<StaticList, Error> declare_list(Writing& writing, std::string_view name) {
  const auto proper = name_from(name, Slash::allowed);
  if (!proper) return base::unexpected(proper.error());
  if (const auto known = list_named(writing.unit(), *proper)) return *known;
  lock_names(writing);
  if (const auto known = list_named(writing.unit(), *proper)) return *known;
  const auto count = writing.unit().one(sql::kCountLists, {},
                                        [](const store::Row& row) { return row.integer(0); });
  if (count.value_or(0) >= static_cast<std::int64_t>(kListsMax)) {
    return base::unexpected(Error{Fault::too_many_names, "lists"});
  }
  writing.unit().execute(sql::kInsertList, {*proper});
  const StaticList made = *list_named(writing.unit(), *proper);
  audit(writing, {"list", "declared", made.id.value, {}, made.name});
  return made;
}

base::Result<bool, Error> join_list(Writing& writing, base::CustomerId customer, base::ListId list,
                                    std::optional<base::Moment> since) {
  return change_list(writing, customer, list, {.name = {}, .present = true, .since = since});
}

base::Result<bool, Error> leave_list(Writing& writing, base::CustomerId customer, base::ListId list,
                                     std::optional<base::Moment> since) {
  return change_list(writing, customer, list, {.name = {}, .present = false, .since = since});
}

std::vector<Member> members_of(store::Session& session, base::ListId list, const MemberCut& cut) {
  std::vector<Member> members;
  session.query(
      sql::kListMembers, {list.value, cut.after.value, static_cast<std::int64_t>(cut.rows)},
      [&](const store::Row& row) { members.push_back({{row.integer(0)}, {row.integer(1)}}); });
  return members;
}

std::vector<ListOn> lists_of(store::Session& session, base::CustomerId person) {
  std::vector<ListOn> on;
  // Ordered by stamp within a list: its last row says whether the person is on it.
  base::ListId last_on;
  session.query(sql::kListsOf, {person.value}, [&](const store::Row& row) {
    const StaticList list = list_at(row);
    if (last_on == list.id) on.pop_back();
    last_on = {};
    if (row.integer(2) == 0) return;
    last_on = list.id;
    on.push_back({list, {row.integer(3)}, std::string(row.text(4)), std::string(row.text(5))});
  });
  return on;
}

}  // namespace customer
