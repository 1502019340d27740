// Saved audiences as live subjects: those whose `live` is set.
//
// Threads: any. Borrows the catalog.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "audience/live_subject.h"
#include "base/calendar.h"

namespace event_log {
class EventCatalog;
}

namespace audience {

class LiveAudiences final : public LiveSource {
 public:
  using ZoneOf = std::function<base::Zone(store::Session&)>;
  LiveAudiences(event_log::EventCatalog& events, ZoneOf zone_of)
      : events_(events), zone_of_(std::move(zone_of)) {}

  // One whose rule names what is no more is left out, and told in the diagnostics log.
  std::vector<LiveSubject> subjects(store::Session& session) const override;

 private:
  event_log::EventCatalog& events_;
  ZoneOf zone_of_;
};

}  // namespace audience
