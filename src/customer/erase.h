// Erasing a person: everything that says who they were goes, everywhere.
//
// In the unit of erase(): the log's rows of every customer of the person are blanked (day kept,
// properties gone, id random), identities, attributes, tags, lists, consents, aliases, reviews and
// the customers themselves are deleted, the audit keeps "erased" in place of values, and names of
// imported files that tell an identity the person has or had are forgotten. On SQLite
// deleted bytes are overwritten (secure_delete) and store::Database::scrub, called after the unit,
// leaves no trace in the files of the folder, the write-ahead log included.
//
// Kept: for each erased identity its keyed hash and the moment, in ErasedHashes, which lie outside
// backups, so that a restored backup is told again who was erased (apply_erased).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "customer/writing.h"

namespace customer {

// Hashes of erased identities under a key of their own. Thread safe.
class ErasedHashes {
 public:
  virtual ~ErasedHashes() = default;

  // Durable before the unit that erases commits: a hash too many is harmless, one too few brings
  // an erased person back. `subjects` are identity subjects (below).
  virtual void remember(store::Unit& unit, std::span<const std::string> subjects,
                        base::Moment erased_at) = 0;
  // The moment of the last erasure of this subject; nothing: never.
  virtual std::optional<base::Moment> erased_at(store::Session& session,
                                                std::string_view subject) = 0;
};
// "kind\0account\0normal form" for an identity, "id\0<number>" for the customer id itself.

inline constexpr std::string_view kErasedFile = "erased.hashes";
inline constexpr std::int64_t kErasedFileBytesMax = 1'000'000'000;  // some ten million identities

// The file `erased.hashes` in the data folder, no part of backups, mode 0600. First line
// "siyu erased 1 <key>", every other "<moment in ms> <HMAC-SHA-256 of the subject>", hexadecimal.
// A line cut by a crash belongs to an erasure that did not happen and is dropped. Whoever restores
// a backup on another machine takes this file along. One process at a time. Throws store::Failure
// when it cannot be read or made.
std::unique_ptr<ErasedHashes> open_erased_hashes(const std::string& folder, base::Random& random);
// The tables erased_key and erased_hash of PostgreSQL: to be left out of dumps that serve as
// backups (pg_dump --exclude-table-data='erased_*') and dumped by themselves (pg_dump -t
// 'erased_*'), so that the newest of them meets any older dump.
std::unique_ptr<ErasedHashes> erased_hashes_table(base::Random& random);

struct Erased {
  std::int64_t customers = 0;  // ids that were this person
  std::int64_t events = 0;     // rows of the log blanked
};
// `random`: for the ids that stand in for the person's in the log.
[[nodiscard]] base::Result<Erased, Error> erase(Writing& writing, ErasedHashes& hashes,
                                                base::Random& random, base::CustomerId customer);

// After a restore, before anything is served: erases every person who has an identity erased after
// it had entered. The same person known again later stays. Answers how many were erased again.
[[nodiscard]] base::Result<std::int64_t, Error> apply_erased(Writing& writing, ErasedHashes& hashes,
                                                             base::Random& random);

}  // namespace customer
