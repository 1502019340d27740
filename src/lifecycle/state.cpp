#include "lifecycle/state.h"

#include <algorithm>
#include <utility>

#include "audience/catalog.h"
#include "audience/everyone.h"
#include "audience/tree.h"
#include "base/check.h"

namespace lifecycle {

using timeline::RowMask;

namespace {

base::Result<BoundModel, Error> bind_stored(Model model, const audience::Catalog& names,
                                            const base::Zone& zone) {
  audience::BindOptions options;
  options.zone = &zone;
  BoundModel bound;
  for (const Stage& stage : model.stages) {
    const auto rule = audience::from_tree_text(stage.tree);
    if (!rule) {
      throw store::Failure(store::FailureKind::corrupt,
                           "the rule of a stage cannot be read; restore a backup");
    }
    auto made = audience::bind(*rule, names, options);
    if (!made) {
      return base::unexpected(Error{Fault::rule_refused, stage.key, std::move(made.error()), {}});
    }
    bound.rules.push_back(std::move(*made));
  }
  auto everyone = audience::compile("everyone", names, options);
  CHECK(everyone.has_value());
  bound.everyone = std::move(*everyone);
  bound.model = std::move(model);
  return bound;
}

}  // namespace

base::Result<BoundModel, Error> bound_model(const Drafting& drafting, std::string_view key) {
  auto model = model_with(drafting.session, key);
  if (!model) return base::unexpected(Error{.fault = Fault::no_such_model});
  const Stages stages;
  const auto names = audience::Catalog::of(drafting.session, drafting.events, &stages);
  return bind_stored(*std::move(model), *names, drafting.zone);
}

base::Result<std::vector<StageWarning>, Error> warnings_of(const Drafting& drafting,
                                                           std::string_view key) {
  const auto bound = bound_model(drafting, key);
  if (!bound) return base::unexpected(bound.error());
  std::vector<std::string> keys;
  for (const Stage& stage : bound->model.stages) keys.push_back(stage.key);
  return warnings_of(keys, bound->rules);
}

std::vector<BoundModel> bound_models(const Drafting& drafting) {
  const Stages stages;
  const auto names = audience::Catalog::of(drafting.session, drafting.events, &stages);
  std::vector<BoundModel> all;
  for (Model& model : models(drafting.session)) {
    if (!model.active) continue;
    auto bound = bind_stored(std::move(model), *names, drafting.zone);
    if (bound) all.push_back(std::move(*bound));
  }
  return all;
}

std::int64_t States::count(std::size_t state) const {
  std::int64_t persons = 0;
  for (const RowMask& block : of(state)) persons += static_cast<std::int64_t>(block.count());
  return persons;
}

base::Result<States, audience::QuestionFault> states_at(const timeline::Pin& pin,
                                                        const AskedStates& asked,
                                                        base::WorkPool& pool) {
  const std::size_t questions = asked.rules.size() + 1;
  const auto rows_of = [&](const audience::BoundRule& rule, std::size_t number) {
    audience::Question question{
        .rule = rule, .at = asked.at, .viewer = asked.viewer, .left_out = asked.left_out};
    if (asked.watch) {
      asked.watch(question, asked.part * questions + number, asked.of * questions);
    }
    return audience::matching_rows(pin, question, pool);
  };
  States states;
  auto left = rows_of(asked.everyone, 0);
  if (!left) return base::unexpected(left.error());
  for (std::size_t stage = 0; stage < asked.rules.size(); ++stage) {
    auto rows = rows_of(*asked.rules[stage], stage + 1);
    if (!rows) return base::unexpected(rows.error());
    std::int64_t& satisfying = states.satisfying.emplace_back();
    for (std::size_t block = 0; block < rows->size(); ++block) {
      satisfying += static_cast<std::int64_t>((*rows)[block].count());
      (*rows)[block] &= (*left)[block];
      (*left)[block] -= (*rows)[block];
    }
    states.stages.push_back(std::move(*rows));
  }
  states.none = std::move(*left);
  return states;
}

void add_unreachable(Draft& draft, const States& states) {
  for (std::size_t i = 0; i < draft.keys.size(); ++i) {
    if (states.satisfying[i] == 0 || states.count(i) != 0) continue;
    const bool said = std::ranges::any_of(draft.warnings, [&](const StageWarning& warning) {
      return warning.stage == draft.keys[i] && warning.warning.code == kUnreachable;
    });
    if (said) continue;
    draft.warnings.push_back({draft.keys[i], {std::string(kUnreachable), 0, {}, std::nullopt}});
  }
}

std::vector<std::vector<std::int64_t>> flows(const States& from, const States& to) {
  const std::size_t rows = from.stages.size() + 1;
  const std::size_t columns = to.stages.size() + 1;
  std::vector<std::vector<std::int64_t>> found(rows + 1, std::vector<std::int64_t>(columns));
  for (std::size_t j = 0; j < columns; ++j) {
    std::int64_t known = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t block = 0; block < to.none.size(); ++block) {
        found[i][j] += static_cast<std::int64_t>((from.of(i)[block] & to.of(j)[block]).count());
      }
      known += found[i][j];
    }
    found[rows][j] = to.count(j) - known;
  }
  return found;
}

std::vector<base::CustomerId> people_of_flow(const timeline::Pin& pin, const States& from,
                                             const States& to,
                                             std::pair<std::size_t, std::size_t> flow) {
  std::vector<RowMask> rows = to.of(flow.second);
  for (std::size_t block = 0; block < rows.size(); ++block) {
    if (flow.first <= from.stages.size()) {
      rows[block] &= from.of(flow.first)[block];
      continue;
    }
    rows[block] -= from.none[block];
    for (const auto& stage : from.stages) rows[block] -= stage[block];
  }
  return people_of(pin, rows);
}

std::vector<base::CustomerId> people_of(const timeline::Pin& pin,
                                        const std::vector<RowMask>& rows) {
  std::vector<base::CustomerId> persons;
  for (std::size_t block = 0; block < rows.size(); ++block) {
    rows[block].each([&](std::size_t row) { persons.push_back(pin.person(block, row)); });
  }
  std::ranges::sort(persons);
  return persons;
}

}  // namespace lifecycle
