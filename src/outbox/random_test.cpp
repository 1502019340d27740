// Random lanes, held against a naive twin: what is sent, in which order, and what becomes of it.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "outbox/naive_outbox.h"
#include "outbox/outbox_fixture.h"

namespace outbox {
namespace {

constexpr std::uint32_t kSeedsSqlite = 60;
constexpr std::uint32_t kSeedsPostgresql = 15;
constexpr int kMoves = 60;

// What a receiver says of a try or a look: told by the effect and how often, nothing else.
std::uint32_t drawn(std::uint32_t seed, const std::string& effect_id, std::int64_t count) {
  std::uint32_t mixed = seed * 2'654'435'761U;
  for (const char c : effect_id) mixed = mixed * 31 + static_cast<unsigned char>(c);
  mixed += static_cast<std::uint32_t>(count) * 40'503U;
  return static_cast<std::uint32_t>(std::mt19937(mixed)());
}

Outcome outcome_of(std::uint32_t number) {
  switch (number % 10) {
    case 0:
      return {.sent = Sent::unavailable, .problem = "test.away"};
    case 1:
      return {.sent = Sent::unknown, .problem = "test.silent"};
    case 2:
      return {.sent = Sent::refused, .problem = "test.no"};
    case 3:
      return number % 50 == 3 ? Outcome{.sent = Sent::too_often} : Outcome{.sent = Sent::done};
    default:
      return {.sent = Sent::done};
  }
}

Look look_of(std::uint32_t number) {
  constexpr std::array<Found, 5> kFounds = {Found::done, Found::not_done, Found::may_repeat,
                                            Found::cannot_tell, Found::later};
  return {.found = kFounds.at(number % kFounds.size())};
}

class RandomTest : public OutboxFixture {
 protected:
  void run_seed(std::uint32_t seed);

 private:
  std::int64_t below(std::uint32_t count) { return static_cast<std::int64_t>(random_() % count); }
  // "queued", "dead outbox.too_late"
  static std::string told(const NaiveOutbox::Entry& entry) {
    const std::string name(name_of(entry.state));
    return entry.problem.empty() ? name : name + " " + entry.problem;
  }
  void begin(std::uint32_t seed);
  void add_some(NaiveOutbox& twin);
  void pause_some(NaiveOutbox& twin);
  std::vector<std::string> twins_step(NaiveOutbox& twin);

  std::uint32_t seed_ = 0;
  std::mt19937 random_;
  std::map<std::string, std::int64_t> looks_;
  std::map<std::string, std::int64_t> twins_looks_;
  int made_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, RandomTest, store::kBothDatabases, store::dialect_name);

void RandomTest::begin(std::uint32_t seed) {
  seed_ = seed;
  random_.seed(seed);
  looks_.clear();
  twins_looks_.clear();
  made_ = 0;
  const Pace pace{1 + below(20), base::kSecond, 1 + below(6)};
  lane_ = *database().write("test.lane", [&](store::Unit& unit) {
    resume(unit, kMarketing);
    return open_lane(unit,
                     {.id = {1000 + seed}, .account = 1000 + seed, .kind = "m", .pace = pace});
  });
  receiver_ = {};
  receiver_.before = [this](const Effect& effect) -> std::optional<Outcome> {
    return outcome_of(drawn(seed_, effect.effect_id, effect.tries));
  };
  receiver_.look = [this](const Effect& effect) {
    return look_of(drawn(seed_ + 1, effect.effect_id, ++looks_[effect.effect_id]));
  };
}

void RandomTest::add_some(NaiveOutbox& twin) {
  for (std::int64_t i = below(4); i > 0; --i) {
    NewIntent one = intent(std::to_string(seed_) + "-" + std::to_string(made_++));
    one.cause = "c:" + std::to_string(below(3));
    one.priority = static_cast<Priority>(below(kPriorities));
    if (below(4) == 0) one.due = now_ + base::Duration{below(5000)};
    if (below(6) == 0) one.give_up = now_ + base::Duration{below(9000)};
    EXPECT_EQ(enqueue(one), "1");
    // The fixture draws the ids, which rise.
    const auto stored = database().read(
        [&](store::Session& session) { return intent_with(session, one.effect_id); });
    one.id = stored->id;
    twin.enqueue(one, now_);
  }
}

void RandomTest::pause_some(NaiveOutbox& twin) {
  const std::string account = paused_account(lane_.account);
  const std::int64_t turn = below(12);
  database().write("test.pause", [&](store::Unit& unit) {
    if (turn == 0) {
      EXPECT_TRUE(pause(unit, {std::string(kMarketing), now_, "test"}));
    }
    if (turn == 1) resume(unit, kMarketing);
    if (turn == 2) {
      EXPECT_TRUE(pause(unit, {account, now_, "test"}));
    }
    if (turn == 3 || turn == 4) resume(unit, account);
  });
  if (turn == 0) twin.pause("marketing");
  if (turn == 1) twin.resume("marketing");
  if (turn == 2) twin.pause("account");
  if (turn == 3 || turn == 4) twin.resume("account");
}

std::vector<std::string> RandomTest::twins_step(NaiveOutbox& twin) {
  return twin.step(
      now_,
      [this](const NaiveOutbox::Entry& entry) {
        return outcome_of(drawn(seed_, entry.intent.effect_id, entry.tries));
      },
      [this](const NaiveOutbox::Entry& entry) {
        const std::string& effect_id = entry.intent.effect_id;
        return look_of(drawn(seed_ + 1, effect_id, ++twins_looks_[effect_id]));
      });
}

void RandomTest::run_seed(std::uint32_t seed) {
  SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
  begin(seed);
  const auto carrier = hold();
  NaiveOutbox twin(lane_.pace);
  for (int move = 0; move < kMoves; ++move) {
    now_ = now_ + base::Duration{below(4) == 0 ? below(90'000) : below(400)};
    add_some(twin);
    pause_some(twin);
    receiver_.order.clear();
    carrier->step();
    ASSERT_EQ(receiver_.order, twins_step(twin)) << "move " << move;
    for (const NaiveOutbox::Entry& entry : twin.entries()) {
      const std::string& effect_id = entry.intent.effect_id;
      ASSERT_EQ(state(effect_id), told(entry)) << "move " << move << ", " << effect_id;
    }
  }
}

TEST_P(RandomTest, AgreesWithItsNaiveTwin) {
  if (const char* seed = std::getenv("SIYU_SEED")) {
    run_seed(static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10)));
    return;
  }
  const bool is_sqlite = GetParam() == store::Dialect::sqlite;
  const std::uint32_t seeds = is_sqlite ? kSeedsSqlite : kSeedsPostgresql;
  for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) run_seed(seed);
}

}  // namespace
}  // namespace outbox
