#include "api/rule_page.h"

#include "api/live_answer.h"
#include "log/position.h"

namespace api {

namespace json = boost::json;

PageStart page_start(Call& call, const std::optional<std::string>& shown) {
  if (!shown) return {};
  const std::string text = call.given_mark(*shown);
  const std::size_t colon = text.find(':');
  const std::size_t second = colon == std::string::npos ? colon : text.find(':', colon + 1);
  const auto at = read_integer(std::string_view(text).substr(0, colon));
  const bool known = at && *at >= base::kMomentMin.ms && *at <= base::kMomentMax.ms;
  if (second == std::string::npos || !known) throw Refusal("api.bad_query", {{"subject", "after"}});
  PageStart start{base::Moment{*at}, text.substr(colon + 1, second - colon - 1),
                  text.substr(second + 1)};
  if (!event_log::position_from(*start.position) || !audience::is_mark(*start.after)) {
    throw Refusal("api.bad_query", {{"subject", "after"}});
  }
  return start;
}

std::size_t page_rows(Call& call, const std::optional<std::int64_t>& limit) {
  const bool local = call.caller().viewer.actor().kind == rights::ActorKind::command_line;
  const auto most = local ? static_cast<std::int64_t>(audience::kListPageMax) : kPageRowsMax;
  const std::int64_t rows = limit.value_or(kPageRows);
  if (rows < 1 || rows > most) throw Refusal("api.bad_query", {{"subject", "limit"}});
  return static_cast<std::size_t>(rows);
}

RulePage rule_page(Call& call, const timeline::Pin& pin, const AskedPage& page,
                   Questions::Turn& turn) {
  RulePage answer{.people = {}, .next = {}, .at = page.at, .position = pin.position()};
  std::vector<base::CustomerId> people;
  audience::Question question = question_of(call, page.asked, page.at);
  turn.watch(question);
  if (auto live = live_members(call, page.asked, pin, page.at)) {
    people = std::move(live->persons);
    answer.at = live->at;
    answer.position = live->position;
  } else {
    auto matching = audience::matching(pin, question, call.services().pool);
    if (!matching) throw turn.refusal();
    people = std::move(*matching);
  }
  audience::ListCut cut = page.cut;
  cut.stop = question.stop;
  auto listed = call.services().database.read(
      [&](store::Session& session) { return audience::list(session, people, cut); });
  if (!listed) throw turn.refusal();
  answer.people = std::move(listed->people);
  answer.next = std::move(listed->next);
  return answer;
}

json::value next_page(Call& call, const PageStart& start, const PageEnd& end) {
  if (!end.next) return nullptr;
  const std::string position = start.position.value_or(event_log::to_text(end.position));
  return json::value(call.shown_mark(std::to_string(end.at.ms) + ":" + position + ":" + *end.next));
}

json::object with_position(json::object answer, const Call::Pinned& pinned) {
  answer["position"] = event_log::to_text(pinned.pin.position());
  answer["fresh"] = pinned.fresh;
  return answer;
}

}  // namespace api
