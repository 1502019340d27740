// Writes what was decided, as part of the unit that loaded the books: rows are added, balances
// changed by difference under the conditions that held when they were loaded. A condition that does
// not hold any more is our bug (CHECK): the locks keep everybody else away. Inside the module.
#pragma once

#include <cstdint>

#include "ledger/books.h"
#include "ledger/entries.h"
#include "store/database.h"

namespace ledger {

// `books` as they shall stand.
void write(store::Unit& unit, const Books& books, const Entries& entries);

// This and the kNumbersPerUnit − 1 that follow are free for bundles of this unit. After the locks,
// so that numbers rise in the order of entry where accounts are shared.
inline constexpr std::int64_t kNumbersPerUnit = 1024;
std::int64_t next_number(store::Unit& unit);

// Keys of timers: of a hold its number's own name, of a lot its id.
constexpr std::int64_t timer_key_of(std::int64_t hold) { return hold * kNamesPerBundle; }
constexpr bool is_hold_key(std::int64_t key) { return key % kNamesPerBundle == 0; }

}  // namespace ledger
