#include "intake/import_batch.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "access/audit.h"
#include "base/check.h"
#include "base/diagnostics.h"
#include "store/failure.h"

namespace intake {

ImportBatch::ImportBatch(const ImportMeans& means, const ImportRequest& request,
                         std::string_view kind)
    : means_(means),
      dry_run_(request.dry_run),
      live_(request.live),
      actor_(request.actor),
      new_{base::BatchId{means.random.id()}, std::string(kind), shown_file_name(request.file_name),
           request.actor.name.empty() ? rights::to_text(request.actor) : request.actor.name,
           means.clock.now()},
      source_("csv " + std::to_string(new_.id.value)) {}

ImportBatch::~ImportBatch() {
  if (!is_open_) return;
  try {
    const event_log::BatchEnd end{means_.clock.now(), event_log::BatchState::cut_off};
    // One that is taken back keeps that state.
    (void)means_.database.write("intake.cut_off", [&](store::Unit& unit) {
      return event_log::finish_batch(unit, new_.id, end);
    });
  } catch (const store::Failure& failure) {
    base::log_warning("an import that was cut off stays open for now: {}", failure.what());
  }
}

customer::WritingOptions ImportBatch::options() const {
  customer::WritingOptions options;
  options.actor = {.kind = rights::ActorKind::import, .id = new_.id.value};
  options.now = new_.now;
  options.source = source_;
  options.live = live_;
  options.batch = new_.id;
  return options;
}

void ImportBatch::begin() {
  if (dry_run_) return;
  means_.database.write("intake.begin", [&](store::Unit& unit) {
    event_log::begin_batch(unit, new_);
    rights::AuditEntry entry{.actor = actor_, .at = new_.now, .noun = "import", .verb = "started"};
    entry.subject = std::to_string(new_.id.value);
    entry.after = boost::json::serialize(boost::json::object{{"kind", new_.kind}, {"live", live_}});
    rights::record(unit, entry);
  });
  is_open_ = true;
}

base::Result<void, ImportError> ImportBatch::finish(bool stopped) {
  if (dry_run_) return {};
  using event_log::BatchState;
  const event_log::BatchEnd end{means_.clock.now(),
                                stopped ? BatchState::stopped : BatchState::done};
  const auto finished = means_.database.write("intake.finish", [&](store::Unit& unit) {
    return event_log::finish_batch(unit, new_.id, end);
  });
  is_open_ = false;
  if (!finished) return base::unexpected(ImportError{ImportFault::taken_back, {}});
  return {};
}

void ImportBatch::count(store::Unit& unit, const event_log::BatchCounts& more) const {
  event_log::count_rows(unit, new_.id, {more, means_.clock.now()});
}

}  // namespace intake
