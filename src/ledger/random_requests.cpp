#include "ledger/random_requests.h"

#include <utility>

#include "ledger/stored_transfers.h"

namespace ledger {

// What a failure prints.
std::string told(const Request& request) {
  if (const auto* commit = std::get_if<Commit>(&request)) {
    return "commit " + commit->hold + " " + to_stored(commit->amounts);
  }
  if (const auto* release = std::get_if<Release>(&request)) return "release " + release->hold;
  const Bundle& bundle = std::get<Bundle>(request);
  return bundle.id + " held for " + std::to_string(bundle.held_for.ms) + " " +
         to_stored(bundle.transfers);
}

RandomRequests::RandomRequests(std::uint32_t seed, std::vector<LedgerAccountId> accounts)
    : seed_(seed), random_(seed), accounts_(std::move(accounts)) {}

base::Moment RandomRequests::next_moment(base::Moment now) {
  if (one_in(25)) return now - base::kHour;
  if (one_in(60)) return now + base::kDay;
  if (!ends_.empty() && one_in(5)) return pick(ends_);
  return now + base::Duration{below(40'000)};
}

Request RandomRequests::next(const NaiveLedger& twin, base::Moment now) {
  const int kind = below(10);
  if (kind < 2 && !holds_.empty()) return commit();
  if (kind == 2 && !holds_.empty()) return Release{pick(holds_).id};
  if (kind == 3 && !bundles_.empty()) return repeat();
  return bundle(twin, now);
}

Request RandomRequests::repeat() {
  Bundle again = pick(bundles_);
  if (one_in(4)) again.why = "test:2";
  return again;
}

Request RandomRequests::commit() {
  const Bundle& hold = pick(holds_);
  Commit commit{.hold = hold.id};
  if (one_in(2)) return commit;
  for (const Transfer& transfer : hold.transfers) {
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < transfer.postings.size(); ++i) {
      const auto most = static_cast<int>(transfer.postings[i].amount);
      commit.amounts.push_back(below(most + 1));
      sum += commit.amounts.back();
    }
    // The first posting of a transfer gives what the others take.
    commit.amounts.insert(commit.amounts.end() - std::ssize(transfer.postings) + 1, -sum);
  }
  return commit;
}

Request RandomRequests::bundle(const NaiveLedger& twin, base::Moment now) {
  Bundle made{.id = std::to_string(seed_) + "-" + std::to_string(++made_),
              .why = "test:1",
              .transfers = {}};
  if (one_in(5)) made.effective_at = now + base::Duration{below(5000) - 4500};
  if (one_in(3)) made.held_for = {1 + below(90'000)};
  for (int transfers = 1 + below(3); transfers > 0; --transfers) {
    made.transfers.push_back(transfer(twin, now));
  }
  bundles_.push_back(made);
  if (made.is_hold()) {
    holds_.push_back(made);
    ends_.push_back(now + made.held_for);
  }
  return made;
}

Transfer RandomRequests::transfer(const NaiveLedger& twin, base::Moment now) {
  Transfer made;
  const LedgerAccountId from = one_in(2) ? accounts_[0] : pick(accounts_);
  made.postings.push_back({.account = from, .amount = 0, .lot = {}});
  for (int takers = 1 + below(2); takers > 0; --takers) {
    Posting taking{.account = pick(accounts_), .amount = 1 + below(6), .lot = {}};
    const bool has_lots = taking.account.value % 10 >= 4;
    if (has_lots && one_in(2)) taking.expires = now + base::Duration{below(120'000) - 5000};
    if (!bundles_.empty() && one_in(3)) {
      const Bundle& spent = pick(bundles_);
      taking.refund_of = spent.id;
      taking.account = pick(spent.transfers).postings.front().account;
      taking.expires = base::kMomentMax;
    }
    made.postings.front().amount -= taking.amount;
    made.postings.push_back(taking);
  }
  if (from.value % 10 >= 4 && one_in(4)) {
    const auto lot = twin.some_lot(from, static_cast<std::size_t>(below(100)));
    if (lot) made.postings.front().lot = *lot;
  }
  return made;
}

}  // namespace ledger
