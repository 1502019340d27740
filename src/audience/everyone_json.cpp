#include "audience/everyone_json.h"

namespace audience {

namespace json = boost::json;

namespace {

constexpr double kNanosecondsPerMillisecond = 1e6;

double milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / kNanosecondsPerMillisecond;
}

json::object node_to_json(const NodeEstimate& node) {
  json::object out;
  out["rule"] = node.rule;
  out["share"] = node.share;
  out["bytes"] = node.bytes;
  out["nanoseconds"] = node.nanoseconds;
  json::array parts;
  for (const NodeEstimate& part : node.parts) parts.push_back(node_to_json(part));
  out["parts"] = std::move(parts);
  return out;
}

json::object node_to_json(const NodeProfile& node) {
  json::object out;
  out["rule"] = node.rule;
  out["rows_in"] = node.counts.rows_in;
  out["rows_true"] = node.counts.rows_true;
  out["bytes"] = node.counts.bytes;
  out["milliseconds"] = milliseconds(node.counts.nanoseconds);
  json::array parts;
  for (const NodeProfile& part : node.parts) parts.push_back(node_to_json(part));
  out["parts"] = std::move(parts);
  return out;
}

}  // namespace

json::object estimate_to_json(const Estimate& estimate) {
  json::object out;
  out["persons"] = estimate.persons;
  out["rows"] = estimate.rows;
  out["bytes"] = estimate.bytes;
  out["milliseconds"] = estimate.milliseconds;
  out["tree"] = node_to_json(estimate.tree);
  return out;
}

json::object profile_to_json(const Profile& profile) {
  json::object out;
  out["persons"] = profile.persons;
  out["changed"] = profile.changed;
  out["changed_milliseconds"] = milliseconds(profile.changed_nanoseconds);
  out["milliseconds"] = milliseconds(profile.nanoseconds);
  out["tree"] = node_to_json(profile.tree);
  return out;
}

}  // namespace audience
