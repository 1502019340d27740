// Reads the part of the books that a group of requests touches, under the locks of its bundle ids
// and accounts, so that it stands still until the unit ends. Inside the module.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/moment.h"
#include "ledger/books.h"
#include "ledger/bundle.h"
#include "store/database.h"

namespace ledger {

// Bundles without a good form are left out, and what does not exist: both are refused later.
Books load(store::Unit& unit, std::span<const Request> requests, base::Moment now);

// What timers are about; unknown ones are left out.
struct DueAsked {
  std::vector<std::int64_t> holds;  // by number
  std::vector<LotId> lots;
};
struct DueLot {
  LotId lot;
  LedgerAccountId account;
  LedgerAccountId expired;  // of its asset
  base::Moment expires;
};
struct Due {
  Books books;
  std::vector<std::string> holds;  // their ids, in the order asked for
  std::vector<DueLot> lots;        // what ended first before; equal ends: by id
};
// Takes the locks that load_due() takes.
void lock_due(store::Unit& unit, const DueAsked& asked);
Due load_due(store::Unit& unit, const DueAsked& asked, base::Moment now);

}  // namespace ledger
