#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "api/record.h"
#include "api/route.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

bool is_own(const Call& call, const QuestionState& state) {
  const rights::Actor& asker = call.caller().viewer.actor();
  return asker.kind == state.asked.actor.kind && asker.id == state.asked.actor.id;
}

bool may_manage(const Call& call, const QuestionState& state) {
  return is_own(call, state) || call.caller().viewer.may(Permission::questions_stop);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

// As long again for each share as for those done; nothing is known before the first.
json::value milliseconds_left(const QuestionState& state, base::Moment now) {
  if (!state.began || state.progress <= 0) return nullptr;
  const auto taken = static_cast<double>(std::max<std::int64_t>(now.ms - state.began->ms, 0));
  return std::llround(taken * (1 - state.progress) / state.progress);
}

// What others ask is theirs: a rule may hold what only they may see.
json::object to_json(const Call& call, const QuestionState& state) {
  const bool shown = may_manage(call, state);
  return {{"id", state.id},
          {"kind", name_of(state.asked.kind)},
          {"who", state.asked.actor.name},
          {"own", is_own(call, state)},
          {"rule", shown ? text_or_null(state.asked.rule) : json::value(nullptr)},
          {"reference", shown ? text_or_null(state.asked.reference) : json::value(nullptr)},
          {"state", state.began ? "running" : "waiting"},
          {"since", iso(state.since)},
          {"progress", state.progress},
          {"milliseconds_left", milliseconds_left(state, call.now())}};
}

net::Response list_questions(Call& call) {
  json::array questions;
  for (const QuestionState& state : call.services().questions.all()) {
    questions.push_back(to_json(call, state));
  }
  return ok(json::object{{"questions", std::move(questions)},
                         {"running_max", kQuestionsRunningMax},
                         {"waiting_max", kQuestionsWaitingMax}});
}

net::Response stop_question(Call& call) {
  const std::int64_t id = call.id(0);
  const auto all = call.services().questions.all();
  const auto state = std::ranges::find(all, id, &QuestionState::id);
  if (state == all.end()) throw Refusal("api.not_there");
  if (!may_manage(call, *state)) refuse(rights::Error{rights::Fault::not_allowed});
  if (!call.services().questions.stop(id)) throw Refusal("api.not_there");
  if (is_own(call, *state)) return no_content();
  call.services().database.write("question.stop", [&](store::Unit& unit) {
    record_change(call, unit,
                  {.noun = "question",
                   .verb = "stopped",
                   .subject = std::to_string(id),
                   .before = json::object{{"kind", name_of(state->asked.kind)},
                                          {"asker", rights::to_text(state->asked.actor)}},
                   .after = nullptr});
  });
  return no_content();
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/questions", Guard::of(Permission::audiences_read), list_questions},
    // What others ask: questions.stop.
    {net::Method::del, "/questions/{id}", Guard::of(Permission::audiences_read), stop_question},
};

}  // namespace

std::span<const Route> question_routes() { return kRoutes; }

}  // namespace api
