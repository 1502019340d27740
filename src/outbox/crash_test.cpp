// Holders of a lane that die anywhere between two statements, a receiver that fails in every way:
// in the end each effect's work was done once, or a person was told why not. A failure prints the
// seed.
#include <gtest/gtest.h>

#include <random>

#include "outbox/outbox_fixture.h"

namespace outbox {
namespace {

constexpr std::uint32_t kSeedsSqlite = 40;
constexpr std::uint32_t kSeedsPostgresql = 15;
constexpr int kEffects = 12;

class CrashTest : public OutboxFixture {
 protected:
  void run_seed(std::uint32_t seed);
};
INSTANTIATE_TEST_SUITE_P(Both, CrashTest, store::kBothDatabases, store::dialect_name);

// The holder dies here.
struct Death {};

void CrashTest::run_seed(std::uint32_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto one_in = [&](std::uint32_t count) { return random() % count == 0; };
  bool mortal = true;
  receiver_.before = [&](const Effect& effect) -> std::optional<Outcome> {
    if (mortal && one_in(12)) throw Death{};
    if (one_in(8)) return Outcome{.sent = Sent::unavailable, .problem = "test.away"};
    if (one_in(15)) return Outcome{.sent = Sent::too_often};
    if (one_in(10)) return Outcome{.sent = Sent::unknown, .problem = "test.silent"};
    if (effect.effect_id.ends_with("-bad")) return Outcome{.sent = Sent::refused};
    return std::nullopt;
  };
  receiver_.after = [&](const Effect&) -> Outcome {
    if (mortal && one_in(12)) throw Death{};
    if (one_in(8)) return {.sent = Sent::unknown, .problem = "test.silent"};
    return {.sent = Sent::done, .receipt = "r"};
  };
  receiver_.look = [&](const Effect& effect) -> Look {
    if (mortal && one_in(12)) throw Death{};
    if (one_in(4)) return {.found = Found::later};
    return {.found = receiver_.works[effect.effect_id] > 0 ? Found::done : Found::not_done};
  };
  std::vector<std::string> effects;
  for (int i = 0; i < kEffects; ++i) {
    effects.push_back(std::to_string(seed) + "-" + std::to_string(i) + (one_in(6) ? "-bad" : ""));
    enqueue(effects.back(), "c:" + std::to_string(i % 3));
  }
  auto carrier = hold();
  int steps = 0;
  for (base::Moment next = now_; next != base::kMomentMax && steps < 2000; ++steps) {
    now_ = std::max(now_, next);
    if (steps > 200) mortal = false;
    try {
      next = carrier->step().next;
    } catch (const Death&) {
      carrier = hold();
      next = now_ + base::kSecond;
    }
  }
  for (const std::string& effect : effects) {
    const bool is_bad = effect.ends_with("-bad");
    EXPECT_EQ(receiver_.works[effect], is_bad ? 0 : 1) << effect;
    EXPECT_EQ(state(effect).substr(0, 4), is_bad ? "dead" : "done") << effect;
  }
}

TEST_P(CrashTest, EachWorkIsDoneOnce) {
  const bool is_sqlite = GetParam() == store::Dialect::sqlite;
  const std::uint32_t seeds = is_sqlite ? kSeedsSqlite : kSeedsPostgresql;
  for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) run_seed(seed);
}

}  // namespace
}  // namespace outbox
