#include <boost/json/object.hpp>

#include "api/call.h"
#include "api/route.h"

namespace api {
namespace {

using rights::Permission;

net::Response get_health(Call& call) {
  store::Database& database = call.services().database;
  const store::Database::Health health = database.health();
  std::string position = "0";
  std::string reason = health.reason;
  bool answers = true;
  try {
    position = call.position();
  } catch (const store::Failure& failure) {
    answers = false;
    reason = failure.what();
  }
  const char* status = !answers ? "unavailable" : health.available ? "ok" : "degraded";
  const bool sqlite = database.dialect() == store::Dialect::sqlite;
  return json_response(answers && health.available ? 200 : 503,
                       boost::json::object{{"status", status},
                                           {"reason", reason},
                                           {"version", call.services().version},
                                           {"database", sqlite ? "sqlite" : "postgresql"},
                                           {"position", position},
                                           {"queued_units", health.queued_units},
                                           {"wal_bytes", health.wal_bytes}});
}

// How full the memory is and how it was made, by its parts.
net::Response get_memory(Call& call) {
  const timeline::MemoryState state = call.services().memory.state();
  const auto bytes = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  const timeline::BlockBytes& blocks = state.bytes.blocks;
  return ok(boost::json::object{
      {"opened_from", state.opened_from},
      {"not_from",
       state.not_from.empty() ? boost::json::value(nullptr) : boost::json::value(state.not_from)},
      {"position", event_log::to_text(state.position)},
      {"persons", state.persons},
      {"events", state.events},
      {"delta_events", state.delta_events},
      {"bytes", boost::json::object{{"order", bytes(blocks.order)},
                                    {"properties", bytes(blocks.properties)},
                                    {"side", bytes(blocks.side)},
                                    {"histories", bytes(blocks.histories)},
                                    {"rows", bytes(blocks.rows)},
                                    {"deltas", bytes(state.bytes.deltas)},
                                    {"customers", bytes(state.bytes.customers)},
                                    {"positions", bytes(state.positions_bytes)}}}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/health", Guard::everybody(), get_health},
    {net::Method::get, "/memory", Guard::of(Permission::settings_read), get_memory},
};

}  // namespace

std::span<const Route> health_routes() { return kRoutes; }

}  // namespace api
