// What the ledger refuses. A refusal changes nothing; the caller must handle it.
#pragma once

#include <cstdint>
#include <string_view>

namespace ledger {

// Where several apply, the one named first here is told, except that what a bundle is by itself
// (up to unbalanced) goes before what it meets.
enum class Fault : std::uint8_t {
  bad_id,         // of a bundle: not 1–kBundleIdBytesMax printable ASCII characters, or kOwnPrefix
  bad_why,        // not 1–kWhyBytesMax bytes of UTF-8 without control characters
  bad_name,       // of an asset, an owner, a book: not as asset.h and ledger_account.h say
  bad_amount,     // 0, or beyond ±kAmountMax
  bad_postings,   // fewer than two in a transfer, more than kPostingsMax in a bundle, or one that
                  // receives and names a lot, or spends and names an end or a refund
  bad_moment,     // before 1970
  bad_term,       // a hold for less than nothing or beyond kHeldForMax; a grace likewise
  unbalanced,     // the amounts of a transfer do not sum to zero
  id_reused,      // another request came under this id before
  unknown_asset,  // there is none with this code
  asset_differs,  // there is one with this code, of another kind or scale
  unknown_account,  // there is none with this id
  account_differs,  // there is one with this key and other flags
  mixed_assets,     // the accounts of a transfer are of several assets
  no_lots,          // a lot or its end, on an account without lots
  in_future,        // effective later than it is entered
  unknown_lot,      // not one of this account
  lot_short,        // less is free in the lot named than asked for
  short_of_funds,   // an account that may not go below zero would
  unknown_refund,   // the account has spent nothing in the bundle to refund
  refund_exceeded,  // more than was spent and not yet given back
  too_many_lots,    // the account would have more than kLotsMax lots that are not empty
  out_of_range,     // a balance would leave ±kBalanceMax
  unknown_hold,     // no hold has this id
  hold_committed,   // it ended by a commit (of other amounts, where this is a commit)
  hold_released,    // it ended by a release
  hold_expired,     // its time is over
  commit_exceeded,  // a part is more than what is held, or does not match its postings
};
inline constexpr std::size_t kFaultCount = 28;
std::string_view code_of(Fault fault);  // "ledger.bad_id"

}  // namespace ledger
