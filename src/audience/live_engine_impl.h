// The inside of LiveEngine (audience/live_engine.h): what its files share.
//
//   live_engine.cpp      opening, definitions, the log
//   live_evaluation.cpp  one customer in one subject
//   live_computing.cpp   everybody at once
//   live_recording.cpp   into the log, checkpoints
//
// Who may touch what: `states` (with all that stands below it) is written by step() under
// states_mutex_ and read by anybody under it, by step() without; jobs and results under
// jobs_mutex_; batches and what is on its way under records_mutex_. The rest is step()'s.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <set>

#include "audience/live_engine.h"

namespace audience {

using Slot = LiveIndex::Slot;

class LiveEngine::Impl {
 public:
  explicit Impl(const Means& means) : means_(means) {}

  void open(base::Moment now);
  Step step(base::Moment now, bool refresh);
  bool compute(const std::stop_token& stop);
  bool record(const MayWrite& may_write);
  void checkpoint(base::Moment now);
  void wait_for_jobs(const std::stop_token& stop, base::Duration patience);
  void wait_for_records(const std::stop_token& stop, base::Duration patience);

  LivePoint point() const;
  bool is_recorded(std::int64_t record) const;
  std::vector<LiveFigures> figures() const;
  std::optional<LivePeopleList> members(SubjectId id, const Wanted& wanted) const;
  std::map<SubjectId, std::vector<std::int64_t>> in_state_of(
      std::span<const base::CustomerId> persons) const;
  Memory memory() const;

 private:
  // A live subject. Its place in slots_ is its number while it is live.
  struct Subject {
    std::shared_ptr<const LiveSubject> subject;
    std::string meaning;
    LivePoint base;  // when it was asked for everybody; records up to its number do not count
    base::Moment switched_at;
    LiveStates states;
    base::Moment looked_until = base::kMomentMin;  // moments up to here are waited for
    base::Moment valid_until = base::kMomentMin;   // and all of them are known
    std::size_t waiting = 0;                       // entries of waiting_
    bool is_looking = false;                       // compute() is asked for the next hour
    bool is_changed = true;                        // the stored states are others
    LivePoint stored = {};                         // as of which states were stored
    bool is_fitted = false;                        // its rules mention fitted attributes
    base::Moment fitted_until = base::kMomentMin;  // runs up to here have been looked at
    std::int64_t evaluations = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t recorded = 0;
  };

  // A customer of whom something has come.
  struct Touched {
    base::Moment from = base::kMomentMax;  // the earliest of it
    bool is_live = false;                  // not history alone
    bool all = false;                      // every subject is to be looked at
    std::vector<Slot> slots;               // else these; with repeats
  };
  using TouchedPeople = boost::unordered_flat_map<PersonNumber, Touched>;

  // One customer in one subject, to be looked at from a moment on.
  struct Waiting {
    Slot slot = 0;
    PersonNumber person = 0;
    base::Moment from;
    bool is_live = true;
  };

  // What compute() is asked, and answers.
  struct Job {
    std::shared_ptr<const LiveSubject> subject;
    std::string meaning;
    // soon: who may change; whole: that, and everybody's state; again: everybody's state alone.
    enum class Kind : std::uint8_t { soon, whole, again } kind = Kind::soon;
    std::int64_t record = 0;  // the last number given when it was asked
    base::Moment from;        // of the states; again: since when
    base::Moment until;       // again: of the states
  };
  struct Result {
    Job job;
    event_log::Position position;
    std::vector<std::vector<base::CustomerId>> in_state;  // but for `soon`
    std::vector<base::CustomerId> may_change;
  };

  struct OnItsWay {
    LiveRecord record;
    base::CustomerId customer;     // with whom it is written
    event_log::Position position;  // zero: not written yet
  };
  struct NewRecord {
    SubjectId subject;
    event_log::NewEvent event;
    std::int64_t number = 0;
    bool is_live = true;
    LiveDay counts;
  };
  struct Checkpoint {
    std::vector<std::pair<PersonNumber, std::string>> people;
    bool all_people = false;
    std::vector<StoredSubject> put;
    std::vector<std::pair<SubjectId, LivePoint>> moved;
    std::vector<SubjectId> deleted;
    std::optional<EventsAhead> ahead;
  };
  // What a step has decided.
  struct Batch {
    std::vector<NewRecord> records;
    event_log::Position through;
    base::Moment now;
    std::int64_t record = 0;
    std::unique_ptr<Checkpoint> checkpoint;
  };

  // live_engine.cpp
  void restore(store::Session& session, base::Moment now);
  void read_records_since(event_log::Position position);
  base::Moment turn_clock(base::Moment now);
  void read_definitions(base::Moment now);
  void ask_everybody(const std::shared_ptr<const LiveSubject>& subject, base::Moment now);
  void ask_all_again(base::Moment now);
  void remove_subject(Slot slot);
  void make_index();
  bool read_log(const timeline::Pin& pin, base::Moment now);
  void heed(const timeline::Pin& pin, const event_log::Event& event, base::Moment now);
  void heed(const timeline::Pin& pin, const event_log::Notice& notice, base::Moment now);
  Touched& touch(PersonNumber person, base::Moment from, bool is_live);
  void take_ahead(const timeline::Pin& pin, base::Moment now);
  std::optional<Slot> slot_of(SubjectId id) const;

  // live_evaluation.cpp
  struct Look {
    const timeline::History& history;
    PersonNumber person = 0;
    base::Moment from;
    base::Moment now;
    bool is_live = true;
  };
  std::size_t look_at_touched(const timeline::Pin& pin, base::Moment now);
  std::size_t look_at_due(const timeline::Pin& pin, base::Moment now);
  std::size_t look_at_waiting(const timeline::Pin& pin, base::Moment now);
  std::size_t look_at_person(const timeline::Pin& pin, PersonNumber person, const Touched& touched,
                             base::Moment now);
  void look_at_one(const timeline::Pin& pin, const Waiting& waiting, base::Moment now);
  void take_out(PersonNumber person);
  base::Moment first_of(Slot slot, const Look& look) const;
  void evaluate(Slot slot, const Look& look);
  std::vector<LiveRecord> records_of(const Subject& subject, const Look& look) const;
  bool is_on_its_way(SubjectId id, base::CustomerId person) const;
  void note(Subject& subject, const Look& look, const DueRecord& due);

  // live_computing.cpp
  void take_results(base::Moment now);
  void install(Result result, base::Moment now);
  void look_ahead(base::Moment now);
  void look_at_runs(base::Moment now);
  void look_at_differences(Slot slot, const Result& result);
  std::optional<Result> ask(const Job& job, const std::stop_token& stop);
  void wait_for(Slot slot, base::CustomerId person, base::Moment from);
  void wait_for_ahead(Slot slot, const Job& job);

  // live_recording.cpp
  void queue_batch(base::Moment now);
  void forget_arrived(const event_log::Position& read);
  void find_persons_of_records(const timeline::Pin& pin);
  void note_written(const NewRecord& record, const event_log::Position& position);
  std::unique_ptr<Checkpoint> make_checkpoint(base::Moment now);
  std::vector<event_log::Position> write(store::Unit& unit, const Batch& batch);
  void write(const Checkpoint& checkpoint, const MayWrite& may_write);

  const Means means_;

  // --- step()'s
  std::vector<std::unique_ptr<Subject>> slots_;  // null: nobody has the number
  LiveIndex index_;
  std::optional<LiveEvents> events_;
  std::shared_ptr<const event_log::EventTypes> types_;
  std::shared_ptr<const timeline::ChangeTypes> changes_;
  std::map<SubjectId, std::string> asked_;  // subjects that compute() is asked for, and as what
  TouchedPeople touched_;                   // of whom something live has come
  TouchedPeople patient_;  // of whom history has come: looked at when there is time
  std::deque<Waiting> waiting_;
  std::vector<std::pair<PersonNumber, Touched>> since_asked_;  // while compute() asks everybody
  std::set<base::CustomerId> gone_since_asked_;  // who was a person when it did, perhaps
  std::map<base::Moment, std::vector<base::CustomerId>> ahead_;
  EventsAhead ahead_taken_;  // since the last checkpoints: a restart may be of before
  bool ahead_is_changed_ = true;
  bool persons_are_changed_ = false;  // some were merged or taken apart in this step
  std::string audit_seen_;
  base::Moment looked_at_audit_ = base::kMomentMin;
  base::Moment checkpoint_at_ = base::kMomentMin;
  std::int64_t record_ = 0;  // the last number given
  std::uint64_t fitted_seen_ = 0;
  std::vector<NewRecord> new_records_;
  std::vector<SubjectId> deleted_;
  std::size_t people_stored_ = 0;
  bool people_are_changed_ = true;  // also those that are stored

  // --- under states_mutex_
  mutable std::shared_mutex states_mutex_;
  mutable std::condition_variable_any stepped_;
  LivePeople people_;
  LiveDue due_;
  LivePoint point_;
  std::optional<base::Moment> next_due_;
  bool is_behind_ = true;  // customers wait to be looked at

  // --- under jobs_mutex_
  mutable std::mutex jobs_mutex_;
  std::condition_variable_any jobs_changed_;
  std::deque<Job> jobs_;
  std::deque<Result> results_;
  std::map<SubjectId, double> progress_;

  // --- under records_mutex_
  mutable std::mutex records_mutex_;
  std::condition_variable_any records_changed_;
  std::deque<Batch> batches_;
  std::size_t records_waiting_ = 0;
  std::int64_t recorded_ = 0;  // the number up to which all are in the log
  // By the person of today.
  std::map<std::pair<SubjectId, base::CustomerId>, std::vector<OnItsWay>> on_their_way_;
  event_log::Position advanced_;  // the reader's stored position
};

}  // namespace audience
