// Random models over random lives: everybody's stage from the columns at a moment, and one person's
// stays, against asking the rules one by one.
//
// SIYU_SEED repeats one seed; SIYU_SEEDS is how many. A failure prints seed, model and moment.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "audience/evaluate.h"
#include "audience/print.h"
#include "audience/random_rule.h"
#include "base/work_pool.h"
#include "column_lives.h"
#include "lifecycle/state.h"
#include "lifecycle/stay.h"

namespace lifecycle {
namespace {

using base::Moment;
using random_life::ColumnLives;
using random_life::Folding;
using random_life::Period;

constexpr std::uint64_t kSeeds = 40;
constexpr int kModelsPerSeed = 20;
constexpr std::size_t kLivesPerSeed = 40;
constexpr int kMomentsPerModel = 3;

std::uint64_t number_from(const char* variable, std::uint64_t initial) {
  const char* text = std::getenv(variable);
  return text == nullptr ? initial : std::strtoull(text, nullptr, 10);
}

using Rules = std::vector<std::shared_ptr<const audience::BoundRule>>;

// The law: the first that holds, or none.
std::optional<std::size_t> stage_of(const Rules& rules, const timeline::History& history,
                                    Moment at) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (audience::holds_at(*rules[i], history, at)) return i;
  }
  return std::nullopt;
}

class Asked {
 public:
  explicit Asked(std::uint64_t seed) : seed_(seed), random_(seed + 2'000'000) {
    audience::declare_something_of_everything(names_);
    std::vector<random_life::Life> lives;
    random_life::RandomLives random_lives(names_, period_, seed + 1'000'000);
    for (std::size_t i = 0; i < kLivesPerSeed; ++i) lives.push_back(random_lives.next());
    lives_.emplace(names_, std::move(lives),
                   ColumnLives::Making{.folding = static_cast<Folding>(seed % 3),
                                       .takes_back = seed % 5 == 0});
    pin_.emplace(lives_->pin());
  }

  void run(std::vector<std::int64_t>& covered) {
    audience::RandomRuleOptions options;
    options.from = period_.from;
    options.to = period_.to;
    options.tests_max = 3;
    audience::RandomRules random_rules(names_, seed_ + 3'000'000, options);
    audience::BindOptions bind_options;
    bind_options.zone = &zone_;
    everyone_ = *audience::compile("everyone", names_, bind_options);
    for (int i = 0; i < kModelsPerSeed; ++i) {
      Rules rules;
      std::string shown;
      for (std::size_t stages = 1 + random_() % 5; stages > 0; --stages) {
        const audience::Rule rule = random_rules.next();
        shown += "\n  " + audience::print(rule);
        rules.push_back(*audience::bind(rule, names_, bind_options));
      }
      SCOPED_TRACE("seed " + std::to_string(seed_) + shown);
      for (int moment = 0; moment < kMomentsPerModel; ++moment)
        ask(rules, moment_of(rules), covered);
      if (testing::Test::HasFailure()) return;
    }
  }

 private:
  // At which somebody moves, or one millisecond beside.
  Moment moment_of(const Rules& rules) {
    const auto& people = lives_->people();
    const auto& person = people[random_() % people.size()];
    const std::vector<Stay> stays =
        stays_until(rules, *person.history, period_.to + base::Duration{20 * base::kDay.ms});
    if (stays.empty()) return period_.to;
    const Moment at = stays[random_() % stays.size()].from;
    return at + base::Duration{static_cast<std::int64_t>(random_() % 3) - 1};
  }

  void ask(const Rules& rules, Moment at, std::vector<std::int64_t>& covered) {
    const auto states = states_at(*pin_, {rules, *everyone_, at, viewer_}, pool_);
    ASSERT_TRUE(states);
    for (const auto& person : lives_->people()) {
      const bool known = at >= person.history->known_since();
      const auto expected = known ? stage_of(rules, *person.history, at) : std::nullopt;
      const auto place = pin_->place_of(person.id);
      ASSERT_TRUE(place);
      for (std::size_t state = 0; state <= rules.size(); ++state) {
        const bool here = states->of(state)[place->block].has(place->row);
        const bool meant = known && state == expected.value_or(rules.size());
        ASSERT_EQ(here, meant) << "customer " << person.id.value << " stage " << state << " at "
                               << base::to_iso8601(at, zone_);
        covered[here ? std::min<std::size_t>(state, 3) : 4] += 1;
      }
      const std::vector<Stay> stays = stays_until(rules, *person.history, at);
      ASSERT_EQ(stays.empty(), !known);
      if (known) check_stays(rules, *person.history, stays, at);
    }
  }

  // Without gaps, each the stage that holds at its ends, and the last the one at the moment.
  void check_stays(const Rules& rules, const timeline::History& history,
                   const std::vector<Stay>& stays, Moment at) const {
    ASSERT_EQ(stays.front().from, history.known_since());
    for (std::size_t i = 0; i < stays.size(); ++i) {
      const Stay& stay = stays[i];
      ASSERT_LT(stay.from, stay.to);
      ASSERT_EQ(stage_of(rules, history, stay.from), stay.stage);
      if (stay.to < audience::kHorizon) {
        ASSERT_EQ(stage_of(rules, history, stay.to - base::Duration{1}), stay.stage);
      }
      if (i + 1 == stays.size()) break;
      ASSERT_EQ(stay.to, stays[i + 1].from);
      ASSERT_NE(stay.stage, stays[i + 1].stage);
    }
    ASSERT_LE(stays.back().from, at);
    ASSERT_GT(stays.back().to, at);
  }

  const std::uint64_t seed_;
  audience::MemoryNames names_;
  base::Zone zone_ = *base::Zone::named("America/New_York");
  Period period_{zone_.start_of(base::day_of({2026, 2, 10})),
                 zone_.start_of(base::day_of({2026, 4, 1})),
                 {zone_.start_of(base::day_of({2026, 3, 8}))}};
  std::mt19937_64 random_;
  std::optional<ColumnLives> lives_;
  std::optional<timeline::Pin> pin_;
  std::shared_ptr<const audience::BoundRule> everyone_;
  const rights::Viewer viewer_ = rights::Viewer::system("test");
  base::WorkPool pool_{2};
};

TEST(RandomModels, AreTheFirstRuleThatHolds) {
  const std::uint64_t first = number_from("SIYU_SEED", 1);
  const std::uint64_t seeds = std::getenv("SIYU_SEED") ? 1 : number_from("SIYU_SEEDS", kSeeds);
  std::vector<std::int64_t> covered(5);  // stage 0, 1, 2, later or none, not there
  for (std::uint64_t seed = first; seed < first + seeds && !HasFailure(); ++seed) {
    Asked(seed).run(covered);
  }
  if (seeds < kSeeds) return;
  for (const std::int64_t count : covered) EXPECT_GE(count, 1000);
}

}  // namespace
}  // namespace lifecycle
