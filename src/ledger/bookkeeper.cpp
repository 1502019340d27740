#include "ledger/bookkeeper.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace ledger {
namespace {

// Another one that is not empty would be too many.
bool has_all_lots(const Account& account) {
  const auto is_kept = [](const Lot& lot) { return lot.left > 0; };
  return account.lots.size() >= kLotsMax &&
         std::ranges::count_if(account.lots, is_kept) >= static_cast<std::ptrdiff_t>(kLotsMax);
}

}  // namespace

void Bookkeeper::mark() {
  undo_.clear();
  marked_ = {entries_.rows.size(), entries_.lots.size(), entries_.reserved.size(),
             entries_.closed.size(), entries_.lot_ends.size()};
}

void Bookkeeper::take_back() {
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
  undo_.clear();
  entries_.rows.resize(marked_[0]);
  entries_.lots.resize(marked_[1]);
  entries_.reserved.resize(marked_[2]);
  entries_.closed.resize(marked_[3]);
  entries_.lot_ends.resize(marked_[4]);
}

void Bookkeeper::change(Account& account, std::int64_t Account::* number, std::int64_t by) {
  account.*number += by;
  undo_.emplace_back([&account, number, by] { account.*number -= by; });
}

void Bookkeeper::change(Account& account, LotId lot, std::int64_t Lot::* number, std::int64_t by) {
  lot_in(account, lot)->*number += by;
  undo_.emplace_back([&account, lot, number, by] { lot_in(account, lot)->*number -= by; });
}

void Bookkeeper::see(Account& account) {
  if (account.seen >= now_) return;
  undo_.emplace_back([&account, was = account.seen] { account.seen = was; });
  account.seen = now_;
}

Refusal Bookkeeper::carry_out(const Posting& posting, Place& place) {
  Account& touched = account(posting.account);
  return posting.amount < 0 ? spend(touched, posting, place) : receive(touched, posting, place);
}

Refusal Bookkeeper::spend(Account& account, const Posting& posting, Place& place) {
  const auto parts = parts_of(account, posting);
  if (!parts) return parts.error();
  for (const Part& part : *parts) {
    if (const Refusal refused = move(account, {part.lot, -part.amount}, place)) return refused;
  }
  return std::nullopt;
}

base::Result<std::vector<Bookkeeper::Part>, Fault> Bookkeeper::parts_of(
    const Account& account, const Posting& posting) const {
  const base::Moment at = time_of(account);
  std::int64_t wanted = -posting.amount;
  if (posting.lot) {
    const Lot* lot = lot_in(account, posting.lot);
    if (lot == nullptr) return base::unexpected(Fault::unknown_lot);
    if (lot->expires <= at || lot->free() < wanted) return base::unexpected(Fault::lot_short);
    return std::vector{Part{posting.lot, wanted}};
  }
  if (!account.debt_allowed && spendable(account, at) < wanted) {
    return base::unexpected(Fault::short_of_funds);
  }
  std::vector<Part> parts;
  if (account.has_lots) {
    for (const Lot* lot : free_lots(account, at)) {
      const std::int64_t taken = std::min(wanted, lot->free());
      if (taken > 0) parts.push_back({lot->id, taken});
      wanted -= taken;
    }
  }
  if (wanted > 0) parts.push_back({{}, wanted});
  return parts;
}

Refusal Bookkeeper::receive(Account& account, const Posting& posting, Place& place) {
  if (!posting.refund_of.empty()) return give_back(account, posting, place);
  if (!account.has_lots) return move(account, {{}, posting.amount}, place);
  const Lot made{.id = lot_of(place.bundle, place.posting, LotKind::received),
                 .expires = posting.expires};
  return fill(account, made, posting.amount, place);
}

// Pays debt first; the rest goes into the lot, which is made if it is not there.
Refusal Bookkeeper::fill(Account& account, const Lot& made, std::int64_t amount, Place& place) {
  const std::int64_t paid = std::clamp<std::int64_t>(in_lots(account) - account.posted, 0, amount);
  if (paid > 0) {
    if (const Refusal refused = move(account, {{}, paid}, place)) return refused;
  }
  if (paid == amount) return std::nullopt;
  const Lot* lot = lot_in(account, made.id);
  if ((lot == nullptr || lot->left == 0) && has_all_lots(account)) return Fault::too_many_lots;
  if (lot == nullptr) make_lot(account, made, place);
  // Also of a lot that was there: its timer may have come and found it empty.
  if (made.expires != base::kMomentMax) entries_.lot_ends.push_back({made.id, made.expires});
  return move(account, {made.id, amount - paid}, place);
}

void Bookkeeper::make_lot(Account& account, const Lot& made, const Place& place) {
  account.lots.insert(std::ranges::lower_bound(account.lots, made.id, {}, &Lot::id), made);
  undo_.emplace_back([&account, id = made.id] {
    account.lots.erase(std::ranges::lower_bound(account.lots, id, {}, &Lot::id));
  });
  entries_.lots.push_back({made.id, account.id, made.expires, place.refunded_lot});
}

Refusal Bookkeeper::give_back(Account& account, const Posting& posting, Place& place) {
  const auto found = account.spent.find(posting.refund_of);
  if (found == account.spent.end() || found->second.empty()) return Fault::unknown_refund;
  std::vector<Spent*> order;
  std::int64_t open = 0;
  for (Spent& spent : found->second) {
    order.push_back(&spent);
    open += spent.amount - spent.given_back;
  }
  if (open < posting.amount) return Fault::refund_exceeded;
  // The reverse of the order of spending.
  std::ranges::stable_sort(order, std::ranges::greater{}, [&account](const Spent* spent) {
    const Lot* lot = lot_in(account, spent->lot);
    return std::tuple(lot == nullptr, lot == nullptr ? base::kMomentMin : lot->expires, spent->lot);
  });
  place.refund_of = posting.refund_of;
  std::int64_t rest = posting.amount;
  for (Spent* spent : order) {
    Posting part = posting;
    part.amount = std::min(rest, spent->amount - spent->given_back);
    if (part.amount == 0) continue;
    rest -= part.amount;
    spent->given_back += part.amount;
    undo_.emplace_back([&all = found->second, index = spent - found->second.data(), part] {
      all[static_cast<std::size_t>(index)].given_back -= part.amount;
    });
    place.refunded_lot = spent->lot;
    if (const Refusal refused = give_back_part(account, part, place)) return refused;
  }
  place.refund_of = {};
  place.refunded_lot = {};
  return std::nullopt;
}

// What was spent of place.refunded_lot.
Refusal Bookkeeper::give_back_part(Account& account, const Posting& posting, Place& place) {
  if (!account.has_lots) return move(account, {{}, posting.amount}, place);
  const Lot* lot = lot_in(account, place.refunded_lot);
  Lot into{.id = lot_of(place.bundle, place.posting, LotKind::received),
           .expires = posting.expires};
  if (lot != nullptr) {
    const base::Moment at = time_of(account);
    const base::Moment least = at + books_.grace.at(account.asset);
    into = lot->expires > at && lot->expires >= least
               ? *lot
               : Lot{.id = lot_of(place.bundle, place.posting, LotKind::late), .expires = least};
  }
  return fill(account, into, posting.amount, place);
}

// Of the account and, where one is named, of its lot.
Refusal Bookkeeper::move(Account& account, const Part& part, Place& place) {
  const std::int64_t posted = account.posted + part.amount;
  // What is held counts as spent, so that a commit of what was kept cannot leave the range.
  if (posted > kBalanceMax || posted - account.held < -kBalanceMax) return Fault::out_of_range;
  see(account);
  change(account, &Account::posted, part.amount);
  change(account, &Account::postings, 1);
  undo_.emplace_back([&account, was = account.entered] { account.entered = was; });
  account.entered = place.entered_at;
  if (part.lot) change(account, part.lot, &Lot::left, part.amount);
  if (part.amount < 0) note_spent(account, part, place);
  entries_.rows.push_back({.account = account.id,
                           .sequence = account.postings,
                           .bundle = place.bundle,
                           .transfer = place.transfer,
                           .posting = place.posting,
                           .lot = part.lot,
                           .amount = part.amount,
                           .effective_at = place.effective_at,
                           .entered_at = place.entered_at,
                           .refund_of = std::string(place.refund_of),
                           .refunded_lot = place.refunded_lot});
  return std::nullopt;
}

// Where a later request of the group refunds this one.
void Bookkeeper::note_spent(Account& account, const Part& part, const Place& place) {
  if (account.spent.empty()) return;
  const auto found = account.spent.find(std::string(place.id));
  if (found == account.spent.end()) return;
  std::vector<Spent>& spent = found->second;
  const auto of_lot = std::ranges::find(spent, part.lot, &Spent::lot);
  if (of_lot != spent.end()) {
    const auto index = static_cast<std::size_t>(of_lot - spent.begin());
    of_lot->amount -= part.amount;
    undo_.emplace_back([&spent, index, part] { spent[index].amount += part.amount; });
  } else {
    spent.push_back({part.lot, -part.amount, 0});
    undo_.emplace_back([&spent] { spent.pop_back(); });
  }
}

Refusal Bookkeeper::reserve(const Posting& posting, const Place& place, base::Moment until) {
  Account& from = account(posting.account);
  const auto parts = parts_of(from, posting);
  if (!parts) return parts.error();
  for (const Part& part : *parts) {
    const std::int64_t free = from.posted - from.held - part.amount;
    if (free < -kBalanceMax || from.held + part.amount > kBalanceMax) return Fault::out_of_range;
    see(from);
    change(from, &Account::held, part.amount);
    if (part.lot) change(from, part.lot, &Lot::held, part.amount);
    from.reservations.push_back(
        {place.bundle, place.posting, posting.account, part.lot, part.amount, until});
    undo_.emplace_back([&from] { from.reservations.pop_back(); });
    entries_.reserved.push_back(from.reservations.back());
  }
  return std::nullopt;
}

void Bookkeeper::close(Account& account, std::size_t index, base::Moment at) {
  const Reservation closed = account.reservations[index];
  account.reservations.erase(account.reservations.begin() + static_cast<std::ptrdiff_t>(index));
  undo_.emplace_back([&account, closed, index] {
    account.reservations.insert(account.reservations.begin() + static_cast<std::ptrdiff_t>(index),
                                closed);
  });
  see(account);
  change(account, &Account::held, -closed.amount);
  if (closed.lot) {
    change(account, closed.lot, &Lot::held, -closed.amount);
    Lot& lot = *lot_in(account, closed.lot);
    undo_.emplace_back(
        [&account, id = lot.id, was = lot.free_since] { lot_in(account, id)->free_since = was; });
    lot.free_since = std::max(lot.free_since, at);
    if (lot.expires != base::kMomentMax) {
      entries_.lot_ends.push_back({lot.id, lot.expires});
    }
  }
  entries_.closed.push_back(closed);
}

void Bookkeeper::spend_reserved(LedgerAccountId id, std::int64_t amount, Place& place) {
  Account& from = account(id);
  std::vector<Reservation> kept;
  for (const Reservation& each : from.reservations) {
    if (each.bundle == place.bundle && each.posting == place.posting) kept.push_back(each);
  }
  // In the order of spending; debt last.
  std::ranges::sort(kept, {}, [&from](const Reservation& each) {
    const Lot* lot = lot_in(from, each.lot);
    return std::tuple(lot == nullptr, lot == nullptr ? base::kMomentMax : lot->expires, each.lot);
  });
  for (const Reservation& each : kept) {
    const auto is_it = [&each](const Reservation& open) {
      return open.bundle == each.bundle && open.posting == each.posting && open.lot == each.lot;
    };
    const auto found = std::ranges::find_if(from.reservations, is_it);
    close(from, static_cast<std::size_t>(found - from.reservations.begin()), time_of(from));
    const std::int64_t taken = std::min(amount, each.amount);
    // Within the balance: it was kept.
    if (taken > 0) CHECK(!move(from, {each.lot, -taken}, place));
    amount -= taken;
  }
  CHECK(amount == 0);
}

std::int64_t Bookkeeper::kept(LedgerAccountId id, std::int64_t bundle, std::int64_t posting) const {
  std::int64_t sum = 0;
  for (const Reservation& each : books_.accounts.at(id).reservations) {
    if (each.bundle == bundle && each.posting == posting) sum += each.amount;
  }
  return sum;
}

void Bookkeeper::free_reserved(LedgerAccountId id, std::int64_t bundle, base::Moment at) {
  Account& keeping = account(id);
  for (std::size_t i = keeping.reservations.size(); i-- > 0;) {
    if (keeping.reservations[i].bundle == bundle) close(keeping, i, at);
  }
}

void Bookkeeper::free_ended(LedgerAccountId id) {
  Account& keeping = account(id);
  for (std::size_t i = keeping.reservations.size(); i-- > 0;) {
    const base::Moment until = keeping.reservations[i].until;
    if (until <= now_) close(keeping, i, until);
  }
}

Refusal Bookkeeper::write_off(LedgerAccountId id, LotId lot_id, LedgerAccountId into,
                              Place& place) {
  Account& from = account(id);
  const std::int64_t amount = lot_in(from, lot_id)->free();
  change(from, lot_id, &Lot::write_offs, 1);
  place.posting = 1;
  if (const Refusal refused = move(from, {lot_id, -amount}, place)) return refused;
  place.posting = 2;
  return move(account(into), {{}, amount}, place);
}

}  // namespace ledger
