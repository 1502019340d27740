// Random rules over random lives, three ways: the interval evaluator over histories in memory, the
// same over the rows of the memory columns, and everyone at once from the columns.
//
// SIYU_SEED repeats one seed; SIYU_SEEDS is how many (what they covered is asserted from kSeeds
// on). A failure prints seed, rule, moment and customer.

#include "audience/everyone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "audience/bind.h"
#include "audience/evaluate.h"
#include "audience/mentions.h"
#include "audience/naive_twin.h"
#include "audience/print.h"
#include "audience/random_rule.h"
#include "base/work_pool.h"
#include "column_lives.h"

namespace audience {
namespace {

using base::Moment;
using random_life::ColumnLives;
using random_life::Folding;
using random_life::Period;
using timeline::RowMask;

constexpr std::uint64_t kSeeds = 110;
constexpr int kRulesPerSeed = 150;
constexpr std::size_t kLivesPerSeed = 40;
constexpr std::size_t kMomentsPerRule = 2;

std::uint64_t number_from(const char* variable, std::uint64_t initial) {
  const char* text = std::getenv(variable);
  return text == nullptr ? initial : std::strtoull(text, nullptr, 10);
}

// New York moves its clocks on 8 March and on 1 November 2026.
Period period_of(std::uint64_t seed, const base::Zone& zone) {
  const auto day = [&](base::Date date) { return zone.start_of(base::day_of(date)); };
  if (seed % 2 == 0) return {day({2026, 2, 10}), day({2026, 4, 1}), {day({2026, 3, 8})}};
  return {day({2026, 10, 10}), day({2026, 11, 25}), {day({2026, 11, 1})}};
}

struct Covered {
  ProductionCounts productions;
  int rules = 0;
  std::int64_t answers[2] = {0, 0};
  std::int64_t changed = 0;    // persons asked something by their histories
  std::int64_t unchanged = 0;  // only by the columns
  std::int64_t spared = 0;     // of those, of whom something has arrived that the rule looks at
  std::int64_t left_out = 0;   // of those for whom the rule holds
};

// One seed's people and what is asked of them.
class Asked {
 public:
  Asked(std::uint64_t seed, Covered& covered)
      : seed_(seed), covered_(covered), random_(seed + 2'000'000) {
    declare_something_of_everything(names_);
    for (const auto& name : names_.all(Names::Kind::event)) types_.push_back(*names_.event(name));
    std::vector<random_life::Life> lives;
    random_life::RandomLives random_lives(names_, period_, seed + 1'000'000);
    for (std::size_t i = 0; i < kLivesPerSeed; ++i) lives.push_back(random_lives.next());
    lives_.emplace(names_, std::move(lives),
                   ColumnLives::Making{.folding = static_cast<Folding>(seed % 3),
                                       .takes_back = seed % 5 == 0});
    pin_.emplace(lives_->pin());
  }

  void run() {
    RandomRuleOptions options;
    options.from = period_.from;
    options.to = period_.to;
    RandomRules rules(names_, seed_ + 3'000'000, options);
    for (int i = 0; i < kRulesPerSeed; ++i) {
      const Rule rule = rules.next();
      SCOPED_TRACE("seed " + std::to_string(seed_) + ": " + print(rule));
      BindOptions bind_options;
      bind_options.zone = &zone_;
      const auto bound = bind(rule, names_, bind_options);
      ASSERT_TRUE(bound) << code_of(bound.error().fault);
      for (const Moment at : moments(**bound)) {
        ask(**bound, at);
        if (testing::Test::HasFailure()) return;
      }
      ++covered_.rules;
    }
    for (const auto& [production, count] : rules.counts()) {
      covered_.productions[production] += count;
    }
  }

 private:
  // At which something changes for somebody, and one millisecond beside.
  std::vector<Moment> moments(const BoundRule& rule) {
    const auto& people = lives_->people();
    std::vector<Moment> found;
    while (found.size() < kMomentsPerRule) {
      const auto& person = people[random_() % people.size()];
      const NaiveTwin twin(rule, *person.history, types_);
      std::vector<Moment> near;
      for (const Moment moment : twin.moments()) {
        if (moment < period_.from - base::Duration{7 * base::kDay.ms}) continue;
        if (moment > period_.to + base::Duration{60 * base::kDay.ms}) break;
        near.push_back(moment);
      }
      const Moment at = near.empty() ? period_.to : near[random_() % near.size()];
      found.push_back(at + base::Duration{static_cast<std::int64_t>(random_() % 3) - 1});
    }
    return found;
  }

  // Test accounts: nobody of every other question, a few of the others.
  std::vector<base::CustomerId> some_people() {
    std::vector<base::CustomerId> some;
    if (random_() % 2 == 0) return some;
    for (const auto& person : lives_->people()) {
      if (random_() % 8 == 0) some.push_back(person.id);
    }
    return some;
  }

  std::int64_t changed_for(const BoundRule& rule) const {
    const auto mentions = looks_at(rule, rule.rule().root).mentions;
    std::size_t changed = 0;
    for (std::size_t block = 0; block < pin_->blocks(); ++block) {
      changed += pin_->changed(block, mentions).count();
    }
    return static_cast<std::int64_t>(changed);
  }

  void ask(const BoundRule& rule, Moment at) {
    Profile profile;
    Question question{rule, at, viewer_};
    question.profile = &profile;
    const auto left_out = some_people();
    question.left_out = left_out;
    base::WorkPool& pool = covered_.answers[0] % 2 == 0 ? alone_ : pair_;
    const auto rows = matching_rows(*pin_, question, pool);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), pin_->blocks());
    covered_.changed += profile.changed;
    covered_.unchanged += profile.persons - profile.changed;
    if (left_out.empty()) covered_.spared += changed_for(rule) - profile.changed;
    std::int64_t found = 0;
    for (const auto& person : lives_->people()) {
      const auto place = pin_->place_of(person.id);
      ASSERT_TRUE(place);
      const bool holds = holds_at(rule, *person.history, at);
      const bool is_out = std::ranges::find(left_out, person.id) != left_out.end();
      const bool expected = holds && !is_out;
      const auto history = pin_->history(place->block, place->row);
      const std::string where = "customer " + std::to_string(person.id.value) + " at " +
                                base::to_iso8601(at, zone_) + ", in block " +
                                std::to_string(place->block);
      ASSERT_EQ(holds_at(rule, *history, at), holds) << "over the columns, " << where;
      ASSERT_EQ((*rows)[place->block].has(place->row), expected) << "from the columns, " << where;
      ++covered_.answers[expected ? 1 : 0];
      found += expected;
      covered_.left_out += holds && is_out;
    }
    for (const RowMask& mask : *rows) found -= static_cast<std::int64_t>(mask.count());
    ASSERT_EQ(found, 0) << "a row that is nobody's";
  }

  std::uint64_t seed_;
  Covered& covered_;
  std::mt19937_64 random_;
  const base::Zone zone_ =
      *base::Zone::named(seed_ % 4 == 3 ? "Asia/Shanghai" : "America/New_York");
  const Period period_ = period_of(seed_, zone_);
  MemoryNames names_;
  std::vector<base::EventTypeId> types_;
  std::optional<ColumnLives> lives_;
  std::optional<timeline::Pin> pin_;
  const rights::Viewer viewer_ = rights::Viewer::system("test");
  base::WorkPool alone_{0};
  base::WorkPool pair_{1};
};

TEST(RandomEveryone, TheColumnsAgreeWithTheEvaluator) {
  Covered covered;
  if (const std::uint64_t seed = number_from("SIYU_SEED", 0); seed != 0) {
    Asked(seed, covered).run();
    return;
  }
  const std::uint64_t seeds = number_from("SIYU_SEEDS", kSeeds);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Asked(seed, covered).run();
    if (HasFailure()) return;
  }
  std::printf(
      "%d rules, %lld true and %lld false answers, %lld by columns, %lld of them changed, "
      "%lld by histories\n",
      covered.rules, static_cast<long long>(covered.answers[1]),
      static_cast<long long>(covered.answers[0]), static_cast<long long>(covered.unchanged),
      static_cast<long long>(covered.spared), static_cast<long long>(covered.changed));
  if (seeds < kSeeds) return;
  for (const auto& [production, count] : covered.productions) {
    EXPECT_GE(count, 200u) << production;
  }
  EXPECT_GE(covered.answers[1], 100'000);
  EXPECT_GE(covered.answers[0], 100'000);
  EXPECT_GE(covered.unchanged, 500'000);
  EXPECT_GE(covered.changed, 100'000);
  EXPECT_GE(covered.spared, 10'000);
  EXPECT_GE(covered.left_out, 5'000);
}

}  // namespace
}  // namespace audience
