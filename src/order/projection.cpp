#include "order/projection.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "log/event.h"
#include "log/rows.h"
#include "order/fact_rows.h"
#include "order/order_types.h"
#include "order/projection_sql.h"
#include "order/rules.h"
#include "store/list_text.h"

namespace order {
namespace {

using event_log::Event;
using event_log::Position;

constexpr std::int64_t kFactsRemovedAtOnce = 2'000;
constexpr store::LockKey kAllOrders{60, 1};

// A row of order_fact, as far as its going or counting is concerned.
struct StoredFact {
  Position position;
  std::string order_id;
  FactKind kind = FactKind::created;
  base::Moment time;
  std::int64_t cents = 0;
  bool counted = false;
};

StoredFact stored_fact_at(const store::Row& row) {
  return {.position = {row.integer(0), row.integer(1), row.integer(2)},
          .order_id = std::string(row.text(3)),
          .kind = static_cast<FactKind>(row.integer(4)),
          .time = {row.integer(5)},
          .cents = row.optional_integer(6).value_or(0),
          .counted = row.integer(7) != 0};
}

// What one unit does to the tables: facts at once, orders and sums together at its end.
class Changes {
 public:
  // One unit at a time changes these tables: an order is written from all its facts.
  explicit Changes(store::Unit& unit) : unit_(unit) { unit.lock({kAllOrders}); }

  void touch(const std::string& order_id) { orders_.insert(order_id); }

  // Adds to the sums (or takes away: sign −1) what a counted payment or refund says.
  void count(FactKind kind, base::Moment time, std::int64_t cents, std::int64_t sign) {
    if (kind != FactKind::paid && kind != FactKind::refunded) return;
    Sum& sum = sums_[{bucket_of(time).ms, static_cast<std::int64_t>(kind)}];
    sum.facts += sign;
    sum.cents += sign * cents;
  }

  void remove(const StoredFact& fact) {
    unit_.execute(sql::kRemoveFact,
                  {fact.position.epoch, fact.position.transaction, fact.position.sequence});
    if (fact.counted) count(fact.kind, fact.time, fact.cents, -1);
    touch(fact.order_id);
  }

  void set_counted(const StoredFact& fact, bool counted) {
    if (fact.counted == counted) return;
    unit_.execute(sql::kCountFact, {fact.position.epoch, fact.position.transaction,
                                    fact.position.sequence, std::int64_t{counted}});
    count(fact.kind, fact.time, fact.cents, counted ? 1 : -1);
  }

  void finish() {
    write_orders();
    for (const auto& [key, sum] : sums_) {
      unit_.execute(sql::kAddRevenue, {key.first, key.second, sum.facts, sum.cents});
      if (sum.facts < 0) unit_.execute(sql::kRemoveEmptyRevenue, {key.first, key.second});
    }
  }

 private:
  struct Sum {
    std::int64_t facts = 0;
    std::int64_t cents = 0;
  };

  void write_orders() {
    if (orders_.empty()) return;
    const std::string ids = store::list_text(unit_.dialect(), orders_);
    const bool sqlite = unit_.dialect() == store::Dialect::sqlite;
    std::map<std::string, std::vector<Fact>> facts;
    unit_.query(
        sqlite ? sql::kFactsOfOrdersSqlite : sql::kFactsOfOrdersPostgresql, {ids},
        [&](const store::Row& row) { facts[std::string(row.text(0))].push_back(fact_at(row, 1)); });
    for (const std::string& id : orders_) {
      const auto found = facts.find(id);
      if (found == facts.end()) {
        unit_.execute(sql::kRemoveOrder, {id});
      } else {
        set_order(unit_, order_of(id, found->second));
      }
    }
  }

  store::Unit& unit_;
  std::set<std::string> orders_;
  std::map<std::pair<std::int64_t, std::int64_t>, Sum> sums_;
};

struct Addition {
  ReadFact read;
  std::optional<base::BatchId> batch;
  bool counted = true;
};

void add(store::Unit& unit, Changes& changes, const Addition& addition) {
  const Fact& fact = addition.read.fact;
  const std::string skus = stored_skus(fact);
  const auto text = [](std::string_view given) {
    return given.empty() ? store::Param(std::monostate{}) : store::Param(given);
  };
  const std::int64_t added = unit.execute(
      sql::kAddFact,
      {fact.position.epoch, fact.position.transaction, fact.position.sequence,
       addition.read.order_id, static_cast<std::int64_t>(fact.kind), fact.customer.value,
       fact.time.ms, fact.amount ? store::Param(fact.amount->cents) : std::monostate{},
       store::param(fact.items), text(skus), text(fact.coupon),
       addition.batch ? store::Param(addition.batch->value) : std::monostate{},
       std::int64_t{addition.counted}});
  if (added == 0) return;
  changes.touch(addition.read.order_id);
  if (addition.counted) {
    changes.count(fact.kind, fact.time, fact.amount.value_or(base::Money{}).cents, 1);
  }
}

std::vector<StoredFact> facts_of(store::Session& session, base::CustomerId customer) {
  std::vector<StoredFact> facts;
  session.query(sql::kFactsOfCustomer, {customer.value},
                [&](const store::Row& row) { facts.push_back(stored_fact_at(row)); });
  return facts;
}

// Somebody may be no more, a test account, or one no longer; so may all who are one with them.
void look_again(store::Unit& unit, Changes& changes, const Persons& persons,
                base::CustomerId customer) {
  std::vector<base::CustomerId> ids = persons.one_with(unit, customer);
  if (std::ranges::find(ids, customer) == ids.end()) ids.push_back(customer);
  const auto tests = persons.of_test_accounts(unit);
  std::vector<StoredFact> facts;
  for (const base::CustomerId id : ids) {
    for (StoredFact& fact : facts_of(unit, id)) facts.push_back(std::move(fact));
  }
  const bool is_test = std::ranges::binary_search(tests, customer);
  std::vector<Position> positions;
  for (const StoredFact& fact : facts) positions.push_back(fact.position);
  std::set<Position> visible;
  for (const Event& event : event_log::visible_rows_with(unit, positions)) {
    visible.insert(event.position);
  }
  for (const StoredFact& fact : facts) {
    if (visible.contains(fact.position)) {
      changes.set_counted(fact, !is_test);
    } else {
      changes.remove(fact);
    }
  }
}

}  // namespace

Projection::Projection(Means means)
    : event_log::Projection(means.database, means.log, kOrdersReader), persons_(means.persons) {}

std::vector<base::EventTypeId> Projection::types_of(const event_log::EventTypes& types) const {
  return OrderTypes(types).ids();
}

std::function<void(store::Unit&)> Projection::effects_of(store::Session& session,
                                                         const event_log::EventTypes& types,
                                                         event_log::Reading reading) const {
  const OrderTypes order_types(types);
  const auto tests = persons_.of_test_accounts(session);
  std::vector<Addition> additions;
  for (const Event& event : reading.events) {
    if (auto read = order_types.read(event)) {
      const bool counted = !std::ranges::binary_search(tests, event.customer);
      additions.push_back({std::move(*read), event.batch, counted});
    }
  }
  return [this, additions = std::move(additions),
          notices = std::move(reading.notices)](store::Unit& unit) {
    Changes changes(unit);
    for (const Addition& addition : additions) add(unit, changes, addition);
    for (const event_log::Notice& notice : notices) {
      if (const auto* customer = std::get_if<base::CustomerId>(&notice.subject)) {
        look_again(unit, changes, persons_, *customer);
      }
    }
    changes.finish();
  };
}

bool Projection::remove_some(store::Unit& unit, base::BatchId batch) const {
  Changes changes(unit);
  std::vector<StoredFact> facts;
  unit.query(sql::kFactsOfBatch, {batch.value, kFactsRemovedAtOnce},
             [&](const store::Row& row) { facts.push_back(stored_fact_at(row)); });
  for (const StoredFact& fact : facts) changes.remove(fact);
  changes.finish();
  return facts.size() == static_cast<std::size_t>(kFactsRemovedAtOnce);
}

void Projection::clear(store::Unit& unit) const {
  unit.lock({kAllOrders});
  unit.execute(sql::kClearFacts, {});
  unit.execute(sql::kClearOrders, {});
  unit.execute(sql::kClearRevenue, {});
}

void erase(store::Unit& unit, std::span<const base::CustomerId> customers) {
  Changes changes(unit);
  for (const base::CustomerId customer : customers) {
    for (const StoredFact& fact : facts_of(unit, customer)) changes.remove(fact);
  }
  changes.finish();
}

}  // namespace order
