#include "api/route.h"

#include <algorithm>
#include <iterator>

namespace api {
namespace {

constexpr std::size_t kPrefixSegments = 2;  // api, v1

std::vector<Route> join() {
  std::vector<Route> all;
  for (const auto table : {health_routes(),         system_routes(),
                           backup_routes(),         session_routes(),
                           demo_routes(),           second_factor_routes(),
                           user_routes(),           key_routes(),
                           setting_routes(),        audit_routes(),
                           event_routes(),          track_routes(),
                           customer_routes(),       customer_change_routes(),
                           customer_table_routes(), customer_export_routes(),
                           identity_routes(),       merge_review_routes(),
                           test_account_routes(),   order_routes(),
                           consent_routes(),        tag_routes(),
                           list_routes(),           audience_routes(),
                           audience_size_routes(),  rule_routes(),
                           question_routes(),       import_routes(),
                           upload_routes(),         mapping_routes(),
                           bulk_change_routes(),    account_routes(),
                           store_routes(),          staff_routes()}) {
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

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> all = join();
  return all;
}

Match match(const net::Request& request) {
  Match found;
  std::vector<std::string_view> captured;
  for (const Route& route : routes()) {
    if (!captures(route.pattern, request.segments, captured)) continue;
    if (route.method == request.method) {
      found.route = &route;
      found.captured = captured;
      return found;
    }
    found.other_method = true;
  }
  return found;
}

}  // namespace api
