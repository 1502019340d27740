// Ledger accounts: where an asset lies. One for each key; made once, never closed.
//
//   asset points,   owner kind customer, owner 4711,  book main       what a customer has
//   asset stock:17, owner kind product,  owner 17,    book shelf      what may be sold
//   asset stock:17, owner kind product,  owner 17,    book sold       what was
//
// Threads: functions of the caller's unit or read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "ledger/bundle.h"
#include "ledger/fault.h"
#include "store/database.h"

namespace ledger {

inline constexpr std::size_t kOwnerBytesMax = 100;  // printable ASCII; may be empty
inline constexpr std::size_t kBookBytesMax = 40;    // of a book or an owner kind: a-z, 0-9, _

struct AccountKey {
  AssetId asset;
  std::string owner_kind;
  std::string owner;
  std::string book;
  bool operator==(const AccountKey&) const = default;
};

struct Opening {
  AccountKey key;
  // It may go below zero: where things come from and go to. Else never, whoever asks.
  bool debt_allowed = false;
  // What comes in keeps its end, and what ends soonest is spent first.
  bool has_lots = false;
  LedgerAccountId id;  // for it, should it be new
  base::Moment now;
};

struct LedgerAccount {
  LedgerAccountId id;
  AccountKey key;
  bool debt_allowed = false;
  bool has_lots = false;
  base::Moment opened_at;
};

// The account with this key, opened if there is none. Errors: bad_name, unknown_asset,
// account_differs (its flags).
[[nodiscard]] base::Result<LedgerAccountId, Fault> open_account(store::Unit& unit,
                                                                const Opening& opening);

std::optional<LedgerAccount> account_with(store::Session& session, const AccountKey& key);
std::optional<LedgerAccount> account_of(store::Session& session, LedgerAccountId id);

// Those of an owner, or of an asset, by id.
struct AccountsAsked {
  std::string_view owner_kind;  // empty: of any
  std::string_view owner;
  AssetId asset = {};  // none: of any
  LedgerAccountId after = {};
  std::int64_t rows_max = 100;
};
// Requires (CHECK) an owner kind or an asset.
std::vector<LedgerAccount> accounts(store::Session& session, const AccountsAsked& asked);

}  // namespace ledger
