// Random lives of customers: what happened to them in the order it became known, from which a
// history in memory is built, and which another test tells the database.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "audience/memory_names.h"
#include "base/calendar.h"
#include "base/id.h"
#include "base/value.h"
#include "timeline/memory_history.h"

namespace random_life {

struct EventFact {
  base::EventTypeId type;
  base::Moment time;
  std::map<base::PropertyId, base::Value> properties;
  std::string source;
};
struct AttributeFact {
  base::AttributeId attribute;
  base::Moment since;
  std::optional<base::Value> value;
};
struct MembershipFact {
  timeline::MembershipKey key;
  base::Moment since;
  bool on = true;
};

// One thing that became known; `who` is 0 or, in a merged life, 1.
struct Fact {
  int who = 0;
  std::optional<EventFact> event;
  std::optional<AttributeFact> attribute;
  std::optional<MembershipFact> membership;
};

// What a life has of the things that are easily got wrong.
struct Traits {
  bool equal_times = false;
  bool clock_change = false;  // an event on a day of 23 or 25 hours
  bool late = false;          // an event that became known after a later one
  bool future = false;        // an event after `now`
  bool merged = false;        // two customers that are one person
  bool erased = false;
};

struct Life {
  base::Moment created[2];
  std::vector<Fact> facts;
  base::Moment now;  // the middle of the time rules speak of
  Traits traits;
};

struct Period {
  base::Moment from;
  base::Moment to;
  std::vector<base::Moment> clock_changes;  // starts of days of 23 or 25 hours
};

class RandomLives {
 public:
  RandomLives(const audience::MemoryNames& names, const Period& period, std::uint64_t seed);
  Life next();

 private:
  bool chance(int percent);
  std::int64_t below(std::int64_t count);
  base::Moment moment();
  base::Moment moment_among(const std::vector<base::Moment>& earlier);
  base::Value value(base::ValueType type);
  EventFact event(const std::vector<base::Moment>& earlier);
  Fact fact(const std::vector<base::Moment>& earlier);
  void describe(Life& life) const;

  const audience::MemoryNames& names_;
  Period period_;
  std::mt19937_64 random_;
  std::vector<base::EventTypeId> events_;
  std::map<base::EventTypeId, std::vector<std::pair<base::PropertyId, base::ValueType>>>
      properties_;
  std::vector<std::pair<base::AttributeId, base::ValueType>> attributes_;
  std::vector<timeline::MembershipKey> memberships_;
};

// The person's history as it must be; null for an erased one.
std::unique_ptr<timeline::MemoryHistory> history_of(const Life& life, base::CustomerId survivor);

}  // namespace random_life
