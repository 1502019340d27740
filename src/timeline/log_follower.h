// From the log into a ColumnStore: reads on from where it stands and adds what it finds.
//
// Persons are learned at the first of their events. A notice (log/notice.h) that a customer's
// person may be another one makes the follower read the persons concerned anew: their rows by the
// positions memory has of them, who they are from the customer tables. As notices may lie behind
// what the tables already say, it asks the tables each time and never trusts what a notice meant.
//
// One thread at a time. Borrows all of its means.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "customer/person.h"
#include "log/log.h"
#include "log/reader.h"
#include "store/database.h"
#include "timeline/change.h"
#include "timeline/column_store.h"
#include "timeline/origins.h"
#include "timeline/slot_positions.h"

namespace timeline {

class LogFollower {
 public:
  struct Means {
    event_log::Log& log;
    ColumnStore& store;
    SlotPositions& positions;
  };
  explicit LogFollower(const Means& means);

  // Everybody known today, for a memory made from nothing: before the first step, until it answers
  // false; each time some thousand. Every call may be in another session.
  bool begin(store::Session& session);
  // For a memory that came from a snapshot.
  void resume(const event_log::Position& position, std::shared_ptr<const Origins> origins);

  // Adds the next rows up to `through`, at most event_log::kReadEventsMax. False: there are no more
  // up to there in this session's moment. Publishes nothing. Throws store::Failure: goes on where
  // it was when called again, in another session.
  bool step(store::Session& session, const event_log::Position& through = event_log::kPositionMax);

  const event_log::Position& position() const { return position_; }
  // Events read since the beginning, those of a snapshot not counted.
  std::int64_t events_read() const { return events_read_; }
  // Somebody was erased (or taken away by an undo) since the last call; who was merged is there.
  bool somebody_went();
  // Whose person was looked up in the tables and not forgotten since: what those say may be newer
  // than position(), see timeline/notices_ahead.h. Whoever has looked at what lies ahead forgets.
  std::span<const base::CustomerId> looked_up() const { return looked_up_; }
  void forget_looked_up() { looked_up_.clear(); }

 private:
  void begin_merged();
  void look_up_names(store::Session& session);
  void add(store::Session& session, const event_log::Event& event);
  void heed(store::Session& session, const event_log::Notice& notice);
  bool learn(store::Session& session, base::CustomerId customer);
  bool is_as_known(store::Session& session, base::CustomerId customer);
  void rebuild(store::Session& session, base::CustomerId customer);
  OriginNumber origin_of(store::Session& session, const event_log::Event& event);
  std::vector<event_log::KnownProperty> read_properties(store::Session& session,
                                                        const event_log::Event& event);

  Means means_;
  base::CustomerId begun_after_{};
  std::map<base::CustomerId, std::vector<customer::Customer>> merged_;  // by person; of begin()
  event_log::Position position_;
  std::int64_t events_read_ = 0;
  bool somebody_went_ = false;
  std::vector<base::CustomerId> looked_up_;
  std::shared_ptr<const event_log::EventTypes> types_;
  std::shared_ptr<const ChangeTypes> changes_;
  std::shared_ptr<const Origins> origins_;
};

}  // namespace timeline
