// count, list, explain: a rule in words, the exact answer; stages: who is where.

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "net/http.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kListRows = 100'000;  // of one page; the socket allows more than the API

// Whatever has been written by now is in the answer, or there is none.
std::string newest_position(Program& program) {
  const net::Response health = program.send(net::Method::get, "/api/v1/health");
  boost::system::error_code failure;
  const json::value body = json::parse(health.body, failure);
  return failure ? "0" : text_of(body, "position");
}

json::object question(Program& program, const QuestionArguments& arguments) {
  json::object out{{"rule", arguments.rule}, {"at_least", newest_position(program)}};
  if (arguments.at) out["at"] = *arguments.at;
  return out;
}

// "since …, until …": what is always so, or stays so, has no moment.
std::string standing(const json::value& node, const base::Zone& zone) {
  const auto moment = [&](std::string_view member) {
    const auto* value = node.as_object().if_contains(member);
    return value == nullptr || value->is_null() ? std::string()
                                                : in_zone(std::string(value->as_string()), zone);
  };
  const std::string since = moment("since");
  const std::string until = moment("next_change");
  if (since.empty() && until.empty()) return message("explain.always");
  if (since.empty()) return message("explain.until", until);
  if (until.empty()) return message("explain.since", since);
  return message("explain.standing", since, until);
}

void print_fact(const json::value& fact, const std::string& indent, const base::Zone& zone) {
  std::string line = indent + "  · " + text_of(fact, "name");
  if (const std::string time = text_of(fact, "time"); !time.empty()) {
    line += "  " + in_zone(time, zone);
  }
  const json::object& members = fact.as_object();
  if (members.contains("value")) line += "  " + text_of(fact, "value");
  const auto* properties = members.if_contains("properties");
  if (properties != nullptr && properties->is_object() && !properties->get_object().empty()) {
    line += "  " + text_of(fact, "properties");
  }
  print_line(line);
}

void print_node(const json::value& node, std::size_t depth, const base::Zone& zone) {
  const std::string indent(depth * 2, ' ');
  const bool answer = node.at("answer").as_bool();
  // Of the rule of a stage: which.
  const auto* stage = node.as_object().if_contains("stage");
  const std::string of = stage == nullptr ? "" : std::string(stage->as_string()) + ": ";
  print_line(indent + (answer ? "✓ " : "✗ ") + of + text_of(node, "rule"));
  print_line(indent + "    " + standing(node, zone));
  const json::array& facts = node.at("facts").as_array();
  for (const json::value& fact : facts) print_fact(fact, indent, zone);
  const std::int64_t more =
      node.at("facts_total").as_int64() - static_cast<std::int64_t>(facts.size());
  if (more > 0) print_line(indent + "  · " + message("explain.more_facts", grouped(more)));
  for (const json::value& part : node.at("parts").as_array()) print_node(part, depth + 1, zone);
}

std::string milliseconds_of(const json::value& object) {
  return fmt::format("{:.2f}", object.at("milliseconds").to_number<double>());
}

std::string grouped_member(const json::value& object, std::string_view member) {
  return grouped(object.at(member).to_number<std::int64_t>());
}

// A line a node: the rule, how many of how many, and the time of all threads.
void print_profile(const json::value& node, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  const std::string name = text_of(node, "rule");
  print_line(indent + message("profile.node", name.empty() ? "…" : name,
                              grouped_member(node, "rows_true"), grouped_member(node, "rows_in"),
                              milliseconds_of(node)));
  for (const json::value& part : node.at("parts").as_array()) print_profile(part, depth + 1);
}

// A line a node: the rule, the share of those asked, and what one of them costs.
void print_estimate(const json::value& node, std::size_t depth) {
  const std::string name = text_of(node, "rule");
  print_line(std::string(depth * 2, ' ') +
             message("estimate.node", name.empty() ? "…" : name,
                     fmt::format("{:.1f}", node.at("share").to_number<double>() * 100),
                     fmt::format("{:.0f}", node.at("nanoseconds").to_number<double>())));
  for (const json::value& part : node.at("parts").as_array()) print_estimate(part, depth + 1);
}

int estimate(Program& program, const QuestionArguments& arguments) {
  const json::value answer =
      program.ask(net::Method::post, "/api/v1/rules/estimate", question(program, arguments));
  if (program.target().json) {
    print_json(answer);
    return 0;
  }
  print_warnings(answer);
  const json::value& estimate = answer.at("estimate");
  print_line(message("estimate.whole", grouped_member(estimate, "rows"),
                     grouped_member(estimate, "persons"), grouped_member(estimate, "bytes"),
                     milliseconds_of(estimate)));
  print_estimate(estimate.at("tree"), 0);
  return 0;
}

// A line a stage: its label and how many are in it.
void print_model(const json::value& model, bool chinese) {
  const char* language = chinese ? "zh" : "en";
  print_line(text_of(model.at("label"), language) + "  (" + text_of(model, "key") + ")");
  for (const json::value& stage : model.at("stages").as_array()) {
    print_line("  " + text_of(stage.at("label"), language) + "  " +
               grouped_member(stage, "customers"));
  }
  print_line("  " + message("stages.none") + "  " + grouped_member(model, "none"));
}

}  // namespace

int count(const Target& target, const QuestionArguments& arguments) {
  Program program(target);
  if (arguments.estimate) return estimate(program, arguments);
  json::object asked = question(program, arguments);
  if (arguments.profile) asked["profile"] = true;
  const json::value answer = ask_question(program, {"/api/v1/rules/count", asked});
  if (target.json) {
    print_json(answer);
    return 0;
  }
  print_warnings(answer);
  print_line(text_of(answer, "count"));
  if (arguments.profile) {
    const json::value& profile = answer.at("profile");
    print_line(message("profile.whole", grouped_member(profile, "persons"),
                       grouped_member(profile, "changed"), milliseconds_of(profile),
                       milliseconds_of(answer.at("estimate"))));
    print_profile(profile.at("tree"), 0);
  }
  return 0;
}

int list(const Target& target, const QuestionArguments& arguments) {
  Program program(target);
  json::object asked = question(program, arguments);
  asked["limit"] = kListRows;
  json::array customers;
  bool fresh = true;
  while (true) {
    const json::value answer = ask_question(program, {"/api/v1/rules/list", asked});
    if (!asked.contains("after") && !target.json) print_warnings(answer);
    // Later pages are of the same moment as the first.
    asked["at"] = answer.at("at");
    fresh = fresh && answer.at("fresh").as_bool();
    for (const json::value& person : answer.at("customers").as_array()) {
      if (target.json) {
        customers.push_back(person);
      } else {
        print_line(text_of(person, "key"));
      }
    }
    if (answer.at("next").is_null()) {
      if (target.json) {
        print_json(json::object{{"customers", std::move(customers)},
                                {"at", answer.at("at")},
                                {"position", answer.at("position")},
                                {"fresh", fresh},
                                {"warnings", answer.at("warnings")}});
      }
      return 0;
    }
    asked["after"] = answer.at("next");
  }
}

int explain(const Target& target, const QuestionArguments& arguments) {
  Program program(target);
  json::object asked = question(program, arguments);
  asked["customer"] = arguments.customer;
  const json::value answer = program.ask(net::Method::post, "/api/v1/rules/explain", asked);
  if (target.json) {
    print_json(answer);
    return 0;
  }
  print_warnings(answer);
  const bool holds = answer.at("answer").as_bool();
  const base::Zone zone = zone_of(program);
  print_line(message(holds ? "explain.holds" : "explain.holds_not",
                     text_of(answer.at("customer"), "key"), in_zone(text_of(answer, "at"), zone)));
  print_line(standing(answer, zone));
  print_node(answer.at("tree"), 0, zone);
  return 0;
}

int stages(const Target& target, const StagesArguments& arguments) {
  Program program(target);
  std::string path = "/api/v1/lifecycle/models?at_least=" + newest_position(program);
  if (!arguments.model.empty()) path += "&model=" + net::percent_encode(arguments.model);
  if (arguments.at) path += "&at=" + net::percent_encode(*arguments.at);
  const json::value answer = program.ask(net::Method::get, path);
  json::array models;
  for (const json::value& model : answer.at("models").as_array()) {
    if (model.at("none").is_null()) continue;  // not active: nobody was counted
    if (!target.json) {
      print_model(model, target.chinese);
      continue;
    }
    json::array sizes;
    for (const json::value& stage : model.at("stages").as_array()) {
      sizes.push_back(
          json::object{{"stage", stage.at("key")}, {"customers", stage.at("customers")}});
    }
    models.push_back(json::object{
        {"model", model.at("key")}, {"stages", std::move(sizes)}, {"none", model.at("none")}});
  }
  if (target.json) print_json(json::object{{"models", std::move(models)}, {"at", answer.at("at")}});
  return 0;
}

}  // namespace cli
