#include "account/friendship_proof.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "account/friendship_proof_sql.h"
#include "log/projection_proof.h"

namespace account {
namespace {

using event_log::Position;

std::string text_of(const FriendFact& fact) {
  return std::to_string(fact.customer.value) + "|" + fact.staff + "|" +
         std::to_string(fact.time.ms) + (fact.added ? "|added" : "|removed");
}

event_log::ProjectedTexts told(const event_log::EventTypes& types,
                               std::span<const event_log::Event> events) {
  const FriendTypes friend_types(types);
  event_log::ProjectedTexts texts;
  for (const event_log::Event& event : events) {
    if (const auto fact = friend_types.read(event)) texts[event.position] = text_of(*fact);
  }
  return texts;
}

event_log::ProjectedTexts kept(store::Session& session, const Position& after,
                               const Position& through) {
  event_log::ProjectedTexts texts;
  session.query(sql::kFriendFactsBetween,
                {after.epoch, after.transaction, after.sequence, through.epoch, through.transaction,
                 through.sequence},
                [&](const store::Row& row) {
                  const FriendFact fact = friend_fact_at(row);
                  texts[fact.position] = text_of(fact);
                });
  return texts;
}

using Pair = std::pair<base::CustomerId, std::string>;

// Customers behind `after`, at most kProvedCustomersAtOnce, whose spans are not those of their
// facts. Facts and spans change in one unit, so that one read sees both agree.
struct Slice {
  std::int64_t rows = 0;
  base::CustomerId last;
  bool more = false;
  std::set<base::CustomerId> wrong;
};
Slice spans_after(store::Session& session, base::CustomerId after) {
  Slice slice;
  std::int64_t customers = 0;
  session.query(sql::kNextFriends, {after.value, kProvedCustomersAtOnce},
                [&](const store::Row& row) {
                  slice.last = {row.integer(0)};
                  ++customers;
                });
  slice.more = customers == kProvedCustomersAtOnce;
  if (customers == 0) return slice;
  std::map<Pair, std::vector<FriendFact>> facts;
  session.query(sql::kFriendFactsOfBetween, {after.value, slice.last.value},
                [&](const store::Row& row) {
                  FriendFact fact = friend_fact_at(row);
                  ++slice.rows;
                  facts[{fact.customer, fact.staff}].push_back(std::move(fact));
                });
  std::map<Pair, std::vector<FriendSpan>> spans;
  session.query(
      sql::kFriendshipsBetween, {after.value, slice.last.value}, [&](const store::Row& row) {
        FriendSpan span{.since = {row.integer(2)}};
        if (!row.is_null(3)) span.ended_at = base::Moment{row.integer(3)};
        spans[{base::CustomerId{row.integer(0)}, std::string(row.text(1))}].push_back(span);
      });
  for (const auto& [pair, of] : facts) {
    if (spans_of(of) != spans[pair]) slice.wrong.insert(pair.first);
  }
  for (const auto& [pair, of] : spans) {
    if (!of.empty() && !facts.contains(pair)) slice.wrong.insert(pair.first);
  }
  return slice;
}

}  // namespace

FriendshipProof prove(const FriendshipProofMeans& means) {
  FriendshipProof proof;
  const auto wrong = [&](std::string where) {
    if (proof.wrong.size() < kProofProblemsMax) proof.wrong.push_back(std::move(where));
  };
  const auto rows = event_log::prove_rows(
      {.database = means.database,
       .log = means.log,
       .projection = means.friendships,
       .types_of = [](const event_log::EventTypes& types) { return FriendTypes(types).ids(); },
       .told = [](store::Session&, const event_log::EventTypes& types,
                  std::span<const event_log::Event> events) { return told(types, events); },
       .kept = kept,
       .go_on = means.go_on});
  proof.facts = rows.rows;
  proof.stopped = rows.stopped;
  for (const Position& position : rows.wrong) wrong("event " + event_log::to_text(position));
  base::CustomerId last;
  for (bool more = true; more && !proof.stopped && proof.wrong.size() < kProofProblemsMax;) {
    const Slice slice =
        means.database.read([&](store::Session& session) { return spans_after(session, last); });
    for (const base::CustomerId customer : slice.wrong) {
      wrong("c_" + std::to_string(customer.value));
    }
    last = slice.last;
    more = slice.more;
    if (means.go_on && !means.go_on(slice.rows)) proof.stopped = true;
  }
  return proof;
}

}  // namespace account
