#include "ledger/writing.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/check.h"
#include "ledger/ledger.h"
#include "ledger/stored_transfers.h"
#include "ledger/writing_sql.h"
#include "timer/timer.h"

namespace ledger {
namespace {

using Rows = std::vector<std::vector<store::Param>>;

std::optional<std::int64_t> lot_or_null(LotId lot) {
  return lot ? std::optional(lot.value) : std::nullopt;
}

void run(store::Unit& unit, std::string_view sql, const Rows& rows) {
  if (rows.empty()) return;
  CHECK(unit.execute_batch(sql, rows) == static_cast<std::int64_t>(rows.size()));
}

// What is kept in the end: of those reserved and closed within the group nothing was ever written.
struct Kept {
  std::vector<const Reservation*> made;
  std::vector<const Reservation*> gone;
};
Kept kept_of(const Entries& entries) {
  using Name = std::tuple<std::int64_t, std::int64_t, LotId>;
  const auto name_of = [](const Reservation& each) {
    return Name{each.bundle, each.posting, each.lot};
  };
  std::map<Name, const Reservation*> made;
  for (const Reservation& each : entries.reserved) made.emplace(name_of(each), &each);
  Kept kept;
  for (const Reservation& each : entries.closed) {
    if (made.erase(name_of(each)) == 0) kept.gone.push_back(&each);
  }
  for (const auto& [name, each] : made) kept.made.push_back(each);
  return kept;
}

// By how much the group changes an account or a lot; by id, so that all programs write in one
// order.
struct Difference {
  std::int64_t posted = 0;
  std::int64_t held = 0;
  std::int64_t postings = 0;
};
struct Differences {
  std::map<LedgerAccountId, Difference> accounts;
  std::map<LotId, std::pair<LedgerAccountId, Difference>> lots;
};

Differences differences_of(const Entries& entries) {
  Differences all;
  const auto add = [&](LedgerAccountId account, LotId lot, const Difference& by) {
    const auto onto = [&by](Difference& sum) {
      sum.posted += by.posted;
      sum.held += by.held;
      sum.postings += by.postings;
    };
    onto(all.accounts[account]);
    if (!lot) return;
    auto& of_lot = all.lots[lot];
    of_lot.first = account;
    onto(of_lot.second);
  };
  for (const Row& row : entries.rows) add(row.account, row.lot, {row.amount, 0, 1});
  for (const Reservation& each : entries.reserved) add(each.account, each.lot, {0, each.amount, 0});
  for (const Reservation& each : entries.closed) add(each.account, each.lot, {0, -each.amount, 0});
  return all;
}

void write_bundles(store::Unit& unit, const Entries& entries) {
  std::vector<std::string> transfers;
  transfers.reserve(entries.bundles.size());
  Rows rows;
  rows.reserve(entries.bundles.size());
  for (const NewEntry& made : entries.bundles) {
    const Entry& entry = made.entry;
    const bool is_hold = entry.state != State::posted;
    transfers.push_back(to_stored(entry.transfers));
    rows.push_back({entry.number, made.id, made.why, entry.content,
                    static_cast<std::int64_t>(entry.state), made.effective_at.ms,
                    entry.entered_at.ms,
                    is_hold ? store::Param(entry.held_until.ms) : store::Param(std::monostate{}),
                    transfers.back(), std::monostate{}, std::string_view()});
  }
  run(unit, sql::kInsertBundle, rows);
}

void write_ended(store::Unit& unit, const Entries& entries) {
  std::vector<std::string> amounts;
  amounts.reserve(entries.ended.size());
  Rows rows;
  for (const EndedHold& hold : entries.ended) {
    amounts.push_back(to_stored(hold.amounts));
    rows.push_back(
        {hold.bundle, static_cast<std::int64_t>(hold.state), hold.ended_at.ms, amounts.back()});
  }
  run(unit, sql::kEndHold, rows);
}

void write_postings(store::Unit& unit, const Entries& entries) {
  Rows rows;
  rows.reserve(entries.rows.size());
  for (const Row& row : entries.rows) {
    rows.push_back({row.account.value, row.sequence, row.bundle, row.transfer, row.posting,
                    store::param(lot_or_null(row.lot)), row.amount, row.effective_at.ms,
                    row.entered_at.ms,
                    row.refund_of.empty() ? store::Param(std::monostate{})
                                          : store::Param(std::string_view(row.refund_of)),
                    store::param(lot_or_null(row.refunded_lot))});
  }
  run(unit, sql::kInsertPosting, rows);
}

void write_reservations(store::Unit& unit, const Entries& entries) {
  const Kept kept = kept_of(entries);
  Rows gone;
  for (const Reservation* each : kept.gone) {
    gone.push_back({each->bundle, each->posting, each->lot.value});
  }
  run(unit, sql::kDeleteReservation, gone);
  Rows made;
  for (const Reservation* each : kept.made) {
    made.push_back({each->bundle, each->posting, each->lot.value, each->account.value, each->amount,
                    each->until.ms});
  }
  run(unit, sql::kInsertReservation, made);
}

void write_balances(store::Unit& unit, const Books& books, const Entries& entries) {
  Rows new_lots;
  for (const NewLot& lot : entries.lots) {
    new_lots.push_back(
        {lot.id.value, lot.account.value, lot.expires.ms, store::param(lot_or_null(lot.parent))});
  }
  run(unit, sql::kInsertLot, new_lots);
  const Differences all = differences_of(entries);
  Rows accounts;
  for (const auto& [id, by] : all.accounts) {
    const Account& account = books.accounts.at(id);
    accounts.push_back({id.value, by.posted, by.held, by.postings, account.seen.ms,
                        account.postings - by.postings});
  }
  run(unit, sql::kChangeAccount, accounts);
  Rows lots;
  for (const auto& [id, of] : all.lots) {
    const Lot* lot = lot_in(books.accounts.at(of.first), id);
    lots.push_back(
        {id.value, of.second.posted, of.second.held, lot->free_since.ms, lot->write_offs});
  }
  run(unit, sql::kChangeLot, lots);
}

void write_timers(store::Unit& unit, const Entries& entries) {
  std::set<std::int64_t> ended;
  for (const EndedHold& hold : entries.ended) ended.insert(timer_key_of(hold.bundle));
  const std::vector<std::int64_t> keys(ended.begin(), ended.end());
  timer::cancel(unit, kTimerKind, keys);
  std::vector<timer::Timer> timers;
  for (const NewEntry& made : entries.bundles) {
    const std::int64_t key = timer_key_of(made.entry.number);
    if (made.entry.state == State::held && !ended.contains(key)) {
      timers.push_back({kTimerKind, key, made.entry.held_until});
    }
  }
  for (const LotEnd& end : entries.lot_ends) timers.push_back({kTimerKind, end.lot.value, end.at});
  timer::schedule(unit, timers);
}

}  // namespace

void write(store::Unit& unit, const Books& books, const Entries& entries) {
  CHECK(static_cast<std::int64_t>(entries.bundles.size()) <= kNumbersPerUnit);
  write_bundles(unit, entries);
  write_ended(unit, entries);
  write_postings(unit, entries);
  write_reservations(unit, entries);
  write_balances(unit, books, entries);
  write_timers(unit, entries);
}

std::int64_t next_number(store::Unit& unit) {
  const bool is_sqlite = unit.dialect() == store::Dialect::sqlite;
  const auto number = unit.one(is_sqlite ? sql::kNextNumberSqlite : sql::kNextNumberPostgresql, {},
                               [](const store::Row& row) { return row.integer(0); });
  CHECK(number);
  return *number;
}

}  // namespace ledger
