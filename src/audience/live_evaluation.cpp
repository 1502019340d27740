#include <algorithm>
#include <chrono>

#include "audience/live_engine_impl.h"

namespace audience {

using base::CustomerId;
using base::Moment;
using timeline::Pin;

// Everybody of whom something live has come; of those whom history changed as many as there is time
// for.
std::size_t LiveEngine::Impl::look_at_touched(const Pin& pin, Moment now) {
  std::size_t evaluated = 0;
  TouchedPeople touched = std::move(touched_);
  touched_ = {};
  for (const auto& [person, what] : touched) evaluated += look_at_person(pin, person, what, now);
  while (!patient_.empty() && evaluated < kLiveEvaluatedAtOnce) {
    const auto next = patient_.begin();
    const auto [person, what] = *next;
    patient_.erase(next);
    evaluated += 1 + look_at_person(pin, person, what, now);
  }
  return evaluated;
}

std::size_t LiveEngine::Impl::look_at_person(const Pin& pin, PersonNumber person,
                                             const Touched& touched, Moment now) {
  const CustomerId customer = people_.person(person);
  const auto place = customer ? pin.place_of(customer) : std::nullopt;
  if (!place || pin.person(place->block, place->row) != customer) {
    const std::unique_lock lock(states_mutex_);
    take_out(person);
    return 0;
  }
  if (!asked_.empty()) since_asked_.emplace_back(person, touched);
  const auto history = pin.history(place->block, place->row);
  const bool is_earliest = touched.from <= history->known_since();
  std::vector<Slot> slots;
  if (touched.all || is_earliest) {
    for (Slot slot = 0; slot < slots_.size(); ++slot) slots.push_back(slot);
  } else {
    slots = touched.slots;
    std::ranges::sort(slots);
    slots.erase(std::ranges::unique(slots).begin(), slots.end());
  }
  std::size_t evaluated = 0;
  for (const Slot slot : slots) {
    if (slot >= slots_.size() || !slots_[slot]) continue;
    evaluate(slot, {*history, person, touched.from, now, touched.is_live});
    ++evaluated;
  }
  return evaluated;
}

std::size_t LiveEngine::Impl::look_at_due(const Pin& pin, Moment now) {
  std::size_t evaluated = 0;
  for (; evaluated < kLiveEvaluatedAtOnce; ++evaluated) {
    std::optional<LiveDue::Entry> due;
    {
      const std::unique_lock lock(states_mutex_);
      due = due_.take(now);
    }
    if (!due) break;
    look_at_one(pin, {due->slot, due->person, due->at, true}, now);
  }
  return evaluated;
}

std::size_t LiveEngine::Impl::look_at_waiting(const Pin& pin, Moment now) {
  std::size_t evaluated = 0;
  for (; evaluated < kLiveEvaluatedAtOnce && !waiting_.empty(); ++evaluated) {
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    look_at_one(pin, next, now);
    Subject& subject = *slots_[next.slot];
    const std::unique_lock lock(states_mutex_);
    if (--subject.waiting > 0 || subject.is_looking) continue;
    subject.valid_until = subject.looked_until;
  }
  return evaluated;
}

void LiveEngine::Impl::look_at_one(const Pin& pin, const Waiting& waiting, Moment now) {
  const CustomerId customer = people_.person(waiting.person);
  const auto place = customer ? pin.place_of(customer) : std::nullopt;
  if (!place || pin.person(place->block, place->row) != customer) return;
  const auto history = pin.history(place->block, place->row);
  Moment from = waiting.from;
  if (const auto more = patient_.find(waiting.person); more != patient_.end()) {
    from = std::min(from, more->second.from);
  }
  evaluate(waiting.slot, {*history, waiting.person, from, now, waiting.is_live});
}

// Of everything: they are nobody any more. Requires states_mutex_.
void LiveEngine::Impl::take_out(PersonNumber person) {
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    if (!slots_[slot]) continue;
    due_.clear(slot, person);
    if (slots_[slot]->states.at(person) == 0) continue;
    slots_[slot]->states.set(person, 0);
    slots_[slot]->is_changed = true;
  }
}

// What lies before cannot have changed: a state depends on what was until then. What time has
// changed and nobody has looked at yet goes along.
Moment LiveEngine::Impl::first_of(Slot slot, const Look& look) const {
  const Subject& subject = *slots_[slot];
  Moment from = look.from;
  if (const auto due = due_.of(slot, look.person)) from = std::min(from, *due);
  if (subject.valid_until < look.now) from = std::min(from, subject.valid_until);
  if (from > base::kMomentMin) from = from - base::Duration{1};
  // A record is an event: one before all others would make the customer known earlier.
  return std::max({subject.base.moment, look.history.known_since(), from});
}

void LiveEngine::Impl::evaluate(Slot slot, const Look& look) {
  Subject& subject = *slots_[slot];
  const auto begun = std::chrono::steady_clock::now();
  const Moment from = first_of(slot, look);
  if (from > look.now) return;
  StateStream stream(subject.subject->rules, look.history, from);
  StateCourse truth{stream.at_start(), {}};
  std::optional<StateChange> next = stream.next();
  for (; next && next->at <= look.now; next = stream.next()) truth.changes.push_back(*next);

  const State state = subject.states.at(look.person);
  const SubjectId id = subject.subject->id;
  const bool has_records = events_->has_records_since(look.history, id.kind, from) ||
                           is_on_its_way(id, look.history.customer());
  StateCourse belief{state, {}};
  std::vector<LiveRecord> records;
  if (has_records) {
    records = records_of(subject, look);
    belief = believed(state, records);
  }
  auto due = due_records(belief, truth, {from, look.now + base::Duration{1}});
  // History starts nothing; whoever has no record needs none that puts it right.
  if (!look.is_live && !due.empty() && records.empty()) {
    if (!has_records) records = records_of(subject, look);
    if (records.empty()) due.clear();
  }
  for (const DueRecord& record : due) note(subject, look, record);

  const std::unique_lock lock(states_mutex_);
  if (next && next->at <= subject.looked_until) {
    due_.set({slot, look.person, next->at});
  } else {
    due_.clear(slot, look.person);
  }
  if (state != truth.last()) {
    subject.states.set(look.person, truth.last());
    subject.is_changed = true;
  }
  ++subject.evaluations;
  subject.nanoseconds +=
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begun)
          .count();
}

bool LiveEngine::Impl::is_on_its_way(SubjectId id, CustomerId person) const {
  const std::scoped_lock lock(records_mutex_);
  return !on_their_way_.empty() && on_their_way_.contains({id, person});
}

// Those in the log and those that are not there yet.
std::vector<LiveRecord> LiveEngine::Impl::records_of(const Subject& subject,
                                                     const Look& look) const {
  std::vector<LiveRecord> records =
      events_->records_in(look.history, *subject.subject, subject.base.record);
  const std::scoped_lock lock(records_mutex_);
  const auto more = on_their_way_.find({subject.subject->id, look.history.customer()});
  if (more == on_their_way_.end()) return records;
  for (const OnItsWay& one : more->second) {
    const bool has_come = std::ranges::any_of(
        records, [&](const LiveRecord& record) { return record.number == one.record.number; });
    if (!has_come && one.record.number > subject.base.record) records.push_back(one.record);
  }
  return records;
}

void LiveEngine::Impl::note(Subject& subject, const Look& look, const DueRecord& due) {
  const std::int64_t number = ++record_;
  const SubjectId id = subject.subject->id;
  const CustomerId person = look.history.customer();
  NewRecord record;
  record.subject = id;
  record.event = LiveEvents::to_event(*subject.subject, person, due, number);
  record.number = number;
  record.is_live = look.is_live;
  record.counts.day =
      subject.subject->rules.front()->zone().period_start(due.at, base::CalendarUnit::day, 0);
  if (due.corrected) {
    record.counts.corrected = 1;
  } else if (due.to != 0) {
    record.counts.entered = 1;
  } else {
    record.counts.left = 1;
  }
  new_records_.push_back(std::move(record));
  ++subject.recorded;
  const std::scoped_lock lock(records_mutex_);
  on_their_way_[{id, person}].push_back({{number, due.at, due.from, due.to}, person, {}});
}

}  // namespace audience
