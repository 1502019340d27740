#include "audience/live_store.h"

#include <cstring>

#include "audience/live_sql.h"
#include "store/failure.h"

namespace audience {

using base::CustomerId;
using base::Moment;

namespace {

constexpr std::size_t kAheadBytes = 2 * sizeof(std::int64_t);

std::optional<EventsAhead> read_ahead(std::string_view bytes) {
  if (bytes.size() % kAheadBytes != 0) return std::nullopt;
  EventsAhead ahead(bytes.size() / kAheadBytes);
  for (auto& [time, customer] : ahead) {
    std::memcpy(&time.ms, bytes.data(), sizeof(std::int64_t));
    std::memcpy(&customer.value, bytes.data() + sizeof(std::int64_t), sizeof(std::int64_t));
    bytes.remove_prefix(kAheadBytes);
  }
  return ahead;
}

std::optional<SubjectKind> kind_named(std::string_view name) {
  for (const SubjectKind kind : {SubjectKind::audience, SubjectKind::model}) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace

std::vector<StoredSubject> stored_subjects(store::Session& session) {
  std::vector<StoredSubject> subjects;
  session.query(sql::kLiveSubjects, {}, [&](const store::Row& row) {
    const auto kind = kind_named(row.text(0));
    if (!kind) return;  // of a newer program
    StoredSubject subject;
    subject.id = {*kind, row.integer(1)};
    subject.version = row.integer(2);
    subject.meaning = row.text(3);
    subject.base = {{}, Moment{row.integer(4)}, row.integer(5)};
    subject.point = {
        {row.integer(6), row.integer(7), row.integer(8)}, Moment{row.integer(9)}, row.integer(10)};
    subject.planes = row.blob(11);
    subject.switched_at = Moment{row.integer(12)};
    subjects.push_back(std::move(subject));
  });
  return subjects;
}

std::optional<Moment> switched_at(store::Session& session, SubjectId id) {
  return session.one(sql::kSwitchedAt, {name_of(id.kind), id.id},
                     [](const store::Row& row) { return Moment{row.integer(0)}; });
}

void put_subject(store::Unit& unit, const StoredSubject& subject) {
  const event_log::Position& at = subject.point.position;
  unit.execute(sql::kPutSubject,
               {name_of(subject.id.kind), subject.id.id, subject.version, subject.meaning,
                subject.base.moment.ms, subject.base.record, at.epoch, at.transaction, at.sequence,
                subject.point.moment.ms, subject.point.record, store::Blob{subject.planes},
                subject.switched_at.ms});
}

void move_subject(store::Unit& unit, SubjectId id, const LivePoint& point) {
  unit.execute(sql::kMoveSubject,
               {name_of(id.kind), id.id, point.position.epoch, point.position.transaction,
                point.position.sequence, point.moment.ms, point.record});
}

void delete_subject(store::Unit& unit, SubjectId id) {
  unit.execute(sql::kDeleteSubject, {name_of(id.kind), id.id});
}

std::optional<LivePeople> stored_people(store::Session& session) {
  LivePeople people;
  bool is_whole = true;
  session.query(sql::kLivePeople, {},
                [&](const store::Row& row) { is_whole = is_whole && people.append(row.blob(0)); });
  if (!is_whole) return std::nullopt;
  return people;
}

void put_people(store::Unit& unit, PersonNumber first, std::string_view bytes) {
  unit.execute(sql::kPutPeople, {std::int64_t{first}, store::Blob{bytes}});
}

void delete_people(store::Unit& unit) { unit.execute(sql::kDeletePeople, {}); }

LiveClock stored_clock(store::Session& session) {
  const auto clock = session.one(sql::kLiveClock, {}, [](const store::Row& row) {
    LiveClock read{row.integer(0), std::nullopt};
    if (!row.is_null(1)) read.ahead = read_ahead(row.blob(1));
    return read;
  });
  return clock.value_or(LiveClock{});
}

void put_record(store::Unit& unit, std::int64_t record) { unit.execute(sql::kSetRecord, {record}); }

void put_ahead(store::Unit& unit, const EventsAhead& ahead) {
  std::string bytes;
  bytes.reserve(ahead.size() * kAheadBytes);
  for (const auto& [time, customer] : ahead) {
    bytes.append(reinterpret_cast<const char*>(&time.ms), sizeof(std::int64_t));
    bytes.append(reinterpret_cast<const char*>(&customer.value), sizeof(std::int64_t));
  }
  unit.execute(sql::kSetAhead, {store::Blob{bytes}});
}

EventsAhead find_ahead(store::Session& session, Moment now) {
  EventsAhead ahead;
  session.query(sql::kEventsAhead, {now.ms}, [&](const store::Row& row) {
    ahead.emplace_back(Moment{row.integer(1)}, CustomerId{row.integer(0)});
  });
  return ahead;
}

void count_day(store::Unit& unit, SubjectId id, const LiveDay& day) {
  unit.execute(sql::kCountDay,
               {name_of(id.kind), id.id, day.day.ms, day.entered, day.left, day.corrected});
}

std::vector<LiveDay> days_of(store::Session& session, SubjectId id, Moment from) {
  std::vector<LiveDay> days;
  session.query(sql::kDaysOf, {name_of(id.kind), id.id, from.ms}, [&](const store::Row& row) {
    days.push_back({Moment{row.integer(0)}, row.integer(1), row.integer(2), row.integer(3)});
  });
  return days;
}

bool is_live(store::Session& session, base::AudienceId id) {
  return session
      .one(sql::kIsLive, {id.value}, [](const store::Row& row) { return row.integer(0) != 0; })
      .value_or(false);
}

void set_live(store::Unit& unit, base::AudienceId id, bool live) {
  unit.execute(sql::kSetLive, {id.value, std::int64_t{live}});
}

std::int64_t count_live(store::Session& session) {
  return session.one(sql::kCountLive, {}, [](const store::Row& row) { return row.integer(0); })
      .value_or(0);
}

std::vector<SavedAudience> live_ones(store::Session& session) {
  std::vector<SavedAudience> all;
  session.query(sql::kLiveAudiences, {}, [&](const store::Row& row) {
    SavedAudience saved;
    saved.id = base::AudienceId{row.integer(0)};
    saved.name = row.text(1);
    saved.version = row.integer(2);
    saved.tree = row.text(3);
    all.push_back(std::move(saved));
  });
  return all;
}

}  // namespace audience
