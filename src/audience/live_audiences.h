// Saved audiences as live subjects: those whose `live` is set.
//
// Threads: any. Borrows its means.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "audience/live_subject.h"
#include "audience/stage_source.h"
#include "base/calendar.h"

namespace event_log {
class EventCatalog;
}

namespace audience {

class LiveAudiences final : public LiveSource {
 public:
  using ZoneOf = std::function<base::Zone(store::Session&)>;
  // Null: rules know no stages.
  LiveAudiences(event_log::EventCatalog& events, const StageSource* stages, ZoneOf zone_of)
      : events_(events), stages_(stages), zone_of_(std::move(zone_of)) {}

  // One whose rule names what is no more is left out, and told in the diagnostics log.
  std::vector<LiveSubject> subjects(store::Session& session) const override;

 private:
  event_log::EventCatalog& events_;
  const StageSource* stages_;
  ZoneOf zone_of_;
};

}  // namespace audience
