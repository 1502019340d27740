#include "audience/explain_json.h"

#include "base/calendar.h"
#include "base/check.h"
#include "base/value_json.h"

namespace audience {

using base::Moment;

namespace {

namespace json = boost::json;

json::value moment_to_json(Moment moment) {
  if (moment == base::kMomentMin || moment == base::kMomentMax) return nullptr;
  return json::value(base::to_iso8601_utc(moment));
}

json::value moment_to_json(const std::optional<Moment>& moment) {
  return moment ? moment_to_json(*moment) : json::value(nullptr);
}

json::value known_to_json(const std::optional<base::Value>& value) {
  return value ? base::value_to_json(*value) : json::value(nullptr);
}

json::object fact_to_json(const Fact& fact) {
  static constexpr const char* kKinds[] = {"event", "attribute", "membership"};
  json::object out;
  out["kind"] = kKinds[static_cast<std::size_t>(fact.kind)];
  out["name"] = fact.name;
  out["time"] = moment_to_json(fact.time);
  switch (fact.kind) {
    case FactKind::event: {
      json::object properties;
      for (const auto& [name, value] : fact.properties) properties[name] = known_to_json(value);
      out["properties"] = std::move(properties);
      break;
    }
    case FactKind::attribute:
      out["value"] = known_to_json(fact.value);
      break;
    case FactKind::membership:
      out["until"] = moment_to_json(fact.until);
      break;
  }
  return out;
}

void add_standing(json::object& out, const Standing& standing) {
  out["answer"] = standing.answer;
  out["since"] = moment_to_json(standing.since);
  out["next_change"] = moment_to_json(standing.next_change);
}

json::object node_to_json(const ExplainedNode& node) {
  json::object out;
  out["rule"] = node.rule;
  if (!node.stage.empty()) out["stage"] = node.stage;
  add_standing(out, node.standing);
  json::array facts;
  for (const Fact& fact : node.facts) facts.push_back(fact_to_json(fact));
  out["facts"] = std::move(facts);
  out["facts_total"] = node.facts_total;
  if (node.measured) out["measured"] = *node.measured;
  if (node.measured_of) {
    out["measured_of"] =
        json::object{{"event", node.measured_of->event}, {"property", node.measured_of->property}};
  }
  if (node.sum_too_large) out["sum_too_large"] = true;
  json::array parts;
  for (const ExplainedNode& part : node.parts) parts.push_back(node_to_json(part));
  out["parts"] = std::move(parts);
  return out;
}

json::object warning_to_json(const Warning& warning) {
  json::object out;
  out["code"] = warning.code;
  out["offset"] = static_cast<std::int64_t>(warning.offset);
  out["name"] = warning.name;
  out["nearest"] = warning.nearest ? json::value(*warning.nearest) : json::value(nullptr);
  return out;
}

}  // namespace

json::object explanation_to_json(const Explanation& explanation) {
  json::object out;
  out["at"] = moment_to_json(explanation.at);
  add_standing(out, explanation.standing);
  out["known_since"] = moment_to_json(explanation.known_since);
  out["tree"] = node_to_json(explanation.tree);
  json::array warnings;
  for (const Warning& warning : explanation.warnings) warnings.push_back(warning_to_json(warning));
  out["warnings"] = std::move(warnings);
  return out;
}

}  // namespace audience
