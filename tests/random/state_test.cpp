// StateStream over random lives: subjects of one to four random rules, asked at every moment around
// a change and at others, must be in the state that holds_at tells rule by rule. SIYU_SEED repeats
// one seed.
#include "audience/state.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "audience/memory_names.h"
#include "audience/random_rule.h"
#include "random_life.h"

namespace random_life {
namespace {

using audience::State;
using base::Duration;
using base::Moment;

constexpr std::uint64_t kSeeds = 100;
constexpr int kLivesPerSeed = 10;
constexpr int kMoments = 30;
constexpr std::size_t kChangesMax = 200;
constexpr Moment kFrom{1'767'225'600'000};  // 2026-01-01
constexpr Moment kTo{1'772'323'200'000};

std::int64_t changes_seen = 0;

void hold(const audience::SubjectRules& rules, const timeline::History& history,
          std::mt19937_64& random) {
  const Moment from = random() % 3 == 0
                          ? base::kMomentMin
                          : Moment{kFrom.ms + static_cast<std::int64_t>(random() % 5'000'000'000)};
  audience::StateStream stream(rules, history, from);
  State state = stream.at_start();
  Moment at = from;
  const auto expect_until = [&](Moment end) {  // [at, end)
    EXPECT_EQ(state_at(rules, history, at), state) << "at " << at.ms;
    EXPECT_EQ(state_at(rules, history, end - Duration{1}), state) << "before " << end.ms;
    if (at == base::kMomentMin) return;
    for (int i = 0; i < 3; ++i) {
      const auto length = static_cast<std::uint64_t>(end.ms - at.ms);
      const Moment middle{at.ms + static_cast<std::int64_t>(random() % length)};
      EXPECT_EQ(state_at(rules, history, middle), state) << "at " << middle.ms;
    }
  };
  for (std::size_t changes = 0; changes < kChangesMax; ++changes) {
    const auto next = stream.next();
    if (!next) {
      expect_until(std::max(audience::kHorizon, at + Duration{1}));
      return;
    }
    ASSERT_GT(next->at, at);
    ASSERT_NE(next->to, state);
    expect_until(next->at);
    state = next->to;
    at = next->at;
    ++changes_seen;
  }
}

void run(std::uint64_t seed) {
  SCOPED_TRACE("SIYU_SEED=" + std::to_string(seed));
  audience::MemoryNames names;
  audience::declare_something_of_everything(names);
  std::mt19937_64 random(seed);
  audience::RandomRuleOptions options;
  options.tests_max = 3;
  audience::RandomRules made(names, seed, options);
  RandomLives lives(names, {kFrom, kTo, {}}, seed);
  const base::Zone zone = base::Zone::utc();
  audience::BindOptions bind_options;
  bind_options.zone = &zone;
  for (int life = 0; life < kLivesPerSeed; ++life) {
    std::vector<std::shared_ptr<const audience::BoundRule>> rules;
    for (std::uint64_t count = 1 + random() % 4; count > 0; --count) {
      const auto rule = audience::bind(made.next(), names, bind_options);
      ASSERT_TRUE(rule);
      rules.push_back(*rule);
    }
    const auto history = history_of(lives.next(), base::CustomerId{life + 1});
    if (history) hold(rules, *history, random);
  }
}

TEST(RandomStates, AreWhatTheRulesTellOneByOne) {
  if (const char* seed = std::getenv("SIYU_SEED")) return run(std::strtoull(seed, nullptr, 10));
  for (std::uint64_t seed = 1; seed <= kSeeds && !HasFailure(); ++seed) run(seed);
  EXPECT_GE(changes_seen, 1000);
}

}  // namespace
}  // namespace random_life
