#include "audience/live_engine.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "audience/live_engine_impl.h"
#include "audience/live_sql.h"
#include "base/check.h"
#include "base/diagnostics.h"

namespace audience {

using base::CustomerId;
using base::Moment;
using timeline::Pin;

namespace {

constexpr base::Duration kLookAtAuditEvery{500};
constexpr int kReadsAtOnce = 10;

}  // namespace

void LiveEngine::Impl::open(Moment now) {
  means_.database.read([&](store::Session& session) { restore(session, now); });
  // The states are of different points: the log is read on from the earliest, and the clock is not
  // to stand before the latest.
  point_ = {means_.memory.pin().position(), base::kMomentMin, 0};
  for (const auto& subject : slots_) {
    point_.position = std::min(point_.position, subject->stored.position);
    point_.moment = std::max(point_.moment, subject->stored.moment);
  }
  if (!slots_.empty()) {
    read_records_since(point_.position);
  } else {  // nothing is read again: what has come to lie ahead since is found by itself
    ahead_.clear();
    const EventsAhead found =
        means_.database.read([&](store::Session& session) { return find_ahead(session, now); });
    for (const auto& [time, customer] : found) ahead_[time].push_back(customer);
    ahead_is_changed_ = true;
  }
  if (point_.moment == base::kMomentMin) point_.moment = now;
  point_.record = record_;
  advanced_ = means_.database
                  .read([](store::Session& session) {
                    return event_log::position_of(session, kLiveReader);
                  })
                  .value_or(event_log::Position{});
}

void LiveEngine::Impl::restore(store::Session& session, Moment now) {
  types_ = means_.log.catalog().of(session);
  changes_ = timeline::ChangeTypes::of(session, *types_);
  events_.emplace(*types_);
  const LiveClock clock = stored_clock(session);
  record_ = clock.record;
  for (const auto& [time, customer] : clock.ahead ? *clock.ahead : find_ahead(session, now)) {
    ahead_[time].push_back(customer);
  }
  ahead_is_changed_ = !clock.ahead;
  auto people = stored_people(session);
  const std::vector<StoredSubject> stored = stored_subjects(session);
  if (!people) {
    base::log_warning("the stored states of live audiences are damaged: all are asked anew");
    return;
  }
  people_ = std::move(*people);
  people_stored_ = people_.count();
  people_are_changed_ = false;
  std::map<SubjectId, LiveSubject> wanted;
  for (LiveSubject& subject : means_.source.subjects(session)) {
    wanted.emplace(subject.id, std::move(subject));
  }
  for (const StoredSubject& row : stored) {
    const auto found = wanted.find(row.id);
    if (found == wanted.end() || meaning_of(found->second) != row.meaning) continue;
    const auto what = std::make_shared<const LiveSubject>(std::move(found->second));
    auto subject = std::make_unique<Subject>(
        Subject{what, row.meaning, row.base, row.switched_at, LiveStates(what->states.size())});
    if (!subject->states.read(row.planes)) continue;
    subject->stored = row.point;
    subject->looked_until = subject->valid_until = row.point.moment;
    subject->fitted_until = row.point.moment;
    subject->is_changed = false;
    slots_.push_back(std::move(subject));
  }
  make_index();
}

// What was recorded behind the checkpoints: who is in which state today.
void LiveEngine::Impl::read_records_since(event_log::Position position) {
  const Pin pin = means_.memory.pin();
  const std::vector<base::EventTypeId> types = events_->types();
  for (bool more = true; more;) {
    const event_log::Reading reading = means_.database.read([&](store::Session& session) {
      return event_log::read_after(session, position, event_log::Wanted{.types = types});
    });
    for (const event_log::Event& event : reading.events) {
      const auto told = events_->told_by(event);
      const auto place = told ? pin.place_of(event.customer) : std::nullopt;
      if (!place) continue;
      for (const auto& subject : slots_) {
        const bool is_its = told->subject.kind == SubjectKind::model
                                ? subject->subject->id.kind == SubjectKind::model &&
                                      subject->subject->name == told->model
                                : subject->subject->id == told->subject;
        const auto state = std::ranges::find(subject->subject->states, told->to);
        if (!is_its || told->record.number <= subject->stored.record) continue;
        if (state == subject->subject->states.end()) continue;
        subject->states.set(people_.number_of(pin.person(place->block, place->row)),
                            static_cast<State>(state - subject->subject->states.begin()));
        subject->is_changed = true;
      }
      record_ = std::max(record_, told->record.number);
    }
    position = reading.through;
    more = reading.more;
  }
}

// Time goes on; where the clock was ahead it is asked anew what is.
Moment LiveEngine::Impl::turn_clock(Moment now) {
  if (now >= point_.moment) return now;
  if (point_.moment - now <= kClockBackMax) return point_.moment;
  base::log_warning("the clock went back by {} s: live audiences are asked anew",
                    (point_.moment - now).ms / base::kSecond.ms);
  // What had come already lies ahead again.
  const EventsAhead found =
      means_.database.read([&](store::Session& session) { return find_ahead(session, now); });
  ahead_.clear();
  for (const auto& [time, customer] : found) ahead_[time].push_back(customer);
  ahead_is_changed_ = true;
  const std::unique_lock lock(states_mutex_);
  point_.moment = now;
  ask_all_again(now);
  return now;
}

void LiveEngine::Impl::ask_all_again(Moment now) {
  for (const auto& subject : slots_) {
    if (!subject) continue;
    asked_.erase(subject->subject->id);
    subject->valid_until = base::kMomentMin;
    ask_everybody(subject->subject, now);
  }
}

void LiveEngine::Impl::read_definitions(Moment now) {
  std::vector<LiveSubject> wanted = means_.database.read([&](store::Session& session) {
    types_ = means_.log.catalog().of(session);
    changes_ = timeline::ChangeTypes::of(session, *types_);
    return means_.source.subjects(session);
  });
  if (wanted.size() > kLiveSubjectsMax) wanted.resize(kLiveSubjectsMax);
  std::set<SubjectId> there;
  for (LiveSubject& given : wanted) {
    there.insert(given.id);
    auto subject = std::make_shared<const LiveSubject>(std::move(given));
    const std::string meaning = meaning_of(*subject);
    const auto slot = slot_of(subject->id);
    const bool is_same = slot && slots_[*slot]->meaning == meaning;
    if (is_same) {  // a new name, or a new spelling
      const std::unique_lock lock(states_mutex_);
      slots_[*slot]->is_changed |= slots_[*slot]->subject->version != subject->version;
      slots_[*slot]->subject = subject;
    }
    const auto asked = asked_.find(subject->id);
    // Changed and changed back: what is being asked is no longer wanted, and asked over.
    if (asked == asked_.end() ? is_same : asked->second == meaning) continue;
    ask_everybody(subject, now);
  }
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot] && !there.contains(slots_[slot]->subject->id)) remove_subject(slot);
  }
  std::erase_if(asked_, [&](const auto& asked) { return !there.contains(asked.first); });
  make_index();
}

void LiveEngine::Impl::ask_everybody(const std::shared_ptr<const LiveSubject>& subject,
                                     Moment now) {
  std::string meaning = meaning_of(*subject);
  asked_[subject->id] = meaning;
  const std::scoped_lock lock(jobs_mutex_);
  std::erase_if(jobs_, [&](const Job& job) { return job.subject->id == subject->id; });
  jobs_.push_back({subject, std::move(meaning), Job::Kind::whole, record_, now, now + kLiveAhead});
  progress_[subject->id] = 0;
  jobs_changed_.notify_all();
}

void LiveEngine::Impl::remove_subject(Slot slot) {
  const std::unique_lock lock(states_mutex_);
  deleted_.push_back(slots_[slot]->subject->id);
  due_.clear(slot);
  std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.slot == slot; });
  slots_[slot].reset();
}

void LiveEngine::Impl::make_index() {
  index_ = {};
  fitted_seen_ = 0;
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    if (!slots_[slot]) continue;
    index_.add(slot, *slots_[slot]->subject);
    slots_[slot]->is_fitted =
        std::ranges::any_of(slots_[slot]->subject->rules, [](const auto& rule) {
          return !rule->matches_nobody() && looks_at(*rule, rule->rule().root).fitted;
        });
  }
}

std::optional<Slot> LiveEngine::Impl::slot_of(SubjectId id) const {
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot] && slots_[slot]->subject->id == id) return slot;
  }
  return std::nullopt;
}

// What the log has more, up to what the pin shows. True: there is more.
bool LiveEngine::Impl::read_log(const Pin& pin, Moment now) {
  if (pin.position() <= point_.position) return false;
  const event_log::Reading reading = means_.database.read([&](store::Session& session) {
    auto types = means_.log.catalog().of(session);
    if (types->version() != types_->version()) {
      types_ = std::move(types);
      changes_ = timeline::ChangeTypes::of(session, *types_);
    }
    return event_log::read_after(session, point_.position, kLiveEventsAtOnce);
  });
  for (const event_log::Event& event : reading.events) {
    if (event.position <= pin.position()) heed(pin, event, now);
  }
  for (const event_log::Notice& notice : reading.notices) {
    if (notice.position <= pin.position()) heed(pin, notice, now);
  }
  const std::unique_lock lock(states_mutex_);
  const bool is_whole = reading.through >= pin.position() || !reading.more;
  point_.position = is_whole ? pin.position() : reading.through;
  return !is_whole;
}

LiveEngine::Impl::Touched& LiveEngine::Impl::touch(PersonNumber person, Moment from, bool is_live) {
  TouchedPeople& people = is_live || touched_.contains(person) ? touched_ : patient_;
  Touched& touched = people[person];
  touched.from = std::min(touched.from, from);
  touched.is_live |= is_live;
  if (is_live) {  // what history has brought before goes along
    if (const auto waiting = patient_.find(person); waiting != patient_.end()) {
      touched.from = std::min(touched.from, waiting->second.from);
      touched.all |= waiting->second.all;
      touched.slots.insert(touched.slots.end(), waiting->second.slots.begin(),
                           waiting->second.slots.end());
      patient_.erase(waiting);
    }
  }
  return touched;
}

void LiveEngine::Impl::heed(const Pin& pin, const event_log::Event& event, Moment now) {
  const auto place = pin.place_of(event.customer);
  if (!place) return;  // erased since
  const CustomerId person = pin.person(place->block, place->row);
  const bool is_live = event.liveness == event_log::Liveness::live;
  if (event.time > now) {
    // What is waited for until then may be another moment from now on.
    ahead_[event.time].push_back(person);
    ahead_is_changed_ = true;
    const std::unique_lock lock(states_mutex_);
    touch(people_.number_of(person), now, is_live).all = true;
    return;
  }
  const auto known = people_.find(person);
  if (!known) {
    const std::unique_lock lock(states_mutex_);
    const PersonNumber number = people_.number_of(person);
    touch(number, base::kMomentMin, is_live).all = true;
    return;
  }
  const std::vector<Slot>* concerned = &index_.of(event.type);
  std::vector<Slot> both;
  if (changes_->is_change(event.type)) {
    const event_log::EventType* type = types_->find(event.type);
    CHECK(type != nullptr);
    const auto properties = event_log::known_properties(*type, event.properties);
    if (const auto change = changes_->change_of(event.type, properties)) {
      both = *concerned;
      const auto& by_change = index_.of(*change);
      both.insert(both.end(), by_change.begin(), by_change.end());
      concerned = &both;
    }
  }
  // An event before all others makes a customer known earlier, which concerns every rule: that is
  // found when they are looked at.
  Touched& touched = touch(*known, event.time, is_live);
  touched.slots.insert(touched.slots.end(), concerned->begin(), concerned->end());
}

void LiveEngine::Impl::heed(const Pin& pin, const event_log::Notice& notice, Moment now) {
  if (std::holds_alternative<base::BatchId>(notice.subject)) {
    const std::unique_lock lock(states_mutex_);
    return ask_all_again(now);
  }
  persons_are_changed_ = true;
  const CustomerId customer = std::get<CustomerId>(notice.subject);
  const auto place = pin.place_of(customer);
  const std::unique_lock lock(states_mutex_);
  const auto before = people_.find(customer);
  const bool is_person = place && pin.person(place->block, place->row) == customer;
  if (before && !is_person) take_out(*before);
  if (is_person) {
    gone_since_asked_.erase(customer);  // whoever is a person again is looked at
  } else if (!asked_.empty()) {
    gone_since_asked_.insert(customer);
  }
  if (before && !place) {
    people_.forget(customer);
    people_are_changed_ = true;
  }
  if (!place) return;
  const PersonNumber number = people_.number_of(pin.person(place->block, place->row));
  touch(number, base::kMomentMin, true).all = true;
}

// Events whose time has come.
void LiveEngine::Impl::take_ahead(const Pin& pin, Moment now) {
  while (!ahead_.empty() && ahead_.begin()->first <= now) {
    for (const CustomerId customer : ahead_.begin()->second) {
      ahead_taken_.emplace_back(ahead_.begin()->first, customer);
      const auto place = pin.place_of(customer);
      if (!place) continue;
      const std::unique_lock lock(states_mutex_);
      const PersonNumber number = people_.number_of(pin.person(place->block, place->row));
      touch(number, ahead_.begin()->first, true).all = true;
    }
    ahead_.erase(ahead_.begin());
    ahead_is_changed_ = true;
  }
}

LiveEngine::Step LiveEngine::Impl::step(Moment clock, bool refresh) {
  Step step;
  {
    const std::scoped_lock lock(records_mutex_);
    step.is_full = records_waiting_ > kLiveRecordsWaitingMax;
    if (step.is_full) return step;
  }
  const Moment now = turn_clock(clock);
  if (!refresh && now - looked_at_audit_ >= kLookAtAuditEvery) {
    std::string newest = means_.database.read([](store::Session& session) {
      return session
          .one(sql::kNewestAudit, {},
               [](const store::Row& row) { return std::string(row.text(0)); })
          .value_or("");
    });
    refresh = newest != audit_seen_;
    audit_seen_ = std::move(newest);
    looked_at_audit_ = now;
  }
  if (refresh) read_definitions(now);
  const Pin pin = means_.memory.pin();
  forget_arrived(pin.position());
  take_results(now);
  // Before anybody is evaluated, who is then waited for.
  look_ahead(now);
  look_at_runs(now);
  // As far as the pin shows, or nearly: what is not read yet is in the histories all the same.
  step.more = true;
  for (int reads = 0; step.more && reads < kReadsAtOnce; ++reads) step.more = read_log(pin, now);
  if (std::exchange(persons_are_changed_, false)) find_persons_of_records(pin);
  take_ahead(pin, now);
  step.evaluated = look_at_touched(pin, now);
  step.evaluated += look_at_due(pin, now);
  step.evaluated += look_at_waiting(pin, now);
  queue_batch(now);
  if (checkpoint_at_ == base::kMomentMin) checkpoint_at_ = now;
  if (now - checkpoint_at_ >= kCheckpointEvery) checkpoint(now);
  const std::unique_lock lock(states_mutex_);
  point_.moment = now;
  point_.record = record_;
  next_due_ = due_.next();
  if (!ahead_.empty() && (!next_due_ || ahead_.begin()->first < *next_due_)) {
    next_due_ = ahead_.begin()->first;
  }
  is_behind_ = step.more || !touched_.empty() || !patient_.empty();
  step.more |= is_behind_ || !waiting_.empty() || (next_due_ && *next_due_ <= now);
  step.next = next_due_;
  stepped_.notify_all();
  return step;
}

LiveEngine::LiveEngine(const Means& means) : impl_(std::make_unique<Impl>(means)) {}
LiveEngine::~LiveEngine() = default;

void LiveEngine::open(Moment now) { impl_->open(now); }
LiveEngine::Step LiveEngine::step(Moment now) { return impl_->step(now, refresh_.exchange(false)); }
bool LiveEngine::compute(const std::stop_token& stop) { return impl_->compute(stop); }
bool LiveEngine::record(const MayWrite& may_write) { return impl_->record(may_write); }
void LiveEngine::checkpoint(Moment now) { impl_->checkpoint(now); }
void LiveEngine::wait_for_jobs(const std::stop_token& stop, base::Duration patience) {
  impl_->wait_for_jobs(stop, patience);
}
void LiveEngine::wait_for_records(const std::stop_token& stop, base::Duration patience) {
  impl_->wait_for_records(stop, patience);
}
LivePoint LiveEngine::point() const { return impl_->point(); }
bool LiveEngine::is_recorded(std::int64_t record) const { return impl_->is_recorded(record); }
std::vector<LiveFigures> LiveEngine::figures() const { return impl_->figures(); }
std::optional<LiveFigures> LiveEngine::figures_of(SubjectId id) const {
  for (LiveFigures& figures : impl_->figures()) {
    if (figures.id == id) return std::move(figures);
  }
  return std::nullopt;
}
std::optional<LivePeopleList> LiveEngine::members(SubjectId id, const Wanted& wanted) const {
  return impl_->members(id, wanted);
}
std::map<SubjectId, std::vector<std::int64_t>> LiveEngine::in_state_of(
    std::span<const base::CustomerId> persons) const {
  return impl_->in_state_of(persons);
}
LiveEngine::Memory LiveEngine::memory() const { return impl_->memory(); }

}  // namespace audience
