// Random rules over random lives: the evaluator's intervals against its naive twin at every moment
// at which anything can change, and one millisecond beside it.
//
// SIYU_SEED repeats one seed; SIYU_SEEDS is how many (the sum of what they covered is asserted from
// kSeeds on). A failure prints seed, rule and moment.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "audience/bind.h"
#include "audience/evaluate.h"
#include "audience/naive_twin.h"
#include "audience/print.h"
#include "audience/random_rule.h"
#include "random_life.h"

namespace audience {
namespace {

using base::Moment;
using random_life::Life;
using random_life::Period;

constexpr std::uint64_t kSeeds = 110;
constexpr int kRulesPerSeed = 150;
constexpr int kLivesPerRule = 3;
constexpr std::size_t kMomentsPerLife = 16;
constexpr std::ptrdiff_t kMomentsAhead = 60;  // how far the next change is looked for

std::uint64_t number_from(const char* variable, std::uint64_t initial) {
  const char* text = std::getenv(variable);
  return text == nullptr ? initial : std::strtoull(text, nullptr, 10);
}

Moment day(const base::Zone& zone, base::Date date) { return zone.start_of(base::day_of(date)); }

// Shanghai has no clock changes; New York moves on 8 March and 1 November 2026.
struct Setting {
  base::Zone zone;
  Period period;
};
Setting setting_of(std::uint64_t seed) {
  if (seed % 3 == 0) {
    const base::Zone zone = *base::Zone::named("Asia/Shanghai");
    return {zone, {day(zone, {2026, 1, 1}), day(zone, {2026, 3, 1}), {}}};
  }
  const base::Zone zone = *base::Zone::named("America/New_York");
  if (seed % 3 == 1) {
    return {zone, {day(zone, {2026, 2, 10}), day(zone, {2026, 4, 1}), {day(zone, {2026, 3, 8})}}};
  }
  return {zone, {day(zone, {2026, 10, 10}), day(zone, {2026, 11, 25}), {day(zone, {2026, 11, 1})}}};
}

struct Covered {
  ProductionCounts productions;
  int rules = 0;
  int mixed = 0;  // rules with both answers
  int equal_times = 0, clock_change = 0, future = 0, late = 0, merged = 0, erased = 0;
  std::int64_t answers = 0;

  void add(const random_life::Traits& traits) {
    equal_times += traits.equal_times;
    clock_change += traits.clock_change;
    future += traits.future;
    late += traits.late;
    merged += traits.merged;
    erased += traits.erased;
  }
};

class Comparison {
 public:
  Comparison(const BoundRule& rule, const timeline::History& history, const NaiveTwin& twin)
      : rule_(rule), history_(history), twin_(twin) {
    auto stream = intervals(rule, history, base::kMomentMin);
    while (auto span = stream->next()) {
      if (span->from > twin.moments().back()) break;
      spans_.push_back(*span);
    }
  }

  // False: they differ at `at`; the test has been failed with the reason.
  bool same_at(Moment at, bool& answer) {
    answer = twin_.holds_at(at);
    const bool in_span = std::ranges::any_of(
        spans_, [&](const timeline::Span& span) { return span.from <= at && at < span.to; });
    EXPECT_EQ(in_span, answer) << "intervals at " << base::to_iso8601(at, rule_.zone());
    const bool held = holds_at(rule_, history_, at);
    EXPECT_EQ(held, answer) << "holds_at " << base::to_iso8601(at, rule_.zone());
    return in_span == answer && held == answer;
  }

  // The next change after `at`, as far as the twin looks ahead.
  bool same_standing(Moment at) {
    const Standing actual = standing_at(rule_, history_, at);
    const bool answer = twin_.holds_at(at);
    const auto& moments = twin_.moments();
    auto ahead = std::ranges::upper_bound(moments, at);
    const auto end = moments.end() - ahead > kMomentsAhead ? ahead + kMomentsAhead : moments.end();
    while (ahead != end && twin_.holds_at(*ahead) == answer) ++ahead;
    const std::string where = base::to_iso8601(at, rule_.zone());
    EXPECT_EQ(actual.answer, answer) << "standing at " << where;
    if (ahead != end) {
      EXPECT_EQ(actual.next_change, *ahead) << "next change after " << where;
      return actual.answer == answer && actual.next_change == *ahead;
    }
    const bool later =
        !actual.next_change || end == moments.begin() || *actual.next_change > *(end - 1);
    EXPECT_TRUE(later) << "next change after " << where;
    return actual.answer == answer && later;
  }

 private:
  const BoundRule& rule_;
  const timeline::History& history_;
  const NaiveTwin& twin_;
  std::vector<timeline::Span> spans_;
};

// Moments of change, the one before and the one after, at most kMomentsPerLife of them.
std::vector<Moment> sample(const NaiveTwin& twin, const Period& period, std::mt19937_64& random) {
  std::vector<Moment> near;
  for (const Moment moment : twin.moments()) {
    if (moment < period.from - base::Duration{7 * base::kDay.ms}) continue;
    if (moment > period.to + base::Duration{60 * base::kDay.ms}) break;
    near.push_back(moment);
  }
  std::vector<Moment> out;
  for (std::size_t i = 0; i < kMomentsPerLife && !near.empty(); ++i) {
    const Moment moment = near[random() % near.size()];
    out.push_back(moment + base::Duration{static_cast<std::int64_t>(random() % 3) - 1});
  }
  return out;
}

void run_seed(std::uint64_t seed, Covered& covered) {
  const Setting setting = setting_of(seed);
  MemoryNames names;
  declare_something_of_everything(names);
  std::vector<base::EventTypeId> types;
  for (const std::string& name : names.all(Names::Kind::event)) types.push_back(*names.event(name));
  RandomRuleOptions options;
  options.from = setting.period.from;
  options.to = setting.period.to;
  RandomRules rules(names, seed, options);
  random_life::RandomLives lives(names, setting.period, seed + 1'000'000);
  std::mt19937_64 random(seed + 2'000'000);
  for (int i = 0; i < kRulesPerSeed; ++i) {
    const Rule rule = rules.next();
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + print(rule));
    BindOptions bind_options;
    bind_options.zone = &setting.zone;
    const auto bound = bind(rule, names, bind_options);
    ASSERT_TRUE(bound) << code_of(bound.error().fault);
    bool answers[2] = {false, false};
    for (int j = 0; j < kLivesPerRule; ++j) {
      const Life life = lives.next();
      covered.add(life.traits);
      const auto history = random_life::history_of(life, base::CustomerId{1});
      if (history == nullptr) continue;
      const NaiveTwin twin(**bound, *history, types);
      Comparison comparison(**bound, *history, twin);
      for (const Moment at : sample(twin, setting.period, random)) {
        bool answer = false;
        ASSERT_TRUE(comparison.same_at(at, answer)) << "life " << j;
        answers[answer ? 1 : 0] = true;
        ++covered.answers;
      }
      ASSERT_TRUE(comparison.same_standing(life.now)) << "life " << j;
    }
    ++covered.rules;
    covered.mixed += answers[0] && answers[1];
  }
  for (const auto& [production, count] : rules.counts()) covered.productions[production] += count;
}

TEST(RandomRules, EvaluatorAgreesWithItsNaiveTwin) {
  Covered covered;
  if (const std::uint64_t seed = number_from("SIYU_SEED", 0); seed != 0) {
    run_seed(seed, covered);
    return;
  }
  const std::uint64_t seeds = number_from("SIYU_SEEDS", kSeeds);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    run_seed(seed, covered);
    if (HasFatalFailure()) return;
  }
  std::printf("%d rules, %lld answers, %d %% of the rules with both answers\n", covered.rules,
              static_cast<long long>(covered.answers), covered.mixed * 100 / covered.rules);
  if (seeds < kSeeds) return;
  for (const auto& [production, count] : covered.productions) {
    EXPECT_GE(count, 200u) << production;
  }
  EXPECT_GE(covered.mixed * 100, covered.rules * 30);
  EXPECT_LE(covered.mixed * 100, covered.rules * 70);
  EXPECT_GE(covered.equal_times, 500);
  EXPECT_GE(covered.clock_change, 500);
  EXPECT_GE(covered.future, 500);
  EXPECT_GE(covered.late, 500);
  EXPECT_GE(covered.merged, 500);
  EXPECT_GE(covered.erased, 500);
}

// Productions whose module does not exist yet: parsed, printed and refused.
TEST(RandomRules, RefusesWhatIsNotAvailableYet) {
  MemoryNames names;
  declare_something_of_everything(names);
  const base::Zone zone = *base::Zone::named("Asia/Shanghai");
  RandomRuleOptions options;
  options.with_unavailable = true;
  RandomRules rules(names, 7, options);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    const Rule rule = rules.next();
    BindOptions bind_options;
    bind_options.zone = &zone;
    const auto bound = bind(rule, names, bind_options);
    if (bound) continue;
    EXPECT_EQ(bound.error().fault, RuleFault::not_available_yet) << print(rule);
    ++refused;
  }
  EXPECT_GE(refused, 100);
  for (const char* production : {"group", "follows", "friend", "coupon", "balance"}) {
    std::size_t count = 0;
    for (const auto& [name, times] : rules.counts()) {
      if (name.find(production) != std::string::npos) count += times;
    }
    EXPECT_GE(count, 20u) << production;
  }
}

}  // namespace
}  // namespace audience
