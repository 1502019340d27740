#include "ledger/naive_ledger.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ledger/books.h"

namespace ledger {

void NaiveLedger::open(LedgerAccountId account, Flags flags) { accounts_[account].flags = flags; }

std::string NaiveLedger::ask(const Request& request, base::Moment now) {
  if (const auto* bundle = std::get_if<Bundle>(&request)) return post(*bundle, now);
  if (const auto* committed = std::get_if<Commit>(&request)) return commit(*committed, now);
  return release(std::get<Release>(request), now);
}

LotId NaiveLedger::id_of(const LotName& lot) const {
  return lot_of(numbers_.at(lot.bundle), lot.posting, lot.late ? LotKind::late : LotKind::received);
}

base::Moment NaiveLedger::time_of(const Account& account, base::Moment now) const {
  return std::max(account.seen, now);
}

// Its end has come, or somebody to whom it had come took what it held.
bool NaiveLedger::is_over(const Known& hold, base::Moment now) const {
  std::int64_t wanted = 0;
  std::int64_t held = 0;
  for (const Transfer& transfer : hold.bundle.transfers) {
    for (const Posting& posting : transfer.postings) {
      if (posting.amount < 0) wanted -= posting.amount;
    }
  }
  for (const auto& [id, account] : accounts_) {
    for (const Coin& coin : account.coins) held += coin.hold == hold.bundle.id ? 1 : 0;
    for (const Keep& keep : account.keeps) held += keep.hold == hold.bundle.id ? keep.amount : 0;
  }
  return hold.until <= now || held < wanted;
}

base::Moment NaiveLedger::entry_of(const Bundle& bundle, base::Moment now) const {
  base::Moment at = now;
  for (const Transfer& transfer : bundle.transfers) {
    for (const Posting& posting : transfer.postings) {
      const Account& account = accounts_.at(posting.account);
      at = std::max({at, account.seen, account.entered});
    }
  }
  return at;
}

void NaiveLedger::touch(Account& account, base::Moment now) {
  account.seen = std::max(account.seen, now);
}

void NaiveLedger::free_ended(Account& account, base::Moment now) {
  free_where(account, now, [now](const auto& kept) { return kept.until <= now; });
}

void NaiveLedger::free(const std::string& hold, base::Moment now) {
  for (auto& [id, account] : accounts_) {
    free_where(account, now, [&hold](const auto& kept) { return kept.hold == hold; });
  }
}

// In the order of spending.
std::vector<std::size_t> NaiveLedger::free_coins(const Account& account, base::Moment at) const {
  std::vector<std::size_t> coins;
  for (std::size_t i = 0; i < account.coins.size(); ++i) {
    const Coin& coin = account.coins[i];
    if (coin.hold.empty() && coin.expires > at) coins.push_back(i);
  }
  std::ranges::stable_sort(coins, {}, [&account](std::size_t i) {
    return std::pair(account.coins[i].expires, account.coins[i].lot);
  });
  return coins;
}

std::string NaiveLedger::post(const Bundle& bundle, base::Moment now) {
  if (const auto found = bundles_.find(bundle.id); found != bundles_.end()) {
    if (content_of(found->second.bundle) != content_of(bundle)) return "id_reused";
    end_expired(found->second, now);
    return std::string(name_of(found->second.state)) + " again";
  }
  for (const Transfer& transfer : bundle.transfers) {
    for (const Posting& posting : transfer.postings) free_ended(accounts_.at(posting.account), now);
  }
  entered_ = entry_of(bundle, now);
  effective_ = bundle.effective_at.value_or(entered_);
  if (effective_ > entered_) return "in_future";
  Known known{.bundle = bundle, .index = bundles_.size(), .until = {}, .amounts = {}};
  if (bundle.is_hold()) {
    known.state = State::held;
    known.until = now + bundle.held_for;
  }
  const auto before = accounts_;
  std::int64_t place = 0;
  for (const Transfer& transfer : bundle.transfers) {
    for (const Posting& posting : transfer.postings) {
      ++place;
      std::string refused;
      if (posting.amount < 0) {
        refused =
            bundle.is_hold() ? keep(posting, known, place, now) : spend(posting, bundle.id, now);
      } else if (!bundle.is_hold()) {
        refused = receive(posting, known, place, now);
      }
      if (refused.empty()) continue;
      accounts_ = before;
      return refused;
    }
  }
  bundles_.emplace(bundle.id, known);
  return std::string(name_of(known.state));
}

std::string NaiveLedger::spend(const Posting& posting, const std::string& id, base::Moment now) {
  Account& account = accounts_.at(posting.account);
  std::int64_t wanted = -posting.amount;
  std::vector<std::size_t> coins = free_coins(account, time_of(account, now));
  if (posting.lot) {
    std::erase_if(coins, [&](std::size_t i) {
      const LotName& lot = account.coins[i].lot;
      // Nobody can name what was made a moment ago.
      return lot.bundle >= numbers_.size() || id_of(lot) != posting.lot;
    });
    if (std::ssize(coins) < wanted) return "lot_short";
  }
  std::int64_t there = std::ssize(coins);
  if (!account.flags.has_lots) {
    there = account.plain;
    for (const Keep& keep : account.keeps) there -= keep.amount;
  }
  if (!account.flags.debt_allowed && there < wanted) return "short_of_funds";
  touch(account, now);
  account.entered = entered_;
  std::vector<std::size_t> gone;
  for (const std::size_t i : coins) {
    if (wanted == 0) break;
    --wanted;
    account.spent[id].push_back({account.coins[i]});
    note(account, -1, account.coins[i].expires);
    gone.push_back(i);
  }
  std::ranges::sort(gone, std::ranges::greater{});
  for (const std::size_t i : gone) account.coins.erase(account.coins.begin() + std::ptrdiff_t(i));
  for (; wanted > 0; --wanted) {
    --account.plain;
    note(account, -1, base::kMomentMax);
    account.spent[id].push_back({});
  }
  return {};
}

std::string NaiveLedger::keep(const Posting& posting, const Known& hold, std::int64_t place,
                              base::Moment now) {
  // As spending would, and then nothing is gone but held.
  Account after = accounts_.at(posting.account);
  const std::string trial = "trial";
  Account before = after;
  const std::string refused = spend(posting, trial, now);
  after = accounts_.at(posting.account);
  accounts_.at(posting.account) = before;
  if (!refused.empty()) return refused;
  Account& account = accounts_.at(posting.account);
  touch(account, now);
  for (const SpentCoin& spent : after.spent[trial]) {
    if (!spent.coin) {
      account.keeps.push_back({hold.bundle.id, place, 1, hold.until});
      continue;
    }
    const auto coin = std::ranges::find_if(account.coins, [&](const Coin& each) {
      return each.hold.empty() && each.lot == spent.coin->lot;
    });
    coin->hold = hold.bundle.id;
    coin->posting = place;
    coin->until = hold.until;
  }
  return {};
}

void NaiveLedger::put(Account& account, const Coin& coin) {
  if (account.flags.has_lots && account.plain == 0) {
    note(account, 1, coin.expires);
    account.coins.push_back(coin);
    account.lots.push_back(coin.lot);
  } else {
    note(account, 1, base::kMomentMax);
    ++account.plain;
  }
}

void NaiveLedger::note(Account& account, std::int64_t amount, base::Moment expires) const {
  account.moved.push_back({amount, expires, effective_, entered_});
}

std::int64_t NaiveLedger::balance_at(LedgerAccountId id, base::Moment effective,
                                     base::Moment entered) const {
  std::int64_t sum = 0;
  for (const Moved& each : accounts_.at(id).moved) {
    const bool is_known = each.effective <= effective && each.entered <= entered;
    if (is_known && each.expires > effective) sum += each.amount;
  }
  return sum;
}

std::string NaiveLedger::receive(const Posting& posting, const Known& into, std::int64_t place,
                                 base::Moment now) {
  if (!posting.refund_of.empty()) return give_back(posting, into, place, now);
  Account& account = accounts_.at(posting.account);
  touch(account, now);
  account.entered = entered_;
  for (std::int64_t i = 0; i < posting.amount; ++i) {
    put(account,
        {.expires = posting.expires, .lot = {into.index, place, false}, .hold = {}, .until = {}});
  }
  return {};
}

std::string NaiveLedger::give_back(const Posting& posting, const Known& into, std::int64_t place,
                                   base::Moment now) {
  Account& account = accounts_.at(posting.account);
  auto& spent = account.spent[posting.refund_of];
  if (spent.empty()) return "unknown_refund";
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < spent.size(); ++i) {
    if (!spent[i].is_back) open.push_back(i);
  }
  if (std::ssize(open) < posting.amount) return "refund_exceeded";
  touch(account, now);
  account.entered = entered_;
  // What was spent last comes back first.
  std::ranges::stable_sort(open, std::ranges::greater{}, [&spent](std::size_t i) {
    const auto& coin = spent[i].coin;
    return std::tuple(!coin, coin ? coin->expires : base::kMomentMin, coin ? coin->lot : LotName{});
  });
  for (std::size_t i = 0; i < static_cast<std::size_t>(posting.amount); ++i) {
    SpentCoin& back = spent[open[i]];
    back.is_back = true;
    Coin coin{
        .expires = posting.expires, .lot = {into.index, place, false}, .hold = {}, .until = {}};
    if (back.coin) {
      const base::Moment at = time_of(account, now);
      if (back.coin->expires > at && back.coin->expires >= at + grace_) {
        coin.expires = back.coin->expires;
        coin.lot = back.coin->lot;
      } else {
        coin.expires = at + grace_;
        coin.lot.late = true;
      }
    }
    put(account, coin);
  }
  return {};
}

// Of what the hold keeps for a posting: as much as its commit says is spent.
void NaiveLedger::take_held(const Posting& posting, const Known& held, std::int64_t place,
                            base::Moment now) {
  const std::string& hold = held.bundle.id;
  Account& account = accounts_.at(posting.account);
  touch(account, now);
  if (posting.amount < 0) account.entered = entered_;
  for (std::int64_t wanted = -posting.amount; wanted > 0; --wanted) {
    auto first = account.coins.end();
    for (auto coin = account.coins.begin(); coin != account.coins.end(); ++coin) {
      if (coin->hold != hold || coin->posting != place) continue;
      if (first == account.coins.end() ||
          std::pair(coin->expires, coin->lot) < std::pair(first->expires, first->lot)) {
        first = coin;
      }
    }
    if (first == account.coins.end()) {
      --account.plain;
      note(account, -1, base::kMomentMax);
      account.spent[hold].push_back({});
    } else {
      account.spent[hold].push_back({*first});
      note(account, -1, first->expires);
      account.coins.erase(first);
    }
  }
}

std::string NaiveLedger::commit(const Commit& commit, base::Moment now) {
  const auto found = bundles_.find(commit.hold);
  if (found == bundles_.end() || found->second.state == State::posted) return "unknown_hold";
  Known& hold = found->second;
  if (hold.state == State::committed) {
    return hold.amounts == commit.amounts ? "committed again" : "hold_committed";
  }
  if (hold.state == State::released) return "hold_released";
  end_expired(hold, now);
  if (hold.state == State::expired) return "hold_expired";
  entered_ = effective_ = entry_of(hold.bundle, now);
  const auto before = accounts_;
  std::int64_t place = 0;
  for (const Transfer& transfer : hold.bundle.transfers) {
    for (Posting posting : transfer.postings) {
      ++place;
      const bool spends = posting.amount < 0;
      if (!commit.amounts.empty()) {
        posting.amount = commit.amounts[static_cast<std::size_t>(place - 1)];
      }
      std::string refused;
      if (spends) {
        take_held(posting, hold, place, now);
      } else if (posting.amount > 0) {
        refused = receive(posting, hold, place, now);
      }
      if (refused.empty()) continue;
      accounts_ = before;
      return refused;
    }
  }
  free(commit.hold, now);
  hold.state = State::committed;
  hold.amounts = commit.amounts;
  return "committed";
}

void NaiveLedger::end_expired(Known& hold, base::Moment now) {
  if (hold.state != State::held) return;
  for (const Transfer& transfer : hold.bundle.transfers) {
    for (const Posting& posting : transfer.postings) free_ended(accounts_.at(posting.account), now);
  }
  if (!is_over(hold, now)) return;
  free(hold.bundle.id, now);
  hold.state = State::expired;
}

std::string NaiveLedger::release(const Release& release, base::Moment now) {
  const auto found = bundles_.find(release.hold);
  if (found == bundles_.end() || found->second.state == State::posted) return "unknown_hold";
  Known& hold = found->second;
  if (hold.state == State::committed) return "hold_committed";
  if (hold.state == State::held) {
    end_expired(hold, now);
    if (hold.state == State::held) {
      free(release.hold, now);
      hold.state = State::released;
      return "released";
    }
  }
  return std::string(name_of(hold.state)) + " again";
}

// Holds that have ended, then coins.
void NaiveLedger::tick(base::Moment now) {
  std::vector<Known*> due;
  for (auto& [id, hold] : bundles_) {
    if (hold.state == State::held && hold.until <= now) due.push_back(&hold);
  }
  std::ranges::sort(due, {}, [](const Known* hold) { return std::pair(hold->until, hold->index); });
  for (Known* hold : due) end_expired(*hold, now);
  for (auto& [id, account] : accounts_) {
    const auto is_over = [now](const Coin& coin) { return coin.expires <= now; };
    if (std::ranges::none_of(account.coins, is_over)) continue;
    free_ended(account, now);
    const auto gone = std::erase_if(
        account.coins, [&](const Coin& coin) { return coin.hold.empty() && is_over(coin); });
    if (gone == 0) continue;
    account.entered = std::max(time_of(account, now), account.entered);
    touch(account, now);
  }
}

std::string NaiveLedger::balance(LedgerAccountId id, base::Moment now) {
  const Account& account = accounts_.at(id);
  const base::Moment at = time_of(account, now);
  std::int64_t posted = account.plain;
  std::int64_t held = 0;
  for (const Coin& coin : account.coins) {
    const bool is_held = !coin.hold.empty() && coin.until > now;
    if (is_held) ++held;
    if (is_held || coin.expires > at) ++posted;
  }
  for (const Keep& keep : account.keeps) {
    if (keep.until > now) held += keep.amount;
  }
  return std::to_string(posted) + (held == 0 ? "" : " held " + std::to_string(held));
}

State NaiveLedger::state(const std::string& bundle, base::Moment now) const {
  const Known& known = bundles_.at(bundle);
  return known.state == State::held && is_over(known, now) ? State::expired : known.state;
}

std::string NaiveLedger::lots(LedgerAccountId id, base::Moment now) {
  const Account& account = accounts_.at(id);
  const base::Moment at = time_of(account, now);
  std::map<std::pair<base::Moment, LotName>, std::int64_t> lots;
  for (const Coin& coin : account.coins) {
    const bool is_held = !coin.hold.empty() && coin.until > now;
    if (!is_held && coin.expires > at) ++lots[{coin.expires, coin.lot}];
  }
  std::string text;
  for (const auto& [name, count] : lots) {
    text += std::to_string(id_of(name.second).value) + ":" + std::to_string(count) + "@" +
            std::to_string(name.first.ms) + " ";
  }
  return text;
}

std::optional<LotId> NaiveLedger::some_lot(LedgerAccountId id, std::size_t which) const {
  const Account& account = accounts_.at(id);
  if (account.lots.empty()) return std::nullopt;
  return id_of(account.lots[which % account.lots.size()]);
}

}  // namespace ledger
