// Claiming keys: of all who come with one key, one gets it and the others learn where its event
// stands. Part of the caller's unit.
#pragma once

#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/key_hash.h"
#include "log/key_memory.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {

// A key, and the position its event will have if the key is new.
struct KeyClaim {
  KeyHash key;
  Position position;
};

// For each claim the position of the event that has the key already; nothing: the claim stands.
// Keys differ from each other.
using KnownPositions = std::vector<std::optional<Position>>;

// How long a caller's key is known.
struct KeyWindow {
  base::Moment now;
  base::Moment arrived_after;  // what arrived at or before is forgotten
};

KnownPositions claim_callers_keys(store::Unit& unit, KeyMemory& memory,
                                  std::span<const KeyClaim> claims, const KeyWindow& window);
// Known until their batch is undone.
KnownPositions claim_import_keys(store::Unit& unit, base::BatchId batch,
                                 std::span<const KeyClaim> claims);
// Those of the keys that are known, without a claim: a later one may find more.
using KnownKeys = std::unordered_set<KeyHash>;
KnownKeys find_callers_keys(store::Unit& unit, const KeyMemory& memory,
                            std::span<const KeyHash> keys, const KeyWindow& window);
KnownKeys find_import_keys(store::Unit& unit, std::span<const KeyHash> keys);

// A claim of this unit turns out to end at another position.
void move_claim(store::Unit& unit, const KeyMemory& memory, const KeyClaim& claim);

// Reads keys that are in the database, those of rows after `after_row`; SQLite only. Answers the
// last row read; nothing: there are no more. Part after part, since a read is short.
std::optional<std::int64_t> load_keys(store::Session& session, KeyMemory& memory,
                                      std::int64_t after_row);
// Those that arrived before, at most `limit`; answers how many.
std::int64_t drop_keys(store::Unit& unit, KeyMemory& memory, base::Moment arrived_before,
                       std::int64_t limit);

}  // namespace event_log
