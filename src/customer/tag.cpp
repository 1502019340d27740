#include "customer/tag.h"

#include "customer/membership.h"
#include "customer/tag_sql.h"

namespace customer {
namespace {

constexpr MembershipTable kTable = {sql::kTagStanding, sql::kSetTag, "tag_added", "tag_removed"};

Tag tag_at(const store::Row& row) {
  return {{row.integer(0)}, {row.integer(1)}, std::string(row.text(2)), std::string(row.text(3))};
}

std::optional<Tag> tag_with(store::Session& session, base::TagId tag) {
  return session.one(sql::kTagWith, {tag.value}, tag_at);
}

std::optional<base::TagGroupId> group_named(store::Session& session, std::string_view name) {
  return session.one(sql::kTagGroupNamed, {name},
                     [](const store::Row& row) { return base::TagGroupId{row.integer(0)}; });
}

bool is_full(store::Session& session, std::string_view count_sql, std::size_t most) {
  const auto count =
      session.one(count_sql, {}, [](const store::Row& row) { return row.integer(0); });
  return count.value_or(0) >= static_cast<std::int64_t>(most);
}

base::Result<base::TagGroupId, Error> declare_group(Writing& writing, const std::string& name) {
  if (const auto group = group_named(writing.unit(), name)) return *group;
  if (is_full(writing.unit(), sql::kCountTagGroups, kTagGroupsMax)) {
    return base::unexpected(Error{Fault::too_many_names, "tag groups"});
  }
  writing.unit().execute(sql::kInsertTagGroup, {name});
  return *group_named(writing.unit(), name);
}

base::Result<bool, Error> change_tag(Writing& writing, base::CustomerId customer, base::TagId tag,
                                     MembershipChange change) {
  const auto known = tag_with(writing.unit(), tag);
  if (!known) return base::unexpected(Error{Fault::unknown_tag, {}});
  change.thing = tag.value;
  change.name = known->group_name + "/" + known->name;
  return change_membership(writing, kTable, customer, change);
}

}  // namespace

std::vector<TagGroup> tag_groups(store::Session& session) {
  std::vector<TagGroup> groups;
  session.query(sql::kTagGroups, {}, [&](const store::Row& row) {
    groups.push_back({{row.integer(0)}, std::string(row.text(1))});
  });
  return groups;
}

std::vector<Tag> tags(store::Session& session) {
  std::vector<Tag> all;
  session.query(sql::kTags, {}, [&](const store::Row& row) { all.push_back(tag_at(row)); });
  return all;
}

std::vector<Tag> tags_named(store::Session& session, std::string_view name) {
  std::vector<Tag> found;
  const auto take = [&](const store::Row& row) { found.push_back(tag_at(row)); };
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) {
    session.query(sql::kTagsWithName, {name}, take);
  } else {
    session.query(sql::kTagInGroup, {name.substr(0, slash), name.substr(slash + 1)}, take);
  }
  return found;
}

base::Result<Tag, Error> declare_tag(Writing& writing, std::string_view full_name) {
  const auto slash = full_name.find('/');
  if (slash == std::string_view::npos) return base::unexpected(Error{Fault::name_invalid, {}});
  const auto group_name = name_from(full_name.substr(0, slash));
  if (!group_name) return base::unexpected(group_name.error());
  const auto name = name_from(full_name.substr(slash + 1));
  if (!name) return base::unexpected(name.error());
  const auto find = [&] {
    return writing.unit().one(sql::kTagInGroup, {*group_name, *name}, tag_at);
  };
  if (const auto known = find()) return *known;
  lock_names(writing);
  if (const auto known = find()) return *known;
  if (is_full(writing.unit(), sql::kCountTags, kTagsMax)) {
    return base::unexpected(Error{Fault::too_many_names, "tags"});
  }
  const auto group = declare_group(writing, *group_name);
  if (!group) return base::unexpected(group.error());
  writing.unit().execute(sql::kInsertTag, {group->value, *name});
  const Tag made = *find();
  audit(writing, {"tag", "declared", made.id.value, {}, *group_name + "/" + *name});
  return made;
}

base::Result<Tag, Error> rename_tag(Writing& writing, base::TagId tag, std::string_view name) {
  lock_names(writing);
  auto known = tag_with(writing.unit(), tag);
  if (!known) return base::unexpected(Error{Fault::unknown_tag, {}});
  const auto proper = name_from(name);
  if (!proper) return base::unexpected(proper.error());
  if (*proper == known->name) return *known;
  if (writing.unit().one(sql::kTagInGroup, {known->group_name, *proper}, tag_at)) {
    return base::unexpected(Error{Fault::name_taken, *proper});
  }
  writing.unit().execute(sql::kRenameTag, {tag.value, *proper});
  audit(writing, {"tag", "renamed", tag.value, known->name, *proper});
  known->name = *proper;
  return *known;
}

base::Result<bool, Error> add_tag(Writing& writing, base::CustomerId customer, base::TagId tag,
                                  std::optional<base::Moment> since) {
  return change_tag(writing, customer, tag, {.name = {}, .present = true, .since = since});
}

base::Result<bool, Error> remove_tag(Writing& writing, base::CustomerId customer, base::TagId tag,
                                     std::optional<base::Moment> since) {
  return change_tag(writing, customer, tag, {.name = {}, .present = false, .since = since});
}

std::vector<TagOn> tags_of(store::Session& session, base::CustomerId person) {
  std::vector<TagOn> on;
  // Ordered by stamp within a tag: its last row says whether it is on.
  base::TagId last_on;
  session.query(sql::kTagsOf, {person.value}, [&](const store::Row& row) {
    const Tag tag = tag_at(row);
    if (last_on == tag.id) on.pop_back();
    last_on = {};
    if (row.integer(4) == 0) return;
    last_on = tag.id;
    on.push_back({tag, {row.integer(5)}, std::string(row.text(6)), std::string(row.text(7))});
  });
  return on;
}

}  // namespace customer
