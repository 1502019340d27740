#include "audience/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "audience/print.h"

namespace audience {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// The canonical spelling, or "audience.expected_test @ 7".
std::string run(std::string_view text) {
  const auto rule = parse(text);
  if (rule) return print(*rule);
  return std::string(code_of(rule.error().fault)) + " @ " + std::to_string(rule.error().offset);
}

std::string expected(std::string_view text) {
  const auto rule = parse(text);
  return rule ? "no error" : rule.error().expected;
}

// One line or more for every fault that a text alone can have; bind_test.cpp has the others.
TEST(Parse, ReportsTheFirstTokenThatCannotBeAccepted) {
  EXPECT_EQ(run(std::string(kRuleBytesMax + 1, ' ')), "audience.text_too_long @ 0");
  EXPECT_EQ(run("age > 3 \xff"), "audience.not_utf8 @ 8");
  EXPECT_EQ(run("city = \"\xe4\xb8\""), "audience.not_utf8 @ 8");
  EXPECT_EQ(run(std::string_view("city = \"a\0b\"", 12)), "audience.nul_character @ 9");
  EXPECT_EQ(run("city = \"上海"), "audience.unfinished_string @ 7");
  EXPECT_EQ(run("city = \"上海\\"), "audience.unfinished_string @ 7");
  EXPECT_EQ(run("city = \"a\\nb\""), "audience.bad_escape @ 7");
  EXPECT_EQ(run("city = \"a\nb\""), "audience.line_end_in_string @ 7");
  EXPECT_EQ(run("age # 3"), "audience.unknown_character @ 4");
  EXPECT_EQ(run("age ! 3"), "audience.unknown_character @ 4");
  EXPECT_EQ(run("age = $"), "audience.unknown_character @ 6");
  EXPECT_EQ(run(""), "audience.expected_test @ 0");
  EXPECT_EQ(run("age > 3 and "), "audience.expected_test @ 12");
  EXPECT_EQ(run("AGE > 3"), "audience.expected_test @ 0");
  EXPECT_EQ(run("等级 = \"金\""), "audience.expected_test @ 0");
  EXPECT_EQ(run("between = 3"), "audience.expected_test @ 0");
  EXPECT_EQ(run("did a where (did b)"), "audience.expected_test @ 13");
  EXPECT_EQ(run("did a where (everyone)"), "audience.expected_test @ 13");
  EXPECT_EQ(run("did a where (held(b = 1, 3d))"), "audience.expected_test @ 13");
  EXPECT_EQ(run("did"), "audience.expected_name @ 3");
  EXPECT_EQ(run("did a sum(3) > 1"), "audience.expected_name @ 10");
  EXPECT_EQ(run("did first"), "audience.reserved_name @ 4");
  EXPECT_EQ(run("did a then then"), "audience.reserved_name @ 11");
  EXPECT_EQ(run("did a then b same(in)"), "audience.reserved_name @ 18");
  EXPECT_EQ(run("age"), "audience.expected_comparison @ 3");
  EXPECT_EQ(run("age 3"), "audience.expected_comparison @ 4");
  EXPECT_EQ(run("did a on 3 days"), "audience.expected_comparison @ 9");
  EXPECT_EQ(run("stage \"m\""), "audience.expected_comparison @ 9");
  EXPECT_EQ(run("age >"), "audience.expected_value @ 5");
  EXPECT_EQ(run("age = 30x"), "audience.expected_value @ 6");
  EXPECT_EQ(run("age = 30d"), "audience.expected_value @ 6");
  EXPECT_EQ(run("age between 1 and or"), "audience.expected_value @ 18");
  EXPECT_EQ(run("did a >= 2.5 times"), "audience.expected_integer @ 9");
  EXPECT_EQ(run("did a >= -2 times"), "audience.expected_integer @ 9");
  EXPECT_EQ(run("did a in previous days"), "audience.expected_integer @ 18");
}

TEST(Parse, ReportsWhatIsMissingBehindAWord) {
  EXPECT_EQ(run("balance \"points\" > \"3\""), "audience.expected_number @ 19");
  EXPECT_EQ(run("tag vip"), "audience.expected_string @ 4");
  EXPECT_EQ(run("tag any of vip"), "audience.expected_string @ 11");
  EXPECT_EQ(run("friend of vip"), "audience.expected_string @ 10");
  EXPECT_EQ(run("city contains 3"), "audience.expected_string @ 14");
  EXPECT_EQ(run("did a in last 30"), "audience.expected_duration @ 14");
  EXPECT_EQ(run("did a in last 30 d"), "audience.expected_duration @ 14");
  EXPECT_EQ(run("did a since yesterday"), "audience.expected_moment @ 12");
  EXPECT_EQ(run("did a since --05-17"), "audience.expected_moment @ 12");
  EXPECT_EQ(run("did a in this decade"), "audience.expected_unit @ 14");
  EXPECT_EQ(run("(age > 3"), "audience.expected_parenthesis @ 8");
  EXPECT_EQ(run("age in 3"), "audience.expected_parenthesis @ 7");
  EXPECT_EQ(run("did a where b = 1"), "audience.expected_parenthesis @ 12");
  EXPECT_EQ(run("did a sum b > 1"), "audience.expected_parenthesis @ 10");
  EXPECT_EQ(run("age in (1 2)"), "audience.expected_parenthesis @ 10");
  EXPECT_EQ(run("held age > 3"), "audience.expected_parenthesis @ 5");
  EXPECT_EQ(run("held(age > 3)"), "audience.expected_comma @ 12");
  EXPECT_EQ(run("city starts \"a\""), "audience.expected_with @ 12");
  EXPECT_EQ(run("age is 3"), "audience.expected_known_or_unknown @ 7");
  EXPECT_EQ(run("stage \"m\" is 3"), "audience.expected_known_or_unknown @ 13");
  EXPECT_EQ(run("birthday anniversary in 7d"), "audience.expected_next_or_last @ 24");
  EXPECT_EQ(run("birthday anniversary 7d"), "audience.expected_word @ 21");
  EXPECT_EQ(run("did a >= 2"), "audience.expected_word @ 10");
  EXPECT_EQ(run("did a on >= 2 times"), "audience.expected_word @ 14");
  EXPECT_EQ(run("did a in 3d"), "audience.expected_word @ 9");
  EXPECT_EQ(run("did a in next 3d"), "audience.expected_word @ 9");
  EXPECT_EQ(run("did a then not b"), "audience.expected_word @ 16");
  EXPECT_EQ(run("did a from 3d to 1d"), "audience.expected_word @ 19");
  EXPECT_EQ(run("age > 3)"), "audience.expected_end @ 7");
  EXPECT_EQ(run("did a >= 2 times then b"), "audience.expected_end @ 17");
  EXPECT_EQ(run("did not a >= 2 times"), "audience.expected_end @ 10");
  EXPECT_EQ(run("did a in last 3d then b"), "audience.expected_end @ 17");
  EXPECT_EQ(run("did a then not b within 1d then c"), "audience.expected_end @ 27");
  EXPECT_EQ(run("born = 2026-02-30"), "audience.impossible_moment @ 7");
  EXPECT_EQ(run("born = 2026-02-03T25:00"), "audience.impossible_moment @ 7");
  EXPECT_EQ(run("age = 9999999999999999999"), "audience.number_out_of_range @ 6");
  EXPECT_EQ(run("did a in last 36501d"), "audience.duration_too_long @ 14");
  EXPECT_EQ(run("did a in last 99999999999999999999d"), "audience.duration_too_long @ 14");
}

TEST(Parse, NamesWhatWasExpectedAndWhatWasMeant) {
  EXPECT_EQ(expected("birthday anniversary in 7d"), "next last");
  EXPECT_EQ(expected("did a >= 2"), "times");
  EXPECT_EQ(expected("age > 3 and not"),
            "a test such as did order_paid, or a name; other names "
            "than a-z, 0-9 and _ in double quotes");
  const auto misspelt = parse("age > 3 andd age < 5");
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().nearest, "and");
}

TEST(Parse, LineAndColumnCountCodePoints) {
  const auto rule = parse("age > 3 and\r\n  city = \"上海\" andd age < 3");
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().offset, 31u);
  EXPECT_EQ(rule.error().line, 2u);
  EXPECT_EQ(rule.error().column, 15u);
}

TEST(Parse, ContextWordsAreNamesElsewhere) {
  EXPECT_EQ(run("tag = \"x\" and coupon in (\"a\") and friend is known and identity = 1"),
            "tag = \"x\" and coupon in (\"a\") and friend is known and identity = 1");
  EXPECT_EQ(run("did on on >= 2 days and did today today and first with with (a = 1)"),
            "did on on >= 2 days and did today today and first with with (a = 1)");
  EXPECT_EQ(run("did sum sum(within) > 1 and did then_a then within within 3d same(same)"),
            "did sum sum(within) > 1 and did then_a then within within 3d same(same)");
  EXPECT_EQ(run("\"tag\" = \"x\" and \"and\" = 1"), "tag = \"x\" and \"and\" = 1");
}

TEST(Parse, BringsTextToNormalForm) {
  EXPECT_EQ(run("\"Cafe\xCC\x81\" = \"Cafe\xCC\x81\""), "\"Caf\xC3\xA9\" = \"Caf\xC3\xA9\"");
}

TEST(Parse, LimitsAreInclusive) {
  EXPECT_EQ(run("a = 1" + std::string(kRuleBytesMax - 5, ' ')), "a = 1");
  EXPECT_EQ(run("a in(1" + repeat(",1", 20'000) + ")").size(), 6u + 1 + 60'000 + 1);
  EXPECT_EQ(run("a in(1" + repeat(",1", 30'000) + ")"), "audience.text_too_long @ 0");
  EXPECT_EQ(run("a = 1" + repeat(" or a = 1", 999)).size(), 5u + 999 * 9);
  EXPECT_EQ(run("a = 1" + repeat(" or a = 1", 1000)), "audience.too_many_tests @ 9000");
  const std::string filtered = "did a where (b = 1)";
  EXPECT_EQ(run(filtered + repeat(" or " + filtered, 499)).size(), 19u + 499 * 23);
  EXPECT_EQ(run(filtered + repeat(" or " + filtered, 500)), "audience.too_many_tests @ 11500");
  EXPECT_EQ(run("did a in last 36500d"), "did a in last 36500d");
}

TEST(Parse, DepthIsThatOfTheTree) {
  EXPECT_EQ(run(repeat("not ", 63) + "a = 1"), repeat("not ", 63) + "a = 1");
  EXPECT_EQ(run(repeat("not ", 64) + "a = 1"), "audience.too_deep @ 256");
  EXPECT_EQ(run(repeat("not ", 65) + "a = 1"), "audience.too_deep @ 256");
  EXPECT_EQ(run(repeat("not ", 62) + "did a where (b = 1)").size(), 62u * 4 + 19);
  EXPECT_EQ(run(repeat("not ", 63) + "did a where (b = 1)"), "audience.too_deep @ 265");
  EXPECT_EQ(run(repeat("held(", 64) + "a = 1"), "audience.too_deep @ 320");
}

// Parentheses that hold nothing but one thing, or a chain of the same connective, are not in the
// tree.
TEST(Parse, ParenthesesAreNotDepth) {
  EXPECT_EQ(run(repeat("(", 30'000) + "a = 1" + repeat(")", 30'000)), "a = 1");
  EXPECT_EQ(run(repeat("(", 60'000)), "audience.expected_test @ 60000");
  EXPECT_EQ(run(repeat("a = 1 or (", 500) + "b = 1" + repeat(")", 500)),
            repeat("a = 1 or ", 500) + "b = 1");
  EXPECT_EQ(run(repeat("(", 500) + "b = 1" + repeat(" and a = 1)", 500)),
            "b = 1" + repeat(" and a = 1", 500));
}

TEST(Parse, ChainsDissolveThroughParentheses) {
  EXPECT_EQ(run(repeat("a = 1 and ((", 100) + "b = 1" + repeat("))", 100)),
            repeat("a = 1 and ", 100) + "b = 1");
  EXPECT_EQ(run(repeat("a = 1 or ((", 100) + "b = 1" + repeat("))", 100)),
            repeat("a = 1 or ", 100) + "b = 1");
}

// Patterns that go down two levels each time they are repeated: every depth up to the limit is
// accepted and none beyond.
TEST(Parse, DepthIsExact) {
  const std::pair<std::string, std::string> patterns[] = {
      {"a = 1 and (a = 1 or a = 1 and (", "))"},
      {"a = 1 or (a = 1 and (", "))"},
      {"a = 1 and (a = 1 and a = 1 or (", "))"},
      {"((", " or a = 1) and a = 1)"},
      {"((", " and a = 1) or a = 1)"},
      {"not (a = 1 or ", ")"},
      {"held(not ", ", 1d)"},
      {"not (", " and a = 1)"},
  };
  for (const auto& [open, close] : patterns) {
    SCOPED_TRACE(open);
    std::size_t deepest = 0;
    for (std::size_t times = 1; times < 40; ++times) {
      const auto rule = parse(repeat(open, times) + "b = 1" + repeat(close, times));
      if (rule) {
        EXPECT_GT(depth_of(rule->root), deepest);
        deepest = depth_of(rule->root);
      } else {
        EXPECT_EQ(rule.error().fault, RuleFault::too_deep);
        EXPECT_EQ(deepest, deepest % 2 == 0 ? kRuleDepthMax : kRuleDepthMax - 1);
        break;
      }
    }
    EXPECT_GE(deepest, kRuleDepthMax - 1);
    EXPECT_LE(deepest, kRuleDepthMax);
  }
}

// The tree grows downwards at the token that makes a chain, wherever its parts stand.
TEST(Parse, DepthOfAlternatingChains) {
  // Each "(a or (a and " is two levels; the last test lies at 2 · pairs + 1.
  const std::string pair = "a = 1 or (a = 1 and (";
  const std::string fits = repeat(pair, 31) + "a = 1 or b = 1";
  EXPECT_EQ(depth_of(parse(fits + repeat(")", 62))->root), 64u);
  EXPECT_EQ(run(repeat(pair, 32) + "b = 1"), "audience.too_deep @ 667");

  // The other way round the operators come after what they push down.
  const std::string tail = " or a = 1) and a = 1)";
  const std::string left = repeat("(", 62) + "a = 1" + repeat(tail, 31) + " or a = 1";
  EXPECT_EQ(depth_of(parse(left)->root), 64u);
  EXPECT_EQ(run("(" + left + ") and a = 1"),
            "audience.too_deep @ " + std::to_string(left.size() + 3));
}

TEST(Parse, OffsetsOfNodesAreTheirFirstTokens) {
  const auto rule = parse("not (a = 1) or did x where (b >= 2)");
  ASSERT_TRUE(rule);
  const auto& parts = std::get<Or>(rule->root.form).parts;
  EXPECT_EQ(parts[0].offset, 0u);
  EXPECT_EQ(std::get<Not>(parts[0].form).part->offset, 5u);
  EXPECT_EQ(parts[1].offset, 15u);
  const auto& did = std::get<Did>(parts[1].form);
  EXPECT_EQ(did.step.event.offset, 19u);
  EXPECT_EQ(std::get<Compare>(did.step.filter->form).operator_offset, 30u);
}

}  // namespace
}  // namespace audience
