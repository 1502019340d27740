// Carries out one posting after another on the books and notes what is to be written. Pure; what
// has been done since a mark can be taken back, so that a bundle happens as a whole or not at all.
//
// Accounts with lots: what comes in pays debt first; what goes out is taken from what expires
// soonest (equal ends: from the older lot) and only then becomes debt, where that is allowed.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "ledger/books.h"
#include "ledger/entries.h"
#include "ledger/fault.h"

namespace ledger {

using Refusal = std::optional<Fault>;

// The posting that is being carried out.
struct Place {
  std::int64_t bundle = 0;
  std::string_view id;        // of the bundle; outlives the place
  std::int64_t transfer = 0;  // from 1
  std::int64_t posting = 0;   // from 1
  base::Moment effective_at = {};
  base::Moment entered_at = {};
  // What is coming back, while it is.
  std::string_view refund_of = {};
  LotId refunded_lot = {};
};

// Holds end by `now`. For lots time on an account never runs backward: it is `now` or the latest
// moment the account has seen, whichever is later; it has seen `now` when anything of it is
// changed.
// Not thread safe. Borrows the books.
class Bookkeeper {
 public:
  Bookkeeper(Books& books, base::Moment now) : books_(books), now_(now) {}

  // All accounts are in the books.
  [[nodiscard]] Refusal carry_out(const Posting& posting, Place& place);
  // Keeps what a posting that spends would take.
  [[nodiscard]] Refusal reserve(const Posting& posting, const Place& place, base::Moment until);
  // Spends `amount` of what was kept for the posting of a hold; the rest is free again.
  void spend_reserved(LedgerAccountId account, std::int64_t amount, Place& place);
  // Frees all that the bundle keeps of the account, since `at`.
  void free_reserved(LedgerAccountId account, std::int64_t bundle, base::Moment at);
  // What is kept of the account for a posting of a hold, which is in the books.
  std::int64_t kept(LedgerAccountId account, std::int64_t bundle, std::int64_t posting) const;
  // Frees all of the account that holds kept which have ended.
  void free_ended(LedgerAccountId account);
  // Takes what is free of the lot, ended or not, out of the account into another one that keeps no
  // lots: postings 1 and 2.
  [[nodiscard]] Refusal write_off(LedgerAccountId account, LotId lot, LedgerAccountId into,
                                  Place& place);

  Account& account(LedgerAccountId id) { return books_.accounts.at(id); }
  base::Moment time_of(const Account& account) const { return std::max(now_, account.seen); }

  // A mark forgets the ones before it.
  void mark();
  void take_back();  // everything since the mark

  Entries& entries() { return entries_; }
  const Entries& entries() const { return entries_; }

 private:
  // Of a lot, or of the account itself.
  struct Part {
    LotId lot;
    std::int64_t amount = 0;
  };

  Refusal spend(Account& account, const Posting& posting, Place& place);
  Refusal receive(Account& account, const Posting& posting, Place& place);
  Refusal give_back(Account& account, const Posting& posting, Place& place);
  Refusal give_back_part(Account& account, const Posting& posting, Place& place);
  Refusal fill(Account& account, const Lot& made, std::int64_t amount, Place& place);
  void make_lot(Account& account, const Lot& made, const Place& place);
  // What a posting that spends is taken from, in the order of spending.
  [[nodiscard]] base::Result<std::vector<Part>, Fault> parts_of(const Account& account,
                                                                const Posting& posting) const;
  Refusal move(Account& account, const Part& part, Place& place);
  void note_spent(Account& account, const Part& part, const Place& place);
  void see(Account& account);
  void close(Account& account, std::size_t reservation, base::Moment at);
  // Changes a number of an account or of a lot, until it is taken back.
  void change(Account& account, std::int64_t Account::* number, std::int64_t by);
  void change(Account& account, LotId lot, std::int64_t Lot::* number, std::int64_t by);

  Books& books_;
  base::Moment now_;
  Entries entries_;
  std::vector<std::function<void()>> undo_;
  std::array<std::size_t, 5> marked_{};  // sizes of the lists of entries_ that postings add to
};

}  // namespace ledger
