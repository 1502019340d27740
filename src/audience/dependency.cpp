#include "audience/dependency.h"

#include <algorithm>
#include <set>

namespace audience {
namespace {

bool is_change_of_audience(std::string_view event) {
  return event == "audience_entered" || event == "audience_left" || event == "audience_corrected";
}

// How what is followed is named in a filter.
struct Followed {
  std::string_view property;  // "audience" or "model"
  std::optional<std::int64_t> (*id)(const Names&, const std::string&);
};
constexpr Followed kAudience{
    "audience", [](const Names& names, const std::string& name) -> std::optional<std::int64_t> {
      const auto id = names.audience(name);
      return id ? std::optional(id->value) : std::nullopt;
    }};
constexpr Followed kModel{
    "model", [](const Names& names, const std::string& name) -> std::optional<std::int64_t> {
      const auto id = names.model(name);
      return id ? std::optional(id->value) : std::nullopt;
    }};

// The texts that a test of the property allows; nothing: it is another test.
std::optional<std::vector<std::string>> texts_allowed(const Node& test, std::string_view property) {
  const auto is_text = [](const Literal& value) { return value.kind == LiteralKind::text; };
  if (const auto* compare = std::get_if<Compare>(&test.form)) {
    const bool allows = compare->subject.text == property &&
                        compare->comparison == Comparison::equal && is_text(compare->value);
    return allows ? std::optional(std::vector{compare->value.text}) : std::nullopt;
  }
  const auto* list = std::get_if<InList>(&test.form);
  if (list == nullptr || list->subject.text != property) return std::nullopt;
  if (!std::ranges::all_of(list->values, is_text)) return std::nullopt;
  std::vector<std::string> texts;
  for (const Literal& value : list->values) texts.push_back(value.text);
  return texts;
}

// The ids that `audience = …` or `audience in …` allows; nothing when the filter lets others
// through, too.
template <typename Id>
std::optional<std::vector<Id>> allowed_by(const Node* filter, const Followed& followed,
                                          const Names& names) {
  if (filter == nullptr) return std::nullopt;
  if (const auto* all = std::get_if<And>(&filter->form)) {
    for (const Node& part : all->parts) {
      if (auto allowed = allowed_by<Id>(&part, followed, names)) return allowed;
    }
    return std::nullopt;
  }
  const auto texts = texts_allowed(*filter, followed.property);
  if (!texts) return std::nullopt;
  std::vector<Id> allowed;
  for (const std::string& text : *texts) {
    if (const auto id = followed.id(names, text)) allowed.push_back(Id{*id});
  }
  return allowed;
}

class Collector {
 public:
  explicit Collector(const Names& names) : names_(names) {}

  void visit(const Node& node) {
    if (const auto* nested = std::get_if<InAudience>(&node.form)) add_nested(*nested);
    if (const auto* stage = std::get_if<Stage>(&node.form)) add_stages(*stage);
    if (const auto* did = std::get_if<Did>(&node.form)) add_step(did->step);
    if (const auto* edge = std::get_if<FirstLast>(&node.form)) add_step(edge->step);
    if (const auto* sequence = std::get_if<Sequence>(&node.form)) {
      add_step(sequence->first);
      for (const Then& then : sequence->then) add_step(then.step);
      if (sequence->then_not) add_step(sequence->then_not->step);
    }
    for (const Node* child : children_of(node)) visit(*child);
  }

  Dependencies found;

 private:
  void add_nested(const InAudience& test) {
    if (test.list) return;
    const auto id =
        test.audience.id ? std::optional(test.audience.id) : names_.audience(test.audience.text);
    if (id) found.nested.push_back(*id);
  }

  void add_stages(const Stage& test) {
    const auto model = test.model.id ? std::optional(test.model.id) : names_.model(test.model.text);
    if (!model) return;
    NamedStages named{*model, {}, {}};
    for (const Named<StageId>& stage : test.stages) {
      const auto id = stage.id ? std::optional(stage.id) : names_.stage(*model, stage.text);
      if (id) named.stages.push_back(*id);
    }
    for (const StageId stage : stages_asked(test, names_)) {
      named.rules.push_back(definition_of(stage));
    }
    found.stages.push_back(std::move(named));
  }

  void add_step(const Step& step) {
    FollowedChanges followed;
    followed.offset = step.event.offset;
    if (is_change_of_audience(step.event.text)) {
      followed.audiences = allowed_by<base::AudienceId>(step.filter.get(), kAudience, names_);
    } else if (step.event.text == "stage_changed") {
      followed.of_stages = true;
      followed.models = allowed_by<ModelId>(step.filter.get(), kModel, names_);
    } else {
      return;
    }
    found.followed.push_back(std::move(followed));
  }

  const Names& names_;
};

bool names_list(const Node& node, base::ListId list) {
  const auto* test = std::get_if<InAudience>(&node.form);
  if (test != nullptr && test->list == list) return true;
  return std::ranges::any_of(children_of(node),
                             [&](const Node* child) { return names_list(*child, list); });
}

// The definitions whose changes are followed; nothing: of any audience.
std::optional<std::vector<base::AudienceId>> definitions_of(const FollowedChanges& followed,
                                                            const Names& names) {
  if (!followed.of_stages) return followed.audiences;
  std::vector<base::AudienceId> definitions;
  for (const ModelId model : followed.models ? *followed.models : names.models()) {
    for (const StageId stage : names.stages_of(model)) definitions.push_back(definition_of(stage));
  }
  return definitions;
}

// Whether `from` leans on one of the targets, by nesting it or by following its changes.
bool reaches(base::AudienceId from, std::span<const base::AudienceId> targets, const Names& names) {
  std::vector<base::AudienceId> waiting{from};
  std::set<base::AudienceId> seen;
  while (!waiting.empty()) {
    const base::AudienceId at = waiting.back();
    waiting.pop_back();
    if (std::ranges::find(targets, at) != targets.end()) return true;
    const Rule* definition = names.definition(at);
    if (!seen.insert(at).second || definition == nullptr) continue;
    const Dependencies next = dependencies_of(*definition, names);
    waiting.insert(waiting.end(), next.nested.begin(), next.nested.end());
    for (const NamedStages& stages : next.stages) {
      waiting.insert(waiting.end(), stages.rules.begin(), stages.rules.end());
    }
    for (const FollowedChanges& followed : next.followed) {
      const auto definitions = definitions_of(followed, names);
      if (!definitions) return true;
      waiting.insert(waiting.end(), definitions->begin(), definitions->end());
    }
  }
  return false;
}

}  // namespace

Dependencies dependencies_of(const Rule& rule, const Names& names) {
  Collector collector(names);
  collector.visit(rule.root);
  return std::move(collector.found);
}

std::vector<StageId> stages_asked(const Stage& test, const Names& names) {
  const auto model = test.model.id ? std::optional(test.model.id) : names.model(test.model.text);
  if (!model) return {};
  std::vector<StageId> stages = names.stages_of(*model);
  if (test.test == StageTest::known || test.test == StageTest::unknown) return stages;
  auto end = stages.begin();
  for (const Named<StageId>& named : test.stages) {
    const auto id = named.id ? std::optional(named.id) : names.stage(*model, named.text);
    const auto place = id ? std::ranges::find(stages, *id) : stages.end();
    if (place != stages.end()) end = std::max(end, std::next(place));
  }
  stages.erase(end, stages.end());
  return stages;
}

std::set<std::int64_t> named_by(const Rule& rule, const Names& names) {
  std::set<std::int64_t> ids;
  const Dependencies dependencies = dependencies_of(rule, names);
  for (const base::AudienceId id : dependencies.nested) ids.insert(id.value);
  for (const NamedStages& named : dependencies.stages) {
    ids.insert(named.model.value);
    for (const StageId stage : named.stages) ids.insert(stage.value);
  }
  for (const FollowedChanges& followed : dependencies.followed) {
    for (const auto id : followed.audiences.value_or(std::vector<base::AudienceId>{})) {
      ids.insert(id.value);
    }
    for (const auto id : followed.models.value_or(std::vector<ModelId>{})) ids.insert(id.value);
  }
  return ids;
}

std::string name_of_definition(const Names& names, base::AudienceId definition) {
  const StageId stage{definition.value};
  const auto model = names.model_of(stage);
  if (!model) return names.name_of(Names::Kind::audience, definition.value);
  return names.name_of(Names::Kind::model, model->value) + "/" +
         names.name_of(Names::Kind::stage, stage.value);
}

std::vector<std::string> users_of(const Names& names, base::ListId list) {
  std::vector<std::string> users;
  for (std::string& name : names.all(Names::Kind::audience)) {
    const Rule* rule = names.definition(*names.audience(name));
    if (rule != nullptr && names_list(rule->root, list)) users.push_back(std::move(name));
  }
  for (const ModelId model : names.models()) {
    for (const StageId stage : names.stages_of(model)) {
      const Rule* rule = names.definition(definition_of(stage));
      if (rule == nullptr || !names_list(rule->root, list)) continue;
      users.push_back(name_of_definition(names, definition_of(stage)));
    }
  }
  return users;
}

std::optional<std::size_t> own_changes_in(const Rule& rule, std::span<const base::AudienceId> own,
                                          const Names& names) {
  for (const FollowedChanges& followed : dependencies_of(rule, names).followed) {
    const auto definitions = definitions_of(followed, names);
    if (!definitions) return followed.offset;
    const auto depends = [&](base::AudienceId id) { return reaches(id, own, names); };
    if (std::ranges::any_of(*definitions, depends)) return followed.offset;
  }
  return std::nullopt;
}

}  // namespace audience
