// Saved audiences: a rule with a name, ids in its tree, and every version it has had.
//
//   database.write("audience.create", [&](store::Unit& unit) {
//     return create(Saving{unit, log.catalog(), zone, actor, now}, fresh, {"核心", {"tag
//     \"VIP\""}});
//   });
//
// The rule is kept as it was written and as a tree with ids, so renaming a tag or another audience
// does not change it; print(rule, names) shows today's names. A new rule or a new name is a new
// version: of two who change or delete one audience the second is told. Circles, unknown names and
// rules that follow changes of what depends on them are refused; an audience that others use is not
// deleted. Every change is in the audit, in its unit.
//
// On PostgreSQL all changes of audiences take one lock, so that no two make a circle at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audience/bind.h"
#include "audience/fault.h"
#include "audience/rule.h"
#include "audience/stage_source.h"
#include "base/calendar.h"
#include "base/result.h"
#include "store/database.h"

namespace event_log {
class EventCatalog;
}

namespace audience {

inline constexpr std::int64_t kAudiencesMax = 10'000;
inline constexpr std::size_t kAudienceNameBytesMax = 100;

// In order of precedence.
enum class SaveFault : std::uint8_t {
  no_such_audience,
  version_differs,     // somebody else has changed it meanwhile
  bad_name,            // empty, too long, no UTF-8, a control character, a space at an end
  name_taken,          // by an audience or a static list
  too_many_audiences,  // kAudiencesMax
  rule_refused,        // `rule` says why
  in_use,              // `users` are the names of the audiences that use it
};
std::string_view code_of(SaveFault fault);  // "audience.no_such_audience", …

struct SaveError {
  SaveFault fault;
  std::optional<RuleError> rule = std::nullopt;
  std::vector<std::string> users = {};
};

struct SavedAudience {
  base::AudienceId id;
  std::string name;
  std::int64_t version = 1;  // of name and rule
  std::string text;          // as it was written
  std::string tree;          // JSON, with ids (tree.h)
  base::Moment created_at;
  base::Moment changed_at;
  std::string changed_by;  // "user:12"
};
struct AudienceVersion {
  std::int64_t version = 1;
  std::string name;
  std::string text;
  std::string tree;
  base::Moment at;
  std::string by;
};

std::vector<SavedAudience> audiences(store::Session& session);  // by name
std::optional<SavedAudience> audience_with(store::Session& session, base::AudienceId id);
std::optional<SavedAudience> audience_named(store::Session& session, std::string_view name);
// Newest first; also of a deleted audience.
std::vector<AudienceVersion> versions_of(store::Session& session, base::AudienceId id);
// Names of the audiences whose rules name the audience, model or stage, or follow its changes.
std::vector<std::string> users_of(store::Session& session, std::int64_t named);
// The same of an audience, and of the stages that name it.
std::vector<std::string> users_of(store::Session& session, base::AudienceId id,
                                  const StageSource* stages);

// A rule as it is given: a text, or a tree, whose canonical spelling is then its text.
struct GivenRule {
  std::string text = {};
  std::optional<Rule> tree = std::nullopt;
};
struct NewAudience {
  std::string name;
  GivenRule rule;
};
struct AudienceChange {
  std::optional<std::string> name = std::nullopt;
  std::optional<GivenRule> rule = std::nullopt;
  std::optional<std::int64_t> version = std::nullopt;  // the one it was made from
};

// One unit's hand on the audiences; all of it outlives the call.
struct Saving {
  store::Unit& unit;
  event_log::EventCatalog& events;
  const base::Zone& zone;
  const rights::Actor& actor;
  base::Moment now;
  const StageSource* stages = nullptr;  // of lifecycle models; null: there are none
};
struct Saved {
  SavedAudience audience;
  std::vector<Warning> warnings;  // of the rule: empty ranges, one that never changes
};

// Held until the unit ends: no audience is made, changed or deleted meanwhile. Whoever takes away
// what rules name looks at them behind it.
void lock_audiences(store::Unit& unit);

// `fresh`: an id drawn outside the unit.
[[nodiscard]] base::Result<Saved, SaveError> create(const Saving& saving, base::AudienceId fresh,
                                                    const NewAudience& given);
// A name and a rule that are written as those that stand are no new version.
[[nodiscard]] base::Result<Saved, SaveError> change(const Saving& saving, base::AudienceId id,
                                                    const AudienceChange& change);
// `version`: the one that was seen.
[[nodiscard]] base::Result<SavedAudience, SaveError> remove(const Saving& saving,
                                                            base::AudienceId id,
                                                            std::int64_t version);

}  // namespace audience
