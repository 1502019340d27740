// Records of live subjects as events of the log: what is written, and how it is read back.
//
//   audience_entered     into state "in"           audience, audience_id, rule_version, from, to,
//   audience_left        into state "out"          record
//   audience_corrected   what was recorded was wrong from this moment on
//   stage_changed        of a model: model, rule_version, from, to (keys, "" is none), record;
//                        corrected: true where it puts right what was recorded
//
// The event's time is the exact moment of the change. `record` is the record's number
// (live_record.h). Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audience/live_record.h"
#include "audience/live_subject.h"
#include "log/event.h"
#include "log/event_type.h"
#include "timeline/history.h"

namespace audience {

class LiveEvents {
 public:
  // The standard vocabulary is in `types` (CHECK).
  explicit LiveEvents(const event_log::EventTypes& types);

  static event_log::NewEvent to_event(const LiveSubject& subject, base::CustomerId person,
                                      const DueRecord& due, std::int64_t number);

  // What is recorded of this person, in no order, of records behind `after`. Records of states that
  // the subject does not have are passed over.
  std::vector<LiveRecord> records_in(const timeline::History& history, const LiveSubject& subject,
                                     std::int64_t after) const;
  // Whether any record of a subject of this kind stands at or after `from`: fast, may be of
  // another.
  bool has_records_since(const timeline::History& history, SubjectKind kind,
                         base::Moment from) const;

  // Types of records, for reading them from the log.
  std::vector<base::EventTypeId> types() const;
  struct Told {
    SubjectId subject;  // of a model without its id: the log tells its key
    std::string model;
    LiveRecord record;
    std::string to;
  };
  // Nothing: no record, or one that somebody else wrote.
  std::optional<Told> told_by(const event_log::Event& event) const;

 private:
  struct Type {
    base::EventTypeId type;
    base::PropertyId subject;  // audience_id, or model
    base::PropertyId from;
    base::PropertyId to;
    base::PropertyId record;
  };
  std::span<const Type> types_of(SubjectKind kind) const;

  std::array<Type, 3> audience_;
  std::array<Type, 1> model_;
};

}  // namespace audience
