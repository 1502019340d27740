// Which audiences a rule leans on, and through them: circles, and rules that would watch
// themselves.
//
// Pure over Names; any thread. Trees as saved carry ids; a name without id is looked up.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audience/bind.h"
#include "audience/rule.h"

namespace audience {

// did audience_entered, audience_left or audience_corrected.
struct FollowedChanges {
  std::size_t offset = 0;  // of the event's name
  // Those named by `audience = "…"` or `audience in (…)` that every such event must satisfy;
  // nothing: of any audience.
  std::optional<std::vector<base::AudienceId>> audiences;
};

struct Dependencies {
  std::vector<base::AudienceId> nested;  // one entry a mention, in the order of the text
  std::vector<FollowedChanges> followed;
};

// Names that are unknown are left out.
Dependencies dependencies_of(const Rule& rule, const Names& names);

// Names of the saved audiences whose rules name the list, in their order.
std::vector<std::string> users_of(const Names& names, base::ListId list);

// Where a rule follows the changes of what depends on it, directly or through others: the offset in
// `rule`, which is (or will be) the definition of `itself`. Nothing: nowhere.
std::optional<std::size_t> own_changes_in(const Rule& rule, base::AudienceId itself,
                                          const Names& names);

}  // namespace audience
