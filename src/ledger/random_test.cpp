// The ledger beside its naive twin: random requests, repeats, refunds and holds, several in a unit,
// under a clock that jumps. A failure prints the seed; SIYU_SEED=n runs that one alone.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "ledger/free_lots.h"
#include "ledger/ledger_fixture.h"
#include "ledger/naive_ledger.h"
#include "ledger/random_requests.h"
#include "ledger/reading.h"

namespace ledger {
namespace {

using base::Moment;

constexpr int kSeedsSqlite = 120;
constexpr int kSeedsPostgresql = 40;
constexpr int kUnits = 25;
constexpr int kTogetherMax = 6;

class RandomTest : public LedgerFixture {
 protected:
  void run(std::uint32_t seed);
};
INSTANTIATE_TEST_SUITE_P(Both, RandomTest, store::kBothDatabases, store::dialect_name);

void RandomTest::run(std::uint32_t seed) {
  SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
  now_ = kStart;
  NaiveLedger twin(points_.grace);
  std::vector<std::pair<std::string, LedgerAccountId>> accounts;
  std::vector<LedgerAccountId> ids;
  const Flags flags[] = {kDebt, Flags::none, Flags::none, kLots, kLots, kLotsAndDebt};
  for (std::size_t i = 0; i < std::size(flags); ++i) {
    // Named so that the last digit tells who keeps lots.
    const LedgerAccountId wanted{static_cast<std::int64_t>(seed) * 10 + 1 +
                                 static_cast<std::int64_t>(i)};
    const std::string name = std::to_string(wanted.value);
    accounts.emplace_back(name, open(name, flags[i], wanted));
    ids.push_back(wanted);
    twin.open(wanted, {flags[i] == kDebt || flags[i] == kLotsAndDebt, i >= 3});
  }
  RandomRequests asking(seed, ids);
  for (int unit = 0; unit < kUnits; ++unit) {
    now_ = asking.next_moment(now_);
    if (asking.one_in(4)) {
      tick();
      twin.tick(now_);
    }
    std::vector<Request> requests;
    for (int i = asking.below(kTogetherMax); i >= 0; --i) {
      requests.push_back(asking.next(twin, now_));
    }
    const auto answers = database().write(
        "test.ask", [&](store::Unit& writing) { return post_all(writing, requests, now_); });
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::string expected = twin.ask(requests[i], now_);
      ASSERT_EQ(spelled(answers[i]), expected)
          << "unit " << unit << ", request " << i << ": " << told(requests[i]);
      const bool is_new = expected == "posted" || expected == "held";
      if (is_new) numbers.push_back(answers[i]->number);
    }
    for (const std::int64_t number : numbers) twin.numbered(number);
    database().read([&](store::Session& session) {
      for (const auto& [name, id] : accounts) {
        const Balance found = ledger::balance(session, id, now_);
        const std::string text = std::to_string(found.posted) +
                                 (found.held == 0 ? "" : " held " + std::to_string(found.held));
        EXPECT_EQ(text, twin.balance(id, now_)) << "unit " << unit << ", account " << name;
        EXPECT_EQ(free_lots(session, id, now_), twin.lots(id, now_)) << "unit " << unit;
        for (const Moment effective :
             {now_, asking.next_moment(now_), asking.next_moment(kStart)}) {
          const Moment entered = asking.one_in(2) ? base::kMomentMax : asking.next_moment(kStart);
          EXPECT_EQ(balance_at(session, {id, effective, entered}),
                    twin.balance_at(id, effective, entered))
              << "unit " << unit << ", account " << name << " at " << effective.ms << " known at "
              << entered.ms;
        }
      }
    });
    if (HasFailure()) return;
  }
}

TEST_P(RandomTest, AgreesWithItsNaiveTwin) {
  if (const char* seed = std::getenv("SIYU_SEED")) {
    run(static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10)));
  } else {
    const bool is_sqlite = GetParam() == store::Dialect::sqlite;
    const int seeds = is_sqlite ? kSeedsSqlite : kSeedsPostgresql;
    for (int i = 1; i <= seeds && !HasFailure(); ++i) run(static_cast<std::uint32_t>(i));
  }
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace ledger
