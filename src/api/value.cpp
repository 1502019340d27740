// The value of customers: the newest run with its calibration, what it says of one, rhythm and
// churn over all, and whether winning back pays.
#include "base/value.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <cmath>

#include "api/record.h"
#include "api/route.h"
#include "base/json.h"
#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/person.h"
#include "customer/record.h"
#include "lifecycle/value_json.h"
#include "lifecycle/win_back.h"

namespace api {
namespace {

namespace json = boost::json;
using lifecycle::ValuePeople;
using lifecycle::ValueState;
using rights::Permission;

constexpr std::array<double, 7> kGapDays = {0, 7, 14, 30, 60, 90, 180};  // usual gaps from …
constexpr std::array<double, 6> kOverdue = {0, 0.5, 1, 1.5, 2, 4};       // idle ÷ usual gap
constexpr std::array<double, 4> kChurn = {0, 0.33, 0.66, 1};             // 1 − P(alive)

json::value yuan(double amount) {
  return json::value(base::to_text(base::Value(base::Money{std::llround(amount * 100)})));
}

json::value yuan_or_null(std::optional<double> amount) {
  return amount ? yuan(*amount) : json::value(nullptr);
}

// The newest run as it was kept.
json::object result_of(const lifecycle::KeptRun& run) {
  auto result = base::parse_stored_json(run.result);
  return result && result->is_object() ? std::move(result->get_object()) : json::object();
}

json::object run_json(const lifecycle::KeptRun& run) {
  return {{"at", iso(run.until)},
          {"customers", run.customers},
          {"seconds", static_cast<double>((run.ended_at - run.started_at).ms) / 1000},
          {"event", run.event},
          {"amount", run.amount}};
}

json::object state_json(Call& call, const std::optional<lifecycle::KeptRun>& run) {
  json::object out{{"state", name_of(run ? run->state : ValueState::never_run)},
                   {"running", call.services().values.is_running()},
                   {"gates", json::array()}};
  if (run) out["gates"] = result_of(*run).at("gates");
  return out;
}

net::Response get_value(Call& call) {
  const auto run = call.services().values.newest();
  json::object out = state_json(call, run);
  out["run"] = run ? json::value(run_json(*run)) : json::value(nullptr);
  const json::object result = run ? result_of(*run) : json::object();
  for (const std::string_view part :
       {"model", "bgnbd", "mbgnbd", "gamma_gamma", "correlation", "calibration", "clv"}) {
    const json::value* const found = result.if_contains(part);
    out[part] = found == nullptr ? json::value(nullptr) : *found;
  }
  return ok(out);
}

net::Response start_run(Call& call) {
  if (!call.services().values.begin()) throw Refusal("lifecycle.value_running");
  call.services().database.write("value.start", [&](store::Unit& unit) {
    record_change(
        call, unit,
        {.noun = "value", .verb = "run", .subject = "", .before = nullptr, .after = nullptr});
  });
  return json_response(202, json::object{{"running", call.services().values.is_running()}});
}

// Refuses where nothing is said of anybody.
std::shared_ptr<const ValuePeople> required_people(Call& call) {
  auto people = call.services().values.people();
  if (people) return people;
  const auto run = call.services().values.newest();
  if (!run) throw Refusal("lifecycle.never_run");
  throw Refusal(run->state == ValueState::not_enough_data ? "lifecycle.not_enough_data"
                                                          : "lifecycle.bad_fit");
}

// How many lie in [borders[i], borders[i + 1]), the last one without end.
class Spread {
 public:
  explicit Spread(std::span<const double> borders) : borders_(borders), counts_(borders.size()) {}

  void add(double number) {
    const auto above = std::ranges::upper_bound(borders_, number) - borders_.begin();
    ++counts_[static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - 1, 0))];
  }
  json::array to_json() const {
    json::array out;
    for (std::size_t i = 0; i < borders_.size(); ++i) {
      const bool last = i + 1 == borders_.size();
      out.push_back(json::object{{"from", borders_[i]},
                                 {"to", last ? json::value(nullptr) : borders_[i + 1]},
                                 {"customers", counts_[i]}});
    }
    return out;
  }

 private:
  std::span<const double> borders_;
  std::vector<std::int64_t> counts_;
};

double silent_days(const ValuePeople& people, const ValuePeople::Person& person) {
  return people.last.days - person.last_day;
}

// Bands of the chance to have gone: low, middle, high.
json::array churn_json(const ValuePeople& people, const rights::Viewer& viewer) {
  std::array<std::int64_t, kChurn.size() - 1> customers{};
  std::array<double, kChurn.size() - 1> worth{};
  for (const ValuePeople::Person& person : people.people) {
    if (!viewer.sees(person.person)) continue;
    const auto said = people.assess(person);
    const double gone = 1 - said.p_alive;
    const std::size_t band = gone < kChurn[1] ? 0 : gone <= kChurn[2] ? 1 : 2;
    ++customers[band];
    worth[band] += said.clv.value_or(0);
  }
  const bool has_worth = people.fits.spend.report.converged();
  json::array out;
  for (std::size_t band = 0; band < customers.size(); ++band) {
    out.push_back(json::object{{"from", kChurn[band]},
                               {"to", kChurn[band + 1]},
                               {"customers", customers[band]},
                               {"clv", has_worth ? yuan(worth[band]) : json::value(nullptr)}});
  }
  return out;
}

net::Response get_rhythm(Call& call) {
  const auto run = call.services().values.newest();
  json::object out = state_json(call, run);
  const auto people = call.services().values.people();
  if (!people) return ok(out);
  const rights::Viewer& viewer = call.caller().viewer;
  Spread gaps(kGapDays);
  Spread overdue(kOverdue);
  std::int64_t customers = 0;
  for (const ValuePeople::Person& person : people->people) {
    if (!viewer.sees(person.person)) continue;
    ++customers;
    if (!person.usual_gap) continue;
    gaps.add(*person.usual_gap);
    overdue.add(silent_days(*people, person) / *person.usual_gap);
  }
  out["at"] = iso(people->run.until);
  out["customers"] = customers;
  out["usual_gap"] = gaps.to_json();
  out["overdue"] = overdue.to_json();
  out["churn"] = churn_json(*people, viewer);
  return ok(out);
}

std::optional<double> number_in(Call& call, std::string_view name) {
  const std::string text = call.query(name);
  if (text.empty()) return std::nullopt;
  const auto value = base::parse_value(base::ValueType::decimal, text, nullptr);
  if (!value) throw Refusal("api.bad_query", {{"subject", std::string(name)}});
  return static_cast<double>(std::get<base::Decimal>(*value).micros) / 1e6;
}

lifecycle::WinBackTerms terms_of(Call& call) {
  lifecycle::WinBackTerms terms;
  terms.cost = number_in(call, "cost").value_or(0);
  terms.days = number_in(call, "days").value_or(terms.days);
  terms.margin = number_in(call, "margin").value_or(terms.margin);
  terms.success = number_in(call, "success").value_or(terms.success);
  const auto is_share = [](double share) { return share >= 0 && share <= 1; };
  const bool good = terms.cost > 0 && terms.days >= 1 && terms.days <= lifecycle::kWinBackDaysMax &&
                    is_share(terms.margin) && is_share(terms.success);
  if (!good) throw Refusal("lifecycle.bad_terms");
  return terms;
}

// Whoever was merged or erased since the run is passed over.
json::array win_back_people(Call& call, const ValuePeople& people,
                            std::span<const lifecycle::WinBack> shown) {
  json::array out;
  call.services().database.read([&](store::Session& session) {
    for (const lifecycle::WinBack& each : shown) {
      const base::CustomerId id = people.people[each.at].person;
      const auto customer = customer::customer_with(session, id);
      if (!customer || customer->person != id) continue;
      const auto attributes = customer::attributes_of(session, id);
      out.push_back(json::object{{"id", id.value},
                                 {"key", call.mask().key(customer::key_of(session, id))},
                                 {"name", call.mask().name(customer::called(attributes))},
                                 {"p_alive", each.p_alive},
                                 {"gain", yuan(each.gain)},
                                 {"break_even", each.break_even}});
    }
  });
  return out;
}

net::Response get_win_back(Call& call) {
  const lifecycle::WinBackTerms terms = terms_of(call);
  const std::int64_t after = std::max<std::int64_t>(call.mark_id(), 0);
  const auto people = required_people(call);
  if (!people->fits.spend.report.converged()) throw Refusal("lifecycle.bad_fit");
  const rights::Viewer& viewer = call.caller().viewer;
  const auto answer =
      lifecycle::win_back(*people, terms, call.services().pool,
                          [&](base::CustomerId person) { return viewer.sees(person); });
  const auto begin = std::min(static_cast<std::size_t>(after), answer.people.size());
  const auto count = std::min(static_cast<std::size_t>(call.limit()), answer.people.size() - begin);
  const auto shown = std::span(answer.people).subspan(begin, count);
  const std::size_t end = begin + count;
  return ok(json::object{
      {"at", iso(people->run.until)},
      {"cost", yuan(terms.cost)},
      {"days", terms.days},
      {"margin", terms.margin},
      {"success", terms.success},
      {"worth", answer.worth},
      {"not_worth", answer.not_worth},
      {"total_cost", yuan(answer.cost)},
      {"expected_value", yuan(answer.expected)},
      {"people", win_back_people(call, *people, shown)},
      {"next", end < answer.people.size() ? json::value(std::to_string(end)) : nullptr}});
}

// Of somebody who has not bought, nothing is said.
net::Response get_customer_value(Call& call) {
  const auto id = call.services().database.read(
      [&](store::Session& session) { return call.person(session, call.captured(0)); });
  json::object out = state_json(call, call.services().values.newest());
  const auto people = call.services().values.people();
  const ValuePeople::Person* person = people ? people->find(id) : nullptr;
  if (person == nullptr) return ok(out);
  const auto said = people->assess(*person);
  const double silent = silent_days(*people, *person);
  out["p_alive"] = said.p_alive;
  out["expected_orders_30d"] = said.orders_30d;
  out["expected_orders_90d"] = said.orders_90d;
  out["expected_orders_365d"] = said.orders_365d;
  out["clv"] = yuan_or_null(said.clv);
  out["usual_gap_days"] = person->usual_gap ? json::value(*person->usual_gap) : nullptr;
  out["silent_days"] = silent;
  out["overdue"] = person->usual_gap ? json::value(silent / *person->usual_gap) : nullptr;
  out["run_at"] = iso(people->run.until);
  return ok(out);
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/lifecycle/value", Guard::of(Permission::audiences_read), get_value},
    {net::Method::post, "/lifecycle/value/run", Guard::of(Permission::audiences_write), start_run},
    {net::Method::get, "/lifecycle/value/rhythm", Guard::of(Permission::audiences_read),
     get_rhythm},
    {net::Method::get, "/lifecycle/value/win_back", Guard::of(Permission::audiences_read),
     get_win_back},
    {net::Method::get, "/customers/{customer}/value", Guard::of(Permission::customers_read),
     get_customer_value},
};

}  // namespace

std::span<const Route> value_routes() { return kRoutes; }

}  // namespace api
