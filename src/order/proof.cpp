#include "order/proof.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "log/projection_proof.h"
#include "order/fact_rows.h"
#include "order/order_types.h"
#include "order/proof_sql.h"

namespace order {
namespace {

using event_log::Position;

// A fact as one text: two are the same when their texts are.
std::string text_of(const Fact& fact, std::string_view order_id, bool counted) {
  std::string text(order_id);
  const auto add = [&](std::int64_t number) { text += "|" + std::to_string(number); };
  add(static_cast<std::int64_t>(fact.kind));
  add(fact.customer.value);
  add(fact.time.ms);
  add(counted);
  text += fact.amount ? "|" + std::to_string(fact.amount->cents) : "|-";
  text += fact.items ? "|" + std::to_string(*fact.items) : "|-";
  return text + "|" + stored_skus(fact) + "|" + fact.coupon;
}

bool same(const Order& one, const Order& other) {
  return one.customer == other.customer && one.state == other.state &&
         one.placed_at == other.placed_at && one.when == other.when && one.amount == other.amount &&
         one.paid == other.paid && one.refunded == other.refunded && one.items == other.items &&
         one.sku_list == other.sku_list && one.coupon == other.coupon;
}

class Prover {
 public:
  explicit Prover(const ProofMeans& means) : means_(means) {}

  Proof run() {
    facts();
    if (!over()) orders();
    if (!over()) revenue();
    return std::move(proof_);
  }

 private:
  bool over() const { return proof_.stopped || proof_.wrong.size() >= kProofProblemsMax; }
  void step(std::int64_t rows) {
    if (means_.go_on && !means_.go_on(rows)) proof_.stopped = true;
  }
  void wrong(std::string where) {
    if (proof_.wrong.size() < kProofProblemsMax) proof_.wrong.push_back(std::move(where));
  }

  void facts() {
    const auto proof = event_log::prove_rows(
        {.database = means_.database,
         .log = means_.log,
         .projection = means_.projection,
         .types_of = [](const event_log::EventTypes& types) { return OrderTypes(types).ids(); },
         .told =
             [&](store::Session& session, const event_log::EventTypes& types,
                 std::span<const event_log::Event> events) {
               return told(session, OrderTypes(types), events);
             },
         .kept = kept,
         .go_on = means_.go_on});
    proof_.facts = proof.rows;
    proof_.stopped = proof.stopped;
    for (const Position& position : proof.wrong) wrong("event " + event_log::to_text(position));
  }

  event_log::ProjectedTexts told(store::Session& session, const OrderTypes& types,
                                 std::span<const event_log::Event> events) const {
    event_log::ProjectedTexts texts;
    const auto tests = means_.persons.of_test_accounts(session);
    for (const event_log::Event& event : events) {
      if (const auto read = types.read(event)) {
        const bool counted = !std::ranges::binary_search(tests, event.customer);
        texts[event.position] = text_of(read->fact, read->order_id, counted);
      }
    }
    return texts;
  }

  static event_log::ProjectedTexts kept(store::Session& session, const Position& after,
                                        const Position& through) {
    event_log::ProjectedTexts texts;
    session.query(sql::kFactsBetween,
                  {after.epoch, after.transaction, after.sequence, through.epoch,
                   through.transaction, through.sequence},
                  [&](const store::Row& row) {
                    const Fact fact = fact_at(row, 0);
                    texts[fact.position] = text_of(fact, row.text(10), row.integer(11) != 0);
                  });
    return texts;
  }

  // Facts and orders change in one unit, so that one read sees both agree.
  void orders() {
    std::string last;
    for (bool more = true; more && !over();) {
      std::int64_t rows = 0;
      means_.database.read([&](store::Session& session) {
        std::vector<std::string> ids;
        session.query(sql::kNextOrderIds, {last, kProofRowsAtOnce},
                      [&](const store::Row& row) { ids.emplace_back(row.text(0)); });
        rows = static_cast<std::int64_t>(ids.size());
        if (!ids.empty()) compare_orders(session, last, ids.back());
        if (!ids.empty()) last = ids.back();
      });
      more = rows == kProofRowsAtOnce;
      step(rows);
    }
  }

  void compare_orders(store::Session& session, const std::string& after, const std::string& to) {
    std::map<std::string, std::vector<Fact>> facts;
    session.query(sql::kFactsOfOrdersBetween, {after, to}, [&](const store::Row& row) {
      facts[std::string(row.text(0))].push_back(fact_at(row, 1));
    });
    std::set<std::string> found;
    session.query(sql::kOrdersBetween, {after, to}, [&](const store::Row& row) {
      const Order order = order_at(row);
      found.insert(order.id);
      const auto of = facts.find(order.id);
      if (of == facts.end() || !same(order, order_of(order.id, of->second))) {
        wrong("order " + order.id);
      }
    });
    for (const auto& [id, of] : facts) {
      if (!found.contains(id)) wrong("order " + id);
    }
  }

  void revenue() {
    using Sum = std::pair<std::int64_t, std::int64_t>;  // facts, cents
    std::map<std::pair<std::int64_t, std::int64_t>, Sum> left;
    means_.database.read_whole([&](store::Session& session) {
      left.clear();
      session.query(sql::kCountedFacts, {}, [&](const store::Row& row) {
        Sum& sum = left[{bucket_of({row.integer(1)}).ms, row.integer(0)}];
        ++sum.first;
        sum.second += row.integer(2);
      });
      session.query(sql::kAllRevenue, {}, [&](const store::Row& row) {
        Sum& sum = left[{row.integer(0), row.integer(1)}];
        sum.first -= row.integer(2);
        sum.second -= row.integer(3);
      });
    });
    for (const auto& [of, sum] : left) {
      if (sum != Sum{}) wrong("quarter " + std::to_string(of.first));
    }
    step(static_cast<std::int64_t>(left.size()));
  }

  const ProofMeans& means_;
  Proof proof_;
};

}  // namespace

Proof prove(const ProofMeans& means) { return Prover(means).run(); }

}  // namespace order
