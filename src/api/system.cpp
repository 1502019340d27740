#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/backup_json.h"
#include "api/call.h"
#include "api/route.h"
#include "log/reader.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// The name under which the memory is shown among the readers; it keeps its position to itself.
constexpr std::string_view kMemoryReader = "memory";

// How full the memory is and how it was made, by its parts.
json::object memory_json(const timeline::MemoryState& state) {
  const auto bytes = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  const timeline::BlockBytes& blocks = state.bytes.blocks;
  return {{"opened_from", state.opened_from},
          {"not_from", state.not_from.empty() ? json::value(nullptr) : json::value(state.not_from)},
          {"position", event_log::to_text(state.position)},
          {"persons", state.persons},
          {"events", state.events},
          {"delta_events", state.delta_events},
          {"bytes", json::object{{"order", bytes(blocks.order)},
                                 {"properties", bytes(blocks.properties)},
                                 {"side", bytes(blocks.side)},
                                 {"histories", bytes(blocks.histories)},
                                 {"rows", bytes(blocks.rows)},
                                 {"deltas", bytes(state.bytes.deltas)},
                                 {"customers", bytes(state.bytes.customers)},
                                 {"positions", bytes(state.positions_bytes)},
                                 {"keys", bytes(state.keys_bytes)}}}};
}

net::Response get_memory(Call& call) { return ok(memory_json(call.services().memory.state())); }

json::object log_json(Call& call, const timeline::MemoryState& memory) {
  return call.services().database.read([&](store::Session& session) {
    json::array readers;
    const auto tell = [&](std::string_view name, const event_log::Position& position) {
      const event_log::Lag lag = event_log::lag_behind(session, position);
      const std::int64_t lag_ms =
          lag.since ? std::max<std::int64_t>((call.now() - *lag.since).ms, 0) : 0;
      readers.push_back(json::object{{"name", name},
                                     {"position", event_log::to_text(position)},
                                     {"lag_events", lag.rows},
                                     {"lag_events_more", lag.rows == event_log::kLagRowsMax},
                                     {"lag_ms", lag_ms}});
    };
    tell(kMemoryReader, memory.position);
    for (const event_log::ReaderState& reader : event_log::readers(session)) {
      tell(reader.name, reader.position);
    }
    return json::object{{"position", event_log::to_text(call.services().log.newest(session))},
                        {"readers", std::move(readers)}};
  });
}

json::object store_json(const store::Database& database) {
  const store::Database::Health health = database.health();
  const bool sqlite = database.dialect() == store::Dialect::sqlite;
  return {{"database", sqlite ? "sqlite" : "postgresql"},
          {"available", health.available},
          {"reason", health.reason},
          {"queued_units", health.queued_units},
          {"wal_bytes", health.wal_bytes},
          {"units_committed", health.units_committed},
          {"groups_committed", health.groups_committed},
          {"units_slow", health.units_slow},
          {"unit_slow", health.unit_slow}};
}

json::value or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object disk_json(const operate::DiskUse& disk) {
  const operate::DiskNow now = disk.now();
  const auto samples = disk.samples();
  const operate::Forecast forecast = operate::forecast(samples, now.free_bytes);
  return {
      {"data_bytes", now.data_bytes},
      {"free_bytes", or_null(now.free_bytes)},
      {"samples", static_cast<std::int64_t>(samples.size())},
      {"sampled_since", samples.empty() ? json::value(nullptr) : json::value(iso(samples[0].at))},
      {"forecast", operate::name_of(forecast.kind)},
      {"growth_bytes_a_day", or_null(forecast.growth_bytes_a_day)},
      {"days_left", or_null(forecast.days_left)}};
}

json::object questions_json(const Questions& questions) {
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  for (const QuestionState& question : questions.all()) ++(question.began ? running : waiting);
  return {{"running", running}, {"waiting", waiting}};
}

json::object backups_json(Call& call) {
  const operate::BackupStanding standing = call.services().backups.standing();
  const bool sqlite = call.services().database.dialect() == store::Dialect::sqlite;
  const auto shown = [&](const std::optional<operate::BackupRun>& run) {
    return run ? json::value(to_json(*run, language_of(call.request()))) : json::value(nullptr);
  };
  return {{"by", sqlite ? "siyu" : "pg_dump"},
          {"on", standing.on},
          {"last", shown(standing.last)},
          {"last_good", shown(standing.last_good)}};
}

net::Response get_system(Call& call) {
  const Services& services = call.services();
  const timeline::MemoryState memory = services.memory.state();
  return ok(json::object{{"version", services.version},
                         {"started_at", iso(services.started_at)},
                         {"uptime_seconds", (call.now() - services.started_at).ms / 1000},
                         {"log", log_json(call, memory)},
                         {"memory", memory_json(memory)},
                         {"store", store_json(services.database)},
                         {"disk", disk_json(services.disk)},
                         {"questions", questions_json(services.questions)},
                         {"backups", backups_json(call)}});
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/memory", Guard::of(Permission::system_read), get_memory},
    {net::Method::get, "/system", Guard::of(Permission::system_read), get_system},
};

}  // namespace

std::span<const Route> system_routes() { return kRoutes; }

}  // namespace api
