#include "audience/bind.h"

#include <gtest/gtest.h>

#include <string>

#include "audience/memory_names.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "base/calendar.h"

namespace audience {
namespace {

using base::ValueType;

class Bind : public testing::Test {
 protected:
  Bind() {
    names.declare_attribute("age", ValueType::integer);
    names.declare_attribute("score", ValueType::decimal);
    names.declare_attribute("deposit", ValueType::money);
    city = names.declare_attribute("city", ValueType::text);
    names.declare_attribute("vip", ValueType::boolean);
    names.declare_attribute("seen", ValueType::time);
    names.declare_attribute("birthday", ValueType::date);
    names.declare_attribute("interests", ValueType::text_list);
    order = names.declare_event("order_paid");
    amount = names.declare_property(order, "amount", ValueType::money);
    names.declare_property(order, "sku", ValueType::text);
    names.declare_property(order, "items", ValueType::text_list);
    names.declare_property(order, "due", ValueType::time);
    cart = names.declare_event("cart_added");
    names.declare_property(cart, "sku", ValueType::text);
    const auto entered = names.declare_event("audience_entered");
    names.declare_property(entered, "audience", ValueType::text);
    gold = names.declare_tag("等级", "金");
    names.declare_tag("等级", "VIP");
    names.declare_tag("渠道", "VIP");
    names.declare_list("老客名单");
    sms = names.declare_consent("marketing", "sms");
    mail = names.declare_consent("marketing", "mail");
    names.declare_identity_kind("phone");
    options.zone = &zone;
  }

  base::Result<std::shared_ptr<const BoundRule>, RuleError> bound(std::string_view text) const {
    return compile(text, names, options);
  }

  // "ok", the warnings ("audience.unknown_event @ 4 (order_paid)"; "nobody" behind them when the
  // question matches nobody), or the error in the same form.
  std::string run(std::string_view text) const {
    const auto rule = bound(text);
    const auto line = [](std::string_view code, std::size_t offset,
                         const std::optional<std::string>& nearest) {
      return std::string(code) + " @ " + std::to_string(offset) +
             (nearest ? " (" + *nearest + ")" : "");
    };
    if (!rule) {
      return line(code_of(rule.error().fault), rule.error().offset, rule.error().nearest);
    }
    std::string out;
    for (const Warning& warning : (*rule)->warnings()) {
      out += line(warning.code, warning.offset, warning.nearest) + " ";
    }
    if ((*rule)->matches_nobody()) out += "nobody";
    return out.empty() ? "ok" : out;
  }

  std::string run_saved(std::string_view text) {
    options.saved = true;
    std::string out = run(text);
    options.saved = false;
    return out;
  }

  base::Zone zone = *base::Zone::named("Asia/Shanghai");
  MemoryNames names;
  BindOptions options;
  base::AttributeId city;
  base::EventTypeId order, cart;
  base::PropertyId amount;
  base::TagId gold;
  std::int64_t sms = 0, mail = 0;
};

// With parse_test.cpp: a line or more for every RuleFault.
TEST_F(Bind, ReportsNamesAndTypes) {
  EXPECT_EQ(run_saved("aeg > 30"), "audience.unknown_attribute @ 0 (age)");
  EXPECT_EQ(run_saved("did order_paid where (amonut > 1)"),
            "audience.unknown_property @ 22 (amount)");
  EXPECT_EQ(run_saved("did ordr_paid"), "audience.unknown_event @ 4 (order_paid)");
  EXPECT_EQ(run_saved("tag \"等级/今\""), "audience.unknown_tag @ 4 (等级/金)");
  EXPECT_EQ(run_saved("tag \"VIQ\""), "audience.unknown_tag @ 4 (VIP)");
  EXPECT_EQ(run_saved("tag any of \"等\""), "audience.unknown_tag_group @ 11 (等级)");
  EXPECT_EQ(run_saved("audience \"老客\""), "audience.unknown_audience @ 9 (老客名单)");
  EXPECT_EQ(run_saved("consents to \"marketin\""), "audience.unknown_purpose @ 12 (marketing)");
  EXPECT_EQ(run_saved("consents to \"marketing\" on \"smss\""),
            "audience.unknown_channel @ 27 (sms)");
  EXPECT_EQ(run_saved("identity on \"phon\""), "audience.unknown_identity_kind @ 12 (phone)");
  EXPECT_EQ(run("tag \"VIP\""), "audience.ambiguous_tag @ 0");
  EXPECT_EQ(run("did order_paid since $entry"), "audience.no_entry_here @ 21");
  EXPECT_EQ(run("city = $city"), "audience.no_parameters_here @ 7");
  EXPECT_EQ(run("vip >= true"), "audience.not_ordered @ 4");
  EXPECT_EQ(run("city < \"a\""), "audience.not_ordered @ 5");
  EXPECT_EQ(run("interests > \"a\""), "audience.not_ordered @ 10");
  EXPECT_EQ(run("city between \"a\" and \"b\""), "audience.not_ordered @ 5");
  EXPECT_EQ(run("age contains \"3\""), "audience.not_a_text @ 4");
  EXPECT_EQ(run("interests starts with \"s\""), "audience.not_a_text @ 10");
  EXPECT_EQ(run("age in last 7d"), "audience.not_a_time @ 4");
  EXPECT_EQ(run("city anniversary today"), "audience.not_a_time @ 5");
  EXPECT_EQ(run("did order_paid sum(sku) > 3"), "audience.not_a_number @ 19");
  EXPECT_EQ(run("did order_paid avg(due) > 3"), "audience.not_a_number @ 19");
  EXPECT_EQ(run("did order_paid min(sku) > 3"), "audience.not_comparable @ 19");
  EXPECT_EQ(run("did order_paid distinct(items) > 3"), "audience.not_comparable @ 24");
  EXPECT_EQ(run("age = \"30\""), "audience.wrong_literal @ 6");
  EXPECT_EQ(run("age in (1, 2026-01-01)"), "audience.wrong_literal @ 11");
  EXPECT_EQ(run("seen between 2026-01-01 and 3"), "audience.wrong_literal @ 28");
  EXPECT_EQ(run("vip = 1"), "audience.wrong_literal @ 6");
  EXPECT_EQ(run("did order_paid max(due) > 3"), "audience.wrong_literal @ 26");
  EXPECT_EQ(run("did order_paid where (due in last 7d)"), "audience.window_in_filter @ 26");
  EXPECT_EQ(run("did order_paid where (due today)"), "audience.window_in_filter @ 26");
  EXPECT_EQ(run("did order_paid where (due anniversary today)"), "audience.window_in_filter @ 26");
  EXPECT_EQ(run("birthday anniversary in next 36h"), "audience.not_whole_days @ 29");
  for (const char* later : {"group any", "follows \"大号\"", "friend of any", "coupon \"新人\"",
                            "balance \"points\" > 3"}) {
    EXPECT_EQ(run(later), "audience.not_available_yet @ 0");
  }
}

TEST_F(Bind, AcceptsWhatTheTypesAllow) {
  EXPECT_EQ(run("age = 30.5 and deposit > 12.505 and score < -1"), "ok");
  EXPECT_EQ(run("city in (\"a\", \"b\") and interests != \"ski\" and vip = false"), "ok");
  EXPECT_EQ(run("seen > 2026-01-02 and birthday = --05-17 and birthday in this year"), "ok");
  EXPECT_EQ(run("did order_paid where (due before 2026-01-01 and due between 2026-01-01 and "
                "2026-02-01 and source = \"x\" and local_hour >= 8 and local_weekday in (1, 7))"),
            "ok");
  EXPECT_EQ(run("did order_paid max(due) > 2026-01-01 and did order_paid distinct(sku) >= 2"),
            "ok");
  EXPECT_EQ(run("did order_paid where (due since 2026-01-01)"), "ok");
  EXPECT_EQ(run("first order_paid where (amount > 3) with (sku = \"a\")"), "ok");
  EXPECT_EQ(run("did order_paid then cart_added same(sku)"), "ok");
  EXPECT_EQ(run_saved("did order_paid then cart_added same(amount)"),
            "audience.unknown_property @ 36");
}

TEST_F(Bind, UnknownNamesInAQuestionMatchNobody) {
  EXPECT_EQ(run("not did ordr_paid where (x = 1) or aeg is unknown"),
            "audience.unknown_event @ 8 (order_paid) audience.unknown_attribute @ 35 (age) nobody");
  EXPECT_EQ(run("aeg = 3 and age = \"x\""), "audience.wrong_literal @ 18");
}

TEST_F(Bind, WarnsOfEmptyRanges) {
  EXPECT_EQ(run("age between 3 and 3"), "ok");
  EXPECT_EQ(run("age between 3 and 2.5"), "audience.empty_range @ 4 ");
  EXPECT_EQ(run("seen between 2026-01-02 and 2026-01-02"), "audience.empty_range @ 5 ");
  EXPECT_EQ(run("did order_paid from 7d to 30d ago"), "audience.empty_range @ 15 ");
  EXPECT_EQ(run("did order_paid from 7d to 7d ago"), "audience.empty_range @ 15 ");
  EXPECT_EQ(run("did order_paid from 8d to 7d ago"), "ok");
  EXPECT_EQ(run("did order_paid in previous 0 days"), "audience.empty_range @ 15 ");
  EXPECT_EQ(run("did order_paid in last 0ms"), "audience.empty_range @ 15 ");
}

TEST_F(Bind, ResolvesMomentsInTheZone) {
  const auto rule = bound("seen between 2026-01-02 and 2026-01-02T08:00Z and birthday = --05-17");
  ASSERT_TRUE(rule);
  const auto& parts = std::get<And>((*rule)->rule().root.form).parts;
  const auto& between = std::get<BetweenValues>(parts[0].form);
  EXPECT_EQ(std::get<base::Moment>(*between.low.value).ms, 1'767'283'200'000);
  EXPECT_EQ(std::get<base::Moment>(*between.high.value).ms, 1'767'340'800'000);
  EXPECT_FALSE(std::get<Compare>(parts[1].form).value.value.has_value());
}

TEST_F(Bind, FillsIdsAndKeys) {
  const auto rule = bound(
      "tag \"金\" and tag any of \"等级\" and consents to \"marketing\" and "
      "consents to \"marketing\" on \"sms\" and audience \"老客名单\"");
  ASSERT_TRUE(rule);
  const auto& parts = std::get<And>((*rule)->rule().root.form).parts;
  EXPECT_EQ(std::get<HasTag>(parts[0].form).tag.id, gold);
  EXPECT_EQ((*rule)->keys(parts[1]).size(), 2u);
  EXPECT_EQ((*rule)->keys(parts[2]), (std::vector{sms, mail}));
  EXPECT_EQ((*rule)->keys(parts[3]), std::vector{sms});
  EXPECT_TRUE(std::get<InAudience>(parts[4].form).list);
}

TEST_F(Bind, JourneysHaveEntryAndParameters) {
  options.entry = base::Moment{1000};
  options.parameters["city"] = std::string("上海");
  options.parameters["spent"] = base::Money{1250};
  EXPECT_EQ(run("city = $city and deposit >= $spent and did order_paid since $entry"), "ok");
  EXPECT_EQ(run("city = $spent"), "audience.wrong_literal @ 7");
  EXPECT_EQ(run("city = $citi"), "audience.unknown_parameter @ 7 (city)");
  const auto rule = bound("deposit >= $spent");
  EXPECT_EQ(std::get<Compare>((*rule)->rule().root.form).value.number->micros, 12'500'000);
}

TEST_F(Bind, NestedAudiencesAreBoundOnce) {
  const auto young = names.declare_audience("young", "age < 30");
  const auto both = names.declare_audience("both", "audience \"young\" and audience \"young\"");
  const auto rule = bound("audience \"both\" or audience \"young\"");
  ASSERT_TRUE(rule);
  EXPECT_TRUE(std::get<Compare>((*rule)->definition(young).root.form).subject.attribute);
  EXPECT_EQ(count_tests((*rule)->definition(both).root), 2u);
}

TEST_F(Bind, MistakesOfNestedAudiencesStandAtTheirMention) {
  const auto inner = names.declare_audience("inner", "everyone and aeg > 3");
  names.declare_audience("outer", "everyone and everyone and audience \"inner\"");
  EXPECT_EQ(run("everyone or audience \"outer\""), "audience.unknown_attribute @ 21 (age) nobody");
  names.define(inner, std::move(*parse("age = \"x\"")));
  EXPECT_EQ(run("everyone or audience \"outer\""), "audience.wrong_literal @ 21");
}

TEST_F(Bind, CirclesAreShown) {
  const auto a = names.declare_audience("a", "everyone");
  names.declare_audience("b", "audience \"a\"");
  names.declare_audience("c", "audience \"b\"");
  options.itself = a;
  const auto rule = bound("age > 3 or audience \"c\"");
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().fault, RuleFault::circle);
  EXPECT_EQ(rule.error().offset, 20u);
  EXPECT_EQ(rule.error().expected, "a → c → b → a");
  EXPECT_EQ(run("audience \"a\""), "audience.circle @ 9");
  EXPECT_EQ(run("audience \"b\" or age = 1"), "audience.circle @ 9");
  options.itself = {};
  EXPECT_EQ(run("audience \"c\""), "ok");
}

TEST_F(Bind, ExpandedTestsAreLimited) {
  std::string text = "age = 1";
  for (int i = 1; i < 1000; ++i) text += " or age = 1";
  names.declare_audience("thousand", text);
  std::string nine = "audience \"thousand\"";
  for (int i = 1; i < 9; ++i) nine += " or audience \"thousand\"";
  EXPECT_EQ(run(nine), "ok");
  EXPECT_EQ(run(nine + " or audience \"thousand\""), "audience.too_many_tests @ 216");
  // Doubling at every level: 2^40 when expanded, found without expanding.
  names.declare_audience("n0", "age = 1");
  for (int i = 1; i <= 40; ++i) {
    const std::string below = "audience \"n" + std::to_string(i - 1) + "\"";
    names.declare_audience("n" + std::to_string(i), below + " or " + below);
  }
  EXPECT_EQ(run("audience \"n40\""), "audience.too_many_tests @ 9");
}

TEST_F(Bind, DefinitionsNestToAnyDepth) {
  names.declare_audience("n0", "age = 1");
  for (int i = 1; i < 3000; ++i) {
    names.declare_audience("n" + std::to_string(i), "audience \"n" + std::to_string(i - 1) + "\"");
  }
  EXPECT_EQ(run("audience \"n2999\""), "ok");
}

// So that the evaluator may recurse over nested definitions.
TEST_F(Bind, ExpandedDepthIsLimited) {
  std::string nots;
  for (int i = 0; i < 62; ++i) nots += "not ";
  names.declare_audience("n0", nots + "age = 1");
  for (int i = 1; i < 160; ++i) {
    names.declare_audience("n" + std::to_string(i),
                           nots + "audience \"n" + std::to_string(i - 1) + "\"");
  }
  // 63 levels each, one for the mention.
  EXPECT_EQ(run("everyone and audience \"n157\""), "ok");
  EXPECT_EQ(run("everyone and audience \"n158\""), "audience.too_deep @ 22");
}

TEST_F(Bind, MayNotFollowItsOwnChanges) {
  const auto a = names.declare_audience("a", "everyone");
  names.declare_audience("b", "audience \"a\"");
  names.declare_audience("other", "age > 3");
  names.declare_audience("watcher", "did audience_entered where (audience = \"b\")");
  options.itself = a;
  EXPECT_EQ(run_saved("did audience_entered"), "audience.mentions_own_changes @ 4");
  EXPECT_EQ(run_saved("did audience_entered where (audience = \"a\")"),
            "audience.mentions_own_changes @ 4");
  EXPECT_EQ(
      run_saved("did audience_entered where (source = \"x\" and audience in (\"other\", \"b\"))"),
      "audience.mentions_own_changes @ 4");
  EXPECT_EQ(run_saved("did audience_entered where (audience = \"other\" or audience = \"x\")"),
            "audience.mentions_own_changes @ 4");
  EXPECT_EQ(run_saved("did audience_entered where (audience != \"other\")"),
            "audience.mentions_own_changes @ 4");
  EXPECT_EQ(run_saved("age > 3 and audience \"watcher\""), "audience.mentions_own_changes @ 21");
  EXPECT_EQ(run_saved("did audience_entered where (audience = \"watcher\")"),
            "audience.mentions_own_changes @ 4");
  EXPECT_EQ(run_saved("did audience_entered where (audience = \"other\")"), "ok");
  EXPECT_EQ(run("did audience_entered"), "ok");
}

TEST_F(Bind, IdsOutliveNames) {
  const auto rule = bound("city = \"上海\" and tag \"金\" and did order_paid");
  ASSERT_TRUE(rule);
  EXPECT_EQ(print((*rule)->rule(), names), "city = \"上海\" and tag \"金\" and did order_paid");
  names.rename(Names::Kind::attribute, city.value, "home_city");
  names.rename(Names::Kind::tag, gold.value, "铂金");
  names.declare_attribute("city", ValueType::integer);
  EXPECT_EQ(print((*rule)->rule(), names),
            "home_city = \"上海\" and tag \"等级/铂金\" and did order_paid");
  const auto again = bind((*rule)->rule(), names, options);
  ASSERT_TRUE(again);
  const auto& parts = std::get<And>((*again)->rule().root.form).parts;
  EXPECT_EQ(std::get<Compare>(parts[0].form).subject.attribute, city);
  names.remove(Names::Kind::tag, gold.value);
  options.saved = true;
  EXPECT_EQ(bind((*rule)->rule(), names, options).error().fault, RuleFault::unknown_tag);
}

}  // namespace
}  // namespace audience
