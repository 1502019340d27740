// In which stage of a model everybody is: at a moment, at two, now against an edit of the model.
//
//   const auto bound = bound_model(session, log.catalog(), zone, "lifecycle");
//   const auto now = states_at(pin, {bound->rules, *bound->everyone, moment, viewer}, pool);
//
// Each rule is asked once of the columns (audience/everyone.h); the first that holds takes its
// persons, so that the masks of the stages are disjoint. Definitions are today's; what was true at
// a past moment is what is known of it today. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audience/question.h"
#include "base/work_pool.h"
#include "lifecycle/model.h"
#include "timeline/column_store.h"

namespace lifecycle {

// A model ready to be asked. A customer is in the first stage whose rule holds: `rules` stand
// beside model.stages and do not yet exclude each other.
struct BoundModel {
  Model model;
  std::vector<std::shared_ptr<const audience::BoundRule>> rules;
  std::shared_ptr<const audience::BoundRule> everyone;  // the rule of that name
};
// Unknown names (what has been deleted since) make a rule that matches nobody, with its warning.
// Errors: no_such_model; rule_refused (a rule cannot be bound any more), with the stage.
[[nodiscard]] base::Result<BoundModel, Error> bound_model(const Drafting& drafting,
                                                          std::string_view key);
// The warnings of its rules (Draft).
[[nodiscard]] base::Result<std::vector<StageWarning>, Error> warnings_of(const Drafting& drafting,
                                                                         std::string_view key);
// Of every active model, in the order in which they are shown; one that cannot be bound is left
// out.
std::vector<BoundModel> bound_models(const Drafting& drafting);

struct AskedStates {
  // Of the model, in their order, and the rule of everyone.
  std::span<const std::shared_ptr<const audience::BoundRule>> rules;
  const audience::BoundRule& everyone;
  base::Moment at;
  const rights::Viewer& viewer;
  std::span<const base::CustomerId> left_out = {};
  // Puts progress and stop into each of the questions; `part` of `of`, from 0.
  std::function<void(audience::Question& question, std::size_t part, std::size_t of)> watch = {};
  // Of several that are asked one after the other this one is `part` of `of`.
  std::size_t part = 0;
  std::size_t of = 1;
};

// For every block of the pin. Persons the viewer sees, known at the moment, and not left out.
struct States {
  std::vector<std::vector<timeline::RowMask>> stages;  // [stage][block], disjoint
  std::vector<timeline::RowMask> none;                 // in no stage
  // [stage][block] once more with `none` behind; of `stages.size()` + 1.
  const std::vector<timeline::RowMask>& of(std::size_t state) const {
    return state < stages.size() ? stages[state] : none;
  }
  std::int64_t count(std::size_t state) const;
  std::vector<std::int64_t> satisfying;  // how many each rule by itself holds for
};
// Errors: stopped.
[[nodiscard]] base::Result<States, audience::QuestionFault> states_at(const timeline::Pin& pin,
                                                                      const AskedStates& asked,
                                                                      base::WorkPool& pool);

// Adds a warning for each stage whose rule holds for somebody, but for nobody whom those before it
// have left.
void add_unreachable(Draft& draft, const States& states);

// How many went from state i of `from` to state j of `to`: a row a state of `from`, with a last one
// for those who were not known yet. Both of one pin.
std::vector<std::vector<std::int64_t>> flows(const States& from, const States& to);

// The persons of one flow, ascending; `from` = from.stages.size() + 1: not known yet.
std::vector<base::CustomerId> people_of_flow(const timeline::Pin& pin, const States& from,
                                             const States& to,
                                             std::pair<std::size_t, std::size_t> flow);
std::vector<base::CustomerId> people_of(const timeline::Pin& pin,
                                        const std::vector<timeline::RowMask>& rows);

}  // namespace lifecycle
