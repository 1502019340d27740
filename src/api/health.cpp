#include <boost/json/object.hpp>

#include "api/call.h"
#include "api/route.h"

namespace api {
namespace {

net::Response get_health(Call& call) {
  store::Database& database = call.services().database;
  const store::Database::Health health = database.health();
  std::string position = "0";
  const bool sqlite = database.dialect() == store::Dialect::sqlite;
  std::string reason = health.reason;
  bool answers = true;
  try {
    position = call.position();
  } catch (const store::Failure& failure) {
    answers = false;
    reason = failure.what();
  }
  // Everybody may ask, and PostgreSQL's reasons name its machine, database and user.
  if (!sqlite && !reason.empty()) reason = "store.unavailable";
  const char* status = !answers ? "unavailable" : health.available ? "ok" : "degraded";
  return json_response(answers && health.available ? 200 : 503,
                       boost::json::object{{"status", status},
                                           {"reason", reason},
                                           {"version", call.services().version},
                                           {"database", sqlite ? "sqlite" : "postgresql"},
                                           {"demo_entrance", call.services().demo.entrance},
                                           {"position", position},
                                           {"queued_units", health.queued_units},
                                           {"wal_bytes", health.wal_bytes}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/health", Guard::everybody(), get_health},
};

}  // namespace

std::span<const Route> health_routes() { return kRoutes; }

}  // namespace api
