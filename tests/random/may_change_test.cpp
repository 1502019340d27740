// Random rules over random lives: whoever the evaluator's intervals begin or end for by the mere
// passing of time is found by the rule that may_change() makes, over the histories and from the
// columns; and not many others are. Whoever has something ahead is found by something_ahead().
//
// SIYU_SEED repeats one seed; SIYU_SEEDS is how many (what they covered is asserted from kSeeds
// on). A failure prints seed, rule, stretch and customer.

#include "audience/may_change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <vector>

#include "audience/ahead.h"
#include "audience/bind.h"
#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "audience/mentions.h"
#include "audience/print.h"
#include "audience/random_rule.h"
#include "base/work_pool.h"
#include "column_lives.h"

namespace audience {
namespace {

using base::Duration;
using base::Moment;
using random_life::ColumnLives;
using random_life::Folding;
using random_life::Period;

constexpr std::uint64_t kSeeds = 60;
constexpr int kRulesPerSeed = 120;
constexpr std::size_t kLivesPerSeed = 24;
constexpr int kStretchesPerRule = 3;
constexpr Duration kLengths[] = {base::kMillisecond, base::kMinute,       base::kHour,
                                 base::kDay,         {7 * base::kDay.ms}, {365 * base::kDay.ms}};

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

struct Found {
  std::int64_t changed = 0;    // by time, within the stretch
  std::int64_t unchanged = 0;  // and nothing ahead
  std::int64_t asked = 0;      // of those, who may change all the same
  std::int64_t ahead = 0;
};

struct Covered {
  std::map<Duration, Found> by_length;
  // Persons changed by time, by what stands in the rule: of rules of one test, and of all.
  std::map<std::string, std::int64_t> alone;
  std::map<std::string, std::int64_t> together;
  std::int64_t nobody = 0;
  std::int64_t rules = 0;
};

// The moments at which the rule begins or ends, as far as they are looked for.
std::vector<Moment> boundaries_of(const BoundRule& rule, const timeline::History& history,
                                  Moment until) {
  std::vector<Moment> found;
  const auto stream = intervals(rule, history, base::kMomentMin);
  while (const auto span = stream->next()) {
    if (span->from > until) break;
    found.push_back(span->from);
    if (span->to <= until) found.push_back(span->to);
  }
  return found;
}

// When anything happens that the rule looks at, and when the person is first known.
std::vector<Moment> facts_of(const timeline::Mentions& mentions, const timeline::History& history) {
  std::vector<Moment> facts{history.known_since()};
  for (const auto type : mentions.events) {
    for (const auto& event : history.events(type)) facts.push_back(event.time);
  }
  for (const auto attribute : mentions.attributes) {
    for (const auto& change : history.attribute(attribute)) facts.push_back(change.since);
  }
  for (const auto key : mentions.memberships) {
    for (const auto& span : history.membership(key)) {
      facts.push_back(span.from);
      facts.push_back(span.to);
    }
  }
  return facts;
}

bool any_in(const std::vector<Moment>& moments, const Stretch& stretch) {
  return std::ranges::any_of(moments,
                             [&](Moment at) { return at > stretch.from && at <= stretch.to; });
}

class Asked {
 public:
  Asked(std::uint64_t seed, Covered& covered)
      : seed_(seed), covered_(covered), random_(seed + 2'000'000) {
    declare_something_of_everything(names_);
    std::vector<random_life::Life> lives;
    random_life::RandomLives random_lives(names_, period_, seed + 1'000'000);
    for (std::size_t i = 0; i < kLivesPerSeed; ++i) lives.push_back(random_lives.next());
    lives_.emplace(
        names_, std::move(lives),
        ColumnLives::Making{.folding = static_cast<Folding>(seed % 3), .takes_back = false});
    pin_.emplace(lives_->pin());
  }

  void run() {
    RandomRuleOptions options;
    options.from = period_.from;
    options.to = period_.to;
    RandomRules many(names_, seed_ + 3'000'000, options);
    options.tests_max = 1;
    RandomRules single(names_, seed_ + 4'000'000, options);
    for (int i = 0; i < kRulesPerSeed; ++i) {
      RandomRules& rules = i % 2 == 0 ? single : many;
      const ProductionCounts before = rules.counts();
      const Rule rule = rules.next();
      SCOPED_TRACE("seed " + std::to_string(seed_) + ": " + print(rule));
      BindOptions bind_options;
      bind_options.zone = &zone_;
      const auto bound = bind(rule, names_, bind_options);
      ASSERT_TRUE(bound) << code_of(bound.error().fault);
      changed_ = 0;
      prepare(**bound);
      for (int j = 0; j < kStretchesPerRule; ++j) {
        ask(**bound, stretch());
        if (testing::Test::HasFailure()) return;
      }
      ++covered_.rules;
      for (const auto& [production, count] : rules.counts()) {
        const auto known = before.find(production);
        if (known != before.end() && known->second == count) continue;
        (i % 2 == 0 ? covered_.alone : covered_.together)[production] += changed_;
      }
    }
  }

 private:
  struct Seen {
    std::vector<Moment> boundaries;
    std::vector<Moment> facts;
  };

  void prepare(const BoundRule& rule) {
    const auto mentions = looks_at(rule, rule.rule().root).mentions;
    seen_.clear();
    by_time_.clear();
    for (const auto& person : lives_->people()) {
      Seen seen{boundaries_of(rule, *person.history, last_), facts_of(mentions, *person.history)};
      for (const Moment at : seen.boundaries) {
        if (std::ranges::find(seen.facts, at) == seen.facts.end()) by_time_.push_back(at);
      }
      seen_.push_back(std::move(seen));
    }
    mentions_ = mentions;
  }

  // Around a moment at which time changes something for somebody, if there is one, often with it as
  // the first or last millisecond, or just outside.
  Stretch stretch() {
    length_ = kLengths[random_() % std::size(kLengths)];
    const auto below = [&](std::int64_t count) {
      return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
    };
    Moment at{period_.from.ms + below(period_.to.ms - period_.from.ms)};
    if (!by_time_.empty()) at = by_time_[random_() % by_time_.size()];
    std::int64_t before = 1 + below(length_.ms);
    if (random_() % 2 == 0) {
      const std::int64_t edges[] = {0, 1, length_.ms, length_.ms + 1};
      before = edges[random_() % std::size(edges)];
    }
    const Moment from = at - Duration{before};
    return {from, std::min(from + length_, last_)};
  }

  void ask(const BoundRule& rule, const Stretch& stretch) {
    const auto made = may_change(rule, stretch);
    if (made == nullptr) ++covered_.nobody;
    if (made != nullptr) {
      ASSERT_FALSE(std::holds_alternative<Everyone>(made->rule().root.form));
    }
    std::optional<std::vector<timeline::RowMask>> rows;
    if (made != nullptr) {
      rows = matching_rows(*pin_, Question{*made, stretch.to, viewer_}, pool_).value();
    }
    const auto ahead = something_ahead(*pin_, mentions_, stretch, pool_);
    ASSERT_EQ(ahead.size(), pin_->blocks());
    Found& found = covered_.by_length[length_];
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const auto& person = lives_->people()[i];
      const bool may = made != nullptr && holds_at(*made, *person.history, stretch.to);
      const auto place = pin_->place_of(person.id).value();
      const std::string where = "customer " + std::to_string(person.id.value) + " in (" +
                                base::to_iso8601(stretch.from, zone_) + ", " +
                                base::to_iso8601(stretch.to, zone_) +
                                "]: " + (made == nullptr ? "nobody" : print(made->rule()));
      ASSERT_EQ(rows && (*rows)[place.block].has(place.row), may) << "from the columns, " << where;
      const bool is_ahead = any_in(seen_[i].facts, stretch);
      ASSERT_EQ(ahead[place.block].has(place.row), is_ahead) << "ahead, " << where;
      found.ahead += is_ahead;
      if (is_ahead) continue;
      if (any_in(seen_[i].boundaries, stretch)) {
        ASSERT_TRUE(may) << where;
        ++found.changed;
        ++changed_;
      } else {
        ++found.unchanged;
        found.asked += may;
      }
    }
  }

  std::uint64_t seed_;
  Covered& covered_;
  std::mt19937_64 random_;
  const base::Zone zone_ =
      *base::Zone::named(seed_ % 4 == 3 ? "Asia/Shanghai" : "America/New_York");
  const Period period_ = period_of(seed_, zone_);
  const Moment last_ = period_.to + Duration{800 * base::kDay.ms};
  MemoryNames names_;
  std::optional<ColumnLives> lives_;
  std::optional<timeline::Pin> pin_;
  const rights::Viewer viewer_ = rights::Viewer::system("test");
  base::WorkPool pool_{0};
  // Of the rule asked about.
  timeline::Mentions mentions_;
  std::vector<Seen> seen_;
  std::vector<Moment> by_time_;
  std::int64_t changed_ = 0;
  Duration length_;
};

// What stands in rules that time changes.
bool moves(const std::string& production) {
  for (const char* still : {"/between", "/before", "/since"}) {
    if (production.ends_with(still)) return false;
  }
  for (const char* moving : {"window/", "anniversary", "held"}) {
    if (production.find(moving) != std::string::npos) return true;
  }
  return production.starts_with("did") || production.starts_with("first") ||
         production.starts_with("last") || production.starts_with("sequence");
}

void print_covered(const Covered& covered) {
  std::printf("%lld rules, nobody for %lld stretches\n", static_cast<long long>(covered.rules),
              static_cast<long long>(covered.nobody));
  for (const auto& [length, found] : covered.by_length) {
    std::printf("%lld s: %lld changed, of %lld others %lld asked, %lld ahead\n",
                static_cast<long long>(length.ms / base::kSecond.ms),
                static_cast<long long>(found.changed), static_cast<long long>(found.unchanged),
                static_cast<long long>(found.asked), static_cast<long long>(found.ahead));
  }
}

TEST(RandomMayChange, FindsWhoeverTimeChanges) {
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
  print_covered(covered);
  if (seeds < kSeeds) return;
  for (const auto& [production, count] : covered.together) {
    EXPECT_GE(count, moves(production) ? 40 : 2) << production;
    if (moves(production)) {
      EXPECT_GE(covered.alone[production], 10) << production;
    }
  }
  EXPECT_GE(covered.nobody, 5'000);
  EXPECT_GE(covered.by_length[base::kHour].ahead, 200);
  for (const auto& [length, found] : covered.by_length) {
    EXPECT_GE(found.changed, 800) << length.ms;
    EXPECT_GE(found.unchanged, 10'000) << length.ms;
    EXPECT_LE(found.asked * 100, found.unchanged) << length.ms;
    EXPECT_LE(found.asked * 5, found.changed) << length.ms;
  }
}

}  // namespace
}  // namespace audience
