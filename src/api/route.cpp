#include "api/route.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace api {
namespace {

constexpr std::size_t kPrefixSegments = 2;  // api, v1

std::vector<Route> join() {
  std::vector<Route> all;
  for (const auto table : {health_routes(),
                           system_routes(),
                           backup_routes(),
                           session_routes(),
                           demo_routes(),
                           second_factor_routes(),
                           user_routes(),
                           key_routes(),
                           setting_routes(),
                           audit_routes(),
                           event_routes(),
                           track_routes(),
                           customer_routes(),
                           customer_change_routes(),
                           customer_table_routes(),
                           customer_export_routes(),
                           identity_routes(),
                           merge_review_routes(),
                           test_account_routes(),
                           order_routes(),
                           consent_routes(),
                           tag_routes(),
                           list_routes(),
                           audience_routes(),
                           audience_size_routes(),
                           rule_routes(),
                           question_routes(),
                           import_routes(),
                           upload_routes(),
                           mapping_routes(),
                           bulk_change_routes(),
                           account_routes(),
                           store_routes(),
                           staff_routes(),
                           field_note_routes(),
                           ledger_account_routes(),
                           ledger_routes(),
                           outbox_routes(),
                           http_channel_routes(),
                           webhook_routes(),
                           rfm_routes(),
                           value_routes(),
                           lifecycle_routes(),
                           lifecycle_state_routes(),
                           live_routes(),
                           live_estimate_routes(),
                           live_forecast_routes(),
                           live_move_routes(),
                           membership_routes()}) {
    std::ranges::copy(table, std::back_inserter(all));
  }
  return all;
}

// Captures what stands in braces; false when the pattern is another one.
bool captures(std::string_view pattern, const std::vector<std::string>& segments,
              std::vector<std::string_view>& captured) {
  captured.clear();
  std::size_t at = kPrefixSegments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(wanted.size());
    if (at == segments.size() || segments[at].empty()) return false;
    if (wanted.front() == '{') {
      captured.push_back(segments[at]);
    } else if (wanted != segments[at]) {
      return false;
    }
    ++at;
  }
  return at == segments.size();
}

std::string_view first_segment_of(std::string_view pattern) {
  pattern.remove_prefix(1);  // the slash
  return pattern.substr(0, pattern.find('/'));
}

// The routes by the first segment of their patterns, which none has in braces.
using RoutesByName = std::unordered_map<std::string_view, std::vector<const Route*>>;

RoutesByName by_name() {
  RoutesByName routes_of;
  for (const Route& route : routes()) {
    const std::string_view name = first_segment_of(route.pattern);
    CHECK(!name.empty() && name.front() != '{');
    routes_of[name].push_back(&route);
  }
  return routes_of;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> all = join();
  return all;
}

Match match(const net::Request& request) {
  static const RoutesByName routes_of = by_name();
  Match found;
  if (request.segments.size() == kPrefixSegments) return found;
  const auto named = routes_of.find(request.segments[kPrefixSegments]);
  if (named == routes_of.end()) return found;
  std::vector<std::string_view> captured;
  for (const Route* route : named->second) {
    if (!captures(route->pattern, request.segments, captured)) continue;
    if (route->method == request.method) {
      found.route = route;
      found.captured = std::move(captured);
      return found;
    }
    found.other_method = true;
  }
  return found;
}

}  // namespace api
