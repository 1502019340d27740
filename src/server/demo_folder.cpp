#include "server/demo_folder.h"

#include <filesystem>

#include "demo/fill.h"
#include "demo/living.h"
#include "log/log.h"
#include "server/operate.h"

namespace server {
namespace {

namespace fs = std::filesystem;

void remove_demo(const fs::path& folder) {
  for (const char* name : {"siyu.db", "siyu.db-wal", "siyu.db-shm", "memory.snapshot"}) {
    fs::remove(folder / name);
  }
}

// Outdated: to be made anew, since the making was cut short, or nothing more can happen in it and
// nobody's work is in it.
enum class Found : std::uint8_t { demo, empty, outdated, own };

Found look_at(store::Session& session, base::Moment now) {
  if (demo::made_at(session)) {
    const auto lived = demo::lived(session);
    const bool goes_on =
        demo::origin(session).has_value() && lived && now - lived->real <= demo::kGapMax;
    return goes_on || demo::is_touched(session) ? Found::demo : Found::outdated;
  }
  if (demo::is_begun(session)) return Found::outdated;
  return demo::is_empty(session) ? Found::empty : Found::own;
}

}  // namespace

DemoFolder prepare_demo(const AppOptions& options, const base::Clock& clock, base::Random& random,
                        const DemoOptions& demo) {
  auto database = open_database(options);
  bring_forward(*database, options.migrate, clock.now());
  Found found =
      database->read([&](store::Session& session) { return look_at(session, clock.now()); });
  if (found == Found::own) throw OperateFailure(OperateFault::not_a_demo, options.folder);
  if (found == Found::outdated) {
    database.reset();
    remove_demo(options.folder);
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
