#include "ledger/proof.h"

#include <map>
#include <set>
#include <utility>

#include "ledger/bundle.h"
#include "ledger/proof_sql.h"
#include "ledger/stored_transfers.h"

namespace ledger {
namespace {

struct LotSum {
  std::int64_t left = 0;
  std::int64_t held = 0;
  bool operator==(const LotSum&) const = default;
};

// An account as its row says, and what its postings, lots and reservations add up to.
struct AccountSum {
  bool debt_allowed = false;
  bool has_lots = false;
  std::int64_t posted = 0;
  std::int64_t held = 0;
  std::int64_t postings = 0;

  std::int64_t posted_sum = 0;
  std::int64_t held_sum = 0;
  std::int64_t rows = 0;
  bool in_order = true;
  bool below_zero = false;
  std::int64_t lots_left = 0;
  std::map<std::int64_t, LotSum> lots = {};      // as their rows say
  std::map<std::int64_t, LotSum> lot_sums = {};  // of postings and reservations
};

struct Hold {
  State state = State::posted;
  base::Moment held_until = base::kMomentMin;
  std::vector<Transfer> transfers;
  bool has_postings = false;
  std::map<std::int64_t, std::int64_t> kept;  // by posting
};

class Prover {
 public:
  Prover(store::Database& database, const std::function<bool(std::int64_t)>& go_on)
      : database_(database), go_on_(go_on) {}

  Proof run() {
    std::int64_t after = 0;
    while (!over() && accounts(after)) {
    }
    after = 0;
    while (!over() && bundles(after)) {
    }
    if (!over()) lost();
    return std::move(proof_);
  }

 private:
  bool over() const { return proof_.stopped || proof_.wrong.size() >= kProofProblemsMax; }
  void step(std::int64_t rows) {
    if (go_on_ && !go_on_(rows)) proof_.stopped = true;
  }
  void wrong(std::string_view what, std::int64_t id, std::string_view how) {
    if (proof_.wrong.size() >= kProofProblemsMax) return;
    std::string text = std::string(what) + " " + std::to_string(id);
    if (!how.empty()) text += " " + std::string(how);
    proof_.wrong.push_back(std::move(text));
  }

  // A slice of accounts after `after`, which moves on. False: there are no more.
  bool accounts(std::int64_t& after) {
    const auto found = database_.read_whole([&](store::Session& session) {
      std::map<std::int64_t, AccountSum> slice;
      session.query(sql::kProofAccounts, {after, kProofAccountsAtOnce}, [&](const store::Row& row) {
        slice[row.integer(0)] = {.debt_allowed = row.integer(1) != 0,
                                 .has_lots = row.integer(2) != 0,
                                 .posted = row.integer(3),
                                 .held = row.integer(4),
                                 .postings = row.integer(5)};
      });
      if (!slice.empty()) add_up(session, slice);
      return slice;
    });
    if (found.empty()) return false;
    std::int64_t rows = 0;
    for (const auto& [id, account] : found) {
      compare(id, account);
      rows += 1 + account.rows;
      proof_.postings += account.rows;
    }
    proof_.accounts += static_cast<std::int64_t>(found.size());
    after = found.rbegin()->first;
    step(rows);
    return true;
  }

  static void add_up(store::Session& session, std::map<std::int64_t, AccountSum>& slice) {
    const std::int64_t first = slice.begin()->first;
    const std::int64_t last = slice.rbegin()->first;
    session.query(sql::kProofPostings, {first, last}, [&](const store::Row& row) {
      const auto found = slice.find(row.integer(0));
      if (found == slice.end()) return;
      AccountSum& account = found->second;
      if (row.integer(1) != ++account.rows) account.in_order = false;
      account.posted_sum += row.integer(3);
      if (account.posted_sum < 0) account.below_zero = true;
      if (row.integer(2) != 0) account.lot_sums[row.integer(2)].left += row.integer(3);
    });
    session.query(sql::kProofLots, {first, last}, [&](const store::Row& row) {
      const auto found = slice.find(row.integer(0));
      if (found == slice.end()) return;
      found->second.lots[row.integer(1)] = {row.integer(2), row.integer(3)};
      found->second.lots_left += row.integer(2);
    });
    session.query(sql::kProofReservations, {first, last}, [&](const store::Row& row) {
      const auto found = slice.find(row.integer(0));
      if (found == slice.end()) return;
      found->second.held_sum += row.integer(2);
      if (row.integer(1) != 0) found->second.lot_sums[row.integer(1)].held += row.integer(2);
    });
  }

  void compare(std::int64_t id, const AccountSum& account) {
    if (account.posted != account.posted_sum) wrong("account", id, "posted");
    if (account.held != account.held_sum) wrong("account", id, "held");
    if (account.postings != account.rows || !account.in_order) wrong("account", id, "sequence");
    const bool below = account.below_zero || account.posted < account.held;
    if (below && !account.debt_allowed) wrong("account", id, "below zero");
    const std::int64_t debt = account.lots_left - account.posted;
    if (account.has_lots && (debt < 0 || (debt > 0 && !account.debt_allowed))) {
      wrong("account", id, "lots");
    }
    if (!account.has_lots && !account.lots.empty()) wrong("account", id, "lots");
    std::set<std::int64_t> lots;
    for (const auto& [lot, sum] : account.lots) lots.insert(lot);
    for (const auto& [lot, sum] : account.lot_sums) lots.insert(lot);
    for (const std::int64_t lot : lots) {
      const auto stands = account.lots.find(lot);
      const auto adds = account.lot_sums.find(lot);
      const LotSum sum = adds == account.lot_sums.end() ? LotSum{} : adds->second;
      if (stands == account.lots.end() || stands->second != sum || sum.left < sum.held) {
        wrong("lot", lot, "");
      }
    }
  }

  bool bundles(std::int64_t& after) {
    const auto found = database_.read_whole([&](store::Session& session) {
      std::map<std::int64_t, Hold> slice;
      session.query(sql::kProofBundles, {after, kProofBundlesAtOnce}, [&](const store::Row& row) {
        Hold& hold = slice[row.integer(0)];
        hold.state = static_cast<State>(row.integer(1));
        if (row.is_null(2)) return;
        hold.held_until = {row.integer(2)};
        hold.transfers = stored_transfers(row.text(3));
      });
      if (!slice.empty()) compare(session, slice);
      return slice;
    });
    if (found.empty()) return false;
    proof_.bundles += static_cast<std::int64_t>(found.size());
    after = found.rbegin()->first;
    step(static_cast<std::int64_t>(found.size()));
    return true;
  }

  void compare(store::Session& session, std::map<std::int64_t, Hold>& slice) {
    const std::int64_t first = slice.begin()->first;
    const std::int64_t last = slice.rbegin()->first;
    session.query(sql::kProofTransfers, {first, last}, [&](const store::Row& row) {
      const auto found = slice.find(row.integer(0));
      if (found != slice.end()) found->second.has_postings = true;
      const bool one_asset = row.integer(5) == row.integer(6) && row.integer(3) == row.integer(4);
      if (row.integer(2) != 0) wrong("bundle", row.integer(0), "sum");
      if (!one_asset) wrong("bundle", row.integer(0), "assets");
    });
    session.query(sql::kProofKept, {first, last}, [&](const store::Row& row) {
      const auto found = slice.find(row.integer(0));
      if (found == slice.end()) return wrong("bundle", row.integer(0), "kept");
      found->second.kept[row.integer(1)] = row.integer(2);
    });
    for (const auto& [number, hold] : slice) compare(session, number, hold);
  }

  void compare(store::Session& session, std::int64_t number, const Hold& hold) {
    const bool may_have = hold.state == State::posted || hold.state == State::committed;
    if (hold.has_postings ? !may_have : hold.state == State::posted) {
      wrong("bundle", number, "postings");
    }
    if (hold.state != State::held) {
      if (!hold.kept.empty()) wrong("bundle", number, "kept");
      return;
    }
    std::int64_t place = 0;
    for (const Transfer& transfer : hold.transfers) {
      for (const Posting& posting : transfer.postings) {
        const auto kept = hold.kept.find(++place);
        const std::int64_t amount = kept == hold.kept.end() ? 0 : kept->second;
        if (amount == (posting.amount < 0 ? -posting.amount : 0)) continue;
        if (amount != 0 || !has_seen(session, posting.account, hold.held_until)) {
          wrong("bundle", number, "kept");
        }
      }
    }
  }

  // Whoever saw the end of the hold has freed what it kept, though its record may not say so yet.
  static bool has_seen(store::Session& session, LedgerAccountId account, base::Moment moment) {
    const auto seen = session.one(sql::kProofSeen, {account.value},
                                  [](const store::Row& row) { return row.integer(0); });
    return seen && *seen >= moment.ms;
  }

  void lost() {
    const auto count = database_.read_whole([](store::Session& session) {
      return session.one(sql::kProofLost, {}, [](const store::Row& row) { return row.integer(0); });
    });
    if (*count != 0) wrong("postings", *count, "of nothing");
  }

  store::Database& database_;
  const std::function<bool(std::int64_t)>& go_on_;
  Proof proof_;
};

}  // namespace

Proof prove(store::Database& database, const std::function<bool(std::int64_t)>& go_on) {
  return Prover(database, go_on).run();
}

}  // namespace ledger
