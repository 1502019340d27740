#include "audience/print.h"

#include <gtest/gtest.h>

#include <string>

#include "audience/every_production.h"
#include "audience/parse.h"

namespace audience {
namespace {

// The canonical spelling, which must be its own canonical spelling.
std::string canonical(std::string_view text) {
  const auto rule = parse(text);
  if (!rule) return "refused at " + std::to_string(rule.error().offset);
  const std::string printed = print(*rule);
  const auto again = parse(printed);
  EXPECT_TRUE(again) << printed;
  EXPECT_EQ(again ? print(*again) : "", printed);
  return printed;
}

TEST(Print, FewestParentheses) {
  EXPECT_EQ(canonical("((a=1 or b=2))and c=3"), "(a = 1 or b = 2) and c = 3");
  EXPECT_EQ(canonical("(a=1 and b=2)or(c=3)"), "a = 1 and b = 2 or c = 3");
  EXPECT_EQ(canonical("(a=1 or (b=2 or c=3)) or d=4"), "a = 1 or b = 2 or c = 3 or d = 4");
  EXPECT_EQ(canonical("not (a=1)"), "not a = 1");
  EXPECT_EQ(canonical("not (a=1 and b=1)"), "not (a = 1 and b = 1)");
  EXPECT_EQ(canonical("not held(not (a=1 or b=1), 3d)"), "not held(not (a = 1 or b = 1), 3d)");
}

TEST(Print, EveryProduction) {
  for (const char* text : kEveryProduction) EXPECT_EQ(canonical(text), text);
}

TEST(Print, OneSpelling) {
  EXPECT_EQ(canonical("did a in this weeks"), "did a in this week");
  EXPECT_EQ(canonical("did a in previous 1 days"), "did a in previous 1 day");
  EXPECT_EQ(canonical("did a in previous 2 day"), "did a in previous 2 days");
  EXPECT_EQ(canonical("a  in(1,2)"), "a in (1, 2)");
  EXPECT_EQ(canonical("did a then b same ( sku )"), "did a then b same(sku)");
  EXPECT_EQ(canonical("\"did\" = \"a\\\"b\\\\c\""), "\"did\" = \"a\\\"b\\\\c\"");
  EXPECT_EQ(canonical("\"\" = 1"), "\"\" = 1");
}

}  // namespace
}  // namespace audience
