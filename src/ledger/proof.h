// Whether the books balance: what `siyu check` proves and Home shows. Repairs nothing.
//
//   every transfer         its postings sum to zero and are of one asset
//   every account          posted = its postings, numbered without gaps; held = its reservations;
//                          never below zero after any posting, where debt is not allowed
//   every lot              what is in it = its postings; held = its reservations
//   every account of lots  posted = what is in its lots − debt
//   every hold             keeps what it takes, unless its end has been seen; an ended one nothing
//
// Reads slice by slice, each in one read; units that happen between them are no error. Memory for
// one slice.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/database.h"

namespace ledger {

inline constexpr std::int64_t kProofAccountsAtOnce = 200;
inline constexpr std::int64_t kProofBundlesAtOnce = 5'000;
inline constexpr std::size_t kProofProblemsMax = 1000;  // further ones are not looked for

struct Proof {
  std::int64_t accounts = 0;
  std::int64_t bundles = 0;
  std::int64_t postings = 0;
  // "account <id> posted", "account <id> below zero", "lot <id>", "bundle <number> sum", …
  std::vector<std::string> wrong;
  bool stopped = false;  // then the rest means nothing
};
// `go_on`: after every slice, with the rows looked at; false: stop. Empty: nobody asks.
Proof prove(store::Database& database, const std::function<bool(std::int64_t rows)>& go_on = {});

}  // namespace ledger
