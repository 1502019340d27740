// Static lists: customers put together by hand or by a file, with their past in the log
// (list_joined, list_left). What a rule answers is an audience, not a list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kListsMax = 10'000;
inline constexpr std::size_t kDeletedListsPageMax = 1000;

struct StaticList {
  base::ListId id;
  std::string name;
  std::int64_t version = 1;  // of its name, and of its being there
};
std::vector<StaticList> lists(store::Session& session);  // by name
std::optional<StaticList> list_named(store::Session& session, std::string_view name);

std::optional<StaticList> list_with(store::Session& session, base::ListId id);

// Makes the list if it is not there.
[[nodiscard]] base::Result<StaticList, Error> declare_list(Writing& writing, std::string_view name);

// `version`: the one that was seen. Rules go on meaning a renamed list. Faults: unknown_list,
// version_differs, name_taken, and those of names.
struct ListRename {
  std::string name;
  std::int64_t version = 1;
};
[[nodiscard]] base::Result<StaticList, Error> rename_list(Writing& writing, base::ListId list,
                                                          const ListRename& rename);

// It is gone by name and from whoever is on it; who is on it is kept, and so is its id: restored,
// it is as it was. Whether a rule names it is for the caller to ask. Faults: unknown_list,
// version_differs.
[[nodiscard]] base::Result<StaticList, Error> remove_list(Writing& writing, base::ListId list,
                                                          std::int64_t version);
// Faults: unknown_list (none that was deleted has this id), name_taken, too_many_names.
[[nodiscard]] base::Result<StaticList, Error> restore_list(Writing& writing, base::ListId list);

struct DeletedList {
  StaticList list;
  base::Moment at;
  std::string by;  // "user:12"
};
// Where a page of them begins: behind this one.
struct DeletedMark {
  base::Moment at = base::kMomentMax;
  base::ListId list = {};
};
struct DeletedPage {
  std::vector<DeletedList> lists;   // the last deleted first
  std::optional<DeletedMark> next;  // nothing: this was the last
};
// `limit`: 1 … kDeletedListsPageMax, brought into it.
DeletedPage deleted_lists(store::Session& session, const DeletedMark& after, std::size_t limit);
std::int64_t count_deleted_lists(store::Session& session);

// False: nothing changed today.
[[nodiscard]] base::Result<bool, Error> join_list(Writing& writing, base::CustomerId customer,
                                                  base::ListId list,
                                                  std::optional<base::Moment> since);
[[nodiscard]] base::Result<bool, Error> leave_list(Writing& writing, base::CustomerId customer,
                                                   base::ListId list,
                                                   std::optional<base::Moment> since);

// A person on the list today, and the one of their customers (themselves, or one merged into them)
// who joined it last.
struct Member {
  base::CustomerId customer;
  base::CustomerId person;
  friend bool operator==(const Member&, const Member&) = default;
};
// Each person once, ascending by `customer`, behind `after`; at most `rows`. A page costs as much
// at the end of a long list as at its beginning.
struct MemberCut {
  base::CustomerId after;
  std::size_t rows = 100;
};
std::vector<Member> members_of(store::Session& session, base::ListId list, const MemberCut& cut);

struct ListOn {
  StaticList list;
  base::Moment since;
  std::string source;
  std::string by;
};
std::vector<ListOn> lists_of(store::Session& session, base::CustomerId person);

}  // namespace customer
