#include "account/friendship.h"

#include <compare>
#include <set>
#include <string>
#include <utility>

#include "account/friendship_sql.h"
#include "log/rows.h"

namespace account {
namespace {

using event_log::Position;

constexpr std::int64_t kFactsRemovedAtOnce = 2'000;
constexpr store::LockKey kAllFriendships{63, 1};

struct Pair {
  base::CustomerId customer;
  std::string staff;
  friend auto operator<=>(const Pair&, const Pair&) = default;
};

// What one unit does to the tables: facts at once, spans at its end.
class Changes {
 public:
  // One unit at a time changes these tables: spans are written from all facts of a pair.
  explicit Changes(store::Unit& unit) : unit_(unit) { unit.lock({kAllFriendships}); }

  void add(const FriendFact& fact, const std::optional<base::BatchId>& batch) {
    const std::int64_t added =
        unit_.execute(sql::kAddFriendFact,
                      {fact.position.epoch, fact.position.transaction, fact.position.sequence,
                       fact.customer.value, fact.staff, fact.time.ms, std::int64_t{fact.added},
                       batch ? store::Param(batch->value) : store::Param(std::monostate{})});
    if (added > 0) pairs_.insert({fact.customer, fact.staff});
  }

  void remove(const FriendFact& fact) {
    unit_.execute(sql::kRemoveFriendFact,
                  {fact.position.epoch, fact.position.transaction, fact.position.sequence});
    pairs_.insert({fact.customer, fact.staff});
  }

  void finish() {
    for (const Pair& pair : pairs_) {
      unit_.execute(sql::kClearFriendship, {pair.customer.value, pair.staff});
      std::vector<FriendFact> facts;
      unit_.query(sql::kFriendFactsOfPair, {pair.customer.value, pair.staff},
                  [&](const store::Row& row) { facts.push_back(friend_fact_at(row)); });
      for (const FriendSpan& span : spans_of(facts)) {
        unit_.execute(sql::kInsertFriendship, {pair.customer.value, pair.staff, span.since.ms,
                                               span.ended_at ? store::Param(span.ended_at->ms)
                                                             : store::Param(std::monostate{})});
      }
    }
  }

 private:
  store::Unit& unit_;
  std::set<Pair> pairs_;
};

// Somebody may be no more.
void look_again(store::Unit& unit, Changes& changes, base::CustomerId customer) {
  std::vector<FriendFact> facts;
  unit.query(sql::kFriendFactsOfCustomer, {customer.value},
             [&](const store::Row& row) { facts.push_back(friend_fact_at(row)); });
  std::vector<Position> positions;
  for (const FriendFact& fact : facts) positions.push_back(fact.position);
  std::set<Position> visible;
  for (const event_log::Event& event : event_log::visible_rows_with(unit, positions)) {
    visible.insert(event.position);
  }
  for (const FriendFact& fact : facts) {
    if (!visible.contains(fact.position)) changes.remove(fact);
  }
}

}  // namespace

std::vector<FriendSpan> spans_of(std::span<const FriendFact> facts) {
  std::vector<FriendSpan> spans;
  for (const FriendFact& fact : facts) {
    const bool open = !spans.empty() && !spans.back().ended_at;
    if (fact.added == open) continue;
    if (fact.added) {
      // Added again at the moment of the end: they never were not.
      if (!spans.empty() && spans.back().ended_at == fact.time) {
        spans.back().ended_at.reset();
      } else {
        spans.push_back({.since = fact.time});
      }
    } else if (spans.back().since == fact.time) {
      spans.pop_back();
    } else {
      spans.back().ended_at = fact.time;
    }
  }
  return spans;
}

Friendships::Friendships(store::Database& database, event_log::Log& log)
    : event_log::Projection(database, log, kFriendsReader) {}

std::vector<base::EventTypeId> Friendships::types_of(const event_log::EventTypes& types) const {
  return FriendTypes(types).ids();
}

std::function<void(store::Unit&)> Friendships::effects_of(store::Session&,
                                                          const event_log::EventTypes& types,
                                                          event_log::Reading reading) const {
  const FriendTypes friend_types(types);
  std::vector<std::pair<FriendFact, std::optional<base::BatchId>>> additions;
  for (const event_log::Event& event : reading.events) {
    if (auto fact = friend_types.read(event)) additions.emplace_back(std::move(*fact), event.batch);
  }
  return
      [additions = std::move(additions), notices = std::move(reading.notices)](store::Unit& unit) {
        Changes changes(unit);
        for (const auto& [fact, batch] : additions) changes.add(fact, batch);
        for (const event_log::Notice& notice : notices) {
          if (const auto* customer = std::get_if<base::CustomerId>(&notice.subject)) {
            look_again(unit, changes, *customer);
          }
        }
        changes.finish();
      };
}

bool Friendships::remove_some(store::Unit& unit, base::BatchId batch) const {
  Changes changes(unit);
  std::vector<FriendFact> facts;
  unit.query(sql::kFriendFactsOfBatch, {batch.value, kFactsRemovedAtOnce},
             [&](const store::Row& row) { facts.push_back(friend_fact_at(row)); });
  for (const FriendFact& fact : facts) changes.remove(fact);
  changes.finish();
  return facts.size() == static_cast<std::size_t>(kFactsRemovedAtOnce);
}

void Friendships::clear(store::Unit& unit) const {
  unit.lock({kAllFriendships});
  unit.execute(sql::kClearFriendFacts, {});
  unit.execute(sql::kClearFriendships, {});
}

void erase_friendships(store::Unit& unit, std::span<const base::CustomerId> customers) {
  unit.lock({kAllFriendships});
  for (const base::CustomerId customer : customers) {
    unit.execute(sql::kEraseFriendFacts, {customer.value});
    unit.execute(sql::kEraseFriendships, {customer.value});
  }
}

}  // namespace account
