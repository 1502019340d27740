// What is asked of the ledger: a bundle of transfers, now or held for a while; the commit or the
// release of a hold.
//
//   Bundle{ id "order-17", why "order:17", transfers {
//     { {customer, -500}, {shop, +500} },          money
//     { {stock, -1}, {sold, +1} } } }              happens as a whole or not at all
//
// The id makes a repeat safe: the same content under the same id changes nothing and is answered
// with what has become of it; other content under it is refused. Ids are for ever; one whose
// request was refused is still free. Those that begin with kOwnPrefix are the ledger's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/moment.h"

namespace ledger {

using AssetId = base::Id<struct AssetTag>;
using LedgerAccountId = base::Id<struct LedgerAccountTag>;
using LotId = base::Id<struct LotTag>;

inline constexpr std::size_t kBundleIdBytesMax = 120;
inline constexpr std::string_view kOwnPrefix = "ledger/";
inline constexpr std::size_t kWhyBytesMax = 200;
inline constexpr std::size_t kPostingsMax = 100;  // in one bundle
// A hundred million million of an asset's smallest parts: ten thousand such amounts still fit.
inline constexpr std::int64_t kAmountMax = 100'000'000'000'000;
inline constexpr std::int64_t kBalanceMax = 1'000'000'000'000'000'000;
inline constexpr base::Duration kHeldForMax{400 * base::kDay.ms};

// Amounts in the smallest part of the asset; what comes into the account is positive.
struct Posting {
  LedgerAccountId account;
  std::int64_t amount = 0;
  // Of accounts that keep lots. Spending: from this lot alone; else from what expires soonest.
  LotId lot = {};
  // Of accounts that keep lots. Receiving: when the lot made of it expires.
  base::Moment expires = base::kMomentMax;
  // Receiving: what this account has spent in that bundle comes back, no more than that; where it
  // keeps lots, to the lots it came from, the one that expires latest first. What comes back may be
  // spent for the asset's grace at least: of a lot that has expired meanwhile, or ends before that,
  // it comes back as a new one that ends the grace from now.
  std::string refund_of = {};

  bool operator==(const Posting&) const = default;
};

struct Transfer {
  std::vector<Posting> postings;  // at least two, of one asset, with the sum zero
  bool operator==(const Transfer&) const = default;
};

struct Bundle {
  std::string id;
  std::string why;  // the cause, as "kind:id": found again by it
  std::vector<Transfer> transfers = {};
  // When it is true: not later than it is entered, not before 1970. None: when it is entered, which
  // is now, or the latest moment that its accounts have an entry of.
  std::optional<base::Moment> effective_at = std::nullopt;
  // 0: it happens now. Else what it takes is held for so long, and nothing moves before a commit.
  // A length, not a moment: a repeat says the same again, whenever it comes. Counted from when it
  // is entered, by the clock.
  base::Duration held_for{0};

  bool is_hold() const { return held_for.ms != 0; }
};

// Makes a hold happen: whole, or with smaller amounts, whose rest is free again. One commit ends a
// hold.
struct Commit {
  std::string hold;
  // Empty: whole. Else one amount for each posting of the hold, in their order: of the same sign
  // (or 0) and not beyond it, each transfer summing to zero.
  std::vector<std::int64_t> amounts = {};
  std::optional<base::Moment> effective_at = std::nullopt;  // as a bundle's
};

// Ends a hold without anything happening. Of one that has expired or is released: nothing.
struct Release {
  std::string hold;
};

using Request = std::variant<Bundle, Commit, Release>;

// Stored by number.
enum class State : std::uint8_t { posted, held, committed, released, expired };
inline constexpr std::size_t kStates = 5;
std::string_view name_of(State state);  // "posted"

// What became of a request.
struct Outcome {
  std::int64_t number = 0;  // of the bundle, rising in the order of entry where accounts are shared
  State state = State::posted;
  base::Moment entered_at;                     // of the bundle
  base::Moment held_until = base::kMomentMin;  // of a hold
  bool is_repeat = false;                      // it had been done before: nothing changed

  bool operator==(const Outcome&) const = default;
};

// 64 hexadecimal digits that tell a bundle's content: equal for equal bundles, whatever their ids.
std::string content_of(const Bundle& bundle);

}  // namespace ledger
