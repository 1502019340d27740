#include "api/lifecycle_question.h"

#include "api/fault.h"
#include "customer/test_account.h"

namespace api {

lifecycle::BoundModel model_asked(Call& call, std::string_view key) {
  const base::Zone& zone = call.zone();
  return value_or_refuse(call.services().database.read([&](store::Session& session) {
    return lifecycle::bound_model({session, call.services().log.catalog(), zone}, key);
  }));
}

StatesQuestion::StatesQuestion(Call& call, const std::optional<std::string>& at_least)
    : call_(call),
      turn_(call.services().questions, {.kind = QuestionKind::stages,
                                        .actor = call.caller().viewer.actor(),
                                        .gone = call.request().sender_gone()}),
      pinned_(call.pin(at_least)) {
  left_out_ = call.services().database.read(
      [](store::Session& session) { return customer::marked_customers(session); });
}

lifecycle::States StatesQuestion::at(base::Moment moment, const lifecycle::BoundModel& model,
                                     const Part& part) {
  return at(moment, model, model.rules, part);
}

lifecycle::States StatesQuestion::at(base::Moment moment, const lifecycle::BoundModel& model,
                                     Rules rules, const Part& part) {
  const lifecycle::AskedStates asked{
      .rules = rules,
      .everyone = *model.everyone,
      .at = moment,
      .viewer = call_.caller().viewer,
      .left_out = left_out_,
      .watch = [&](audience::Question& question, std::size_t number,
                   std::size_t of) { turn_.watch(question, {number, of}); },
      .part = part.number,
      .of = part.of};
  auto states = lifecycle::states_at(pinned_.pin, asked, call_.services().pool);
  if (!states) throw turn_.refusal();
  return std::move(*states);
}

}  // namespace api
