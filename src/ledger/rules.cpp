#include "ledger/rules.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "ledger/form.h"

namespace ledger {
namespace {

Outcome outcome_of(const Entry& entry, bool is_repeat) {
  return {.number = entry.number,
          .state = entry.state,
          .entered_at = entry.entered_at,
          .held_until = entry.held_until,
          .is_repeat = is_repeat};
}

// Why it cannot be committed; nothing: it is held.
Refusal ended_fault(State state) {
  switch (state) {
    case State::posted:
      return Fault::unknown_hold;
    case State::committed:
      return Fault::hold_committed;
    case State::released:
      return Fault::hold_released;
    case State::expired:
      return Fault::hold_expired;
    case State::held:
      return std::nullopt;
  }
  base::unreachable();
}

}  // namespace

base::Result<Outcome, Fault> Deciding::decide(const Request& request) {
  if (const auto* bundle = std::get_if<Bundle>(&request)) return post(*bundle);
  if (const auto* committed = std::get_if<Commit>(&request)) return commit(*committed);
  return release(std::get<Release>(request));
}

base::Result<Outcome, Fault> Deciding::post(const Bundle& bundle) {
  if (const auto fault = fault_of(bundle)) return base::unexpected(*fault);
  std::string content = content_of(bundle);
  if (const auto known = books_.entries.find(bundle.id); known != books_.entries.end()) {
    if (known->second.content != content) return base::unexpected(Fault::id_reused);
    expire(bundle.id);
    return outcome_of(known->second, true);
  }
  if (const Refusal refused = accounts_fault(bundle.transfers)) return base::unexpected(*refused);
  begin(bundle.transfers);
  const base::Moment at = entry_of(bundle.transfers);
  const base::Moment effective_at = bundle.effective_at.value_or(at);
  if (effective_at > at) return base::unexpected(Fault::in_future);
  Entry entry{.number = next_number_, .content = std::move(content), .entered_at = at};
  if (bundle.is_hold()) {
    entry.state = State::held;
    entry.held_until = now_ + bundle.held_for;
    entry.transfers = bundle.transfers;
  }
  const Refusal refused =
      bundle.is_hold() ? reserve_transfers(bundle, entry.held_until) : post_transfers(bundle, at);
  if (refused) {
    keeper_.take_back();
    return base::unexpected(*refused);
  }
  ++next_number_;
  keeper_.entries().bundles.push_back({bundle.id, bundle.why, effective_at, entry});
  const Outcome outcome = outcome_of(entry, false);
  books_.entries.emplace(bundle.id, std::move(entry));
  return outcome;
}

Refusal Deciding::commit_fault(const Entry& hold, const Commit& commit, base::Moment at) {
  const base::Moment effective_at = commit.effective_at.value_or(at);
  if (effective_at.ms < 0) return Fault::bad_moment;
  if (effective_at > at) return Fault::in_future;
  if (!commit.amounts.empty() && !are_parts(hold.transfers, commit.amounts)) {
    return Fault::commit_exceeded;
  }
  return std::nullopt;
}

base::Result<Outcome, Fault> Deciding::commit(const Commit& commit) {
  const auto found = books_.entries.find(commit.hold);
  if (found == books_.entries.end()) return base::unexpected(Fault::unknown_hold);
  Entry& hold = found->second;
  if (hold.state == State::committed && hold.amounts == commit.amounts) {
    return outcome_of(hold, true);
  }
  expire(commit.hold);
  if (const Refusal ended = ended_fault(hold.state)) return base::unexpected(*ended);
  const base::Moment at = entry_of(hold.transfers);
  if (const Refusal refused = commit_fault(hold, commit, at)) return base::unexpected(*refused);
  if (const Refusal refused = commit_transfers(hold, commit, at)) {
    keeper_.take_back();
    return base::unexpected(*refused);
  }
  hold.amounts = commit.amounts;
  end(hold, State::committed, at);
  return outcome_of(hold, false);
}

base::Result<Outcome, Fault> Deciding::release(const Release& release) {
  const auto found = books_.entries.find(release.hold);
  if (found == books_.entries.end() || found->second.state == State::posted) {
    return base::unexpected(Fault::unknown_hold);
  }
  Entry& hold = found->second;
  if (hold.state == State::committed) return base::unexpected(Fault::hold_committed);
  if (hold.state != State::held) return outcome_of(hold, true);
  expire(release.hold);
  if (hold.state != State::held) return outcome_of(hold, true);
  end(hold, State::released, entry_of(hold.transfers));
  return outcome_of(hold, false);
}

void Deciding::expire(std::string_view id) {
  const auto found = books_.entries.find(std::string(id));
  CHECK(found != books_.entries.end());
  Entry& hold = found->second;
  if (hold.state != State::held) return;
  begin(hold.transfers);
  if (is_over(hold)) end(hold, State::expired, hold.held_until);
}

void Deciding::end(Entry& hold, State state, base::Moment at) {
  for (const Transfer& transfer : hold.transfers) {
    for (const Posting& posting : transfer.postings) {
      keeper_.free_reserved(posting.account, hold.number, at);
    }
  }
  hold.state = state;
  keeper_.entries().ended.push_back({hold.number, state, at, hold.amounts});
}

void Deciding::write_off(LedgerAccountId account, LotId lot_id, LedgerAccountId into) {
  const Account& from = keeper_.account(account);
  const Account& to = keeper_.account(into);
  CHECK(from.asset == to.asset);
  CHECK(to.debt_allowed && !to.has_lots);
  keeper_.free_ended(account);
  const Lot* lot = lot_in(from, lot_id);
  if (lot == nullptr || lot->expires > keeper_.time_of(from) || lot->free() <= 0) return;
  const std::string name = std::string(kOwnPrefix) + "expiry/" + std::to_string(lot_id.value) +
                           "/" + std::to_string(lot->write_offs + 1);
  const base::Moment at = std::max(keeper_.time_of(from), from.entered);
  Place place{.bundle = next_number_,
              .id = name,
              .transfer = 1,
              .effective_at = std::min(at, std::max(lot->expires, lot->free_since)),
              .entered_at = at};
  keeper_.mark();
  if (keeper_.write_off(account, lot_id, into, place)) {
    keeper_.take_back();  // `into` is full: what has ended is not spent all the same
    return;
  }
  keeper_.entries().bundles.push_back({name,
                                       "lot:" + std::to_string(lot_id.value),
                                       place.effective_at,
                                       {.number = next_number_++, .entered_at = at}});
}

Refusal Deciding::accounts_fault(std::span<const Transfer> transfers) const {
  for (const Transfer& transfer : transfers) {
    for (const Posting& posting : transfer.postings) {
      if (!books_.accounts.contains(posting.account)) return Fault::unknown_account;
    }
  }
  for (const Transfer& transfer : transfers) {
    const AssetId asset = books_.accounts.at(transfer.postings.front().account).asset;
    for (const Posting& posting : transfer.postings) {
      const Account& account = books_.accounts.at(posting.account);
      if (account.asset != asset) return Fault::mixed_assets;
      const bool names_lots = posting.lot || posting.expires != base::kMomentMax;
      if (names_lots && !account.has_lots) return Fault::no_lots;
    }
  }
  return std::nullopt;
}

void Deciding::begin(std::span<const Transfer> transfers) {
  for (const Transfer& transfer : transfers) {
    for (const Posting& posting : transfer.postings) keeper_.free_ended(posting.account);
  }
  keeper_.mark();
}

base::Moment Deciding::entry_of(std::span<const Transfer> transfers) {
  base::Moment at = now_;
  for (const Transfer& transfer : transfers) {
    for (const Posting& posting : transfer.postings) {
      const Account& account = keeper_.account(posting.account);
      at = std::max({at, account.seen, account.entered});
    }
  }
  return at;
}

bool Deciding::is_over(const Entry& hold) {
  if (hold.held_until <= now_) return true;
  std::int64_t place = 0;
  for (const Transfer& transfer : hold.transfers) {
    for (const Posting& posting : transfer.postings) {
      ++place;
      if (posting.amount > 0) continue;
      if (keeper_.kept(posting.account, hold.number, place) != -posting.amount) return true;
    }
  }
  return false;
}

Refusal Deciding::post_transfers(const Bundle& bundle, base::Moment at) {
  Place place{.bundle = next_number_,
              .id = bundle.id,
              .effective_at = bundle.effective_at.value_or(at),
              .entered_at = at};
  for (const Transfer& transfer : bundle.transfers) {
    ++place.transfer;
    for (const Posting& posting : transfer.postings) {
      ++place.posting;
      if (const Refusal refused = keeper_.carry_out(posting, place)) return refused;
    }
  }
  return std::nullopt;
}

Refusal Deciding::reserve_transfers(const Bundle& bundle, base::Moment until) {
  Place place{.bundle = next_number_, .id = bundle.id};
  for (const Transfer& transfer : bundle.transfers) {
    ++place.transfer;
    for (const Posting& posting : transfer.postings) {
      ++place.posting;
      if (posting.amount > 0) continue;
      if (const Refusal refused = keeper_.reserve(posting, place, until)) return refused;
    }
  }
  return std::nullopt;
}

Refusal Deciding::commit_transfers(const Entry& hold, const Commit& commit, base::Moment at) {
  Place place{.bundle = hold.number,
              .id = commit.hold,
              .effective_at = commit.effective_at.value_or(at),
              .entered_at = at};
  for (const Transfer& transfer : hold.transfers) {
    ++place.transfer;
    for (const Posting& posting : transfer.postings) {
      const auto index = static_cast<std::size_t>(place.posting++);
      Posting part = posting;
      if (!commit.amounts.empty()) part.amount = commit.amounts[index];
      if (posting.amount < 0) {
        keeper_.spend_reserved(posting.account, -part.amount, place);
      } else if (part.amount > 0) {
        if (const Refusal refused = keeper_.carry_out(part, place)) return refused;
      }
    }
  }
  return std::nullopt;
}

}  // namespace ledger
