// One person's events as a page, newest first: for the record in the console and the API. All the
// customers merged into the person, void and erased rows left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/event.h"
#include "store/database.h"

namespace timeline {

inline constexpr std::int64_t kPersonEventsMax = 1000;

struct PersonEventsCut {
  std::string after = {};   // `next` of the page before; a text that is none of ours starts over
  std::int64_t rows = 100;  // 1 … kPersonEventsMax
};
struct PersonEvents {
  std::vector<event_log::Event> events;
  std::string next;  // empty: the last page
};
PersonEvents person_events(store::Session& session, base::CustomerId person,
                           const PersonEventsCut& cut);

// The earlier of creation and first event; nothing: there is no such person.
std::optional<base::Moment> known_since(store::Session& session, base::CustomerId person);

}  // namespace timeline
