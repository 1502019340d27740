// What is stored of live subjects (tables live_subject, live_people, live_clock, live_day).
//
// A stored subject is its states as of a position and a moment, with all records up to a number. It
// is as old as the last checkpoint; records in the log tell the rest. Part of the caller's unit or
// read. Throws store::Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/audience.h"
#include "audience/live_states.h"
#include "audience/live_subject.h"
#include "base/moment.h"
#include "log/position.h"
#include "store/database.h"

namespace audience {

inline constexpr std::size_t kPeopleInRow = 8192;  // of live_people

// Up to where something is known.
struct LivePoint {
  event_log::Position position;
  base::Moment moment;
  std::int64_t record = 0;
};

struct StoredSubject {
  SubjectId id;
  std::int64_t version = 1;
  std::string meaning;
  LivePoint base;  // since when it is kept; of its position nothing is stored
  LivePoint point;
  std::string planes;
  base::Moment switched_at;
};
// Since when what is stored of it is live; nothing: nothing is.
std::optional<base::Moment> switched_at(store::Session& session, SubjectId id);
std::vector<StoredSubject> stored_subjects(store::Session& session);
void put_subject(store::Unit& unit, const StoredSubject& subject);
// The states are those that are stored, as of a later point.
void move_subject(store::Unit& unit, SubjectId id, const LivePoint& point);
void delete_subject(store::Unit& unit, SubjectId id);

// Empty when something is wrong with what is stored: then nothing of it can be used.
std::optional<LivePeople> stored_people(store::Session& session);
// Rows are whole: `first` is a multiple of kPeopleInRow.
void put_people(store::Unit& unit, PersonNumber first, std::string_view bytes);
void delete_people(store::Unit& unit);

// Customers with an event that lies ahead, and its time.
using EventsAhead = std::vector<std::pair<base::Moment, base::CustomerId>>;
struct LiveClock {
  std::int64_t record = 0;           // the last number given
  std::optional<EventsAhead> ahead;  // nothing: not looked for yet
};
LiveClock stored_clock(store::Session& session);
void put_record(store::Unit& unit, std::int64_t record);
void put_ahead(store::Unit& unit, const EventsAhead& ahead);
// From the log; reads it whole.
EventsAhead find_ahead(store::Session& session, base::Moment now);

// Records by the local day of their moments.
struct LiveDay {
  base::Moment day;  // its start
  std::int64_t entered = 0;
  std::int64_t left = 0;
  std::int64_t corrected = 0;
};
void count_day(store::Unit& unit, SubjectId id, const LiveDay& day);
std::vector<LiveDay> days_of(store::Session& session, SubjectId id, base::Moment from);

// Whether saved audiences are kept live.
bool is_live(store::Session& session, base::AudienceId id);
void set_live(store::Unit& unit, base::AudienceId id, bool live);
std::int64_t count_live(store::Session& session);
// Those that are, by id; of each its id, name, version and tree.
std::vector<SavedAudience> live_ones(store::Session& session);

}  // namespace audience
