// What the ledger decides: pure, over the part of the books that a group of requests touches.
//
//   load ─▶ Books ─▶ Deciding(books, now) ─▶ decide(request) … ─▶ Entries ─▶ one unit
//
// Requests are decided in the order given, each over what those before it left. Who loads holds the
// locks of all accounts in the books, so that what is decided here is still so when it is written;
// the statements that write repeat the conditions all the same.
//
// What has ended by its moment has ended, whether or not anybody has written it down yet:
//   - what a hold keeps is free from its end on, and the hold cannot be committed. A hold lasts as
//     long as it was asked for by the clock, `now`: after a clock that was a day ahead it does not
//     last a day longer. What was freed under that clock is gone for good, and the hold with it.
//   - a lot is not spent from its end on. The part of it that a hold keeps stays until the hold's
//     end: a commit before that may still spend it. For lots time on an account never runs
//     backward: it is `now` or the latest moment the account has seen, whichever is later, and none
//     of the business of the accounts beside it.
// What is entered is entered at one moment for all accounts it touches: `now`, or the latest one
// that any of them has seen or has a posting of. So the postings of an account stand in the order
// of their entry, and a balance as of any moment is that of a beginning of its statement.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/result.h"
#include "ledger/bookkeeper.h"
#include "ledger/books.h"
#include "ledger/bundle.h"
#include "ledger/entries.h"
#include "ledger/fault.h"

namespace ledger {

// Not thread safe; one for each group of requests. `books` is changed to what will stand.
class Deciding {
 public:
  // `next_number`: this and all that follow are free for new bundles.
  Deciding(Books& books, base::Moment now, std::int64_t next_number)
      : books_(books), keeper_(books, now), now_(now), next_number_(next_number) {}

  [[nodiscard]] base::Result<Outcome, Fault> decide(const Request& request);
  // Its time is over: what it keeps is free and its record says so. Nothing while it may still be
  // committed, or when it has ended otherwise. In the books.
  void expire(std::string_view hold);
  // Takes what is free of a lot that has ended out of its account, into one that may receive
  // anything; both in the books. Nothing before its end, and where nothing is free.
  void write_off(LedgerAccountId account, LotId lot, LedgerAccountId into);

  const Entries& entries() const { return keeper_.entries(); }

 private:
  [[nodiscard]] base::Result<Outcome, Fault> post(const Bundle& bundle);
  [[nodiscard]] base::Result<Outcome, Fault> commit(const Commit& commit);
  [[nodiscard]] base::Result<Outcome, Fault> release(const Release& release);

  Refusal accounts_fault(std::span<const Transfer> transfers) const;
  static Refusal commit_fault(const Entry& hold, const Commit& commit, base::Moment at);
  // Frees what has ended on the accounts, marks.
  void begin(std::span<const Transfer> transfers);
  // When something that touches these accounts is entered.
  base::Moment entry_of(std::span<const Transfer> transfers);
  // Of a hold that is held: its end has come, or what it kept has been freed by a clock that said
  // so.
  bool is_over(const Entry& hold);

  Refusal post_transfers(const Bundle& bundle, base::Moment at);
  Refusal reserve_transfers(const Bundle& bundle, base::Moment until);
  Refusal commit_transfers(const Entry& hold, const Commit& commit, base::Moment at);
  // Frees what it keeps.
  void end(Entry& hold, State state, base::Moment at);

  Books& books_;
  Bookkeeper keeper_;
  base::Moment now_;
  std::int64_t next_number_;
};

}  // namespace ledger
