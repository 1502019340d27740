// Active models as live subjects: state i of a model is its i-th stage, 0 is none.
//
// Threads: any. Borrows the catalog.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "audience/live_subject.h"
#include "base/calendar.h"

namespace event_log {
class EventCatalog;
}

namespace lifecycle {

class LiveModels final : public audience::LiveSource {
 public:
  using ZoneOf = std::function<base::Zone(store::Session&)>;
  LiveModels(event_log::EventCatalog& events, ZoneOf zone_of)
      : events_(events), zone_of_(std::move(zone_of)) {}

  std::vector<audience::LiveSubject> subjects(store::Session& session) const override;

 private:
  event_log::EventCatalog& events_;
  ZoneOf zone_of_;
};

}  // namespace lifecycle
