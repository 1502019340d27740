// What a brand calls its events, standard ones among them: a label a language. Functions over a
// Session; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/id.h"
#include "store/database.h"

namespace event_log {

// As written, each from base::label_from; empty: none.
struct EventLabel {
  std::string zh = {};
  std::string en = {};
  friend bool operator==(const EventLabel&, const EventLabel&) = default;
};

// Of every event that has one, by the event's name; kEventTypesMax at most.
using EventLabels = std::map<std::string, EventLabel, std::less<>>;
EventLabels event_labels(store::Session& session);
// Of one event; empty ones where there is none.
EventLabel event_label(store::Session& session, base::EventTypeId event);
// In a unit that has locked notes (EventCatalog::lock_notes).
void label_event(store::Unit& unit, base::EventTypeId event, const EventLabel& label);

}  // namespace event_log
