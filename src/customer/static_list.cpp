#include "customer/static_list.h"

#include <algorithm>

#include "customer/membership.h"
#include "customer/static_list_sql.h"

namespace customer {
namespace {

constexpr MembershipTable kTable = {sql::kListStanding, sql::kSetList, "list_joined", "list_left"};

StaticList list_at(const store::Row& row) {
  return {{row.integer(0)}, std::string(row.text(1)), row.integer(2)};
}

bool is_full(store::Session& session) {
  const auto count =
      session.one(sql::kCountLists, {}, [](const store::Row& row) { return row.integer(0); });
  return count.value_or(0) >= static_cast<std::int64_t>(kListsMax);
}

// The list as it was seen.
base::Result<StaticList, Error> seen_list(Writing& writing, base::ListId list,
                                          std::int64_t version) {
  auto known = list_with(writing.unit(), list);
  if (!known) return base::unexpected(Error{Fault::unknown_list, {}});
  if (known->version != version) return base::unexpected(Error{Fault::version_differs, {}});
  return *std::move(known);
}

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
  if (is_full(writing.unit())) return base::unexpected(Error{Fault::too_many_names, "lists"});
  writing.unit().execute(sql::kInsertList, {*proper});
  const StaticList made = *list_named(writing.unit(), *proper);
  audit(writing, {"list", "declared", made.id.value, {}, made.name});
  return made;
}

base::Result<StaticList, Error> rename_list(Writing& writing, base::ListId list,
                                            const ListRename& rename) {
  lock_names(writing);
  const auto known = seen_list(writing, list, rename.version);
  if (!known) return base::unexpected(known.error());
  const auto proper = name_from(rename.name, Slash::allowed);
  if (!proper) return base::unexpected(proper.error());
  if (*proper == known->name) return *known;
  if (list_named(writing.unit(), *proper)) {
    return base::unexpected(Error{Fault::name_taken, *proper});
  }
  writing.unit().execute(sql::kRenameList, {list.value, *proper});
  audit(writing, {"list", "renamed", list.value, known->name, *proper});
  return *list_with(writing.unit(), list);
}

base::Result<StaticList, Error> remove_list(Writing& writing, base::ListId list,
                                            std::int64_t version) {
  lock_names(writing);
  auto known = seen_list(writing, list, version);
  if (!known) return base::unexpected(known.error());
  writing.unit().execute(sql::kKeepDeletedList,
                         {list.value, writing.now().ms, std::string_view(writing.by())});
  writing.unit().execute(sql::kDeleteList, {list.value});
  audit(writing, {"list", "deleted", list.value, known->name, {}});
  return known;
}

base::Result<StaticList, Error> restore_list(Writing& writing, base::ListId list) {
  lock_names(writing);
  const auto name = writing.unit().one(sql::kDeletedListName, {list.value},
                                       [](const auto& row) { return std::string(row.text(0)); });
  if (!name) return base::unexpected(Error{Fault::unknown_list, {}});
  if (list_named(writing.unit(), *name)) return base::unexpected(Error{Fault::name_taken, *name});
  if (is_full(writing.unit())) return base::unexpected(Error{Fault::too_many_names, "lists"});
  writing.unit().execute(sql::kRestoreList, {list.value});
  writing.unit().execute(sql::kForgetDeletedList, {list.value});
  audit(writing, {"list", "restored", list.value, {}, *name});
  return *list_with(writing.unit(), list);
}

DeletedPage deleted_lists(store::Session& session, const DeletedMark& after, std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, kDeletedListsPageMax);
  DeletedPage page;
  session.query(sql::kDeletedLists,
                {after.at.ms, after.list.value, static_cast<std::int64_t>(limit + 1)},
                [&](const store::Row& row) {
                  page.lists.push_back({list_at(row), {row.integer(3)}, std::string(row.text(4))});
                });
  if (page.lists.size() > limit) {
    page.lists.pop_back();
    page.next = DeletedMark{page.lists.back().at, page.lists.back().list.id};
  }
  return page;
}

std::int64_t count_deleted_lists(store::Session& session) {
  const auto count = session.one(sql::kCountDeletedLists, {},
                                 [](const store::Row& row) { return row.integer(0); });
  return count.value_or(0);
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
    if (row.integer(3) == 0) return;
    last_on = list.id;
    on.push_back({list, {row.integer(4)}, std::string(row.text(5)), std::string(row.text(6))});
  });
  return on;
}

}  // namespace customer
