// The part of the books that a group of requests touches, in memory: accounts with their lots and
// what is held of them, and the bundles that the requests name. Values; who loads them holds the
// locks of all accounts (store/database.h), so that they are still so when changes are written.
//
// Accounts with lots: posted = what is left in the lots − debt.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/moment.h"
#include "ledger/bundle.h"

namespace ledger {

inline constexpr std::size_t kLotsMax = 10'000;  // of one account, that are not empty

struct Lot {
  LotId id;
  base::Moment expires = base::kMomentMax;
  base::Moment free_since{0};   // the latest end of a hold that kept some of it
  std::int64_t left = 0;        // what is in it, what is held included
  std::int64_t held = 0;        // of that, what reservations keep
  std::int64_t write_offs = 0;  // how often what was left after its end was taken out

  std::int64_t free() const { return left - held; }
};

// What one posting of a hold keeps of an account or of one of its lots.
struct Reservation {
  std::int64_t bundle = 0;
  std::int64_t posting = 0;  // its number in the bundle, from 1
  LedgerAccountId account;
  LotId lot;                // none: of the account itself
  std::int64_t amount = 0;  // positive
  base::Moment until;
};

// What an account has spent of one lot in one bundle, and what of it came back.
struct Spent {
  LotId lot;  // none: of the account itself
  std::int64_t amount = 0;
  std::int64_t given_back = 0;
};

struct Account {
  LedgerAccountId id;
  AssetId asset;
  bool debt_allowed = false;
  bool has_lots = false;
  std::int64_t posted = 0;    // the sum of its postings
  std::int64_t held = 0;      // of it, what reservations keep
  std::int64_t postings = 0;  // how many there are
  base::Moment seen{0};       // the latest moment at which it was changed: its lots' time
  base::Moment entered{0};    // when its last posting was entered
  std::vector<Lot> lots;      // all that are not empty, and those the requests may touch; by id
  // Those whose holds have ended, and those of the holds that the requests name. More exist.
  std::vector<Reservation> reservations;
  // By the id of each bundle that requests refund on this account; empty: it spent nothing there.
  std::map<std::string, std::vector<Spent>> spent;
};

Lot* lot_in(Account& account, LotId id);  // null: it has none
const Lot* lot_in(const Account& account, LotId id);

// What is in all its lots.
std::int64_t in_lots(const Account& account);

// Lots that have something free at `at`, what ends soonest first; equal ends: the older first.
std::vector<const Lot*> free_lots(const Account& account, base::Moment at);

// What may be spent at `at` without debt: neither held nor ended. Reservations that have ended by
// then are to be closed before.
std::int64_t spendable(const Account& account, base::Moment at);

// A bundle as it stands.
struct Entry {
  std::int64_t number = 0;
  std::string content = {};  // content_of the request; empty: the ledger's own
  State state = State::posted;
  base::Moment entered_at = {};
  base::Moment held_until = base::kMomentMin;
  std::vector<Transfer> transfers = {};    // of a hold
  std::vector<std::int64_t> amounts = {};  // of a committed hold, as Commit says them; empty: whole
};

struct Books {
  std::unordered_map<LedgerAccountId, Account> accounts;
  std::unordered_map<std::string, Entry> entries;  // by id: those the requests name, if they exist
  // By asset: how long at least what comes back may still be spent.
  std::unordered_map<AssetId, base::Duration> grace;
};

// A lot is named after the posting that made it: what it received, or what came back too late. No
// posting has number 0: that name is the bundle's own (of its timer).
enum class LotKind : std::uint8_t { received, late };
inline constexpr std::int64_t kNamesPerBundle = 256;
static_assert(2 * kPostingsMax + 1 < kNamesPerBundle);
inline LotId lot_of(std::int64_t bundle, std::int64_t posting, LotKind kind) {
  return {bundle * kNamesPerBundle + posting * 2 + static_cast<std::int64_t>(kind)};
}

}  // namespace ledger
