// Asks every golden case in one world and registers each as a test of its own:
//   golden_test --world memory
// The cases lie in $SIYU_ORACLES or beside the repository; where they are absent the one test that
// is left is skipped and says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string_view>

#include "audience/evaluate.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "base/check.h"
#include "cases.h"
#include "store/test_database.h"
#include "world.h"

namespace golden {
namespace {

using audience::BindOptions;
using audience::BoundRule;
using audience::RuleError;

// The text bound in the world as an ad-hoc question, or why not.
base::Result<std::shared_ptr<const BoundRule>, RuleError> ask(const std::string& text,
                                                              const World& world,
                                                              const base::Zone& zone) {
  const auto rule = audience::parse(text);
  if (!rule) return base::unexpected(rule.error());
  BindOptions options;
  options.zone = &zone;
  return audience::bind(*rule, world.names(), options);
}

std::string text_of(std::optional<base::Moment> moment, const base::Zone& zone) {
  return moment ? base::to_iso8601(*moment, zone) : "never";
}

void check(const RuleCase& example, World& world) {
  SCOPED_TRACE(example.id + ": " + example.rule + " at " + example.at + " (" + example.why + ")");
  const auto zone = base::Zone::named(example.zone);
  ASSERT_TRUE(zone.has_value());
  world.declare(example.declares, *zone);
  world.remember(example.past);
  const auto rule = ask(example.rule, world, *zone);
  ASSERT_TRUE(rule.has_value()) << audience::code_of(rule.error().fault);

  const auto history = world.history();
  ASSERT_NE(history, nullptr);
  const base::Moment at = moment_in(example.at);
  const auto standing = audience::standing_at(**rule, *history, at);
  EXPECT_EQ(standing.answer, example.answer);
  EXPECT_EQ(audience::holds_at(**rule, *history, at), example.answer);
  std::optional<base::Moment> expected;
  if (example.next_change) expected = moment_in(*example.next_change);
  EXPECT_EQ(text_of(standing.next_change, *zone), text_of(expected, *zone));
}

void check(const RefusedCase& example, World& world) {
  SCOPED_TRACE(example.hint + ": " + example.rule.substr(0, 80));
  const auto zone = base::Zone::named("Asia/Shanghai");
  world.declare(example.declares.value_or(Declares{}), *zone);
  if (example.declares) {
    EXPECT_TRUE(audience::parse(example.rule).has_value()) << "is grammatical";
  }
  const auto rule = ask(example.rule, world, *zone);
  ASSERT_FALSE(rule.has_value());
  if (example.offset) {
    EXPECT_EQ(rule.error().offset, *example.offset) << audience::code_of(rule.error().fault);
  }
}

void check(const CanonicalCase& example, World&) {
  SCOPED_TRACE(example.input);
  const auto rule = audience::parse(example.input);
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(audience::print(*rule), example.canonical);
  const auto again = audience::parse(example.canonical);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(audience::print(*again), example.canonical);
}

class GoldenTest : public testing::Test {
 public:
  explicit GoldenTest(std::function<void()> body) : body_(std::move(body)) {}
  void TestBody() override { body_(); }

 private:
  std::function<void()> body_;
};

void add_test(const std::string& suite, const std::string& name, std::function<void()> body) {
  testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [body = std::move(body)]() -> testing::Test* {
                          return new GoldenTest(body);  // googletest takes it
                        });
}

template <typename Example>
void add_tests(const std::string& suite, const std::vector<Example>& examples, World& world) {
  for (std::size_t number = 0; number < examples.size(); ++number) {
    const Example& example = examples[number];
    std::string name = std::to_string(number + 1);
    if constexpr (requires { example.id; }) name = example.id;
    add_test(suite, name, [&example, &world] { check(example, world); });
  }
}

std::unique_ptr<World> world_called(std::string_view name) {
  if (name == "memory") return memory_world();
  if (name == "sqlite") return database_world({store::Dialect::sqlite, false});
  if (name == "postgresql") return database_world({store::Dialect::postgresql, false});
  if (name == "sqlite_merged") return database_world({store::Dialect::sqlite, true});
  if (name == "postgresql_merged") return database_world({store::Dialect::postgresql, true});
  return nullptr;
}

std::string world_named(int count, char** arguments) {
  for (int place = 1; place + 1 < count; ++place) {
    if (std::string_view(arguments[place]) == "--world") return arguments[place + 1];
  }
  return "memory";
}

}  // namespace
}  // namespace golden

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  const std::string name = golden::world_named(count, arguments);
  const std::string folder = golden::oracles_folder();
  auto cases = golden::read_cases(folder);
  const auto world = golden::world_called(name);
  if (!world) {
    std::fprintf(stderr, "golden_test: no such world: %s\n", name.c_str());
    return 2;
  }
  const std::string missing = name.starts_with("postgresql") ? store::postgresql_missing() : "";
  if (!missing.empty()) {
    golden::add_test("golden_rules_" + name, "cases",
                     [missing] { GTEST_SKIP() << "skipped: " << missing; });
  } else if (cases) {
    // Cases of one workspace one after the other, so that a database is made once for them.
    std::ranges::stable_sort(cases->rules, {}, &golden::RuleCase::declares);
    golden::add_tests("golden_rules_" + name, cases->rules, *world);
    golden::add_tests("golden_refused_" + name, cases->refused, *world);
    golden::add_tests("golden_canonical_" + name, cases->canonical, *world);
    std::printf("golden: %zu rules, %zu refused texts, %zu canonical spellings of %s, world %s\n",
                cases->rules.size(), cases->refused.size(), cases->canonical.size(), folder.c_str(),
                name.c_str());
  } else {
    golden::add_test("golden_rules_" + name, "cases",
                     [folder] { GTEST_SKIP() << "skipped: no rules/cases.json in " << folder; });
  }
  return RUN_ALL_TESTS();
}
