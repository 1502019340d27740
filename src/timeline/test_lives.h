// For tests of the column store: what it holds as plainly as can be, and random lives to fill both.
//
// LivesModel is persons with their events in maps; a copy of it is a moment. Random lives are told
// to a ColumnStore and to a model alike.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "timeline/column_store.h"
#include "timeline/memory_history.h"
#include "timeline/test_rows.h"

namespace timeline {

struct LifeEvent {
  base::CustomerId customer;  // who it was written for
  RowEvent event;
  std::vector<event_log::KnownProperty> properties;
};

struct Life {
  base::Moment created_at;
  std::set<base::CustomerId> customers;
  std::vector<LifeEvent> events;  // as they were told
};

struct LivesModel {
  std::map<base::CustomerId, Life> persons;
  std::map<base::CustomerId, base::CustomerId> person_of;

  std::int64_t events() const {
    std::size_t events = 0;
    for (const auto& [person, life] : persons) events += life.events.size();
    return static_cast<std::int64_t>(events);
  }
};

inline bool is_earlier(const LifeEvent& left, const LifeEvent& right) {
  return std::pair(left.event.time, left.event.slot) <
         std::pair(right.event.time, right.event.slot);
}

inline std::unique_ptr<MemoryHistory> history_of(base::CustomerId person, const Life& life,
                                                 const Origins& origins) {
  MemoryHistory::Builder build(person);
  build.known_since(life.created_at);
  std::vector<LifeEvent> events = life.events;
  std::ranges::sort(events, {}, [](const LifeEvent& event) { return event.event.slot; });
  for (const LifeEvent& event : events) {
    const auto change = test_changes()->change_of(event.event.type, event.properties);
    if (change && change->kind == ChangeKind::attribute) {
      build.attribute(change->attribute, event.event.time, change->value);
    } else if (change && change->kind == ChangeKind::on) {
      build.on(change->membership, event.event.time);
    } else if (change) {
      build.off(change->membership, event.event.time);
    }
    auto added = build.event(event.event.type, event.event.time);
    added.source(origins.source_name(event.event.origin));
    for (const auto& property : event.properties) added.property(property.id, property.value);
  }
  return build.finish();
}

// Rows of persons, for a Replacement.
inline void add_row(base::CustomerId person, const Life& life, Rows& rows) {
  std::vector<LifeEvent> events = life.events;
  std::ranges::sort(events, is_earlier);
  rows.rows.push_back({person, life.created_at, static_cast<std::uint32_t>(rows.events.size()),
                       static_cast<std::uint32_t>(events.size())});
  for (const LifeEvent& event : events) {
    rows.events.push_back(event.event);
    rows.events.back().first_property = static_cast<std::uint32_t>(rows.properties.size());
    rows.events.back().property_count = static_cast<std::uint32_t>(event.properties.size());
    rows.properties.insert(rows.properties.end(), event.properties.begin(), event.properties.end());
  }
}

class RandomLives {
 public:
  static constexpr OriginNumber kOrigins = 6;
  static constexpr std::int64_t kMemberships = 3;  // ids 1 to this of each kind

  RandomLives(std::uint32_t seed, ColumnStore& store) : random_(seed), store_(&store) {
    auto origins = std::make_shared<const Origins>();
    for (OriginNumber number = 0; number < kOrigins; ++number) {
      origins = origins->with({number, base::BatchId{number + 1}},
                              "source " + std::to_string(number % 4));
    }
    origins_ = origins;
    store_->set_origins(origins_);
  }

  const LivesModel& model() const { return model_; }
  const std::shared_ptr<const Origins>& origins() const { return origins_; }
  std::size_t below(std::size_t limit) { return random_() % limit; }

  base::CustomerId add_person() {
    const base::CustomerId customer{static_cast<std::int64_t>(++customers_)};
    const base::Moment created_at{static_cast<std::int64_t>(below(2000))};
    CHECK(!store_->knows(customer));
    store_->add_person(customer, created_at);
    model_.persons[customer] = {created_at, {customer}, {}};
    model_.person_of[customer] = customer;
    return customer;
  }
  // Nobody: there is none.
  base::CustomerId any_customer() {
    if (model_.person_of.empty()) return {};
    auto found = model_.person_of.lower_bound(
        base::CustomerId{static_cast<std::int64_t>(1 + below(customers_))});
    if (found == model_.person_of.end()) found = model_.person_of.begin();
    return found->first;
  }
  void add_event(base::CustomerId customer) {
    LifeEvent added{customer, {}, {}};
    // Many within one millisecond.
    added.event.time = base::Moment{static_cast<std::int64_t>(100 * below(30) + below(2))};
    added.event.slot = ++slot_;
    added.event.origin = static_cast<OriginNumber>(below(kOrigins));
    fill(added);
    CHECK(store_->knows(customer));
    store_->add(customer, added.event, added.properties);
    model_.persons.at(model_.person_of.at(customer)).events.push_back(added);
  }
  // The second becomes part of the first.
  void merge(base::CustomerId one, base::CustomerId other) {
    const base::CustomerId survivor = model_.person_of.at(one);
    const base::CustomerId merged = model_.person_of.at(other);
    if (survivor == merged) return;
    Life& life = model_.persons.at(survivor);
    Life& gone = model_.persons.at(merged);
    life.created_at = std::min(life.created_at, gone.created_at);
    life.customers.insert(gone.customers.begin(), gone.customers.end());
    life.events.insert(life.events.end(), gone.events.begin(), gone.events.end());
    for (const base::CustomerId customer : gone.customers) model_.person_of[customer] = survivor;
    model_.persons.erase(merged);
    replace({survivor, merged}, {survivor});
  }
  // This customer becomes a person of their own again.
  void split(base::CustomerId customer) {
    const base::CustomerId person = model_.person_of.at(customer);
    if (person == customer) return;
    Life& life = model_.persons.at(person);
    Life own{base::Moment{static_cast<std::int64_t>(below(2000))}, {customer}, {}};
    life.customers.erase(customer);
    std::erase_if(life.events, [&](const LifeEvent& event) {
      if (event.customer == customer) own.events.push_back(event);
      return event.customer == customer;
    });
    model_.persons[customer] = own;
    model_.person_of[customer] = customer;
    replace({person}, {person, customer});
  }
  void erase(base::CustomerId customer) {
    const base::CustomerId person = model_.person_of.at(customer);
    for (const base::CustomerId each : model_.persons.at(person).customers) {
      model_.person_of.erase(each);
    }
    model_.persons.erase(person);
    replace({person}, {});
  }
  void drop(OriginNumber origin) {
    store_->drop(std::span(&origin, 1));
    for (auto& [person, life] : model_.persons) {
      std::erase_if(life.events,
                    [&](const LifeEvent& event) { return event.event.origin == origin; });
    }
  }

  // From now on this store, which holds what the one before held.
  void go_on_with(ColumnStore& store) {
    store_ = &store;
    store_->set_origins(origins_);
  }

 private:
  void replace(std::vector<base::CustomerId> gone, const std::vector<base::CustomerId>& persons) {
    Replacement replacement;
    replacement.gone = std::move(gone);
    for (const base::CustomerId person : persons) {
      const Life& life = model_.persons.at(person);
      add_row(person, life, replacement.rows);
      for (const base::CustomerId customer : life.customers) {
        replacement.members.emplace_back(customer, person);
      }
    }
    store_->replace(replacement);
  }

  void fill(LifeEvent& added) {
    const auto small = [&] { return static_cast<std::int64_t>(1 + below(kMemberships)); };
    if (below(3) == 0) {
      const base::EventTypeId type = change_event(kChangeEvents[below(kChangeEvents.size())]);
      added.event.type = type;
      if (below(20) == 0) return;  // written by somebody else under a standard name
      added.properties.push_back(ref_of(type, small()));
      if (type == change_event("attribute_changed") && below(5) != 0) {
        added.properties.push_back(to_of(type, below(2) == 0 ? "12" : "text"));
      }
      return;
    }
    added.event.type = std::array{kPaid, kViewed, kOpened}[below(3)];
    if (added.event.type == kViewed) {
      added.properties.push_back({kPage, base::Value("page " + std::to_string(below(9)))});
    }
    if (added.event.type != kPaid) return;
    if (below(2) == 0) added.properties.push_back({kItems, base::Value(small())});
    if (below(2) == 0) {
      added.properties.push_back(
          {kAmount, base::Value(base::Money{static_cast<std::int64_t>(below(100'000))})});
    }
    if (below(4) == 0) {
      added.properties.push_back(
          {kLabels, base::Value(base::TextList{"a", std::to_string(small())})});
    }
  }

  std::mt19937 random_;
  ColumnStore* store_;
  std::shared_ptr<const Origins> origins_;
  LivesModel model_;
  std::size_t customers_ = 0;
  Slot slot_ = 0;
};

}  // namespace timeline
