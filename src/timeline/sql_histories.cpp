#include "timeline/sql_histories.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.h"
#include "customer/attribute.h"
#include "customer/person.h"
#include "timeline/sql_histories_sql.h"

namespace timeline {
namespace {

// The persons of each() are read in groups of about as many customers.
constexpr std::size_t kCustomersAtOnce = 128;

struct StoredEvent {
  event_log::Position position;
  base::EventTypeId type;
  base::Moment time;
  std::int64_t source = 0;
  std::string properties;
};

// What an event changes beside being one.
enum class ChangeKind : std::uint8_t { attribute, on, off };
struct ChangeType {
  ChangeKind kind;
  MembershipKind membership;  // of on and off
  base::PropertyId ref;       // whose value is the id of what changes
  base::PropertyId to;        // of attribute
};

struct ChangeName {
  std::string_view event;
  ChangeKind kind;
  MembershipKind membership;
};
constexpr ChangeName kChangeNames[] = {
    {"attribute_changed", ChangeKind::attribute, MembershipKind::tag},
    {"tag_added", ChangeKind::on, MembershipKind::tag},
    {"tag_removed", ChangeKind::off, MembershipKind::tag},
    {"list_joined", ChangeKind::on, MembershipKind::list},
    {"list_left", ChangeKind::off, MembershipKind::list},
    {"consent_given", ChangeKind::on, MembershipKind::consent},
    {"consent_withdrawn", ChangeKind::off, MembershipKind::consent},
    {"identity_added", ChangeKind::on, MembershipKind::identity},
    {"identity_removed", ChangeKind::off, MembershipKind::identity},
};

base::PropertyId property_of(const event_log::EventType& type, std::string_view name) {
  const event_log::Property* property = type.find(name);
  CHECK(property != nullptr);  // of the standard vocabulary
  return property->id;
}

// Customers of one statement. Few sizes, so that few statements are prepared.
constexpr std::array<std::size_t, 3> kListSizes = {kCustomersAtOnce, 8, 1};

// "select … where customer in ($1, …, $128)"
std::string events_sql(std::size_t customers) {
  std::string list;
  for (std::size_t i = 1; i <= customers; ++i) {
    list += (i == 1 ? "$" : ", $") + std::to_string(i);
  }
  return "select customer, epoch, transaction_id, sequence, type, time, source, properties "
         "from visible_event where customer in (" +
         list + ")";
}

template <typename Value>
const Value* find_property(const std::vector<event_log::KnownProperty>& known,
                           base::PropertyId id) {
  const auto at = std::ranges::find(known, id, &event_log::KnownProperty::id);
  return at == known.end() ? nullptr : std::get_if<Value>(&at->value);
}

// One consistent reading of the log: what names and types are, and the events of customers.
class Reading {
 public:
  Reading(store::Session& session, event_log::Log& log)
      : session_(session), types_(log.catalog().of(session)) {
    for (const ChangeName& name : kChangeNames) {
      const event_log::EventType* type = types_->find(name.event);
      CHECK(type != nullptr);
      changes_.emplace(type->id, ChangeType{name.kind, name.membership, property_of(*type, "ref"),
                                            property_of(*type, "to")});
    }
    for (const customer::Attribute& attribute : customer::attributes(session)) {
      attributes_.emplace(attribute.id, attribute.type);
    }
    session.query(sql::kListSources, {}, [&](const store::Row& row) {
      sources_.emplace(row.integer(0), std::string(row.text(1)));
    });
  }

  // Persons one after the other in `customers`, each with all of theirs. False: visit ended it.
  bool visit_group(std::span<const customer::Customer> customers,
                   const std::function<bool(std::unique_ptr<MemoryHistory>)>& visit) {
    read_events(customers);
    for (std::size_t i = 0; i < customers.size();) {
      const std::size_t first = i;
      while (i < customers.size() && customers[i].person == customers[first].person) ++i;
      if (!visit(history_of(customers.subspan(first, i - first)))) return false;
    }
    return true;
  }

 private:
  void read_events(std::span<const customer::Customer> customers) {
    events_.clear();
    for (const std::size_t size : kListSizes) {
      for (; customers.size() >= size; customers = customers.subspan(size)) {
        read_list(customers.first(size));
      }
    }
  }

  void read_list(std::span<const customer::Customer> customers) {
    std::vector<store::Param> params;
    for (const customer::Customer& customer : customers) params.emplace_back(customer.id.value);
    session_.query(events_sql(customers.size()), params, [&](const store::Row& row) {
      events_[{row.integer(0)}].push_back({{row.integer(1), row.integer(2), row.integer(3)},
                                           {row.integer(4)},
                                           {row.integer(5)},
                                           row.integer(6),
                                           std::string(row.text(7))});
    });
  }

  std::unique_ptr<MemoryHistory> history_of(std::span<const customer::Customer> customers) {
    MemoryHistory::Builder build(customers.front().person);
    std::vector<StoredEvent> events;
    for (const customer::Customer& customer : customers) {
      build.known_since(customer.created_at);
      const auto found = events_.find(customer.id);
      if (found == events_.end()) continue;
      std::ranges::move(found->second, std::back_inserter(events));
    }
    std::ranges::sort(events, {}, &StoredEvent::position);
    for (const StoredEvent& event : events) add(build, event);
    return build.finish();
  }

  void add(MemoryHistory::Builder& build, const StoredEvent& event) {
    const event_log::EventType* type = types_->find(event.type);
    CHECK(type != nullptr);
    auto known = event_log::known_properties(*type, event.properties);
    const auto change = changes_.find(event.type);
    if (change != changes_.end()) add_change(build, event.time, {change->second, known});
    auto added = build.event(event.type, event.time);
    added.source(sources_.at(event.source));
    for (event_log::KnownProperty& property : known) {
      added.property(property.id, std::move(property.value));
    }
  }

  struct Changed {
    const ChangeType& type;
    const std::vector<event_log::KnownProperty>& known;
  };
  void add_change(MemoryHistory::Builder& build, base::Moment time, const Changed& changed) {
    const auto* ref = find_property<std::int64_t>(changed.known, changed.type.ref);
    if (ref == nullptr) return;  // written by somebody else under a standard name
    switch (changed.type.kind) {
      case ChangeKind::attribute: {
        const auto* to = find_property<std::string>(changed.known, changed.type.to);
        build.attribute({*ref}, time, to == nullptr ? std::nullopt : value_of({*ref}, *to));
        return;
      }
      case ChangeKind::on:
        build.on({changed.type.membership, *ref}, time);
        return;
      case ChangeKind::off:
        build.off({changed.type.membership, *ref}, time);
        return;
    }
  }

  std::optional<base::Value> value_of(base::AttributeId attribute, std::string_view text) const {
    const auto type = attributes_.find(attribute);
    if (type == attributes_.end()) return std::nullopt;
    return customer::value_from(type->second, text);
  }

  store::Session& session_;
  std::shared_ptr<const event_log::EventTypes> types_;
  std::unordered_map<base::EventTypeId, ChangeType> changes_;
  std::unordered_map<base::AttributeId, base::ValueType> attributes_;
  std::unordered_map<std::int64_t, std::string> sources_;
  std::unordered_map<base::CustomerId, std::vector<StoredEvent>> events_;  // of the group
};

}  // namespace

bool SqlHistories::await(const event_log::Position& position, base::Duration patience) const {
  return log_.await(position, patience);
}

std::unique_ptr<History> SqlHistories::of(base::CustomerId customer) const {
  return database_.read([&](store::Session& session) { return of(session, customer); });
}

void SqlHistories::each(const std::function<bool(const History&)>& visit) const {
  database_.read([&](store::Session& session) { each(session, visit); });
}

std::int64_t SqlHistories::persons() const {
  return database_.read([](store::Session& session) { return customer::count_persons(session); });
}

std::unique_ptr<MemoryHistory> SqlHistories::of(store::Session& session,
                                                base::CustomerId customer) const {
  const auto known = customer::customer_with(session, customer);
  if (!known) return nullptr;
  std::unique_ptr<MemoryHistory> found;
  Reading(session, log_)
      .visit_group(customer::customers_of(session, known->person),
                   [&](std::unique_ptr<MemoryHistory> history) {
                     found = std::move(history);
                     return true;
                   });
  return found;
}

void SqlHistories::each(store::Session& session,
                        const std::function<bool(const History&)>& visit) const {
  std::vector<customer::Customer> customers;
  customer::each_customer(
      session, [&](const customer::Customer& customer) { customers.push_back(customer); });
  Reading reading(session, log_);
  const auto visit_one = [&](std::unique_ptr<MemoryHistory> history) { return visit(*history); };
  std::span<const customer::Customer> rest(customers);
  while (!rest.empty()) {
    std::size_t count = std::min(kCustomersAtOnce, rest.size());
    while (count < rest.size() && rest[count].person == rest[count - 1].person) ++count;
    if (!reading.visit_group(rest.first(count), visit_one)) return;
    rest = rest.subspan(count);
  }
}

std::vector<PageEvent> page_of(store::Session& session, base::CustomerId customer,
                               const EventsPage& page) {
  CHECK(page.limit > 0);
  std::vector<PageEvent> events;
  const auto known = customer::customer_with(session, customer);
  if (!known) return events;
  const event_log::Position& position = page.before_position;
  session.query(sql::kPageOfPerson,
                {known->person.value, page.before.ms, position.epoch, position.transaction,
                 position.sequence, std::min(page.limit, kPageEventsMax)},
                [&](const store::Row& row) {
                  events.push_back({{row.integer(0)},
                                    {row.integer(1)},
                                    {row.integer(2)},
                                    {row.integer(3), row.integer(4), row.integer(5)},
                                    row.integer(6),
                                    row.integer(7) != 0,
                                    std::string(row.text(8))});
                });
  return events;
}

}  // namespace timeline
