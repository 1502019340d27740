// value: BG/NBD, MBG/NBD and Gamma-Gamma fitted to what customers have bought, and whether they may
// be believed.

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kPurchaseModels[] = {"bgnbd", "mbgnbd"};

std::string number_of(const json::value& from, std::string_view member) {
  return fmt::format("{:.5g}", from.at(member).to_number<double>());
}

// "r 0.2426 ± 0.0126, …", or why there is none.
std::string line_of(const json::value& model, std::initializer_list<std::string_view> names) {
  std::string line;
  for (const std::string_view name : names) {
    if (!line.empty()) line += "  ";
    line += std::string(name) + " " + number_of(model, name);
    const json::value& errors = model.at("standard_errors");
    if (errors.is_object()) line += " ± " + number_of(errors, name);
  }
  return line;
}

void print_model(const json::value& answer, std::string_view name,
                 std::initializer_list<std::string_view> parameters) {
  const json::value& model = answer.at(name);
  if (!model.is_object()) return;
  const bool used = text_of(answer, "model") == name;
  print_line(message("value.model", std::string(name), line_of(model, parameters),
                     fmt::format("{:.3f}", model.at("log_likelihood").to_number<double>())) +
             (used ? message("value.used") : ""));
  if (!model.at("converged").as_bool()) {
    print_line("    " +
               message("value.refused", text_of(model, "fault"), text_of(model, "parameter")));
  }
}

void print_gates(const json::value& answer) {
  for (const json::value& gate : answer.at("gates").as_array()) {
    if (gate.at("ok").as_bool()) continue;
    print_line(message("value.gate_" + text_of(gate, "key"), text_of(gate, "have"),
                       text_of(gate, "want")));
  }
}

void print_calibration(const json::value& answer) {
  const json::value& calibration = answer.at("calibration");
  if (!calibration.is_object()) return;
  const json::array& weeks = calibration.at("weekly").as_array();
  const json::value& auc = calibration.at("auc");
  print_line(message("value.calibration", text_of(calibration, "held_back_weeks"),
                     fmt::format("{:.0f}", weeks.back().at("expected").to_number<double>()),
                     fmt::format("{:.0f}", weeks.back().at("actual").to_number<double>()),
                     auc.is_null() ? "–" : fmt::format("{:.3f}", auc.to_number<double>())));
}

bool is_good(const json::value& answer) {
  return text_of(answer, "state") == "ready" && answer.at("gamma_gamma").at("converged").as_bool();
}

// What to do, in one line.
std::string advice(const json::value& answer) {
  return message(text_of(answer, "state") == "not_enough_data" ? "value.not_enough_data"
                                                               : "value.bad_fit");
}

}  // namespace

int value(const Target& target, const ValueArguments& arguments) {
  if (!arguments.customers.empty()) require_new(arguments.customers);
  Program program(target);
  json::object asked{{"event", arguments.event}, {"amount", arguments.amount}};
  if (arguments.until) asked["until"] = *arguments.until;
  if (!arguments.customers.empty()) {
    asked["customers"] = std::filesystem::absolute(arguments.customers).string();
  }
  const json::value answer = program.ask(net::Method::post, "/local/v1/value", asked);
  const bool good = is_good(answer);
  if (target.json) {
    print_json(answer);
    return good ? 0 : 1;
  }
  print_line(message("value.customers", text_of(answer, "customers")));
  print_gates(answer);
  for (const std::string_view name : kPurchaseModels) {
    print_model(answer, name, {"r", "alpha", "a", "b"});
  }
  print_model(answer, "gamma_gamma", {"p", "q", "v"});
  print_calibration(answer);
  if (!good) throw CommandError(advice(answer));
  return 0;
}

}  // namespace cli
