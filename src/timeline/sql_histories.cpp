#include "timeline/sql_histories.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.h"
#include "customer/person.h"
#include "timeline/change.h"
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

// One consistent reading of the log: what names and types are, and the events of customers.
class Reading {
 public:
  Reading(store::Session& session, event_log::Log& log)
      : session_(session),
        types_(log.catalog().of(session)),
        changes_(ChangeTypes::of(session, *types_)) {
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
    if (auto change = changes_->change_of(event.type, known)) {
      add_change(build, event.time, std::move(*change));
    }
    auto added = build.event(event.type, event.time);
    added.source(sources_.at(event.source));
    for (event_log::KnownProperty& property : known) {
      added.property(property.id, std::move(property.value));
    }
  }

  static void add_change(MemoryHistory::Builder& build, base::Moment time, Change change) {
    switch (change.kind) {
      case ChangeKind::attribute:
        build.attribute(change.attribute, time, std::move(change.value));
        return;
      case ChangeKind::on:
        build.on(change.membership, time);
        return;
      case ChangeKind::off:
        build.off(change.membership, time);
        return;
    }
  }

  store::Session& session_;
  std::shared_ptr<const event_log::EventTypes> types_;
  std::shared_ptr<const ChangeTypes> changes_;
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
