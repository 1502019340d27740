#include <algorithm>
#include <utility>

#include "audience/binder.h"
#include "audience/dependency.h"

namespace audience {
namespace {

Node rule_of(base::AudienceId definition, const std::string& name) {
  InAudience form{{name, 0, definition}, {}};
  form.of_stage = true;
  return Node{std::move(form), 0};
}

Node negated(Node part) { return Node{Not{std::make_unique<Node>(std::move(part))}, 0}; }

// `part` before what follows it, in one flat chain.
template <typename Chain>
Node joined(Node part, Node rest) {
  Chain chain;
  chain.parts.push_back(std::move(part));
  if (auto* same = std::get_if<Chain>(&rest.form)) {
    for (Node& each : same->parts) chain.parts.push_back(std::move(each));
  } else {
    chain.parts.push_back(std::move(rest));
  }
  return Node{std::move(chain), 0};
}

// From the last rule to the first: where a rule holds, its answer; else what the later ones say.
Node tree_of(const StageMeaning& meaning, const std::vector<std::string>& names) {
  std::optional<Node> rest;  // nothing: `otherwise`
  for (std::size_t i = meaning.rules.size(); i-- > 0;) {
    Node rule = rule_of(meaning.rules[i], names[i]);
    if (!rest) {
      // Those at the end that say what `otherwise` says are not asked.
      if (meaning.answers[i] == meaning.otherwise) continue;
      rest = meaning.answers[i] ? std::move(rule) : negated(std::move(rule));
    } else if (meaning.answers[i]) {
      rest = joined<Or>(std::move(rule), *std::move(rest));
    } else {
      rest = joined<And>(negated(std::move(rule)), *std::move(rest));
    }
  }
  return rest ? *std::move(rest) : Node{};
}

}  // namespace

// False: a name is unknown.
bool Binder::bind_stages(Stage& form) {
  if (!form.model.id) {
    if (const auto model = names_.model(form.model.text)) form.model.id = *model;
  }
  const std::vector<StageId> stages = names_.stages_of(form.model.id);
  if (!form.model.id || stages.empty()) {
    miss(RuleFault::unknown_model, Kind::model, form.model.text, form.model.offset);
    return false;
  }
  for (Named<StageId>& stage : form.stages) {
    if (!stage.id) {
      if (const auto found = names_.stage(form.model.id, stage.text)) stage.id = *found;
    }
    if (std::ranges::find(stages, stage.id) != stages.end()) continue;
    miss(RuleFault::unknown_stage, stage.text, stage.offset, names_.stage_names(form.model.id));
    return false;
  }
  return true;
}

void Binder::bind_form(Node& node, Stage& form) {
  if (!bind_stages(form)) return;
  StageMeaning& meaning = bound_->stages_[&node];
  const bool is_not = form.test == StageTest::not_equal;
  meaning.otherwise = is_not || form.test == StageTest::unknown;
  std::vector<std::string> names;
  for (const StageId stage : stages_asked(form, names_)) {
    const bool named =
        std::ranges::find(form.stages, stage, &Named<StageId>::id) != form.stages.end();
    meaning.rules.push_back(definition_of(stage));
    meaning.answers.push_back(form.test == StageTest::known ||
                              (named != is_not && form.test != StageTest::unknown));
    names.push_back(shown(definition_of(stage)));
    // In the tree a chain of and, or, not stands above it.
    mention(definition_of(stage), form.model.offset, level_ + 2);
  }
  meaning.tree = tree_of(meaning, names);
}

}  // namespace audience
