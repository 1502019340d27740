#include "server/probes.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "api/dispatch.h"
#include "api/metrics.h"
#include "api/route.h"
#include "log/reader.h"
#include "operate/metrics.h"
#include "store/failure.h"
#include "store/migration.h"

namespace server {
namespace {

namespace json = boost::json;

// Answers come from the memory as it is: a moment behind, while much comes in, it serves as well.
bool is_memory_behind(api::Services& services) {
  const event_log::Position position = services.memory.state().position;
  return services.database.read([&](store::Session& session) {
    const auto waiting = event_log::read_after(session, position, 1).events;
    return !waiting.empty() && waiting.front().arrived + kReadyLagMax < services.clock.now();
  });
}

std::vector<std::string_view> not_ready(api::Services& services) {
  std::vector<std::string_view> missing;
  if (!services.database.health().available) missing.emplace_back("writes");
  try {
    if (!store::pending(services.database).empty()) missing.emplace_back("schema");
    if (is_memory_behind(services)) missing.emplace_back("memory");
  } catch (const store::Failure& failure) {
    const bool schema = failure.kind() == store::FailureKind::misuse;
    missing.emplace_back(schema ? "schema" : "database");
  }
  return missing;
}

net::Response uncached(net::Response response) {
  response.headers.set("Cache-Control", "no-store");
  return response;
}

net::Response answer_readiness(api::Services& services) {
  json::array missing;
  for (const std::string_view what : not_ready(services)) missing.push_back(json::value(what));
  const bool ready = missing.empty();
  return uncached(api::json_response(ready ? 200 : 503,
                                     json::object{{"ready", ready}, {"not", std::move(missing)}}));
}

}  // namespace

std::optional<net::Response> answer_probe(const net::Request& request, api::Services& services) {
  const bool asks = request.method == net::Method::get || request.method == net::Method::head;
  if (!asks || request.segments.size() != 1) return std::nullopt;
  const std::string& name = request.segments[0];
  if (name == "healthz") return uncached(api::ok(json::object{{"alive", true}}));
  if (name == "readyz") return answer_readiness(services);
  if (name != "metrics") return std::nullopt;
  const auto guard = api::Guard::of(rights::Permission::system_read);
  return api::answer_guarded(request, guard, services, [&] {
    return net::make_response(200, operate::kMetricsType, api::metrics_text(services));
  });
}

}  // namespace server
