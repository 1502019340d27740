// Random rules over random pasts: the intervals of the evaluator against the naive twin at every
// moment at which anything can change, and the millisecond before.
#include "audience/naive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "audience/evaluate.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "audience/random_question.h"

namespace audience {
namespace {

using base::Moment;
using timeline::Span;

constexpr std::uint32_t kPasts = 2000;
constexpr int kRulesPerPast = 4;
constexpr int kOccurrencesMin = 200;

// Productions by a name that a reader of a failure understands.
using Coverage = std::map<std::string, int>;

void count_window(const std::optional<Window>& window, Coverage& coverage) {
  static constexpr const char* kNames[] = {"in last", "in next",    "in this", "in previous",
                                           "today",   "yesterday",  "between", "before",
                                           "since",   "from to ago"};
  if (window) ++coverage[std::string("window ") + kNames[window->form.index()]];
}

void count_did(const Did& did, Coverage& coverage) {
  static constexpr const char* kAggregates[] = {"sum", "avg", "min", "max", "distinct"};
  ++coverage[did.negated ? "did not" : "did"];
  count_window(did.window, coverage);
  if (!did.measure) return;
  if (std::get_if<CountTimes>(&*did.measure) != nullptr) ++coverage["times"];
  if (std::get_if<OnDays>(&*did.measure) != nullptr) ++coverage["on days"];
  if (const auto* of = std::get_if<AggregateOf>(&*did.measure)) {
    ++coverage[kAggregates[static_cast<std::size_t>(of->aggregate)]];
  }
}

void count_sequence(const Sequence& sequence, Coverage& coverage) {
  count_window(sequence.window, coverage);
  for (const Then& then : sequence.then) {
    ++coverage["then"];
    if (then.within) ++coverage["within"];
    if (then.same_here) ++coverage["same"];
  }
  if (!sequence.then_not) return;
  ++coverage["then not"];
  if (sequence.then_not->same_here) ++coverage["then not same"];
}

void count(const Node& node, Coverage& coverage) {
  static constexpr const char* kForms[] = {
      "everyone", "and",        "or",       "not",        "held",      "compare",
      "in list",  "between",    "is known", "match",      "in window", "anniversary",
      "tag",      "tag any of", "audience", "consents",   "identity",  "relation",
      "stage",    "balance",    "did form", "first_last", "sequence"};
  ++coverage[kForms[node.form.index()]];
  if (const auto* test = std::get_if<InWindow>(&node.form)) count_window(test->window, coverage);
  if (const auto* test = std::get_if<Did>(&node.form)) count_did(*test, coverage);
  if (const auto* test = std::get_if<Sequence>(&node.form)) count_sequence(*test, coverage);
  if (const auto* test = std::get_if<FirstLast>(&node.form)) {
    ++coverage[test->last ? "last" : "first"];
    count_window(test->window, coverage);
  }
  for (const Node* child : children_of(node)) count(*child, coverage);
}

bool contains(const std::vector<Span>& spans, Moment at) {
  return std::ranges::any_of(spans,
                             [at](const Span& span) { return span.from <= at && at < span.to; });
}

std::vector<Span> all_spans(const BoundRule& rule, const timeline::History& history) {
  std::vector<Span> spans;
  const auto stream = intervals(rule, history, base::kMomentMin);
  while (const auto span = stream->next()) spans.push_back(*span);
  return spans;
}

// In order, disjoint, not touching, nothing empty.
void expect_normal(const std::vector<Span>& spans) {
  for (std::size_t place = 0; place < spans.size(); ++place) {
    EXPECT_LT(spans[place].from, spans[place].to);
    if (place > 0) {
      EXPECT_LT(spans[place - 1].to, spans[place].from);
    }
  }
}

constexpr std::size_t kEdgesMax = 60;  // anniversaries have thousands
constexpr std::size_t kChangesAskedMax = 30;

// True when both answers occurred.
bool expect_agreement(const BoundRule& rule, const timeline::History& history,
                      const std::vector<Moment>& times) {
  const std::vector<Span> spans = all_spans(rule, history);
  expect_normal(spans);
  const std::vector<Moment> changes = change_moments(rule, times);
  std::set<Moment> asked(times.begin(), times.end());
  const std::size_t stride = changes.size() / kChangesAskedMax + 1;
  for (std::size_t place = 0; place < changes.size(); place += stride) {
    asked.insert(changes[place]);
  }
  for (std::size_t place = 0; place < std::min(spans.size(), kEdgesMax); ++place) {
    asked.insert({spans[place].from, spans[place].to});
  }
  std::set<bool> answers;
  for (const Moment change : std::set<Moment>(asked)) asked.insert(change - base::kMillisecond);
  for (const Moment at : asked) {
    if (at == base::kMomentMin || at >= kHorizon) continue;
    const bool expected = naive_holds_at(rule, history, changes, at);
    answers.insert(expected);
    EXPECT_EQ(contains(spans, at), expected) << "intervals at " << base::to_iso8601_utc(at);
    EXPECT_EQ(holds_at(rule, history, at), expected) << "at " << base::to_iso8601_utc(at);
    if (testing::Test::HasFailure()) break;
  }
  return answers.size() == 2;
}

TEST(NaiveTwin, AgreesWithTheIntervals) {
  Coverage coverage;
  int rules = 0;
  int mixed = 0;
  for (std::uint32_t seed = 1; seed <= kPasts && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    Example example("America/New_York");
    declare_random_names(example);
    const RandomPast past = tell_random_past(example, random);
    coverage["equal times"] += past.equal_times;
    coverage["clock change"] += past.clock_change;
    coverage["late"] += past.late;
    std::vector<Moment> times = past.times;
    times.push_back(example.history().known_since());
    RandomQuestions maker(random);
    for (int number = 0; number < kRulesPerPast && !HasFailure(); ++number) {
      const std::string text = maker.rule(3);
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + text);
      const auto rule = example.bound(text);
      count(rule->rule().root, coverage);
      ++rules;
      if (example.history().known_since() == base::kMomentMax) continue;
      mixed += expect_agreement(*rule, example.history(), times);
    }
  }
  for (const auto& [production, times] : coverage) {
    EXPECT_GE(times, kOccurrencesMin) << production;
  }
  EXPECT_GE(mixed * 100, rules * 30) << mixed << " of " << rules;
  EXPECT_LE(mixed * 100, rules * 70) << mixed << " of " << rules;
}

TEST(NaiveTwin, WhatIsNotThereYetIsParsedPrintedAndRefused) {
  Example example;
  declare_random_names(example);
  std::mt19937 random(1);
  RandomQuestions maker(random);
  for (int number = 0; number < 200; ++number) {
    const std::string text = maker.rule(1) + " and " + maker.unavailable_test();
    SCOPED_TRACE(text);
    const auto rule = parse(text);
    ASSERT_TRUE(rule.has_value());
    const auto again = parse(print(*rule));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(print(*again), print(*rule));
    BindOptions options;
    options.zone = &example.zone;
    const auto refused = bind(*rule, example.names, options);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, RuleFault::not_available_yet);
  }
}

}  // namespace
}  // namespace audience
