#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "api/asked.h"
#include "api/route.h"
#include "api/rule_page.h"
#include "customer/test_account.h"
#include "lifecycle/rfm_run.h"

namespace api {
namespace {

namespace json = boost::json;
using lifecycle::RfmCuts;
using lifecycle::RfmPolicy;
using lifecycle::RfmSummary;
using rights::Permission;
using timeline::FittedAttribute;

struct PolicyBody {
  json::object policy;
};
BOOST_DESCRIBE_STRUCT(PolicyBody, (), (policy))

json::value yuan(std::int64_t cents) {
  return json::value(base::to_text(base::Value(base::Money{cents})));
}

json::object cuts_json(const lifecycle::RfmCutsOf& cuts) {
  json::array money;
  for (const std::int64_t cents : cuts.money) money.push_back(yuan(cents));
  return {{"recency", json::array(cuts.recency.begin(), cuts.recency.end())},
          {"frequency", json::array(cuts.frequency.begin(), cuts.frequency.end())},
          {"money", std::move(money)}};
}

json::array grid_json(const RfmSummary& summary) {
  json::array grid;
  for (std::size_t cell = 0; cell < lifecycle::kRfmCells; ++cell) {
    if (summary.grid[cell] == 0) continue;
    const lifecycle::RfmScores scores = lifecycle::scores_of_cell(cell);
    grid.push_back(json::object{{"r", scores.recency},
                                {"f", scores.frequency},
                                {"m", scores.money},
                                {"customers", summary.grid[cell]}});
  }
  return grid;
}

json::array range_json(const lifecycle::RfmRange& range) { return {range.from, range.to}; }

// `whole`: what they brought is told, too.
json::array segments_json(const RfmPolicy& policy, const RfmSummary& summary, bool whole) {
  json::array segments;
  for (const RfmSummary::Segment& segment : summary.segments) {
    json::object out{{"key", segment.key}};
    json::array ranges;
    for (const lifecycle::RfmSegment& row : policy.segments) {
      if (row.key != segment.key) continue;
      if (!out.contains("label")) {
        out["label"] = json::object{{"zh", row.label_zh}, {"en", row.label_en}};
      }
      ranges.push_back(json::object{{"recency", range_json(row.recency)},
                                    {"frequency", range_json(row.frequency)},
                                    {"money", range_json(row.money)}});
    }
    if (!out.contains("label")) {  // the policy has changed since
      out["label"] = json::object{{"zh", segment.key}, {"en", segment.key}};
    }
    out["ranges"] = std::move(ranges);
    out["customers"] = segment.customers;
    out["revenue"] = whole ? yuan(segment.cents) : json::value(nullptr);
    segments.push_back(std::move(out));
  }
  return segments;
}

// The same of those a viewer sees, from what is kept of each; what they brought is not kept.
RfmSummary narrowed(Call& call, RfmSummary summary, std::span<const base::CustomerId> tests) {
  const rights::CustomerSet* only = call.caller().viewer.only();
  const auto column = [&](FittedAttribute attribute) {
    return call.services().fitted.column(attribute, summary.at);
  };
  const auto recency = column(FittedAttribute::rfm_recency);
  const auto frequency = column(FittedAttribute::rfm_frequency);
  const auto money = column(FittedAttribute::rfm_money);
  const auto segment = column(FittedAttribute::rfm_segment);
  summary.customers = 0;
  summary.grid = {};
  for (auto& each : summary.segments) each.customers = 0;
  if (recency.empty() || segment.empty()) return summary;
  for (const base::CustomerId person : only->customers()) {
    const std::int64_t score = recency.number_of(person);
    if (score == timeline::kNoFittedValue || std::ranges::find(tests, person) != tests.end()) {
      continue;
    }
    ++summary.customers;
    ++summary.grid[lifecycle::cell_of({static_cast<int>(score),
                                       static_cast<int>(frequency.number_of(person)),
                                       static_cast<int>(money.number_of(person))})];
    // Another run's, when the program ended before what this one came to was kept.
    const auto place = static_cast<std::size_t>(segment.number_of(person));
    if (place < summary.segments.size()) ++summary.segments[place].customers;
  }
  return summary;
}

json::object answer_of(const RfmPolicy& policy, const RfmSummary& summary, bool whole) {
  return {{"policy", json::parse(lifecycle::to_json_text(policy))},
          {"at", iso(summary.at)},
          {"customers", summary.customers},
          {"cuts", cuts_json(summary.cuts)},
          {"grid", grid_json(summary)},
          {"segments", segments_json(policy, summary, whole)}};
}

// Before the first run.
json::object answer_of(const RfmPolicy& policy) {
  return {{"policy", json::parse(lifecycle::to_json_text(policy))},
          {"at", nullptr},
          {"customers", 0},
          {"cuts", nullptr},
          {"grid", json::array()},
          {"segments", json::array()}};
}

lifecycle::RfmMeans means_of(Call& call) {
  Services& services = call.services();
  return {services.database, services.log,  services.memory,
          services.fitted,   services.pool, services.random};
}

[[noreturn]] void refuse_rfm(const lifecycle::RfmError& error) {
  throw Refusal(lifecycle::code_of(error.fault), {{"subject", error.subject}});
}

// Figures of everybody are for whoever sees everybody.
void need_all(Call& call) {
  if (call.caller().viewer.only() != nullptr) throw Refusal("access.not_allowed");
}

RfmPolicy given_policy(Call& call) {
  const auto policy = lifecycle::policy_from(json::serialize(call.body<PolicyBody>().policy));
  if (!policy) refuse_rfm(policy.error());
  return *policy;
}

lifecycle::RfmScored scored_now(Call& call, const RfmPolicy& policy) {
  auto scored = lifecycle::score_everybody(means_of(call), policy, call.now());
  if (!scored) refuse_rfm(scored.error());
  return *std::move(scored);
}

net::Response get_rfm(Call& call) {
  RfmPolicy policy;
  std::string text;
  std::vector<base::CustomerId> tests;
  call.services().database.read([&](store::Session& session) {
    policy = lifecycle::policy_of(session);
    text = lifecycle::kept_summary(session);
    tests = customer::customers_of_test_accounts(session);
  });
  auto summary = lifecycle::summary_from(text);
  if (!summary) return ok(answer_of(policy));
  const bool whole = call.caller().viewer.only() == nullptr;
  if (!whole) summary = narrowed(call, *std::move(summary), tests);
  return ok(answer_of(policy, *summary, whole));
}

net::Response change_rfm(Call& call) {
  need_all(call);
  const RfmPolicy policy = given_policy(call);
  const lifecycle::RfmScored scored = scored_now(call, policy);
  call.services().database.write("rfm.change", [&](store::Unit& unit) {
    lifecycle::set_policy(unit, policy, {call.caller().viewer.actor(), call.now()});
  });
  lifecycle::keep(means_of(call), scored);
  return ok(answer_of(policy, scored.summary, true));
}

// How many would be in another segment than they are in now; "" is none.
json::array moves_json(Call& call, const lifecycle::RfmScored& scored) {
  const auto now = call.services().fitted.column(FittedAttribute::rfm_segment, call.now());
  std::map<std::pair<std::string, std::string>, std::int64_t> moves;
  for (std::size_t row = 0; row < scored.facts.size(); ++row) {
    const std::int64_t number =
        now.empty() ? timeline::kNoFittedValue : now.number_of(scored.facts[row].person);
    std::string from;
    if (number != timeline::kNoFittedValue) from = std::get<std::string>(now.value_of(number));
    const std::string& to = scored.summary.segments[scored.segment[row]].key;
    if (from != to) ++moves[{from, to}];
  }
  json::array out;
  for (const auto& [move, customers] : moves) {
    out.push_back(
        json::object{{"from", move.first}, {"to", move.second}, {"customers", customers}});
  }
  return out;
}

net::Response preview_rfm(Call& call) {
  need_all(call);
  const RfmPolicy policy = given_policy(call);
  const lifecycle::RfmScored scored = scored_now(call, policy);
  json::object answer = answer_of(policy, scored.summary, true);
  answer["moves"] = moves_json(call, scored);
  return ok(std::move(answer));
}

// The rule whose people are asked for.
std::string rule_of(Call& call) {
  std::string rule;
  const auto add = [&](const std::string& test) { rule += (rule.empty() ? "" : " and ") + test; };
  constexpr std::pair<const char*, const char*> kScores[] = {
      {"r", "rfm_recency"}, {"f", "rfm_frequency"}, {"m", "rfm_money"}};
  for (const auto& [name, attribute] : kScores) {
    const std::string given = call.query(name);
    if (given.empty()) continue;
    if (given.size() != 1 || given[0] < '1' || given[0] > '5') {
      throw Refusal("api.bad_query", {{"subject", name}});
    }
    add(std::string(attribute) + " = " + given);
  }
  const std::string segment = call.query("segment");
  const auto is_of_key = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (!std::ranges::all_of(segment, is_of_key)) {
    throw Refusal("api.bad_query", {{"subject", "segment"}});
  }
  if (!segment.empty()) add("rfm_segment = \"" + segment + "\"");
  return rule.empty() ? "rfm_segment is known" : rule;
}

net::Response list_rfm_people(Call& call) {
  const std::string after = call.query("after");
  const PageStart from = page_start(call, after.empty() ? std::nullopt : std::optional(after));
  const base::Moment at = from.at.value_or(call.now());
  RuleBody body;
  body.rule = rule_of(call);
  const Asked asked = ask(call, body);
  call.await(from.position);
  Questions::Turn turn(call.services().questions,
                       asked_question(call, QuestionKind::list, asked, std::nullopt));
  const auto pinned = call.pin();
  const RulePage page = rule_page(
      call, pinned.pin,
      {asked, at, {.limit = static_cast<std::size_t>(call.limit()), .after = from.after}}, turn);
  const Mask mask = call.mask();
  json::array people;
  for (const audience::Listed& listed : page.people) {
    people.push_back(json::object{{"id", listed.person.value}, {"key", mask.key(listed.key)}});
  }
  json::value next = next_page(call, from, {page.at, page.position, page.next});
  return ok(with_position(
      json::object{{"people", std::move(people)}, {"next", std::move(next)}, {"at", iso(page.at)}},
      pinned));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/lifecycle/rfm", Guard::of(Permission::audiences_read), get_rfm},
    {net::Method::put, "/lifecycle/rfm", Guard::of(Permission::settings_write), change_rfm},
    {net::Method::post, "/lifecycle/rfm/preview", Guard::of(Permission::settings_write),
     preview_rfm},
    {net::Method::get, "/lifecycle/rfm/people", Guard::of(Permission::customers_read),
     list_rfm_people},
};

}  // namespace

std::span<const Route> rfm_routes() { return kRoutes; }

}  // namespace api
