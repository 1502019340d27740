// Who is in which stage: flows between two moments, their people, time in stages, the pulse, and
// one customer's way.

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "api/asked.h"
#include "api/filter.h"
#include "api/lifecycle_question.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "api/stage_json.h"
#include "audience/question.h"
#include "lifecycle/model.h"
#include "lifecycle/state.h"
#include "lifecycle/stay.h"
#include "lifecycle/stay_time.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

constexpr base::Duration kFlowOf{30 * base::kDay.ms};  // when no beginning is given
constexpr std::int64_t kPulseDays = 30;
constexpr std::int64_t kPulseDaysMax = 400;
constexpr std::size_t kStaysShown = 100;
constexpr std::string_view kNew = "new";  // where those come from who were not known yet

std::string key_of(const lifecycle::Model& model, std::size_t state) {
  if (state > model.stages.size()) return std::string(kNew);
  return state < model.stages.size() ? model.stages[state].key : std::string();
}

// "": in none; "new" where it may be asked for. Refuses another.
std::size_t state_asked(Call& call, const lifecycle::Model& model, std::string_view parameter) {
  const std::string key = call.query(parameter);
  if (key.empty()) return model.stages.size();
  if (key == kNew && parameter == "stage_from") return model.stages.size() + 1;
  for (std::size_t i = 0; i < model.stages.size(); ++i) {
    if (model.stages[i].key == key) return i;
  }
  throw Refusal("lifecycle.no_such_stage");
}

struct Period {
  base::Moment from;
  base::Moment to;
};
Period period_asked(Call& call, std::optional<base::Moment> initial) {
  const base::Moment to = query_moment(call, "to").value_or(initial.value_or(call.now()));
  const base::Moment from = query_moment(call, "from").value_or(to - kFlowOf);
  if (from >= to) throw Refusal("api.bad_query", {{"subject", "from"}});
  return {from, to};
}

json::array sizes_of(const lifecycle::Model& model, const lifecycle::States& states) {
  json::array sizes;
  for (std::size_t i = 0; i <= model.stages.size(); ++i) {
    sizes.push_back(json::object{{"key", key_of(model, i)}, {"customers", states.count(i)}});
  }
  return sizes;
}

net::Response list_flows(Call& call) {
  const lifecycle::BoundModel model = model_asked(call, call.captured(0));
  const Period period = period_asked(call, std::nullopt);
  StatesQuestion question(call);
  const lifecycle::States from = question.at(period.from, model, {0, 2});
  const lifecycle::States to = question.at(period.to, model, {1, 2});
  const auto found = lifecycle::flows(from, to);
  json::array flows;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::size_t j = 0; j < found[i].size(); ++j) {
      if (found[i][j] == 0) continue;
      flows.push_back(json::object{{"from", key_of(model.model, i)},
                                   {"to", key_of(model.model, j)},
                                   {"customers", found[i][j]}});
    }
  }
  return ok(with_position({{"from", iso(period.from)},
                           {"to", iso(period.to)},
                           {"version", model.model.version},
                           {"stages_from", sizes_of(model.model, from)},
                           {"stages_to", sizes_of(model.model, to)},
                           {"flows", std::move(flows)}},
                          question.pinned()));
}

std::optional<std::string> after_asked(Call& call) {
  const std::string after = call.query("after");
  return after.empty() ? std::nullopt : std::optional(after);
}

// A page of those found; `at`: of all its pages.
net::Response people_page(Call& call, StatesQuestion& question, const PageStart& start,
                          std::pair<base::Moment, std::vector<base::CustomerId>> found) {
  const auto& [at, people] = found;
  const audience::ListCut cut{.limit = static_cast<std::size_t>(call.limit()),
                              .after = start.after,
                              .stop = question.turn().stop_token()};
  const auto page = call.services().database.read(
      [&](store::Session& session) { return audience::list(session, people, cut); });
  if (!page) throw question.turn().refusal();
  const Mask mask = call.mask();
  json::array shown;
  for (const audience::Listed& listed : page->people) {
    shown.push_back(json::object{{"id", listed.person.value}, {"key", mask.key(listed.key)}});
  }
  const timeline::Pin& pin = question.pinned().pin;
  json::value next = next_page(call, start, {at, pin.position(), page->next});
  return ok(with_position({{"people", std::move(shown)},
                           {"count", people.size()},
                           {"next", std::move(next)},
                           {"at", iso(at)}},
                          question.pinned()));
}

net::Response list_flow_people(Call& call) {
  const PageStart start = page_start(call, after_asked(call));
  const lifecycle::BoundModel model = model_asked(call, call.captured(0));
  const Period period = period_asked(call, start.at);
  const std::size_t stage_from = state_asked(call, model.model, "stage_from");
  const std::size_t stage_to = state_asked(call, model.model, "stage_to");
  call.await(start.position);
  StatesQuestion question(call);
  const lifecycle::States from = question.at(period.from, model, {0, 2});
  const lifecycle::States to = question.at(period.to, model, {1, 2});
  return people_page(call, question, start,
                     {period.to, lifecycle::people_of_flow(question.pinned().pin, from, to,
                                                           {stage_from, stage_to})});
}

net::Response list_stage_people(Call& call) {
  const PageStart start = page_start(call, after_asked(call));
  const lifecycle::BoundModel model = model_asked(call, call.captured(0));
  const auto& stages = model.model.stages;
  const auto stage = std::ranges::find(stages, call.captured(1), &lifecycle::Stage::key);
  if (stage == stages.end()) throw Refusal("lifecycle.no_such_stage");
  const base::Moment at = query_moment(call, "at").value_or(start.at.value_or(call.now()));
  call.await(start.position);
  StatesQuestion question(call);
  const lifecycle::States states = question.at(at, model);
  const auto& rows = states.of(static_cast<std::size_t>(stage - stages.begin()));
  return people_page(call, question, start,
                     {at, lifecycle::people_of(question.pinned().pin, rows)});
}

json::value days_json(const std::optional<double>& days) {
  return days ? json::value(std::round(*days * 100) / 100) : json::value(nullptr);
}

net::Response stage_times(Call& call) {
  const lifecycle::BoundModel model = model_asked(call, call.captured(0));
  StatesQuestion question(call);
  const base::Moment at = call.now();
  const lifecycle::States states = question.at(at, model);
  const auto times = lifecycle::times_in_stages({question.pinned().pin, model.rules, states, at},
                                                call.services().pool, question.turn().stop_token());
  if (!times) throw question.turn().refusal();
  json::array stages;
  for (std::size_t i = 0; i < times->stages.size(); ++i) {
    const lifecycle::StageTime& time = times->stages[i];
    stages.push_back(json::object{{"key", key_of(model.model, i)},
                                  {"customers", time.customers},
                                  {"median_days", days_json(time.so_far.median)},
                                  {"days_25", days_json(time.so_far.low)},
                                  {"days_75", days_json(time.so_far.high)},
                                  {"ended_median_days", days_json(time.ended.median)},
                                  {"ended_days_25", days_json(time.ended.low)},
                                  {"ended_days_75", days_json(time.ended.high)}});
  }
  return ok(with_position({{"stages", std::move(stages)},
                           {"persons_read", times->persons},
                           {"sampled", times->sampled},
                           {"at", iso(at)}},
                          question.pinned()));
}

std::int64_t days_asked(Call& call) {
  const std::string given = call.query("days");
  if (given.empty()) return kPulseDays;
  const auto days = read_integer(given);
  if (!days || *days < 1 || *days > kPulseDaysMax) {
    throw Refusal("api.bad_query", {{"subject", "days"}});
  }
  return *days;
}

// The midnights of the last days, and now for the day that goes on.
net::Response pulse(Call& call) {
  const std::int64_t count = days_asked(call);
  const lifecycle::BoundModel model = model_asked(call, call.captured(0));
  std::vector<base::Moment> moments;
  for (std::int64_t back = count - 1; back >= 0; --back) {
    moments.push_back(call.zone().period_start(call.now(), base::CalendarUnit::day, -back));
  }
  moments.push_back(call.now());
  StatesQuestion question(call);
  json::array days;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const lifecycle::States states = question.at(moments[i], model, {i, moments.size()});
    json::array sizes = sizes_of(model.model, states);
    sizes.pop_back();  // none
    const std::string local = base::to_iso8601(moments[i], call.zone());
    days.push_back(json::object{{"day", local.substr(0, 10)},
                                {"at", iso(moments[i])},
                                {"stages", std::move(sizes)},
                                {"none", states.count(model.model.stages.size())}});
  }
  return ok(with_position({{"version", model.model.version}, {"days", std::move(days)}},
                          question.pinned()));
}

json::value until_json(base::Moment moment) {
  return moment >= audience::kHorizon ? json::value(nullptr) : json::value(iso(moment));
}

json::object way_json(const lifecycle::BoundModel& bound, const timeline::History& history,
                      base::Moment now) {
  const lifecycle::Model& model = bound.model;
  const std::vector<lifecycle::Stay> stays = lifecycle::stays_until(bound.rules, history, now);
  json::array past;
  for (auto stay = stays.rbegin(); stay != stays.rend() && past.size() < kStaysShown; ++stay) {
    past.push_back(json::object{{"stage", stage_json(model, stay->stage)},
                                {"from", iso(stay->from)},
                                {"to", until_json(stay->to)}});
  }
  json::object out{{"key", model.key},           {"label", label_json(model.label)},
                   {"version", model.version},   {"stage", nullptr},
                   {"since", nullptr},           {"until", nullptr},
                   {"history", std::move(past)}, {"stays", stays.size()}};
  if (stays.empty()) return out;
  out["stage"] = stage_json(model, stays.back().stage);
  out["since"] = iso(stays.back().from);
  out["until"] = until_json(stays.back().to);
  return out;
}

net::Response customer_stages(Call& call) {
  const base::Moment at = query_moment(call, "at").value_or(call.now());
  const auto pinned = call.pin();
  const base::Zone& zone = call.zone();
  std::vector<lifecycle::BoundModel> models;
  const base::CustomerId asked = call.services().database.read([&](store::Session& session) {
    models = lifecycle::bound_models({session, call.services().log.catalog(), zone});
    return call.person(session, call.captured(0));
  });
  const auto place = pinned.pin.place_of(asked);
  if (!place) throw Refusal(pinned.fresh ? "api.unknown_customer" : "api.position_not_reached");
  const base::CustomerId person = pinned.pin.person(place->block, place->row);
  if (!call.caller().viewer.sees(person)) throw Refusal("api.unknown_customer");
  const auto history = pinned.pin.history(place->block, place->row);
  json::array ways;
  for (const lifecycle::BoundModel& model : models) ways.push_back(way_json(model, *history, at));
  return ok(with_position({{"models", std::move(ways)}, {"at", iso(at)}}, pinned));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/lifecycle/models/{key}/flows", Guard::of(Permission::audiences_read),
     list_flows},
    {net::Method::get, "/lifecycle/models/{key}/flows/people",
     Guard::of(Permission::customers_read), list_flow_people},
    {net::Method::get, "/lifecycle/models/{key}/stages/{stage}/people",
     Guard::of(Permission::customers_read), list_stage_people},
    {net::Method::get, "/lifecycle/models/{key}/time", Guard::of(Permission::audiences_read),
     stage_times},
    {net::Method::get, "/lifecycle/models/{key}/pulse", Guard::of(Permission::audiences_read),
     pulse},
    {net::Method::get, "/customers/{customer}/stages", Guard::of(Permission::customers_read),
     customer_stages},
};

}  // namespace

std::span<const Route> lifecycle_state_routes() { return kRoutes; }

}  // namespace api
