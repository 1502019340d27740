// Reading the ledger: balances, statements, bundles, what a cause has moved.
// Threads: functions of the caller's read or unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "ledger/books.h"
#include "ledger/bundle.h"
#include "ledger/entries.h"
#include "store/database.h"

namespace ledger {

// As time has left it, whether or not that is written down: what has ended is not in it.
struct Balance {
  std::int64_t posted = 0;   // what is there
  std::int64_t held = 0;     // of it, what holds keep
  std::int64_t expired = 0;  // what has ended and is still to be taken out: not in `posted`
  std::int64_t free() const { return posted - held; }  // below zero: debt
};
// Holds by `now`; lots by it or the latest moment the account has seen, whichever is later. An
// unknown account: 0.
Balance balance(store::Session& session, LedgerAccountId account, base::Moment now);

// What was there at a moment, by when postings were true (`effective`) and among those that had
// been entered by a moment. A lot that has ended by `effective` is not in it, nor what a hold kept
// of it past its end: it says the same whether or not that end has been written down, and whatever
// was held then. Below zero where somebody has dated a spending before what it spent. O(its
// postings).
struct BalanceAsked {
  LedgerAccountId account;
  base::Moment effective;
  base::Moment entered = base::kMomentMax;
};
std::int64_t balance_at(store::Session& session, const BalanceAsked& asked);

// A row of a statement, with the balance after it in the order of entry.
struct StatementRow {
  Row row;
  std::string bundle_id;
  std::string why;
  std::int64_t balance = 0;
};
// Newest first; those before the sequence `before` (none: from the newest), at most `rows_max`.
struct StatementAsked {
  LedgerAccountId account;
  std::int64_t before = 0;
  std::int64_t rows_max = 100;
};
std::vector<StatementRow> statement(store::Session& session, const StatementAsked& asked);

struct LotLeft {
  Lot lot;
  LotId parent;
};
// Those that are not empty, what ends soonest first.
std::vector<LotLeft> lots_of(store::Session& session, LedgerAccountId account,
                             std::int64_t rows_max);

struct BundleSummary {
  std::int64_t number = 0;
  std::string id;
  std::string why;
  State state = State::posted;  // as time has left it
  base::Moment effective_at;
  base::Moment entered_at;
  std::optional<base::Moment> held_until = {};
  std::optional<base::Moment> ended_at = {};
};
struct BundleFound {
  BundleSummary summary;
  std::vector<Transfer> asked;  // of a hold
  std::vector<Row> rows;        // in their order
};
std::optional<BundleFound> bundle(store::Session& session, std::string_view id, base::Moment now);

// Newest first; those before the number `before` (0: from the newest).
struct CauseAsked {
  std::string_view why;
  std::int64_t before = 0;
  std::int64_t rows_max = 100;
  base::Moment now = {};
};
std::vector<BundleSummary> bundles_of(store::Session& session, const CauseAsked& asked);

}  // namespace ledger
