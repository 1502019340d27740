#include <algorithm>
#include <set>

#include "audience/live_engine_impl.h"
#include "audience/live_move.h"
#include "base/check.h"
#include "customer/person.h"

namespace audience {

using base::CustomerId;
using base::Moment;
using event_log::Position;

namespace {

constexpr std::string_view kSource = "live";

std::string text_of(const boost::json::object& properties, std::string_view name) {
  return std::string(properties.at(name).as_string());
}

}  // namespace

// What the step has decided, in pieces of one unit each.
void LiveEngine::Impl::queue_batch(Moment now) {
  const std::scoped_lock lock(records_mutex_);
  records_waiting_ += new_records_.size();
  for (std::size_t first = 0; first < new_records_.size(); first += kLiveRecordsAtOnce) {
    const std::size_t end = std::min(first + kLiveRecordsAtOnce, new_records_.size());
    Batch batch;
    batch.records.assign(
        std::make_move_iterator(new_records_.begin() + static_cast<std::ptrdiff_t>(first)),
        std::make_move_iterator(new_records_.begin() + static_cast<std::ptrdiff_t>(end)));
    batch.record = batch.records.back().number;
    batch.now = now;
    if (end == new_records_.size()) batch.through = point_.position;
    batches_.push_back(std::move(batch));
  }
  if (!new_records_.empty()) records_changed_.notify_all();
  new_records_.clear();
}

// Records the memory shows by now.
void LiveEngine::Impl::forget_arrived(const Position& read) {
  const std::scoped_lock lock(records_mutex_);
  for (auto entry = on_their_way_.begin(); entry != on_their_way_.end();) {
    std::erase_if(entry->second, [&](const OnItsWay& one) {
      return one.position != Position{} && one.position <= read;
    });
    entry = entry->second.empty() ? on_their_way_.erase(entry) : std::next(entry);
  }
}

// Who is merged has what is on its way for all of them.
void LiveEngine::Impl::find_persons_of_records(const timeline::Pin& pin) {
  const std::scoped_lock lock(records_mutex_);
  auto before = std::move(on_their_way_);
  on_their_way_ = {};
  for (const auto& [key, records] : before) {
    for (const OnItsWay& one : records) {
      const auto place = pin.place_of(one.customer);
      const CustomerId person = place ? pin.person(place->block, place->row) : one.customer;
      on_their_way_[{key.first, person}].push_back(one);
    }
  }
}

// Requires records_mutex_.
void LiveEngine::Impl::note_written(const NewRecord& record, const Position& position) {
  const auto note_in = [&](std::vector<OnItsWay>& records) {
    const auto one = std::ranges::find_if(
        records, [&](const OnItsWay& each) { return each.record.number == record.number; });
    if (one != records.end()) one->position = position;
    return one != records.end();
  };
  const auto entry = on_their_way_.find({record.subject, record.event.customer});
  if (entry != on_their_way_.end() && note_in(entry->second)) return;
  for (auto& [key, records] : on_their_way_) {  // merged since
    if (key.first == record.subject && note_in(records)) return;
  }
}

void LiveEngine::Impl::wait_for_records(const std::stop_token& stop, base::Duration patience) {
  std::unique_lock lock(records_mutex_);
  records_changed_.wait_for(lock, stop, std::chrono::milliseconds(patience.ms),
                            [&] { return !batches_.empty(); });
}

bool LiveEngine::Impl::is_recorded(std::int64_t record) const {
  const std::scoped_lock lock(records_mutex_);
  return batches_.empty() && records_waiting_ == 0 ? true : recorded_ >= record;
}

bool LiveEngine::Impl::record(const MayWrite& may_write) {
  Batch batch;
  {
    const std::scoped_lock lock(records_mutex_);
    if (batches_.empty()) return false;
    batch = std::move(batches_.front());
    batches_.pop_front();
  }
  try {
    if (batch.checkpoint) {
      write(*batch.checkpoint, may_write);
      return true;
    }
    const std::vector<Position> positions =
        means_.database.write("live.record", [&](store::Unit& unit) {
          if (may_write && !may_write(unit)) return std::vector<Position>{};
          return write(unit, batch);
        });
    const std::scoped_lock lock(records_mutex_);
    records_waiting_ -= batch.records.size();
    recorded_ = batch.record;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      note_written(batch.records[i], positions[i]);
    }
  } catch (...) {
    const std::scoped_lock lock(records_mutex_);
    batches_.push_front(std::move(batch));
    throw;
  }
  return true;
}

// The positions, one a record; that of one whose customer was erased meanwhile is the last one's.
std::vector<Position> LiveEngine::Impl::write(store::Unit& unit, const Batch& batch) {
  std::set<CustomerId> customers;
  for (const NewRecord& record : batch.records) customers.insert(record.event.customer);
  std::vector<store::LockKey> keys;
  for (const CustomerId customer : customers) keys.push_back(store::lock_key(customer));
  unit.lock(keys);
  std::erase_if(customers, [&](CustomerId customer) {
    return customer::customer_with(unit, customer).has_value();
  });
  std::vector<Position> positions(batch.records.size());
  std::map<std::pair<SubjectId, Moment>, LiveDay> days;
  std::vector<LiveMove> moves;
  Position last;
  // Numbers rise along the log: those of one kind that follow each other go together.
  for (std::size_t first = 0; first < batch.records.size();) {
    const bool is_live = batch.records[first].is_live;
    std::vector<event_log::NewEvent> events;
    std::vector<std::size_t> numbers;
    for (; first < batch.records.size() && batch.records[first].is_live == is_live; ++first) {
      const NewRecord& record = batch.records[first];
      if (customers.contains(record.event.customer)) continue;
      events.push_back(record.event);
      numbers.push_back(first);
      LiveDay& day = days[{record.subject, record.counts.day}];
      day.day = record.counts.day;
      day.entered += record.counts.entered;
      day.left += record.counts.left;
      day.corrected += record.counts.corrected;
      moves.push_back({record.subject, record.number, record.event.customer, record.event.time,
                       batch.now, text_of(record.event.properties, "from"),
                       text_of(record.event.properties, "to"), record.counts.corrected > 0});
    }
    if (events.empty()) continue;
    const event_log::Origin origin{
        .source = std::string(kSource),
        .liveness = is_live ? event_log::Liveness::live : event_log::Liveness::history,
        .now = batch.now};
    const auto appended = means_.log.append(unit, origin, events);
    CHECK(appended.has_value());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      positions[numbers[i]] = appended->outcomes[i].position;
    }
    last = std::max(last, appended->last);
  }
  for (Position& position : positions) {
    if (position == Position{}) position = last;
  }
  for (const auto& [key, day] : days) count_day(unit, key.first, day);
  put_moves(unit, moves);
  put_record(unit, batch.record);
  return positions;
}

void LiveEngine::Impl::checkpoint(Moment now) {
  checkpoint_at_ = now;
  Batch batch;
  batch.now = now;
  queue_batch(now);
  batch.checkpoint = make_checkpoint(now);
  const std::scoped_lock lock(records_mutex_);
  batches_.push_back(std::move(batch));
  records_changed_.notify_all();
}

std::unique_ptr<LiveEngine::Impl::Checkpoint> LiveEngine::Impl::make_checkpoint(Moment now) {
  auto made = std::make_unique<Checkpoint>();
  made->all_people = people_are_changed_;
  const std::size_t first = people_are_changed_ ? 0 : people_stored_ / kPeopleInRow * kPeopleInRow;
  for (std::size_t number = first; number < people_.count(); number += kPeopleInRow) {
    const std::size_t count = std::min(kPeopleInRow, people_.count() - number);
    made->people.emplace_back(static_cast<PersonNumber>(number),
                              people_.bytes_from(static_cast<PersonNumber>(number), count));
  }
  people_stored_ = people_.count();
  people_are_changed_ = false;
  for (const auto& subject : slots_) {
    // Whoever waits to be looked at has not been: the states stay those of before.
    if (!subject || subject->waiting > 0 || !patient_.empty()) continue;
    const LivePoint point{point_.position, std::min(now, subject->valid_until), record_};
    subject->stored = point;
    if (!subject->is_changed) {
      made->moved.emplace_back(subject->subject->id, point);
      continue;
    }
    subject->is_changed = false;
    made->put.push_back({subject->subject->id, subject->subject->version, subject->meaning,
                         subject->base, point, subject->states.to_bytes(), subject->switched_at});
  }
  made->deleted = std::move(deleted_);
  deleted_.clear();
  if (ahead_is_changed_) {
    // Also those that came behind the stored states of any.
    Moment least = now;
    for (const auto& subject : slots_) {
      if (subject && subject->stored.moment != Moment{}) {
        least = std::min(least, subject->stored.moment);
      }
    }
    std::erase_if(ahead_taken_, [&](const auto& taken) { return taken.first <= least; });
    EventsAhead ahead = ahead_taken_;
    for (const auto& [time, customers] : ahead_) {
      for (const CustomerId customer : customers) ahead.emplace_back(time, customer);
    }
    made->ahead = std::move(ahead);
    ahead_is_changed_ = false;
  }
  return made;
}

// A unit each: one alone would keep others waiting. People come first, since states are of them.
void LiveEngine::Impl::write(const Checkpoint& checkpoint, const MayWrite& may_write) {
  const auto unit_of = [&](const auto& work) {
    means_.database.write("live.checkpoint", [&](store::Unit& unit) {
      if (!may_write || may_write(unit)) work(unit);
    });
  };
  if (checkpoint.all_people) unit_of([](store::Unit& unit) { delete_people(unit); });
  for (const auto& [first, bytes] : checkpoint.people) {
    unit_of([&](store::Unit& unit) { put_people(unit, first, bytes); });
  }
  if (checkpoint.ahead) {
    unit_of([&](store::Unit& unit) { put_ahead(unit, *checkpoint.ahead); });
  }
  for (const StoredSubject& subject : checkpoint.put) {
    unit_of([&](store::Unit& unit) { put_subject(unit, subject); });
  }
  unit_of([&](store::Unit& unit) {
    for (const auto& [id, point] : checkpoint.moved) move_subject(unit, id, point);
    for (const SubjectId id : checkpoint.deleted) delete_subject(unit, id);
  });
}

}  // namespace audience
