// What a group of requests adds to the books and is to be written: by difference, beside the
// balances (writing.h).
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/books.h"

namespace ledger {

// A row of the statement of an account.
struct Row {
  LedgerAccountId account;
  std::int64_t sequence = 0;  // of the account, from 1
  std::int64_t bundle = 0;
  std::int64_t transfer = 0;  // in the bundle, from 1
  std::int64_t posting = 0;   // in the bundle, from 1
  LotId lot = {};
  std::int64_t amount = 0;
  base::Moment effective_at = {};
  base::Moment entered_at = {};
  std::string refund_of = {};  // the bundle whose spending came back
  LotId refunded_lot = {};     // the lot that had been spent there
};

struct NewLot {
  LotId id;
  LedgerAccountId account;
  base::Moment expires;
  LotId parent;  // of what came back after its end
};

struct NewEntry {
  std::string id;
  std::string why;
  base::Moment effective_at;
  Entry entry;
};

struct EndedHold {
  std::int64_t bundle = 0;
  State state = State::released;
  base::Moment ended_at;
  std::vector<std::int64_t> amounts;  // of a commit in parts
};

// A lot whose end somebody should look at, at that moment at the latest.
struct LotEnd {
  LotId lot;
  base::Moment at;
};

// In the order it was decided.
struct Entries {
  std::vector<NewEntry> bundles;
  std::vector<EndedHold> ended;
  std::vector<Row> rows;
  std::vector<NewLot> lots;
  std::vector<Reservation> reserved;
  std::vector<Reservation> closed;
  std::vector<LotEnd> lot_ends;
};

}  // namespace ledger
