#include "ledger/loading.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "ledger/form.h"
#include "ledger/loading_sql.h"
#include "ledger/stored_transfers.h"
#include "store/list_text.h"

namespace ledger {
namespace {

// Ids are locked before accounts, by everybody.
constexpr std::int64_t kIdSpace = 2;
constexpr std::int64_t kAccountSpace = 3;

// The same statement as each database reads lists.
struct Both {
  std::string_view sqlite;
  std::string_view postgresql;
};
constexpr Both kBundlesNamed{sql::kBundlesNamedSqlite, sql::kBundlesNamedPostgresql};
constexpr Both kIdsNumbered{sql::kIdsNumberedSqlite, sql::kIdsNumberedPostgresql};
constexpr Both kAccounts{sql::kAccountsNumberedSqlite, sql::kAccountsNumberedPostgresql};
constexpr Both kFullLots{sql::kFullLotsSqlite, sql::kFullLotsPostgresql};
constexpr Both kEmptyLots{sql::kEmptyLotsSqlite, sql::kEmptyLotsPostgresql};
constexpr Both kEnded{sql::kEndedReservationsSqlite, sql::kEndedReservationsPostgresql};
constexpr Both kOfBundles{sql::kReservationsOfBundlesSqlite, sql::kReservationsOfBundlesPostgresql};
constexpr Both kSpentIn{sql::kSpentInSqlite, sql::kSpentInPostgresql};
constexpr Both kGivenBack{sql::kGivenBackSqlite, sql::kGivenBackPostgresql};
constexpr Both kAccountsOfLots{sql::kAccountsOfLotsSqlite, sql::kAccountsOfLotsPostgresql};

// The same in every program.
std::int64_t lock_id_of(std::string_view bundle) {
  const std::string digest = base::sha256(bundle);
  std::int64_t id = 0;
  std::memcpy(&id, digest.data(), sizeof id);
  return id;
}

class Loader {
 public:
  Loader(store::Unit& unit, base::Moment now) : unit_(unit), now_(now) {
    if (unit.dialect() == store::Dialect::postgresql) {
      unit.query(sql::kKeepToIndexesPostgresql, {}, [](const store::Row&) {});
    }
  }

  void want(const Bundle& bundle) {
    ids_.insert(bundle.id);
    want(bundle.transfers);
  }
  void want_hold(const std::string& id) {
    if (is_bundle_id(id)) ids_.insert(id);
  }
  void want(LedgerAccountId account) { accounts_.insert(account.value); }
  void want(LotId lot) { lots_.insert(lot.value); }

  void lock() {
    lock(kIdSpace, ids_, lock_id_of);
    if (!ids_.empty()) read_bundles();
    lock(kAccountSpace, accounts_, std::identity{});
  }

  Books read() {
    lock();
    if (!accounts_.empty()) read_accounts();
    if (!refunds_.empty()) read_spent();
    if (!accounts_with_lots_.empty()) read_lots(kFullLots, accounts_with_lots_);
    if (!lots_.empty()) read_lots(kEmptyLots, lots_);
    for (auto& [id, account] : books_.accounts) std::ranges::sort(account.lots, {}, &Lot::id);
    if (!accounts_.empty()) read_reservations(kEnded, accounts_);
    if (!holds_.empty()) read_reservations(kOfBundles, holds_);
    return std::move(books_);
  }

  template <typename Items>
  void each(const Both& sql, const Items& items,
            const std::function<void(const store::Row&)>& row) {
    const std::string list = store::list_text(unit_.dialect(), items);
    unit_.query(unit_.dialect() == store::Dialect::sqlite ? sql.sqlite : sql.postgresql, {list},
                row);
  }

 private:
  void want(std::span<const Transfer> transfers) {
    for (const Transfer& transfer : transfers) {
      for (const Posting& posting : transfer.postings) {
        accounts_.insert(posting.account.value);
        if (posting.lot) lots_.insert(posting.lot.value);
        if (!posting.refund_of.empty()) refunds_.insert({posting.refund_of, posting.account});
      }
    }
  }

  template <typename Items, typename Of>
  void lock(std::int64_t space, const Items& items, Of of) {
    if (unit_.dialect() == store::Dialect::sqlite || items.empty()) return;
    std::vector<store::LockKey> keys;
    for (const auto& item : items) keys.push_back({space, of(item)});
    unit_.lock(std::move(keys));
  }

  void read_bundles() {
    each(kBundlesNamed, ids_, [&](const store::Row& row) {
      Entry entry{.number = row.integer(1),
                  .content = std::string(row.text(2)),
                  .state = static_cast<State>(row.integer(3)),
                  .entered_at = {row.integer(4)},
                  .held_until = {row.optional_integer(5).value_or(base::kMomentMin.ms)},
                  .transfers = stored_transfers(row.text(6)),
                  .amounts = stored_amounts(row.text(7))};
      if (entry.state == State::held) {
        holds_.insert(entry.number);
        want(entry.transfers);
      }
      books_.entries.emplace(row.text(0), std::move(entry));
    });
  }

  void read_accounts() {
    each(kAccounts, accounts_, [&](const store::Row& row) {
      Account account{.id = {row.integer(0)},
                      .asset = {row.integer(1)},
                      .debt_allowed = row.integer(2) != 0,
                      .has_lots = row.integer(3) != 0,
                      .posted = row.integer(4),
                      .held = row.integer(5),
                      .postings = row.integer(6),
                      .seen = {row.integer(7)},
                      .entered = {row.integer(9)},
                      .lots = {},
                      .reservations = {},
                      .spent = {}};
      if (account.has_lots) accounts_with_lots_.insert(account.id.value);
      books_.grace[account.asset] = {row.integer(8)};
      books_.accounts.emplace(account.id, std::move(account));
    });
  }

  void read_spent() {
    std::set<std::string> bundles;
    for (const auto& [bundle, id] : refunds_) {
      const auto found = books_.accounts.find(id);
      if (found == books_.accounts.end()) continue;
      found->second.spent.try_emplace(bundle);
      bundles.insert(bundle);
    }
    each(kSpentIn, bundles, [&](const store::Row& row) {
      const Spent spent{{row.integer(2)}, row.integer(3), 0};
      if (auto* all = spent_in(row)) all->push_back(spent);
      if (spent.lot) lots_.insert(spent.lot.value);
    });
    each(kGivenBack, bundles, [&](const store::Row& row) {
      auto* all = spent_in(row);
      if (all == nullptr) return;
      const auto found = std::ranges::find(*all, LotId{row.integer(2)}, &Spent::lot);
      if (found != all->end()) found->given_back = row.integer(3);
    });
  }
  std::vector<Spent>* spent_in(const store::Row& row) {
    const auto account = books_.accounts.find({row.integer(1)});
    if (account == books_.accounts.end()) return nullptr;
    const auto spent = account->second.spent.find(std::string(row.text(0)));
    return spent == account->second.spent.end() ? nullptr : &spent->second;
  }

  void read_lots(const Both& sql, const std::set<std::int64_t>& of) {
    each(sql, of, [&](const store::Row& row) {
      const auto account = books_.accounts.find({row.integer(1)});
      if (account == books_.accounts.end()) return;
      account->second.lots.push_back({.id = {row.integer(0)},
                                      .expires = {row.integer(2)},
                                      .free_since = {row.integer(3)},
                                      .left = row.integer(4),
                                      .held = row.integer(5),
                                      .write_offs = row.integer(6)});
    });
  }

  // The ended ones, and the others of the holds: told apart by the clock.
  void read_reservations(const Both& sql, const std::set<std::int64_t>& of) {
    const std::string list = store::list_text(unit_.dialect(), of);
    const bool is_sqlite = unit_.dialect() == store::Dialect::sqlite;
    const auto add = [&](const store::Row& row) {
      const auto account = books_.accounts.find({row.integer(2)});
      if (account == books_.accounts.end()) return;
      account->second.reservations.push_back({.bundle = row.integer(0),
                                              .posting = row.integer(1),
                                              .account = account->first,
                                              .lot = {row.integer(3)},
                                              .amount = row.integer(4),
                                              .until = {row.integer(5)}});
    };
    unit_.query(is_sqlite ? sql.sqlite : sql.postgresql, {list, now_.ms}, add);
  }

  store::Unit& unit_;
  base::Moment now_;
  Books books_;
  std::set<std::string> ids_;
  std::set<std::int64_t> holds_;  // numbers
  std::set<std::int64_t> accounts_;
  std::set<std::int64_t> accounts_with_lots_;
  std::set<std::int64_t> lots_;
  std::set<std::pair<std::string, LedgerAccountId>> refunds_;
};

}  // namespace

Books load(store::Unit& unit, std::span<const Request> requests, base::Moment now) {
  Loader loader(unit, now);
  for (const Request& request : requests) {
    if (const auto* bundle = std::get_if<Bundle>(&request)) {
      if (!fault_of(*bundle)) loader.want(*bundle);
    } else if (const auto* commit = std::get_if<Commit>(&request)) {
      loader.want_hold(commit->hold);
    } else {
      loader.want_hold(std::get<Release>(request).hold);
    }
  }
  return loader.read();
}

namespace {

// What of it there is, and that the loader shall read it.
Due want_due(Loader& loader, const DueAsked& asked) {
  Due due;
  if (!asked.holds.empty()) {
    std::map<std::int64_t, std::string> ids;
    loader.each(kIdsNumbered, asked.holds,
                [&](const store::Row& row) { ids.emplace(row.integer(1), row.text(0)); });
    for (const std::int64_t hold : asked.holds) {
      if (const auto found = ids.find(hold); found != ids.end()) due.holds.push_back(found->second);
    }
  }
  for (const std::string& hold : due.holds) loader.want_hold(hold);
  std::vector<std::int64_t> lots;
  for (const LotId lot : asked.lots) lots.push_back(lot.value);
  if (!lots.empty()) {
    loader.each(kAccountsOfLots, lots, [&](const store::Row& row) {
      due.lots.push_back({{row.integer(0)}, {row.integer(1)}, {row.integer(2)}, {row.integer(3)}});
    });
  }
  std::ranges::sort(due.lots, {},
                    [](const DueLot& lot) { return std::pair(lot.expires, lot.lot); });
  for (const DueLot& lot : due.lots) {
    loader.want(lot.lot);
    loader.want(lot.account);
    loader.want(lot.expired);
  }
  return due;
}

}  // namespace

void lock_due(store::Unit& unit, const DueAsked& asked) {
  if (unit.dialect() == store::Dialect::sqlite) return;
  Loader loader(unit, {});
  want_due(loader, asked);
  loader.lock();
}

Due load_due(store::Unit& unit, const DueAsked& asked, base::Moment now) {
  Loader loader(unit, now);
  Due due = want_due(loader, asked);
  due.books = loader.read();
  return due;
}

}  // namespace ledger
