#include "lifecycle/bind_model.h"

#include <algorithm>

#include "audience/parse.h"
#include "audience/tree.h"
#include "audience/triviality.h"

namespace lifecycle {
namespace {

Error refused(const std::string& stage, audience::RuleError error) {
  return Error{Fault::rule_refused, stage, std::move(error), {}};
}

}  // namespace

std::vector<audience::ModelNames> EditedStages::models(store::Session& session) const {
  std::vector<audience::ModelNames> all = today_.models(session);
  const auto same = std::ranges::find(all, edited_.id, &audience::ModelNames::id);
  if (same == all.end()) {
    all.push_back(edited_);
  } else {
    *same = edited_;
  }
  return all;
}

base::Result<audience::ModelNames, Error> names_of(ModelId model, const NewModel& given,
                                                   const std::vector<StageId>& stages) {
  audience::ModelNames names{model, given.key, given.label.chinese, given.label.english, {}};
  for (std::size_t i = 0; i < given.stages.size(); ++i) {
    const GivenStage& stage = given.stages[i];
    std::string tree;
    if (stage.rule.tree) {
      tree = audience::to_tree_text(*stage.rule.tree);
    } else {
      const auto rule = audience::parse(stage.rule.text);
      if (!rule) return base::unexpected(refused(stage.key, rule.error()));
      tree = audience::to_tree_text(*rule);
    }
    names.stages.push_back(
        {stages[i], stage.key, stage.label.chinese, stage.label.english, std::move(tree)});
  }
  return names;
}

base::Result<std::vector<std::shared_ptr<const audience::BoundRule>>, Error> bind_stages(
    const audience::Catalog& names, const base::Zone& zone, const std::vector<GivenStage>& given,
    const std::vector<StageId>& stages) {
  audience::BindOptions options;
  options.zone = &zone;
  options.saved = true;
  for (const StageId stage : stages) options.siblings.push_back(audience::definition_of(stage));
  std::vector<std::shared_ptr<const audience::BoundRule>> rules;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const audience::GivenRule& rule = given[i].rule;
    options.itself = audience::definition_of(stages[i]);
    auto bound = rule.tree ? audience::bind(*rule.tree, names, options)
                           : audience::compile(rule.text, names, options);
    if (!bound) return base::unexpected(refused(given[i].key, std::move(bound.error())));
    rules.push_back(std::move(*bound));
  }
  return rules;
}

std::vector<StageWarning> warnings_of(
    const std::vector<std::string>& keys,
    const std::vector<std::shared_ptr<const audience::BoundRule>>& rules) {
  std::vector<StageWarning> warnings;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const audience::Warning& warning : rules[i]->warnings()) {
      warnings.push_back({keys[i], warning});
    }
    for (const audience::Warning& warning : audience::triviality_warnings(*rules[i])) {
      warnings.push_back({keys[i], warning});
    }
    for (std::size_t before = 0; before < i; ++before) {
      const bool takes_all = audience::truth_of(*rules[before]) == audience::Truth::always ||
                             audience::is_within(rules[i]->rule(), rules[before]->rule());
      if (!takes_all) continue;
      warnings.push_back({keys[i], {std::string(kUnreachable), 0, keys[before], std::nullopt}});
      break;
    }
  }
  return warnings;
}

}  // namespace lifecycle
