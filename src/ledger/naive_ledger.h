// The ledger once more, as simply as can be: every point is a coin that lies somewhere, knows when
// it ends and who holds it. Nothing is added up that can be counted, nothing undone that can be
// copied. Only for tests, with small amounts and well formed requests.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/moment.h"
#include "ledger/bundle.h"

namespace ledger {

class NaiveLedger {
 public:
  struct Flags {
    bool debt_allowed = false;
    bool has_lots = false;
  };
  explicit NaiveLedger(base::Duration grace) : grace_(grace) {}

  void open(LedgerAccountId account, Flags flags);

  // As ledger_fixture.h spells answers.
  std::string ask(const Request& request, base::Moment now);
  // The bundle that was accepted last has this number: what lots are named after.
  void numbered(std::int64_t number) { numbers_.push_back(number); }
  // The timers of all that has ended.
  void tick(base::Moment now);

  // "7 held 2", and what may be spent by lots: "id:left@end …".
  std::string balance(LedgerAccountId account, base::Moment now);
  std::string lots(LedgerAccountId account, base::Moment now);
  // Of a bundle that was accepted, as time has left it.
  State state(const std::string& bundle, base::Moment now) const;
  // As reading.h says it: every coin that came or went by then, but for those that had ended.
  std::int64_t balance_at(LedgerAccountId account, base::Moment effective,
                          base::Moment entered) const;
  // A lot that the account has or had; none: it never had one.
  std::optional<LotId> some_lot(LedgerAccountId account, std::size_t which) const;

 private:
  // In the order in which lots of one end are spent.
  struct LotName {
    std::size_t bundle = 0;  // how many were accepted before it
    std::int64_t posting = 0;
    bool late = false;
    auto operator<=>(const LotName&) const = default;
  };
  struct Coin {
    base::Moment expires = base::kMomentMax;
    LotName lot;
    std::string hold;  // empty: free
    std::int64_t posting = 0;
    base::Moment until;
  };
  // Without lots, or what a hold would take on credit.
  struct Keep {
    std::string hold;
    std::int64_t posting = 0;
    std::int64_t amount = 0;
    base::Moment until;
  };
  struct SpentCoin {
    std::optional<Coin> coin;  // none: it was none
    bool is_back = false;
  };
  // A coin that came or went, or one of debt.
  struct Moved {
    std::int64_t amount = 0;
    base::Moment expires = base::kMomentMax;
    base::Moment effective;
    base::Moment entered;
  };
  struct Account {
    Flags flags;
    std::int64_t plain = 0;  // without lots: the balance; with: − debt
    std::vector<Coin> coins;
    std::vector<Keep> keeps;
    std::map<std::string, std::vector<SpentCoin>> spent;
    std::vector<LotName> lots;
    base::Moment seen{0};
    base::Moment entered{0};  // of the last that moved
    std::vector<Moved> moved;
  };
  struct Known {
    Bundle bundle;
    std::size_t index = 0;
    State state = State::posted;
    base::Moment until;
    std::vector<std::int64_t> amounts;
  };

  std::string post(const Bundle& bundle, base::Moment now);
  std::string commit(const Commit& commit, base::Moment now);
  std::string release(const Release& release, base::Moment now);
  std::string spend(const Posting& posting, const std::string& id, base::Moment now);
  std::string keep(const Posting& posting, const Known& hold, std::int64_t place, base::Moment now);
  std::string receive(const Posting& posting, const Known& into, std::int64_t place,
                      base::Moment now);
  std::string give_back(const Posting& posting, const Known& into, std::int64_t place,
                        base::Moment now);
  void put(Account& account, const Coin& coin);
  void note(Account& account, std::int64_t amount, base::Moment expires) const;
  void take_held(const Posting& posting, const Known& held, std::int64_t place, base::Moment now);
  void touch(Account& account, base::Moment now);
  // Of coins and keeps, both with `hold` and `until`.
  template <typename Which>
  void free_where(Account& account, base::Moment now, Which which) {
    bool freed = std::erase_if(account.keeps, which) > 0;
    for (Coin& coin : account.coins) {
      if (coin.hold.empty() || !which(coin)) continue;
      coin.hold.clear();
      freed = true;
    }
    if (freed) touch(account, now);
  }
  void free(const std::string& hold, base::Moment now);
  void free_ended(Account& account, base::Moment now);
  LotId id_of(const LotName& lot) const;
  base::Moment time_of(const Account& account, base::Moment now) const;
  bool is_over(const Known& hold, base::Moment now) const;
  // When it is entered.
  base::Moment entry_of(const Bundle& bundle, base::Moment now) const;
  std::vector<std::size_t> free_coins(const Account& account, base::Moment at) const;
  void end_expired(Known& hold, base::Moment now);

  base::Duration grace_;
  base::Moment entered_;  // of what is being done
  base::Moment effective_;
  std::map<LedgerAccountId, Account> accounts_;
  std::map<std::string, Known> bundles_;
  std::vector<std::int64_t> numbers_;
};

}  // namespace ledger
