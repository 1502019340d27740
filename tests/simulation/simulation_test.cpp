// Orders from hold to refund, with the ledger, timers and the outbox of the product, on a made
// clock: two instances that die between any two statements and come back, a receiver that fails in
// every way, a clock that jumps. After every step sums are zero, nothing is below zero that may not
// be, no hold is alive after its end, and balances, now and of past moments, what is left of each
// lot and what has become of each hold are those of the naive ledger; in the end the books balance,
// balances are their postings, and each order that was paid for told its receiver once.
//
// A seed repeats everything: SIYU_SEED=n runs that one alone, SIYU_SEEDS=n so many. Units happen
// one after the other, as on SQLite; true concurrency is tested beside it
// (ledger/contention_test.cpp, tests/kill/ledger_kill_test.cpp).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/given_clock.h"
#include "lease/lease.h"
#include "ledger/asset.h"
#include "ledger/free_lots.h"
#include "ledger/ledger.h"
#include "ledger/ledger_account.h"
#include "ledger/naive_ledger.h"
#include "ledger/proof.h"
#include "ledger/reading.h"
#include "mortal_database.h"
#include "outbox/carrier.h"
#include "outbox/intent.h"
#include "store/test_database.h"

namespace simulation {
namespace {

using base::Moment;
using ledger::Answer;
using ledger::LedgerAccountId;

constexpr std::uint32_t kSeedsSqlite = 300;
constexpr std::uint32_t kSeedsPostgresql = 40;
constexpr int kSteps = 60;
constexpr std::uint32_t kSeedsADatabase = 25;  // each seed proves the books of those before it too
constexpr Moment kStart{1'700'000'000'000};

std::string spelled(const Answer& answer) {
  if (!answer) return std::string(ledger::code_of(answer.error()).substr(7));
  return std::string(ledger::name_of(answer->state)) + (answer->is_repeat ? " again" : "");
}

class Receiver final : public outbox::Sender {
 public:
  explicit Receiver(std::mt19937& random) : random_(random) {}

  std::vector<outbox::Outcome> send(std::span<const outbox::Effect> effects) override {
    std::vector<outbox::Outcome> outcomes;
    for (const outbox::Effect& effect : effects) outcomes.push_back(send(effect));
    return outcomes;
  }
  std::vector<outbox::Look> look_up(std::span<const outbox::Effect> effects) override {
    std::vector<outbox::Look> looks;
    for (const outbox::Effect& effect : effects) looks.push_back(look(effect));
    return looks;
  }

  std::map<std::string, int> works;
  bool is_mortal = true;

 private:
  bool one_in(std::uint32_t count) { return random_() % count == 0; }
  outbox::Look look(const outbox::Effect& effect) {
    die_perhaps();
    if (one_in(5)) return {.found = outbox::Found::later};
    const bool is_done = works[effect.effect_id] > 0;
    return {.found = is_done ? outbox::Found::done : outbox::Found::not_done};
  }
  void die_perhaps() {
    if (is_mortal && one_in(40)) throw Death{};
  }
  outbox::Outcome send(const outbox::Effect& effect) {
    die_perhaps();
    if (one_in(10)) return {.sent = outbox::Sent::unavailable, .problem = "test.away"};
    if (one_in(20)) return {.sent = outbox::Sent::too_often};
    if (one_in(10)) return {.sent = outbox::Sent::unknown, .problem = "test.silent"};
    ++works[effect.effect_id];
    die_perhaps();
    if (one_in(10)) return {.sent = outbox::Sent::unknown, .problem = "test.silent"};
    return {.sent = outbox::Sent::done};
  }

  std::mt19937& random_;
};

// What stands in memory of a process, and dies with it.
struct Instance {
  std::int64_t owner = 0;
  std::unique_ptr<outbox::Carrier> carrier;
};

enum class Stage : std::uint8_t { wanted, held, paid, over };
struct Order {
  std::string id;
  Stage stage = Stage::wanted;
  ledger::Bundle hold;
  bool is_paid = false;
  int refunds = 0;
};

class World {
 public:
  World(store::Database& real, std::uint32_t seed)
      : random_(seed),
        seed_(seed),
        real_(real),
        database_(real, [this] { return is_mortal_ && one_in(150); }),
        receiver_(random_),
        twin_(base::kMinute) {}

  void make();
  void step();
  void finish();
  void verify();

 private:
  void verify(store::Session& session, LedgerAccountId id);
  bool one_in(std::uint32_t count) { return random_() % count == 0; }
  LedgerAccountId account(std::int64_t which) const { return {seed_ * 100 + which}; }

  template <typename Work>
  void survive(Instance& instance, Work work) {
    try {
      work();
    } catch (const Death&) {
      instance = {.owner = ++owners_, .carrier = nullptr};
    }
  }
  // Asked once more until the answer comes: then the twin is asked too. `beside`: in its unit.
  template <typename Beside>
  std::string ask(const ledger::Request& request, Beside beside);
  std::string ask(const ledger::Request& request) {
    return ask(request, [](store::Unit&) {});
  }
  ledger::Bundle sale(const std::string& id);
  void go_on(Order& order);
  void pay(Order& order);
  void fire_timers();
  Moment carry(Instance& instance);

  std::mt19937 random_;
  std::int64_t seed_;
  store::Database& real_;
  MortalDatabase database_;
  bool is_mortal_ = false;
  Receiver receiver_;
  ledger::NaiveLedger twin_;
  Moment now_ = kStart;
  const base::GivenClock clock_{now_};
  std::int64_t owners_ = 2;
  std::vector<Instance> instances_;
  std::vector<Order> orders_;
  std::vector<Moment> ends_;  // of their holds
  outbox::Lane lane_;
  ledger::AssetId asset_;
};

// Stock and points; one account that may owe, one that keeps lots.
void World::make() {
  real_.write("sim.make", [&](store::Unit& unit) {
    const ledger::AssetIds ids{{seed_ * 100 + 50}, account(51), account(52)};
    const std::string code = "asset-" + std::to_string(seed_);
    asset_ =
        ledger::define(unit, {code, ledger::AssetKind::stock, 0, base::kMinute}, ids, kStart)->id;
    const std::string owner = std::to_string(seed_);
    for (const std::int64_t which : {1, 2, 3}) {
      ASSERT_TRUE(
          ledger::open_account(unit, {.key = {asset_, "sim", owner, "book" + std::to_string(which)},
                                      .debt_allowed = which == 1,
                                      .has_lots = which == 3,
                                      .id = account(which),
                                      .now = kStart}));
    }
    lane_ = *outbox::open_lane(
        unit,
        {.id = {seed_}, .account = seed_, .kind = "message", .pace = {20, base::kSecond, 20}});
  });
  twin_.open(account(1), {.debt_allowed = true});
  twin_.open(account(2), {});
  twin_.open(account(3), {.has_lots = true});
  instances_.resize(2);
  for (Instance& instance : instances_) instance.owner = ++owners_;
  is_mortal_ = true;
}

template <typename Beside>
std::string World::ask(const ledger::Request& request, Beside beside) {
  std::string said;
  while (said.empty()) {
    // By the real one: was it there before this try? Then an answer was lost on its way.
    try {
      // Also a refusal may have seen what has ended: its unit happens, as the desk's does.
      const auto answers = database_.write("sim.ask", [&](store::Unit& unit) {
        auto done = ledger::post_all(unit, {&request, 1}, now_);
        if (done.front()) beside(unit);
        return done;
      });
      const Answer& answer = answers.front();
      said = spelled(answer);
      const std::string expected = twin_.ask(request, now_);
      const bool is_new = expected == "posted" || expected == "held";
      if (is_new && answer) twin_.numbered(answer->number);
      // What had happened though its caller died is a repeat to whoever asks again.
      const bool was_lost = said == expected + " again";
      EXPECT_TRUE(said == expected || was_lost) << said << " instead of " << expected;
    } catch (const Death&) {
    }
  }
  return said;
}

ledger::Bundle World::sale(const std::string& id) {
  const std::int64_t amount = 1 + static_cast<std::int64_t>(random_() % 4);
  const std::int64_t from = one_in(2) ? 2 : 3;
  ledger::Bundle bundle{.id = id, .why = "order:" + id};
  bundle.transfers = {
      {{{.account = account(from), .amount = -amount}, {.account = account(1), .amount = amount}}}};
  return bundle;
}

// The payment and what tells of it are one unit.
void World::pay(Order& order) {
  const auto tell = [&](store::Unit& unit) {
    const outbox::NewIntent intent{
        .id = {seed_ * 1000 + std::stoll(order.id.substr(order.id.find('-') + 1))},
        .effect_id = "order/" + order.id + "/paid",
        .lane = lane_.id,
        .cause = "order:" + order.id,
        .payload = "{}"};
    EXPECT_TRUE(outbox::enqueue(unit, {&intent, 1}, now_));
  };
  const std::string said = ask(ledger::Commit{.hold = order.id}, tell);
  order.is_paid = said.starts_with("committed");
  order.stage = order.is_paid ? Stage::paid : Stage::over;
}

void World::go_on(Order& order) {
  switch (order.stage) {
    case Stage::wanted: {
      const std::string said = ask(order.hold);
      order.stage = said.starts_with("held") ? Stage::held : Stage::over;
      if (order.stage == Stage::held) ends_.push_back(now_ + order.hold.held_for);
      return;
    }
    case Stage::held:
      if (one_in(5)) {
        ask(ledger::Release{order.id});
        order.stage = Stage::over;
      } else {
        pay(order);
      }
      return;
    case Stage::paid: {
      ledger::Bundle back{.id = order.id + "-back" + std::to_string(++order.refunds),
                          .why = "order:" + order.id};
      const ledger::Posting& spent = order.hold.transfers[0].postings[0];
      const std::int64_t amount = 1 + static_cast<std::int64_t>(random_() % 4);
      back.transfers = {{{{.account = account(1), .amount = -amount},
                          {.account = spent.account, .amount = amount, .refund_of = order.id}}}};
      ask(back);
      if (one_in(3)) order.stage = Stage::over;
      return;
    }
    case Stage::over:
      return;
  }
}

void World::fire_timers() {
  // The twin's timers fire at once; the real ones until they have all been.
  ledger::Ends ends;
  timer::Runner runner(database_, {{ledger::kTimerKind, ends}});
  for (bool more = true; more;) {
    try {
      more = runner.step(now_).more;
    } catch (const Death&) {
    }
  }
  twin_.tick(now_);
}

Moment World::carry(Instance& instance) {
  Moment next = base::kMomentMax;
  survive(instance, [&] {
    if (!instance.carrier) {
      const auto lease = database_.write("sim.lease", [&](store::Unit& unit) {
        return lease::acquire(unit,
                              {outbox::lease_of(lane_.id), instance.owner, now_, base::kMinute});
      });
      next = now_ + base::kMinute;
      if (!lease) return;
      instance.carrier = std::make_unique<outbox::Carrier>(database_, receiver_, clock_,
                                                           outbox::Holding{lane_, lease->fence});
    }
    const outbox::Step step = instance.carrier->step();
    next = step.next;
    if (step.lost) instance.carrier.reset();
  });
  return next;
}

void World::step() {
  if (one_in(40)) now_ = now_ - base::kHour;
  if (one_in(60)) now_ = now_ + base::kDay;
  now_ = now_ + base::Duration{static_cast<std::int64_t>(random_() % 30'000)};
  // The very end of a hold.
  if (one_in(6) && !ends_.empty()) now_ = ends_[random_() % ends_.size()];
  Instance& instance = instances_[random_() % instances_.size()];
  switch (random_() % 6) {
    case 0: {
      const std::string id = std::to_string(seed_) + "-" + std::to_string(orders_.size() + 1);
      Order order{.id = id, .hold = sale(id)};
      order.hold.held_for = {1 + static_cast<std::int64_t>(random_() % 120'000)};
      orders_.push_back(std::move(order));
      return;
    }
    case 1: {
      ledger::Bundle more{.id = "add-" + std::to_string(seed_) + "-" + std::to_string(random_()),
                          .why = "count:1"};
      const std::int64_t into = one_in(2) ? 2 : 3;
      ledger::Posting posting{.account = account(into), .amount = 3};
      if (into == 3 && one_in(2)) posting.expires = now_ + base::kMinute;
      more.transfers = {{{{.account = account(1), .amount = -3}, posting}}};
      ask(more);
      return;
    }
    case 2:
      fire_timers();
      return;
    case 3:
      carry(instance);
      return;
    default:
      if (!orders_.empty()) go_on(orders_[random_() % orders_.size()]);
  }
}

void World::verify() {
  real_.read([&](store::Session& session) {
    for (const std::int64_t which : {1, 2, 3}) verify(session, account(which));
    const auto sum = session.one(
        "select cast(sum(posted) as bigint), cast(sum(case when debt_allowed = 0 and posted < held "
        "then 1 else 0 end) as bigint) from ledger_account where asset = $1",
        {asset_.value},
        [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); });
    EXPECT_EQ(sum->first, 0);
    EXPECT_EQ(sum->second, 0) << "accounts below zero";
    for (const Order& order : orders_) {
      const auto found = ledger::bundle(session, order.id, now_);
      if (!found) continue;
      const ledger::BundleSummary& hold = found->summary;
      EXPECT_TRUE(hold.state != ledger::State::held || *hold.held_until > now_) << order.id;
      EXPECT_EQ(ledger::name_of(hold.state), ledger::name_of(twin_.state(order.id, now_)))
          << order.id;
    }
  });
}

void World::verify(store::Session& session, LedgerAccountId id) {
  const ledger::Balance found = ledger::balance(session, id, now_);
  const std::string text =
      std::to_string(found.posted) + (found.held == 0 ? "" : " held " + std::to_string(found.held));
  EXPECT_EQ(text, twin_.balance(id, now_)) << id.value;
  // Whoever had spent lots in another order would have others left.
  EXPECT_EQ(ledger::free_lots(session, id, now_), twin_.lots(id, now_)) << id.value;
  for (const std::int64_t back : {0, 30'000, 90'000, 4'000'000}) {
    const Moment at = now_ - base::Duration{back};
    const std::int64_t then = ledger::balance_at(session, {.account = id, .effective = at});
    EXPECT_EQ(then, twin_.balance_at(id, at, base::kMomentMax)) << id.value << " " << back;
    // Nobody dates anything back here.
    EXPECT_TRUE(then >= 0 || id == account(1)) << id.value << " " << back;
  }
}

// Everybody lives; time goes on until nothing is left to do.
void World::finish() {
  is_mortal_ = false;
  receiver_.is_mortal = false;
  // Some holds were made by a clock that was days ahead.
  for (const Moment end : ends_) now_ = std::max(now_, end);
  now_ = now_ + base::Duration{3 * base::kDay.ms};
  fire_timers();
  Instance last{.owner = ++owners_, .carrier = nullptr};
  for (int tries = 0; tries < 1000; ++tries) {
    const Moment next = carry(last);
    if (next == base::kMomentMax) break;
    now_ = std::max(now_, next);
  }
  real_.read([&](store::Session& session) {
    for (const Order& order : orders_) {
      const std::string effect = "order/" + order.id + "/paid";
      const auto hold = ledger::bundle(session, order.id, kStart);
      EXPECT_TRUE(!hold || hold->summary.state != ledger::State::held) << order.id;
      const bool is_paid = hold && hold->summary.state == ledger::State::committed;
      EXPECT_EQ(is_paid, order.is_paid) << order.id;
      const auto intent = outbox::intent_with(session, effect);
      EXPECT_EQ(intent.has_value(), is_paid) << order.id;
      EXPECT_EQ(receiver_.works[effect], is_paid ? 1 : 0) << order.id;
      if (intent) {
        EXPECT_EQ(intent->state, outbox::State::done) << order.id;
      }
    }
  });
}

class Simulation : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    const bool is_postgresql = GetParam() == store::Dialect::postgresql;
    if (is_postgresql && !store::postgresql_missing().empty()) {
      GTEST_SKIP() << store::postgresql_missing();
    }
  }
  void run(std::uint32_t seed) {
    SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
    if (seeds_++ % kSeedsADatabase == 0) {
      database_.reset();
      database_ = std::make_unique<store::TestDatabase>(GetParam());
    }
    World world(database_->get(), seed);
    world.make();
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      world.step();
      world.verify();
    }
    world.finish();
    world.verify();
    for (const std::string& wrong : ledger::prove(database_->get()).wrong) ADD_FAILURE() << wrong;
  }

 private:
  std::unique_ptr<store::TestDatabase> database_;
  std::uint32_t seeds_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, Simulation, store::kBothDatabases, store::dialect_name);

TEST_P(Simulation, NothingIsLostOrTwiceOrBelowZero) {
  if (const char* seed = std::getenv("SIYU_SEED")) {
    return run(static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10)));
  }
  const char* given = std::getenv("SIYU_SEEDS");
  const bool is_sqlite = GetParam() == store::Dialect::sqlite;
  const auto seeds = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                      : (is_sqlite ? kSeedsSqlite : kSeedsPostgresql);
  for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) run(seed);
}

}  // namespace
}  // namespace simulation
