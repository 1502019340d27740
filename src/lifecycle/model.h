// Lifecycle models: ordered stages, each with a rule. At any moment a customer is in the first
// stage whose rule holds, or in none.
//
//   const Stages stages;                                       // joins models to the rule language
//   database.write("lifecycle.create", [&](store::Unit& unit) {
//     return create({unit, log.catalog(), zone, actor, now, &stages}, ids, {.key = "lifecycle",
//     …});
//   });
//
// The order of the stages is the order in which they are asked and shown: the rules of a funnel say
// how far somebody has come and not further, so that each reads by itself.
//
// Key and ids of a model and its stages are stable: labels may change, rules that name them mean
// the same. A rule is kept as it was written and as a tree with ids, as saved audiences keep theirs
// (audience/audience.h). Whatever is changed is a new version; every version is kept; of two who
// change one model the second is told. Circles through audiences and stages, unknown names and
// rules that follow changes of what depends on them are refused; a model or stage that a rule names
// is not taken away. Every change is in the audit, in its unit.
//
// On PostgreSQL all changes of models take the lock of the audiences (audience::lock_audiences).
// Threads: functions of the caller's unit or read.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/audience.h"
#include "audience/stage_source.h"
#include "base/moment.h"
#include "base/random.h"
#include "base/result.h"
#include "store/database.h"

namespace lifecycle {

using audience::ModelId;
using audience::StageId;

inline constexpr std::size_t kModelsMax = 100;
inline constexpr std::size_t kStagesMax = 20;  // of one model
inline constexpr std::size_t kKeyBytesMax = 64;
inline constexpr std::size_t kLabelBytesMax = 100;
inline constexpr std::size_t kDescriptionBytesMax = 2000;

// In order of precedence.
enum class Fault : std::uint8_t {
  no_such_model,
  no_such_stage,
  version_differs,  // somebody else has changed it meanwhile
  bad_key,          // not [a-z][a-z0-9_]*, too long; a stage called "new"
  bad_label,        // empty, too long, no UTF-8, a control character, a space at an end
  bad_description,
  name_taken,  // a key or label by which another model, or another stage of the model, is called
  too_many_models,
  too_many_stages,
  no_stages,
  rule_refused,  // `rule` says why
  in_use,        // `users` are the names of the audiences and stages that name it
};
std::string_view code_of(Fault fault);  // "lifecycle.no_such_model", …

struct Error {
  Fault fault;
  std::string stage = {};  // the key of the stage it is about
  std::optional<audience::RuleError> rule = std::nullopt;
  std::vector<std::string> users = {};
};

struct Text {
  std::string chinese;
  std::string english;
  friend bool operator==(const Text&, const Text&) = default;
};

struct Stage {
  StageId id;
  std::string key;
  Text label;
  Text description;  // its rule in words; may be empty
  std::string text;  // the rule as it was written
  std::string tree;  // JSON, with ids
  friend bool operator==(const Stage&, const Stage&) = default;
};
struct Model {
  ModelId id;
  std::string key;
  Text label;
  Text description;
  bool shipped = false;  // it came with the product
  bool active = true;    // kept live and shown; rules may name one that is not, too
  std::int64_t version = 1;
  std::vector<Stage> stages;  // in the order in which they are asked
  base::Moment created_at;
  base::Moment changed_at;
  std::string changed_by;  // "user:12"
};
struct ModelVersion {
  std::int64_t version = 1;
  std::string content;  // JSON: label, description, active, stages with their rules
  base::Moment at;
  std::string by;
};

// In the order in which they are shown: those that came with the product first.
std::vector<Model> models(store::Session& session);
std::optional<Model> model_with(store::Session& session, std::string_view key);
std::vector<ModelVersion> versions_of(store::Session& session, ModelId model);  // newest first

// Joins the models to the rule language. Stateless.
class Stages final : public audience::StageSource {
 public:
  std::vector<audience::ModelNames> models(store::Session& session) const override;
  std::vector<std::string> users_of(store::Session& session, std::int64_t named) const override;
};

struct GivenStage {
  std::string key;
  Text label;
  Text description = {};
  audience::GivenRule rule = {};
};
struct NewModel {
  std::string key;
  Text label;
  Text description = {};
  std::vector<GivenStage> stages = {};
  bool shipped = false;
  bool active = true;
};
struct ModelChange {
  std::int64_t version = 0;  // the one it was made from
  std::optional<Text> label = std::nullopt;
  std::optional<Text> description = std::nullopt;
  std::optional<bool> active = std::nullopt;
  // All of them, in their order; one that is missing is taken away.
  std::optional<std::vector<GivenStage>> stages = std::nullopt;
};

// Drawn outside the unit: for a new model, or for stages that are new in it.
struct FreshIds {
  ModelId model;
  std::array<StageId, kStagesMax> stages;
  static FreshIds draw(base::Random& random);
};

inline constexpr std::string_view kUnreachable = "lifecycle.unreachable";
struct StageWarning {
  std::string stage;  // key
  audience::Warning warning;
};
struct Saved {
  Model model;
  std::vector<StageWarning> warnings;  // of the rules given
};

// `saving.stages` is one of Stages.
[[nodiscard]] base::Result<Saved, Error> create(const audience::Saving& saving,
                                                const FreshIds& fresh, const NewModel& given);
// What is as it stands is no new version.
[[nodiscard]] base::Result<Saved, Error> change(const audience::Saving& saving,
                                                const FreshIds& fresh, std::string_view key,
                                                const ModelChange& change);
// `version`: the one that was seen.
[[nodiscard]] base::Result<Model, Error> remove(const audience::Saving& saving,
                                                std::string_view key, std::int64_t version);

// Where the forms of the rules tell that nobody can come into a stage: the warnings of all stages
// in their order. `rules` beside `keys`.
std::vector<StageWarning> warnings_of(
    const std::vector<std::string>& keys,
    const std::vector<std::shared_ptr<const audience::BoundRule>>& rules);

// A model as it would be, its rules bound: nothing is stored. `key`: of the model that is edited;
// empty or unknown: a new one. The rules are bound as those of a saved model.
struct Draft {
  std::vector<std::string> keys;
  std::vector<std::shared_ptr<const audience::BoundRule>> rules;  // as many
  std::shared_ptr<const audience::BoundRule> everyone;            // the rule of that name
  // Empty ranges; rules that never change; "lifecycle.unreachable", where `name` is the key of the
  // stage before it that takes everybody.
  std::vector<StageWarning> warnings;
};
struct Drafting {
  store::Session& session;
  event_log::EventCatalog& events;
  const base::Zone& zone;
};
[[nodiscard]] base::Result<Draft, Error> draft(const Drafting& drafting, std::string_view key,
                                               const std::vector<GivenStage>& stages);

}  // namespace lifecycle
