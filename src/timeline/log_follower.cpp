#include "timeline/log_follower.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_set>

#include "base/check.h"
#include "customer/person.h"
#include "log/rows.h"

namespace timeline {

using base::CustomerId;
using event_log::Position;

namespace {

constexpr std::size_t kCustomersAtOnce = 20'000;

// Persons and their events, gathered for one replacement of rows.
class Rebuilding {
 public:
  Rebuilding(store::Session& session, const ColumnStore& store, const SlotPositions& positions)
      : session_(session), store_(store), pin_(store.unpublished()), positions_(positions) {}

  // Everybody whose rows or customers hang together with this customer's, in memory or in the
  // tables.
  void gather(CustomerId customer) {
    waiting_.push_back(customer);
    while (!waiting_.empty()) {
      const CustomerId next = waiting_.back();
      waiting_.pop_back();
      if (!seen_.insert(next).second) continue;
      if (const auto place = pin_.place_of(next)) gather_row(*place);
      if (const auto known = customer::customer_with(session_, next)) gather_person(known->person);
    }
  }

  const std::unordered_set<CustomerId>& gathered() const { return seen_; }
  const std::set<CustomerId>& old_persons() const { return old_persons_; }
  // Whether it is a customer still, of whomever.
  bool is_there(CustomerId customer) const { return person_of_.contains(customer); }
  struct Person {
    base::Moment created_at = base::kMomentMax;
    std::vector<CustomerId> customers;
    std::vector<const event_log::Event*> events;
  };
  // By the person's id. Events of those who are no more are left out.
  std::map<CustomerId, Person> persons() const {
    std::map<CustomerId, Person> persons = persons_;
    for (const event_log::Event& event : events_) {
      const auto person = person_of_.find(event.customer);
      if (person != person_of_.end()) persons.at(person->second).events.push_back(&event);
    }
    return persons;
  }

 private:
  void gather_row(const Pin::Place& place) {
    const CustomerId person = pin_.person(place.block, place.row);
    if (!old_persons_.insert(person).second) return;
    // Also those who have no event: what the tables say of them may be ahead of their own notice.
    for (const CustomerId customer : store_.customers_at(place)) waiting_.push_back(customer);
    Rows rows;
    pin_.read_row(place.block, place.row, rows);
    std::vector<Position> wanted;
    for (const RowEvent& event : rows.events) wanted.push_back(positions_.position_of(event.slot));
    for (event_log::Event& event : event_log::visible_rows_with(session_, wanted)) {
      waiting_.push_back(event.customer);
      events_.push_back(std::move(event));
    }
  }

  void gather_person(CustomerId person) {
    if (persons_.contains(person)) return;
    Person& added = persons_[person];
    for (const customer::Customer& customer : customer::customers_of(session_, person)) {
      added.created_at = std::min(added.created_at, customer.created_at);
      added.customers.push_back(customer.id);
      person_of_.emplace(customer.id, person);
      waiting_.push_back(customer.id);
    }
  }

  store::Session& session_;
  const ColumnStore& store_;
  const Pin pin_;
  const SlotPositions& positions_;
  std::vector<CustomerId> waiting_;
  std::unordered_set<CustomerId> seen_;
  std::set<CustomerId> old_persons_;
  std::map<CustomerId, Person> persons_;
  std::unordered_map<CustomerId, CustomerId> person_of_;
  std::deque<event_log::Event> events_;
};

}  // namespace

LogFollower::LogFollower(const Means& means)
    : means_(means), origins_(std::make_shared<const Origins>()) {}

bool LogFollower::begin(store::Session& session) {
  look_up_names(session);
  const auto some = customer::customers_after(session, begun_after_, kCustomersAtOnce);
  for (const customer::CustomerOf& found : some) {
    if (found.is_alone) {
      means_.store.add_person(found.customer.id, found.customer.created_at);
    } else {
      merged_[found.customer.person].push_back(found.customer);
    }
  }
  if (!some.empty()) begun_after_ = some.back().customer.id;
  if (some.size() == kCustomersAtOnce) return true;
  begin_merged();
  return false;
}

// Persons of several customers. These were read at different moments: whoever was merged or taken
// apart between is told of by notices that lie ahead.
void LogFollower::begin_merged() {
  Replacement replacement;
  for (const auto& [person, customers] : merged_) {
    const bool has_own =
        std::ranges::find(customers, person, &customer::Customer::id) != customers.end();
    if (!has_own) continue;
    base::Moment created_at = base::kMomentMax;
    for (const customer::Customer& customer : customers) {
      created_at = std::min(created_at, customer.created_at);
      replacement.members.emplace_back(customer.id, person);
    }
    replacement.rows.rows.push_back({person, created_at, 0, 0});
  }
  if (!replacement.rows.rows.empty()) means_.store.replace(replacement);
  merged_.clear();
}

void LogFollower::resume(const Position& position, std::shared_ptr<const Origins> origins) {
  position_ = position;
  origins_ = std::move(origins);
  means_.store.set_origins(origins_);
}

bool LogFollower::step(store::Session& session, const Position& through) {
  if (position_ >= through) return false;
  look_up_names(session);
  const event_log::Reading reading =
      event_log::read_after(session, position_, event_log::kReadEventsMax);
  auto notice = reading.notices.begin();
  const auto heed_before = [&](const Position& position) {
    for (; notice != reading.notices.end() && notice->position < position; ++notice) {
      if (notice->position > through) return;
      heed(session, *notice);
      position_ = notice->position;
    }
  };
  for (const event_log::Event& event : reading.events) {
    if (event.position > through) break;
    heed_before(event.position);
    add(session, event);
    position_ = event.position;
  }
  heed_before(event_log::kPositionMax);
  position_ = std::min(reading.through, through);
  return reading.more && position_ < through;
}

bool LogFollower::somebody_went() { return std::exchange(somebody_went_, false); }

void LogFollower::look_up_names(store::Session& session) {
  auto types = means_.log.catalog().of(session);
  if (types_ == types) return;
  types_ = std::move(types);
  changes_ = ChangeTypes::of(session, *types_);
  means_.store.set_changes(changes_);
}

OriginNumber LogFollower::origin_of(store::Session& session, const event_log::Event& event) {
  const Origin origin{event.source, event.batch};
  if (const auto known = origins_->find(origin)) return *known;
  const auto number = static_cast<OriginNumber>(origins_->size());
  origins_ = origins_->with(origin, means_.log.source_name(session, event.source));
  means_.store.set_origins(origins_);
  return number;
}

std::vector<event_log::KnownProperty> LogFollower::read_properties(store::Session& session,
                                                                   const event_log::Event& event) {
  const event_log::EventType* type = types_->find(event.type);
  CHECK(type != nullptr);
  auto known = event_log::known_properties(*type, event.properties);
  const auto change = changes_->change_of(event.type, known);
  const bool of_attribute = change && change->kind == ChangeKind::attribute;
  if (of_attribute && !changes_->type_of(change->attribute)) {  // made since they were read
    changes_ = ChangeTypes::of(session, *types_);
    means_.store.set_changes(changes_);
  }
  return known;
}

void LogFollower::add(store::Session& session, const event_log::Event& event) {
  // Rows of somebody who is gone by now: their notice lies ahead.
  if (!means_.store.knows(event.customer) && !learn(session, event.customer)) return;
  // All that may throw first: then nothing of the event is there, and it is read again.
  const auto properties = read_properties(session, event);
  RowEvent row;
  row.type = event.type;
  row.time = event.time;
  row.origin = origin_of(session, event);
  row.slot = means_.positions.add(event.position);
  means_.store.add(event.customer, row, properties);
  ++events_read_;
}

bool LogFollower::learn(store::Session& session, CustomerId customer) {
  looked_up_.push_back(customer);
  const auto known = customer::customer_with(session, customer);
  if (!known) return false;
  if (known->person == customer && customer::customers_of(session, customer).size() == 1) {
    means_.store.add_person(customer, known->created_at);
  } else {
    rebuild(session, customer);
  }
  return true;
}

void LogFollower::heed(store::Session& session, const event_log::Notice& notice) {
  if (const auto* batch = std::get_if<base::BatchId>(&notice.subject)) {
    const auto origins = origins_->of_batch(*batch);
    if (!origins.empty()) means_.store.drop(origins);
    return;
  }
  const CustomerId customer = std::get<CustomerId>(notice.subject);
  if (!is_as_known(session, customer)) rebuild(session, customer);
}

bool LogFollower::is_as_known(store::Session& session, CustomerId customer) {
  looked_up_.push_back(customer);
  const Pin pin = means_.store.unpublished();
  const auto place = pin.place_of(customer);
  const auto known = customer::customer_with(session, customer);
  if (!place || !known) return !place && !known;
  if (pin.person(place->block, place->row) != known->person) return false;
  base::Moment created_at = base::kMomentMax;
  for (const customer::Customer& each : customer::customers_of(session, known->person)) {
    created_at = std::min(created_at, each.created_at);
    looked_up_.push_back(each.id);
  }
  return pin.created_at(place->block, place->row) == created_at;
}

void LogFollower::rebuild(store::Session& session, CustomerId customer) {
  Rebuilding rebuilding(session, means_.store, means_.positions);
  rebuilding.gather(customer);
  looked_up_.insert(looked_up_.end(), rebuilding.gathered().begin(), rebuilding.gathered().end());
  Replacement replacement;
  replacement.gone.assign(rebuilding.old_persons().begin(), rebuilding.old_persons().end());
  Rows& rows = replacement.rows;
  const auto persons = rebuilding.persons();
  for (const CustomerId gone : replacement.gone) {
    if (!rebuilding.is_there(gone)) somebody_went_ = true;
  }
  for (const auto& [person, found] : persons) {
    PersonRow row{person, found.created_at, static_cast<std::uint32_t>(rows.events.size()), 0};
    for (const event_log::Event* event : found.events) {
      const auto first = static_cast<std::uint32_t>(rows.properties.size());
      auto properties = read_properties(session, *event);
      rows.events.push_back(
          {event->type, event->time, means_.positions.at_or_after(event->position),
           origin_of(session, *event), first, static_cast<std::uint32_t>(properties.size())});
      std::ranges::move(properties, std::back_inserter(rows.properties));
    }
    row.event_count = static_cast<std::uint32_t>(rows.events.size()) - row.first_event;
    std::sort(rows.events.begin() + row.first_event, rows.events.end(),
              [](const RowEvent& left, const RowEvent& right) {
                return std::pair(left.time, left.slot) < std::pair(right.time, right.slot);
              });
    rows.rows.push_back(row);
    for (const CustomerId member : found.customers) {
      replacement.members.emplace_back(member, person);
    }
  }
  means_.store.replace(replacement);
}

}  // namespace timeline
