// A lifecycle model asked of everybody the caller sees but test accounts: one turn among the heavy
// questions (questions.h), one pin.
//
// Of one request and its thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "api/questions.h"
#include "lifecycle/state.h"

namespace api {

// A model ready to be asked. Refuses one that is not there, or cannot be bound any more.
lifecycle::BoundModel model_asked(Call& call, std::string_view key);

class StatesQuestion {
 public:
  // Waits for its turn and takes a pin.
  explicit StatesQuestion(Call& call, const std::optional<std::string>& at_least = std::nullopt);

  // `number` of `of`: one of several that are asked one after the other. Refused when it is
  // stopped.
  struct Part {
    std::size_t number = 0;
    std::size_t of = 1;
  };
  using Rules = std::span<const std::shared_ptr<const audience::BoundRule>>;
  lifecycle::States at(base::Moment moment, const lifecycle::BoundModel& model, const Part& part);
  lifecycle::States at(base::Moment moment, const lifecycle::BoundModel& model) {
    return at(moment, model, Part());
  }
  // The same of other rules in the model's place.
  lifecycle::States at(base::Moment moment, const lifecycle::BoundModel& model, Rules rules,
                       const Part& part);

  const Call::Pinned& pinned() const { return pinned_; }
  Questions::Turn& turn() { return turn_; }
  std::span<const base::CustomerId> left_out() const { return left_out_; }

 private:
  Call& call_;
  Questions::Turn turn_;
  Call::Pinned pinned_;
  std::vector<base::CustomerId> left_out_;
};

}  // namespace api
