#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "api/backup_json.h"
#include "api/call.h"
#include "api/route.h"
#include "base/check.h"

namespace api {
namespace {

namespace json = boost::json;
using rights::Permission;

// PostgreSQL has none of ours.
void require_sqlite(Call& call) {
  if (call.services().database.dialect() != store::Dialect::sqlite) {
    throw Refusal(operate::code_of(operate::BackupRefusal::pg_dump));
  }
}

net::Response list_backups(Call& call) {
  require_sqlite(call);
  const Language language = language_of(call.request());
  json::array backups;
  call.services().database.read([&](store::Session& session) {
    for (const operate::BackupRun& run : operate::backup_runs(session, call.limit())) {
      backups.push_back(to_json(run, language));
    }
  });
  return ok(json::object{{"backups", std::move(backups)}});
}

net::Response make_backup(Call& call) {
  const auto run = call.services().backups.make(call.caller().viewer.actor());
  if (!run) throw Refusal(operate::code_of(run.error()));
  return json_response(202, to_json(*run, language_of(call.request())));
}

constexpr Route kRoutes[] = {
    {net::Method::get, "/backups", Guard::of(Permission::system_read), list_backups},
    {net::Method::post, "/backups", Guard::of(Permission::settings_write), make_backup},
};

}  // namespace

json::object to_json(const operate::BackupRun& run, Language language) {
  json::object shown{{"id", std::to_string(run.id)},
                     {"file", std::filesystem::path(run.path).filename().string()},
                     {"state", operate::name_of(run.state)},
                     {"asked", run.asked},
                     {"started_at", iso(run.started_at)},
                     {"ended_at", iso_or_null(run.ended_at)},
                     {"bytes", nullptr},
                     {"events", nullptr},
                     {"problem", nullptr}};
  if (run.bytes) shown["bytes"] = *run.bytes;
  if (run.events) shown["events"] = *run.events;
  if (run.problem) {
    const std::string_view code = operate::code_of(*run.problem);
    const ProblemText* text = find_problem(code);
    CHECK(text != nullptr);
    shown["problem"] = json::object{{"code", code}, {"detail", sentence_of(*text, language, "")}};
  }
  return shown;
}

std::span<const Route> backup_routes() { return kRoutes; }

}  // namespace api
