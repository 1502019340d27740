// From names to ids and types: the last step before a rule can be evaluated.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/fault.h"
#include "audience/rule.h"
#include "base/result.h"
#include "timeline/history.h"

namespace audience {

// What the workspace knows, as of one consistent moment. Implemented over the database
// (audience/catalog.h) and in memory for tests.
class Names {
 public:
  virtual ~Names() = default;

  struct Typed {
    std::int64_t id = 0;
    base::ValueType type = base::ValueType::text;
  };
  virtual std::optional<Typed> attribute(std::string_view name) const = 0;
  virtual std::optional<base::EventTypeId> event(std::string_view name) const = 0;
  virtual std::optional<Typed> property(base::EventTypeId event, std::string_view name) const = 0;
  // "group/name" or a name alone; two of them: the name stands in two groups.
  virtual std::vector<base::TagId> tags(std::string_view name) const = 0;
  virtual std::optional<base::TagGroupId> tag_group(std::string_view name) const = 0;
  virtual std::vector<base::TagId> tags_of(base::TagGroupId group) const = 0;
  virtual std::optional<base::AudienceId> audience(std::string_view name) const = 0;
  virtual std::optional<base::ListId> list(std::string_view name) const = 0;
  // The tree of a saved audience or of a stage (definition_of), to be bound in its place; null:
  // deleted.
  virtual const Rule* definition(base::AudienceId audience) const = 0;
  // Keys of the membership spans (timeline::MembershipKey::id) that count as this consent: without
  // a channel those of the purpose on any channel. May be empty for known names: nobody consented.
  // A purpose or channel is known when all() has it.
  virtual std::vector<std::int64_t> consent_keys(std::string_view purpose,
                                                 std::optional<std::string_view> channel) const = 0;
  virtual std::optional<std::int64_t> identity_kind(std::string_view name) const = 0;
  // Lifecycle models and their stages, by their key or either of their labels.
  virtual std::vector<ModelId> models() const = 0;
  virtual std::optional<ModelId> model(std::string_view name) const = 0;
  virtual std::optional<StageId> stage(ModelId model, std::string_view name) const = 0;
  virtual std::optional<ModelId> model_of(StageId stage) const = 0;
  // In the order in which they are asked: a customer is in the first whose rule holds, or in none.
  virtual std::vector<StageId> stages_of(ModelId model) const = 0;
  // Their keys and labels.
  virtual std::vector<std::string> stage_names(ModelId model) const = 0;
  // For "did you mean": every name of one kind.
  enum class Kind : std::uint8_t {
    attribute,
    event,
    property,
    tag,  // all() and name_of() give "group/name"
    tag_group,
    audience,
    list,
    purpose,
    channel,
    identity_kind,
    model,  // all(): keys and labels; name_of(): the key
    stage,  // all(): nothing; name_of(): the key
  };
  virtual std::vector<std::string> all(Kind kind, base::EventTypeId event = {}) const = 0;
  // Today's name of an id, for printing; empty when deleted.
  virtual std::string name_of(Kind kind, std::int64_t id) const = 0;
};

struct BindOptions {
  const base::Zone* zone = nullptr;  // the workspace's; required
  bool saved = false;                // unknown names are errors instead of warnings
  // Set in a journey: the moment of entry and the values a person entered with.
  std::optional<base::Moment> entry;
  std::map<std::string, base::Value, std::less<>> parameters;
  // The audience or stage being saved, so that a circle through itself is found.
  base::AudienceId itself{};
  // Of a stage being saved: the stages of its model, whose changes are one thing.
  std::vector<base::AudienceId> siblings = {};
};

struct Warning {
  std::string code;  // "audience.unknown_event", "audience.empty_range"
  std::size_t offset;
  std::string name;
  std::optional<std::string> nearest;
};

// What a test of a stage looks at: the first of `rules` that holds gives the answer beside it, none
// of them `otherwise`.
struct StageMeaning {
  std::vector<base::AudienceId> rules;  // definitions, in the order of the model
  std::vector<bool> answers;            // as many
  bool otherwise = false;
  Node tree;  // the same in and, or, not and InAudience
};

// A rule whose every name has its id and every literal its value. Owns the rule and the bound
// definitions of nested audiences; immutable, any thread.
class BoundRule {
 public:
  const Rule& rule() const { return rule_; }
  const base::Zone& zone() const { return *zone_; }
  // An ad-hoc question with an unknown name matches nobody, as a whole: such a name has no id in
  // the tree, and evaluating it anyway is a CHECK failure.
  bool matches_nobody() const { return matches_nobody_; }
  const std::vector<Warning>& warnings() const { return warnings_; }
  // Bound definition of a nested saved audience or stage. CHECK: it is one of this rule's.
  const Rule& definition(base::AudienceId audience) const;
  const std::map<base::AudienceId, Rule>& definitions() const { return definitions_; }
  // Ids of the spans that a Consents node means, or of the tags of a HasAnyTag node.
  const std::vector<std::int64_t>& keys(const Node& node) const;
  // Of a Stage node.
  const StageMeaning& stage(const Node& node) const;

  // Another rule of the same words: `rule` and `definitions` are made of clones of bound nodes of
  // this one and of nodes that carry their ids and values. CHECK: of a Consents or HasAnyTag there
  // is one alike here. It has the definitions of this one beside its own.
  std::shared_ptr<const BoundRule> another(Rule rule,
                                           std::map<base::AudienceId, Rule> definitions) const;

 private:
  friend class Binder;  // nobody else can make one, so every BoundRule is complete
  BoundRule() = default;
  void take_keys(const BoundRule& source);
  Rule rule_{};
  std::shared_ptr<const base::Zone> zone_;
  bool matches_nobody_ = false;
  std::vector<Warning> warnings_;
  std::map<base::AudienceId, Rule> definitions_;
  std::map<const Node*, std::vector<std::int64_t>>
      keys_;  // nodes are stable: the tree is not moved after binding
  std::map<const Node*, StageMeaning> stages_;
};

// Looks up every name, checks the types, resolves moments with the zone and literals for the type
// they are compared with, and binds nested audiences (each once). A node that carries an id keeps
// it, whatever the name has become; one without is looked up by name.
//
// Errors: the leftmost; of a nested audience they stand at its mention. Line and column are 1: see
// locate() and compile(). Shared because nodes are pointed at: it is never copied or moved.
[[nodiscard]] base::Result<std::shared_ptr<const BoundRule>, RuleError> bind(
    const Rule& rule, const Names& names, const BindOptions& options);

// parse() and bind(), errors with line and column.
[[nodiscard]] base::Result<std::shared_ptr<const BoundRule>, RuleError> compile(
    std::string_view text, const Names& names, const BindOptions& options);

}  // namespace audience
