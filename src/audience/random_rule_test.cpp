#include "audience/random_rule.h"

#include <gtest/gtest.h>

#include "audience/bind.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "audience/tree.h"
#include "base/calendar.h"

namespace audience {
namespace {

constexpr int kRules = 10'000;

TEST(RandomRules, PrintParseAndTreeRoundTrip) {
  MemoryNames names;
  declare_something_of_everything(names);
  const base::Zone zone = *base::Zone::named("Asia/Shanghai");
  BindOptions options;
  options.zone = &zone;
  options.saved = true;
  RandomRuleOptions with_all;
  with_all.with_unavailable = true;
  RandomRules rules(names, 20261122, with_all);
  std::size_t bound = 0;
  for (int i = 0; i < kRules; ++i) {
    const Rule rule = rules.next();
    const std::string text = print(rule);
    SCOPED_TRACE(text);
    const std::string tree = to_tree_text(rule);
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed) << code_of(parsed.error().fault) << " @ " << parsed.error().offset;
    ASSERT_EQ(to_tree_text(*parsed), tree);
    ASSERT_EQ(print(*parsed), text);
    const auto read = from_tree_text(tree);
    ASSERT_TRUE(read) << code_of(read.error().fault) << " " << read.error().path;
    ASSERT_EQ(print(*read), text);
    const auto meant = bind(rule, names, options);
    if (meant) {
      ++bound;
      ASSERT_EQ(print((*meant)->rule(), names), text);
    } else {
      ASSERT_EQ(meant.error().fault, RuleFault::not_available_yet);
    }
  }
  EXPECT_GT(bound, kRules / 2);
  for (const auto& [production, times] : rules.counts()) EXPECT_GE(times, 20u) << production;
  EXPECT_EQ(rules.counts().size(), 89u);
}

TEST(RandomRules, RepeatFromTheirSeed) {
  MemoryNames names;
  declare_something_of_everything(names);
  RandomRules once(names, 7), again(names, 7), other(names, 8);
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const std::string text = print(once.next());
    EXPECT_EQ(print(again.next()), text);
    differs |= print(other.next()) != text;
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace audience
