#include "audience/print.h"

#include <gtest/gtest.h>

#include <string>

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
  const char* const same[] = {
      "everyone",
      "age in (1, 2.50, -3)",
      "age between 1 and 2",
      "age is unknown",
      "city contains \"海\"",
      "city starts with \"上\" and city ends with \"海\"",
      "is_member != false",
      "seen in last 7d",
      "due in next 36h",
      "seen in this quarter",
      "seen in previous 1 week",
      "seen today or seen yesterday",
      "seen before 2026-01-31",
      "seen since 2026-01-31T08:00Z",
      "seen between 2026-01-31 and 2026-02-01T00:00:00.000+08:00",
      "seen from 30d to 7d ago",
      "birthday anniversary today",
      "birthday anniversary in next 7d or birthday anniversary in last 1w",
      "born = --05-17",
      "\"会员 等级\" = \"金\"",
      "tag \"等级/VIP\" and tag any of \"等级\" and audience \"核心\"",
      "group any and follows \"大号\" and friend of any and coupon \"新人\"",
      "consents to \"marketing\" on \"sms\" and consents to \"marketing\"",
      "identity on \"phone\"",
      "stage \"m\" != \"x\" or stage \"m\" in (\"x\", \"y\") or stage \"m\" is known",
      "balance \"points\" >= 100.5",
      "did order_paid where (amount >= 100 and (a = 1 or not b = 2)) sum(amount) > 300.5 today",
      "did a avg(b) < 1 and did a min(b) = 2026-01-01 and did a distinct(b) >= 3",
      "did a >= 2 times in last 1000ms",
      "did a on = 1 days in previous 3 months",
      "did not a where (b = 1) since $entry",
      "not did a",
      "first a where (b = 1) with (c = $code) in this month",
      "last \"下单 成功\" yesterday",
      "did a then b within 0ms same(sku) then c where (d = 1) in last 7d",
      "did a then not b within 24h same(sku) from 60d to 1d ago",
  };
  for (const char* text : same) EXPECT_EQ(canonical(text), text);
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
