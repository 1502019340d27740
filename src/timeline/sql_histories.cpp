#include "timeline/sql_histories.h"

#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "customer/person.h"
#include "log/rows.h"
#include "timeline/change.h"
#include "timeline/sql_histories_sql.h"

namespace timeline {
namespace {

// The persons of each() are read in groups of about as many customers.
constexpr std::size_t kCustomersAtOnce = 128;

// How the rows of customers are found, and which.
struct Source {
  const event_log::CustomerRows* index = nullptr;
  std::vector<base::EventTypeId> types = {};  // none: all
};

// One consistent reading of the log: what names and types are, and the events of customers.
class Reading {
 public:
  Reading(store::Session& session, event_log::Log& log, Source source)
      : session_(session),
        source_(std::move(source)),
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
    std::vector<base::CustomerId> ids;
    for (const customer::Customer& customer : customers) ids.push_back(customer.id);
    events_.clear();
    for (auto& event : event_log::rows_of(session_, source_.index, ids, source_.types)) {
      events_[event.customer].push_back(std::move(event));
    }
  }

  std::unique_ptr<MemoryHistory> history_of(std::span<const customer::Customer> customers) {
    MemoryHistory::Builder build(customers.front().person);
    std::vector<event_log::Event> events;
    for (const customer::Customer& customer : customers) {
      build.known_since(customer.created_at);
      const auto found = events_.find(customer.id);
      if (found == events_.end()) continue;
      std::ranges::move(found->second, std::back_inserter(events));
    }
    std::ranges::sort(events, {}, &event_log::Event::position);
    for (const event_log::Event& event : events) add(build, event);
    return build.finish();
  }

  void add(MemoryHistory::Builder& build, const event_log::Event& event) {
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

  store::Session& session_;
  Source source_;
  std::shared_ptr<const event_log::EventTypes> types_;
  std::shared_ptr<const ChangeTypes> changes_;
  std::unordered_map<std::int64_t, std::string> sources_;
  std::unordered_map<base::CustomerId, std::vector<event_log::Event>> events_;  // of the group
};

std::unique_ptr<MemoryHistory> history_of(store::Session& session, event_log::Log& log,
                                          base::CustomerId customer, Source source) {
  const auto known = customer::customer_with(session, customer);
  if (!known) return nullptr;
  std::unique_ptr<MemoryHistory> found;
  Reading(session, log, std::move(source))
      .visit_group(customer::customers_of(session, known->person),
                   [&](std::unique_ptr<MemoryHistory> history) {
                     found = std::move(history);
                     return true;
                   });
  return found;
}

}  // namespace

bool SqlHistories::await(const event_log::Position& position, base::Duration patience) const {
  return log_.await(position, patience);
}

std::unique_ptr<History> SqlHistories::of(base::CustomerId customer) const {
  return database_.read([&](store::Session& session) { return of(session, customer); });
}

void SqlHistories::each(const std::function<bool(const History&)>& visit) const {
  database_.read_whole([&](store::Session& session) { each(session, visit); });
}

std::int64_t SqlHistories::persons() const {
  return database_.read([](store::Session& session) { return customer::count_persons(session); });
}

void SqlHistories::index() {
  if (!index_) index_ = std::make_unique<event_log::ScannedRows>();
  index_->read(database_);
}

std::unique_ptr<MemoryHistory> SqlHistories::of(store::Session& session,
                                                base::CustomerId customer) const {
  return history_of(session, log_, customer, {index_.get()});
}

std::unique_ptr<MemoryHistory> SqlHistories::changes_of(
    store::Session& session, base::CustomerId customer,
    const event_log::CustomerRows& index) const {
  const auto types = ChangeTypes::of(session, *log_.catalog().of(session))->types();
  return history_of(session, log_, customer, {&index, types});
}

void SqlHistories::each(store::Session& session,
                        const std::function<bool(const History&)>& visit) const {
  std::vector<customer::Customer> customers;
  customer::each_customer(
      session, [&](const customer::Customer& customer) { customers.push_back(customer); });
  event_log::ScannedRows all;
  all.read(session);
  Reading reading(session, log_, {&all});
  const auto visit_one = [&](std::unique_ptr<MemoryHistory> history) { return visit(*history); };
  std::span<const customer::Customer> rest(customers);
  while (!rest.empty()) {
    std::size_t count = std::min(kCustomersAtOnce, rest.size());
    while (count < rest.size() && rest[count].person == rest[count - 1].person) ++count;
    if (!reading.visit_group(rest.first(count), visit_one)) return;
    rest = rest.subspan(count);
  }
}

std::vector<event_log::Event> page_of(store::Session& session, const event_log::Log& log,
                                      base::CustomerId customer, const EventsPage& page) {
  CHECK(page.limit > 0);
  const auto known = customer::customer_with(session, customer);
  if (!known) return {};
  std::vector<base::CustomerId> customers;
  for (const auto& each : customer::customers_of(session, known->person)) {
    customers.push_back(each.id);
  }
  const auto rows = static_cast<std::size_t>(std::min(page.limit, kPageEventsMax));
  event_log::Latest latest{rows, page.before, page.before_position, page.from, {}, page.source};
  if (page.type) latest.types.push_back(*page.type);
  return event_log::latest_rows_of(session, log.customer_rows(), customers, latest);
}

}  // namespace timeline
