#include "audience/triviality.h"

#include <gtest/gtest.h>

#include "audience/memory_names.h"
#include "audience/parse.h"

namespace audience {
namespace {

class Triviality : public testing::Test {
 protected:
  Triviality() { declare_something_of_everything(names_); }

  std::string of(std::string_view text) {
    BindOptions options;
    options.zone = &zone_;
    const auto rule = compile(text, names_, options);
    if (!rule) return std::string(code_of(rule.error().fault));
    const auto warnings = triviality_warnings(**rule);
    return warnings.empty() ? "open" : warnings.front().code.substr(9);
  }
  static bool within(std::string_view rule, std::string_view other) {
    return is_within(*parse(rule), *parse(other));
  }

  MemoryNames names_;
  base::Zone zone_ = *base::Zone::named("Asia/Shanghai");
};

TEST_F(Triviality, FindsWhatNeverChanges) {
  EXPECT_EQ(of("everyone"), "always_true");
  EXPECT_EQ(of("not everyone"), "never_true");
  EXPECT_EQ(of("an_int > 3 or everyone"), "always_true");
  EXPECT_EQ(of("an_int > 3 and not an_int > 3"), "never_true");
  EXPECT_EQ(of("did order_paid and a_text = \"a\" and did not order_paid"), "never_true");
  EXPECT_EQ(of("did order_paid in last 3d or not did order_paid in last 3d"), "always_true");
  EXPECT_EQ(of("did order_paid between 2026-02-01 and 2026-01-01"), "never_true");
  EXPECT_EQ(of("did not order_paid in previous 0 days"), "always_true");
  EXPECT_EQ(of("did order_paid >= 0 times"), "always_true");
  EXPECT_EQ(of("did order_paid < 0 times in last 3d"), "never_true");
  EXPECT_EQ(of("held(not everyone, 3d)"), "never_true");
}

TEST_F(Triviality, LeavesOpenWhatCanChange) {
  for (const char* rule :
       {"did order_paid", "not did order_paid", "held(everyone, 3d)", "did order_paid >= 1 times",
        "an_int > 3 and not an_int > 4", "did order_paid in last 3d or did not order_paid",
        "audience \"nested\"", "stage \"m\" = \"x\"", "did order_payd"}) {
    EXPECT_EQ(of(rule), "open") << rule;
  }
}

TEST_F(Triviality, LooksThroughNames) {
  names_.declare_audience("all", "everyone or an_int > 2");
  names_.declare_model("one", {{"a", "everyone"}, {"b", "did order_paid"}});
  EXPECT_EQ(of("not audience \"all\""), "never_true");
  EXPECT_EQ(of("stage \"one\" = \"a\""), "always_true");
  EXPECT_EQ(of("stage \"one\" = \"b\""), "never_true") << "everybody is in the stage before";
  EXPECT_EQ(of("stage \"one\" is unknown"), "never_true");
}

TEST_F(Triviality, SeesWhatIsWithin) {
  EXPECT_TRUE(within("did a", "did a"));
  EXPECT_TRUE(within("x = 1 and did a", "did a"));
  EXPECT_TRUE(within("did not a and x = 1", "not did a"));
  EXPECT_TRUE(within("did a and x = 1", "did b or did a"));
  EXPECT_FALSE(within("did a", "did a and x = 1"));
  EXPECT_FALSE(within("did a or did b", "did a"));
}

}  // namespace
}  // namespace audience
