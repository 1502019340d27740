// Several instances of the program over one PostgreSQL, whose units are interleaved at the borders
// of their statements as the seed says: they sell one stock, hold, commit and release, fire timers
// and carry the outbox, all of it the product's own code.
//
// SIYU_SEED=n runs that one alone, SIYU_SEEDS=n so many. On SQLite units happen one after the
// other, which simulation_test.cpp has.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/given_clock.h"
#include "baton.h"
#include "lease/lease.h"
#include "ledger/asset.h"
#include "ledger/ledger.h"
#include "ledger/ledger_account.h"
#include "ledger/proof.h"
#include "ledger/reading.h"
#include "outbox/carrier.h"
#include "outbox/intent.h"
#include "store/test_database.h"

namespace simulation {
namespace {

using base::Moment;
using ledger::LedgerAccountId;

constexpr std::size_t kInstances = 3;
constexpr int kSteps = 16;
constexpr std::uint32_t kSeeds = 25;
constexpr std::int64_t kStock = 30;
constexpr Moment kStart{1'700'000'000'000};

// Counts how often the work of each effect is done; many instances may ask.
class Receiver final : public outbox::Sender {
 public:
  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override {
    const std::scoped_lock lock(mutex_);
    for (const outbox::Effect& effect : effects) ++works_[effect.effect_id];
    return std::vector<outbox::Outcome>(effects.size(),
                                        outbox::Outcome{.sent = outbox::Sent::done});
  }
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override {
    const std::scoped_lock lock(mutex_);
    std::vector<outbox::Look> looks;
    for (const outbox::Effect& effect : effects) {
      const bool is_done = works_.contains(effect.effect_id);
      looks.push_back({is_done ? outbox::Found::done : outbox::Found::not_done, {}});
    }
    return looks;
  }
  std::map<std::string, int> works() {
    const std::scoped_lock lock(mutex_);
    return works_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> works_;
};

class Shop {
 public:
  Shop(store::Database& database, std::uint32_t seed) : real_(database), seed_(seed) {}

  void run() {
    make();
    Baton baton(static_cast<std::uint32_t>(seed_), kInstances);
    {
      std::vector<std::jthread> threads;
      for (std::size_t me = 0; me < kInstances; ++me) {
        threads.emplace_back([this, &baton, me] {
          baton.enter(me);
          InterleavedDatabase database(real_, baton, me);
          live(database, me);
          baton.leave(me);
        });
      }
    }
    finish();
    verify();
  }

 private:
  LedgerAccountId account(std::int64_t which) const { return {seed_ * 100 + which}; }

  void make() {
    real_.write("sim.make", [&](store::Unit& unit) {
      const ledger::AssetIds ids{{seed_ * 100 + 50}, account(51), account(52)};
      const std::string code = "asset-" + std::to_string(seed_);
      const auto asset = ledger::define(unit, {code, ledger::AssetKind::stock}, ids, kStart);
      for (const std::int64_t which : {1, 2, 3}) {
        ASSERT_TRUE(ledger::open_account(
            unit, {.key = {asset->id, "sim", std::to_string(seed_), "b" + std::to_string(which)},
                   .debt_allowed = which == 1,
                   .id = account(which),
                   .now = kStart}));
      }
      ASSERT_TRUE(ledger::post(unit, sale("fill", 1, 2, kStock), kStart));
      lane_ = *outbox::open_lane(
          unit, {.id = {seed_}, .account = seed_, .kind = "m", .pace = {50, base::kSecond, 50}});
    });
  }

  ledger::Bundle sale(const std::string& id, std::int64_t from, std::int64_t to,
                      std::int64_t amount) const {
    return {.id = std::to_string(seed_) + "/" + id,
            .why = "sim:" + std::to_string(seed_),
            .transfers = {{{{.account = account(from), .amount = -amount},
                            {.account = account(to), .amount = amount}}}}};
  }

  // What an instance does, one thing after the other; ids are shared, so that two ask the same.
  void live(store::Database& database, std::size_t me) {
    std::mt19937 random(static_cast<std::uint32_t>(seed_) * 10 + static_cast<std::uint32_t>(me));
    std::unique_ptr<outbox::Carrier> carrier;
    for (int step = 0; step < kSteps; ++step) {
      now_ = now_ + base::Duration{static_cast<std::int64_t>(random() % 500)};
      switch (random() % 5) {
        case 0:
          buy(database, std::to_string(random() % 40));
          break;
        case 1:
          ask(database, held(std::to_string(random() % 10)));
          break;
        case 2:
          ask(database, ledger::Commit{.hold = held(std::to_string(random() % 10)).id});
          break;
        case 3:
          ask(database, ledger::Release{held(std::to_string(random() % 10)).id});
          break;
        default:
          fire(database);
          carry(database, static_cast<std::int64_t>(me) + 1, carrier);
      }
    }
  }

  ledger::Bundle held(const std::string& id) const {
    ledger::Bundle hold = sale("hold" + id, 2, 3, 1 + std::stoll(id) % 3);
    hold.held_for = {2000};
    return hold;
  }
  void ask(store::Database& database, const ledger::Request& request) {
    database.write("sim.ask",
                   [&](store::Unit& unit) { (void)ledger::post_all(unit, {&request, 1}, now_); });
  }
  // A sale that was paid tells its buyer, in the same unit.
  void buy(store::Database& database, const std::string& id) {
    const ledger::Request request = sale("buy" + id, 2, 3, 1);
    database.write("sim.buy", [&](store::Unit& unit) {
      const auto answers = ledger::post_all(unit, {&request, 1}, now_);
      if (!answers.front()) return;
      const outbox::NewIntent intent{.id = {seed_ * 1000 + std::stoll(id) + 1},
                                     .effect_id = std::to_string(seed_) + "/sold/" + id,
                                     .lane = lane_.id,
                                     .cause = "sim",
                                     .payload = "{}",
                                     .due = kStart};
      EXPECT_TRUE(outbox::enqueue(unit, {&intent, 1}, now_));
    });
  }
  void fire(store::Database& database) {
    ledger::Ends ends;
    timer::Runner runner(database, {{ledger::kTimerKind, ends}});
    runner.step(now_);
  }
  void carry(store::Database& database, std::int64_t owner,
             std::unique_ptr<outbox::Carrier>& carrier) {
    const Moment now = now_;
    const auto lease = database.write("sim.lease", [&](store::Unit& unit) {
      return lease::acquire(unit, {outbox::lease_of(lane_.id), owner, now, {1500}});
    });
    if (!lease) return;
    if (!carrier || fences_[owner] != lease->fence) {
      fences_[owner] = lease->fence;
      carrier = std::make_unique<outbox::Carrier>(database, receiver_, clock_,
                                                  outbox::Holding{lane_, lease->fence});
    }
    carrier->step();
  }

  // Whatever waits is done, by one instance alone.
  void finish() {
    std::unique_ptr<outbox::Carrier> carrier;
    for (int i = 0; i < 100; ++i) {
      now_ = now_ + base::Duration{2000};
      fire(real_);
      carry(real_, 99, carrier);
    }
  }

  void verify() {
    const ledger::Proof proof = ledger::prove(real_);
    EXPECT_TRUE(proof.wrong.empty()) << proof.wrong.front();
    const auto told = receiver_.works();
    std::int64_t sold = 0;
    real_.read([&](store::Session& session) {
      const ledger::Balance left = ledger::balance(session, account(2), now_);
      const ledger::Balance gone = ledger::balance(session, account(3), now_);
      EXPECT_EQ(left.posted + gone.posted, kStock);
      EXPECT_GE(left.posted, 0);
      EXPECT_EQ(left.held, 0);
      const std::string why = "sim:" + std::to_string(seed_);
      for (const auto& each :
           ledger::bundles_of(session, {.why = why, .rows_max = 1000, .now = now_})) {
        EXPECT_NE(each.state, ledger::State::held) << each.id;
        const std::string mark = std::to_string(seed_) + "/buy";
        if (!each.id.starts_with(mark)) continue;
        ++sold;
        const std::string effect = std::to_string(seed_) + "/sold/" + each.id.substr(mark.size());
        const auto intent = outbox::intent_with(session, effect);
        EXPECT_TRUE(told.contains(effect))
            << effect << " " << (intent ? outbox::name_of(intent->state) : "not stored");
      }
    });
    EXPECT_EQ(std::ssize(told), sold);
    for (const auto& [effect, works] : told) EXPECT_EQ(works, 1) << effect;
  }

  store::Database& real_;
  std::int64_t seed_;
  Receiver receiver_;
  outbox::Lane lane_;
  // One thread runs at a time.
  Moment now_ = kStart;
  const base::GivenClock clock_{now_};
  std::map<std::int64_t, std::int64_t> fences_;
};

TEST(Interleaved, InstancesAgreeWhateverTheOrder) {
  if (!store::postgresql_missing().empty()) GTEST_SKIP() << store::postgresql_missing();
  store::TestDatabase database(store::Dialect::postgresql);
  const auto number = [](const char* name, std::uint32_t usual) {
    const char* text = std::getenv(name);
    return text == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
  };
  const std::uint32_t only = number("SIYU_SEED", 0);
  const std::uint32_t seeds = std::min(number("SIYU_SEEDS", kSeeds), 20 * kSeeds);
  for (std::uint32_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? seeds : only); ++seed) {
    SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
    Shop(database.get(), seed).run();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace simulation
