// Tags in groups: labels put on customers, with all their past in the log (tag_added, tag_removed).
//
// A tag is named "group/name"; neither part holds a "/". Ids stay when names change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kTagGroupsMax = 1000;
inline constexpr std::size_t kTagsMax = 20'000;

struct TagGroup {
  base::TagGroupId id;
  std::string name;
};
struct Tag {
  base::TagId id;
  base::TagGroupId group;
  std::string group_name;
  std::string name;
};
std::vector<TagGroup> tag_groups(store::Session& session);  // by name
std::vector<Tag> tags(store::Session& session);             // by (group, name)
// "group/name", or a name alone: then every group's tag of that name.
std::vector<Tag> tags_named(store::Session& session, std::string_view name);

// Makes group and tag if they are not there.
[[nodiscard]] base::Result<Tag, Error> declare_tag(Writing& writing, std::string_view full_name);
// unknown_tag, name_taken. Rules, events and customers keep the tag.
[[nodiscard]] base::Result<Tag, Error> rename_tag(Writing& writing, base::TagId tag,
                                                  std::string_view name);

// False: nothing changed today (it was so already, or the change lies before the one that stands).
[[nodiscard]] base::Result<bool, Error> add_tag(Writing& writing, base::CustomerId customer,
                                                base::TagId tag, std::optional<base::Moment> since);
[[nodiscard]] base::Result<bool, Error> remove_tag(Writing& writing, base::CustomerId customer,
                                                   base::TagId tag,
                                                   std::optional<base::Moment> since);

struct TagOn {
  Tag tag;
  base::Moment since;
  std::string source;
  std::string by;
};
std::vector<TagOn> tags_of(store::Session& session, base::CustomerId person);

}  // namespace customer
