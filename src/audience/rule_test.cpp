#include "audience/rule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "audience/fault.h"

namespace audience {
namespace {

Node named_test(const char* name) {
  IsKnown test;
  test.subject.text = name;
  return Node{test, 0};
}

TEST(Rule, DurationIsExact) {
  EXPECT_EQ((WrittenDuration{90, "ms"}.value().ms), 90);
  EXPECT_EQ((WrittenDuration{60, "m"}.value().ms), 3'600'000);
  EXPECT_EQ((WrittenDuration{1, "d"}.value().ms), 86'400'000);
  EXPECT_EQ((WrittenDuration{2, "w"}.value().ms), 14 * 86'400'000);
  EXPECT_EQ((WrittenDuration{36'500, "d"}.value().ms), 3'153'600'000'000);
}

TEST(Rule, CloneIsDeepAndFiltersCount) {
  Did did;
  did.step.event.text = "order_paid";
  And both;
  both.parts.push_back(named_test("amount"));
  both.parts.push_back(named_test("sku"));
  did.step.filter = std::make_unique<Node>(Node{std::move(both), 3});
  const Rule rule{Node{std::move(did), 0}};

  Rule copy = rule.clone();
  EXPECT_EQ(count_tests(copy.root), 3u);
  EXPECT_EQ(depth_of(copy.root), 3u);
  std::get<Did>(copy.root.form).step.filter->offset = 7;
  EXPECT_EQ(std::get<Did>(rule.root.form).step.filter->offset, 3u);
}

TEST(Fault, EveryCodeIsInTheReference) {
  std::ifstream file(SIYU_SOURCE_DIR "/docs/rule_language.md");
  const std::string reference((std::istreambuf_iterator<char>(file)), {});
  for (auto fault = RuleFault::text_too_long;;
       fault = static_cast<RuleFault>(static_cast<std::uint8_t>(fault) + 1)) {
    const std::string_view code = code_of(fault);
    const std::string row = "| " + std::string(code.substr(code.find('.') + 1)) + " |";
    EXPECT_NE(reference.find(row), std::string::npos) << code;
    if (fault == RuleFault::bad_tree) break;
  }
}

TEST(Fault, CodesAreStable) {
  EXPECT_EQ(code_of(RuleFault::expected_test), "audience.expected_test");
  EXPECT_EQ(code_of(RuleFault::bad_tree), "audience.bad_tree");
}

}  // namespace
}  // namespace audience
