#include "server/demo_folder.h"

#include <filesystem>

#include "demo/fill.h"
#include "log/log.h"
#include "server/operate.h"

namespace server {
namespace {

namespace fs = std::filesystem;

// What a making that was cut short leaves behind.
void remove_half_made(const fs::path& folder) {
  for (const char* name : {"siyu.db", "siyu.db-wal", "siyu.db-shm"}) fs::remove(folder / name);
}

enum class Found : std::uint8_t { demo, empty, half_made, own };

Found look_at(store::Session& session) {
  if (demo::made_at(session)) return Found::demo;
  if (demo::is_begun(session)) return Found::half_made;
  return demo::is_empty(session) ? Found::empty : Found::own;
}

}  // namespace

DemoFolder prepare_demo(const AppOptions& options, const base::Clock& clock, base::Random& random,
                        const DemoOptions& demo) {
  auto database = open_database(options);
  bring_forward(*database, options.migrate, clock.now());
  Found found = database->read(look_at);
  if (found == Found::own) throw OperateFailure(OperateFault::not_a_demo, options.folder);
  if (found == Found::half_made) {
    database.reset();
    remove_half_made(options.folder);
    database = open_database(options);
    bring_forward(*database, options.migrate, clock.now());
    found = Found::empty;
  }
  if (found == Found::demo) {
    return {.made_at = *database->read(demo::made_at), .customers_made = 0};
  }
  event_log::Log log(*database);
  const base::Moment now = clock.now();
  log.prepare(now, random);
  demo::FillOptions fill{.now = now};
  if (demo.customers > 0) fill.customers = demo.customers;
  if (demo.progress) {
    fill.progress = [&](std::int64_t done) { demo.progress(done, fill.customers); };
  }
  return {.made_at = now, .customers_made = demo::fill(*database, log, fill).customers};
}

}  // namespace server
