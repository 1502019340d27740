// What a rule leans on, audiences and stages of lifecycle models, and through them: circles, and
// rules that would watch themselves.
//
// Pure over Names; any thread. Trees as saved carry ids; a name without id is looked up.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "audience/bind.h"
#include "audience/rule.h"

namespace audience {

// did audience_entered, audience_left, audience_corrected or stage_changed.
struct FollowedChanges {
  std::size_t offset = 0;  // of the event's name
  bool of_stages = false;  // stage_changed
  // Those named by `audience = "…"` or `audience in (…)` (`model …`) that every such event must
  // satisfy; nothing: of any audience, of any model.
  std::optional<std::vector<base::AudienceId>> audiences;
  std::optional<std::vector<ModelId>> models;
};

// A test of a stage.
struct NamedStages {
  ModelId model;
  std::vector<StageId> stages;          // those named
  std::vector<base::AudienceId> rules;  // whose rules it looks at: definitions
};

struct Dependencies {
  std::vector<base::AudienceId> nested;  // one entry a mention, in the order of the text
  std::vector<NamedStages> stages;       // the same
  std::vector<FollowedChanges> followed;
};

// Names that are unknown are left out.
Dependencies dependencies_of(const Rule& rule, const Names& names);

// The stages a test looks at, in the order of their model: up to the last it names, or all.
std::vector<StageId> stages_asked(const Stage& test, const Names& names);

// Ids of the audiences, models and stages that the rule names: none of them may go while it does.
std::set<std::int64_t> named_by(const Rule& rule, const Names& names);

// What people call a definition: an audience's name, "model/stage".
std::string name_of_definition(const Names& names, base::AudienceId definition);

// Names of the saved audiences and stages whose rules name the list, in their order.
std::vector<std::string> users_of(const Names& names, base::ListId list);

// Where a rule follows the changes of what depends on it, directly or through others: the offset in
// `rule`, which is (or will be) the definition of one of `own`, whose changes are one thing.
// Nothing: nowhere.
std::optional<std::size_t> own_changes_in(const Rule& rule, std::span<const base::AudienceId> own,
                                          const Names& names);

}  // namespace audience
