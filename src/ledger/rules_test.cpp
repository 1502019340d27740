// The pure rules beside the naive ledger, without a database: all books in memory, thousands of
// seeds. A failure prints the seed; SIYU_SEED=n runs that one alone.
#include "ledger/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "ledger/naive_ledger.h"
#include "ledger/random_requests.h"

namespace ledger {
namespace {

constexpr std::uint32_t kSeeds = 1500;
constexpr int kRequests = 80;
constexpr base::Moment kStart{1'700'000'000'000};
constexpr base::Duration kGrace{100'000};
constexpr AssetId kAsset{1};
constexpr LedgerAccountId kExpired{9};

class MemoryLedger {
 public:
  MemoryLedger() {
    books_.grace[kAsset] = kGrace;
    open(kExpired, {.debt_allowed = true});
  }

  void open(LedgerAccountId id, NaiveLedger::Flags flags) {
    Account account;
    account.id = id;
    account.asset = kAsset;
    account.debt_allowed = flags.debt_allowed;
    account.has_lots = flags.has_lots;
    books_.accounts.emplace(id, std::move(account));
  }

  base::Result<Outcome, Fault> ask(const Request& request, base::Moment now) {
    if (const auto* bundle = std::get_if<Bundle>(&request)) {
      // Any may be refunded later.
      for (auto& [id, account] : books_.accounts) account.spent.try_emplace(bundle->id);
    }
    Deciding deciding(books_, now, next_number_);
    auto answer = deciding.decide(request);
    keep(deciding.entries());
    return answer;
  }

  void tick(base::Moment now) {
    std::vector<std::tuple<base::Moment, std::int64_t, std::string>> holds;
    for (const auto& [id, entry] : books_.entries) {
      if (entry.state == State::held && entry.held_until <= now) {
        holds.emplace_back(entry.held_until, entry.number, id);
      }
    }
    std::ranges::sort(holds);
    std::vector<std::pair<LotId, LedgerAccountId>> lots;
    for (const auto& [id, account] : books_.accounts) {
      for (const Lot& lot : account.lots) {
        if (lot.expires <= now) lots.emplace_back(lot.id, id);
      }
    }
    std::ranges::sort(lots);
    Deciding deciding(books_, now, next_number_);
    for (const auto& [until, number, id] : holds) deciding.expire(id);
    for (const auto& [lot, account] : lots) deciding.write_off(account, lot, kExpired);
    keep(deciding.entries());
  }

  std::string balance(LedgerAccountId id, base::Moment now) const {
    const Account& account = books_.accounts.at(id);
    const base::Moment at = std::max(now, account.seen);
    std::int64_t posted = account.posted;
    std::int64_t held = account.held;
    for (const Reservation& each : account.reservations) {
      if (each.until <= now) held -= each.amount;
    }
    for (const Lot& lot : account.lots) {
      if (lot.expires > at) continue;
      posted -= lot.left;
      for (const Reservation& each : account.reservations) {
        if (each.lot == lot.id && each.until > now) posted += each.amount;
      }
    }
    return std::to_string(posted) + (held == 0 ? "" : " held " + std::to_string(held));
  }

  // What no books may be.
  std::string wrong() const {
    std::string text;
    std::int64_t all = 0;
    for (const auto& [id, account] : books_.accounts) {
      all += account.posted;
      std::int64_t held = 0;
      for (const Reservation& each : account.reservations) held += each.amount;
      const bool below = account.posted < account.held && !account.debt_allowed;
      const std::int64_t debt = in_lots(account) - account.posted;
      if (held != account.held) text += "held; ";
      if (below) text += "below zero; ";
      if (account.has_lots && (debt < 0 || (debt > 0 && !account.debt_allowed))) text += "lots; ";
      for (const Lot& lot : account.lots) {
        if (lot.held < 0 || lot.left < lot.held) text += "lot; ";
      }
    }
    for (const std::int64_t sum : sums_) {
      if (sum != 0) text += "sum; ";
    }
    if (all != 0) text += "all; ";
    return text;
  }

 private:
  void keep(const Entries& entries) {
    next_number_ += static_cast<std::int64_t>(entries.bundles.size());
    sums_.assign(1, 0);
    std::int64_t transfer = 0;
    for (const Row& row : entries.rows) {
      if (row.transfer != transfer) sums_.push_back(0);
      transfer = row.transfer;
      sums_.back() += row.amount;
    }
  }

  Books books_;
  std::int64_t next_number_ = 1;
  std::vector<std::int64_t> sums_;  // of the transfers of the last request
};

void run(std::uint32_t seed) {
  SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
  NaiveLedger twin(kGrace);
  MemoryLedger ledger;
  std::vector<LedgerAccountId> ids;
  for (std::int64_t i = 1; i <= 6; ++i) {
    const NaiveLedger::Flags flags{.debt_allowed = i == 1 || i == 6, .has_lots = i >= 4};
    ids.push_back({i});
    twin.open({i}, flags);
    ledger.open({i}, flags);
  }
  RandomRequests asking(seed, ids);
  base::Moment now = kStart;
  for (int i = 0; i < kRequests; ++i) {
    if (asking.one_in(3)) now = asking.next_moment(now);
    if (asking.one_in(8)) {
      ledger.tick(now);
      twin.tick(now);
    }
    const Request request = asking.next(twin, now);
    const auto answer = ledger.ask(request, now);
    std::string said(answer ? name_of(answer->state) : code_of(answer.error()).substr(7));
    if (answer && answer->is_repeat) said += " again";
    const std::string expected = twin.ask(request, now);
    if (expected == "posted" || expected == "held") twin.numbered(answer ? answer->number : 0);
    ASSERT_EQ(said, expected) << "request " << i << ": " << told(request);
    ASSERT_EQ(ledger.wrong(), "") << "request " << i << ": " << told(request);
    for (const LedgerAccountId id : ids) {
      ASSERT_EQ(ledger.balance(id, now), twin.balance(id, now))
          << "request " << i << ", account " << id.value << ": " << told(request);
    }
  }
}

TEST(LedgerRules, AgreeWithTheNaiveLedger) {
  if (const char* seed = std::getenv("SIYU_SEED")) {
    return run(static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10)));
  }
  for (std::uint32_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    run(seed);
  }
}

}  // namespace
}  // namespace ledger
