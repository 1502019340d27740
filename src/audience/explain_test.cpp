#include "audience/explain.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "audience/example.h"
#include "audience/explain_json.h"

namespace audience {
namespace {

using base::ValueType;

class Explain : public testing::Test {
 protected:
  Explain() {
    shop.names.declare_attribute("age", ValueType::integer);
    for (const char* name : {"viewed", "paid"}) {
      shop.event_type(name, {{"sku", ValueType::text}, {"amount", ValueType::money}});
    }
    shop.names.declare_tag("level", "gold");
    shop.known_since("2026-01-01");
  }
  ExplainedNode tree(std::string_view rule, std::string_view at) {
    return explain(*shop.bound(rule), shop.history(), shop.names, shop.moment(at)).tree;
  }
  // "time property=value …" a fact.
  std::string facts(const ExplainedNode& node) {
    std::string text;
    for (const Fact& fact : node.facts) {
      text += (text.empty() ? "" : ", ") + fact.name + " " + shop.text_of(fact.time);
      if (fact.kind == FactKind::attribute) text += " = " + text_or_unknown(fact.value);
      if (fact.kind == FactKind::membership) text += " until " + shop.text_of(fact.until);
      for (const auto& [name, value] : fact.properties) {
        text += " " + name + "=" + text_or_unknown(value);
      }
    }
    return text;
  }
  static std::string text_or_unknown(const std::optional<base::Value>& value) {
    return value ? base::to_text(*value) : "?";
  }

  Example shop;
};

TEST_F(Explain, EveryNodeHasItsAnswerAndTimes) {
  shop.did("paid", "2026-01-10", {{"amount", "60"}});
  shop.attribute("age", "2026-01-05", "30");
  const ExplainedNode node = tree("did paid in last 7d and not age > 40", "2026-01-12");
  EXPECT_EQ(node.rule, "did paid in last 7d and not age > 40");
  EXPECT_TRUE(node.standing.answer);
  EXPECT_EQ(shop.text_of(node.standing.since), "2026-01-10T00:00");
  EXPECT_EQ(shop.text_of(node.standing.next_change.value()), "2026-01-17T00:00");
  ASSERT_EQ(node.parts.size(), 2u);
  EXPECT_EQ(facts(node.parts[0]), "paid 2026-01-10T00:00");
  EXPECT_EQ(node.parts[1].rule, "not age > 40");
  ASSERT_EQ(node.parts[1].parts.size(), 1u);
  EXPECT_FALSE(node.parts[1].parts[0].standing.answer);
  EXPECT_EQ(facts(node.parts[1].parts[0]), "age 2026-01-05T00:00 = 30");
}

TEST_F(Explain, MeasuresNameTheEventsInsideNewestFirst) {
  shop.did("paid", "2026-01-02", {{"amount", "100"}, {"sku", "x"}});
  shop.did("paid", "2026-01-10", {{"amount", "60"}, {"sku", "x"}});
  shop.did("paid", "2026-01-11", {{"amount", "39.50"}, {"sku", "y"}});
  shop.did("paid", "2026-01-20", {{"amount", "1000"}});
  const ExplainedNode node =
      tree("did paid where (sku is known) sum(amount) >= 100 in last 7d", "2026-01-12");
  EXPECT_FALSE(node.standing.answer);
  EXPECT_EQ(node.measured, "99.50");
  EXPECT_EQ(facts(node),
            "paid 2026-01-11T00:00 sku=y amount=39.50, paid 2026-01-10T00:00 sku=x amount=60.00");
  EXPECT_EQ(tree("did paid avg(amount) > 1", "2026-01-11").measured, "66.50");
  EXPECT_EQ(tree("did paid avg(amount) > 1", "2026-01-01").measured, std::nullopt);
  EXPECT_EQ(tree("did paid on > 1 days", "2026-01-11").measured, "3");
  EXPECT_FALSE(tree("did paid distinct(sku) > 1", "2026-01-11").measured_of);
  EXPECT_EQ(tree("did paid max(amount) > 1", "2026-01-11").measured_of.value().property, "amount");
  EXPECT_EQ(tree("did paid max(amount) > 1", "2026-01-11").measured, "100.00");
}

TEST_F(Explain, FactsAreSomeAndTheTotalTellsHowMany) {
  for (int day = 10; day < 31; ++day) shop.did("paid", "2026-01-" + std::to_string(day));
  const ExplainedNode node = tree("did paid >= 3 times", "2026-02-01");
  EXPECT_EQ(node.facts.size(), kFactsMax);
  EXPECT_EQ(node.facts_total, 21);
  EXPECT_EQ(shop.text_of(node.facts[0].time), "2026-01-30T00:00");
}

TEST_F(Explain, SequencesNameTheirChain) {
  shop.did("viewed", "2026-01-10T10:00", {{"sku", "x"}});
  shop.did("viewed", "2026-01-10T11:00", {{"sku", "y"}});
  shop.did("paid", "2026-01-10T12:00", {{"sku", "x"}});
  EXPECT_EQ(facts(tree("did viewed then paid same(sku)", "2026-01-11")),
            "viewed 2026-01-10T10:00 sku=x, paid 2026-01-10T12:00 sku=x");
  EXPECT_EQ(facts(tree("did viewed then paid same(sku)", "2026-01-10T11:00")), "");
  // Waiting: what will make it true.
  const ExplainedNode waiting = tree("did paid then not viewed within 1d", "2026-01-10T13:00");
  EXPECT_FALSE(waiting.standing.answer);
  EXPECT_EQ(facts(waiting), "paid 2026-01-10T12:00");
}

TEST_F(Explain, FirstLastMembershipsAndNestedAudiences) {
  shop.did("paid", "2026-01-10", {{"sku", "x"}});
  shop.did("paid", "2026-01-12", {{"sku", "y"}});
  shop.tag_on("level/gold", "2026-01-05");
  shop.names.declare_audience("golden", "tag \"gold\"");
  EXPECT_EQ(facts(tree("last paid with (sku = \"x\") today", "2026-01-11")),
            "paid 2026-01-10T00:00 sku=x");
  EXPECT_EQ(facts(tree("first paid where (sku != \"x\")", "2026-01-13")),
            "paid 2026-01-12T00:00 sku=y");
  const ExplainedNode nested = tree("audience \"golden\"", "2026-01-13");
  ASSERT_EQ(nested.parts.size(), 1u);
  EXPECT_EQ(facts(nested.parts[0]), "level/gold 2026-01-05T00:00 until never");
}

TEST_F(Explain, PartsEndAtTheDeepestLevelShown) {
  shop.names.declare_audience("a0", "everyone");
  for (std::size_t depth = 1; depth <= kExplainedLevelsMax; ++depth) {
    shop.names.declare_audience("a" + std::to_string(depth),
                                "not audience \"a" + std::to_string(depth - 1) + "\"");
  }
  const ExplainedNode whole =
      tree("audience \"a" + std::to_string(kExplainedLevelsMax) + "\"", "2026-01-13");
  std::size_t levels = 1;
  for (const ExplainedNode* node = &whole; !node->parts.empty(); node = &node->parts[0]) ++levels;
  EXPECT_EQ(levels, kExplainedLevelsMax);
  EXPECT_TRUE(whole.standing.answer);
}

TEST_F(Explain, NamesAreTodays) {
  const auto rule = shop.bound("not tag \"gold\"");
  const std::int64_t gold = shop.names.tags("level/gold").at(0).value;
  shop.names.rename(Names::Kind::tag, gold, "golden");
  const Explanation found = explain(*rule, shop.history(), shop.names, shop.moment("2026-01-13"));
  ASSERT_EQ(found.tree.parts.size(), 1u);
  EXPECT_EQ(found.tree.parts[0].rule, "tag \"level/golden\"");
}

TEST_F(Explain, BeforeKnownAndUnknownNames) {
  const ExplainedNode early = tree("age is unknown", "2025-12-01");
  EXPECT_FALSE(early.standing.answer);
  EXPECT_EQ(early.facts_total, 0);
  const Explanation nobody =
      explain(*shop.bound("not did peid"), shop.history(), shop.names, shop.moment("2026-02-01"));
  EXPECT_FALSE(nobody.standing.answer);
  EXPECT_EQ(nobody.tree.rule, "not did peid");
  ASSERT_EQ(nobody.warnings.size(), 1u);
  EXPECT_EQ(nobody.warnings[0].nearest, "paid");
}

TEST_F(Explain, AsJson) {
  shop.did("paid", "2026-01-10", {{"amount", "60"}});
  shop.attribute("age", "2026-01-05", "30");
  const Explanation explained =
      explain(*shop.bound("did paid sum(amount) > 1 in last 1d or age = 3 or tag \"gold\""),
              shop.history(), shop.names, shop.moment("2026-01-10"));
  EXPECT_EQ(
      boost::json::serialize(explanation_to_json(explained)),
      R"({"at":"2026-01-09T16:00:00.000Z","answer":true,"since":"2026-01-09T16:00:00.000Z",)"
      R"("next_change":"2026-01-10T16:00:00.000Z","known_since":"2025-12-31T16:00:00.000Z",)"
      R"("tree":{"rule":"did paid sum(amount) > 1 in last 1d or age = 3 or tag \"gold\"",)"
      R"("answer":true,"since":"2026-01-09T16:00:00.000Z",)"
      R"("next_change":"2026-01-10T16:00:00.000Z","facts":[],"facts_total":0,"parts":[)"
      R"({"rule":"did paid sum(amount) > 1 in last 1d","answer":true,)"
      R"("since":"2026-01-09T16:00:00.000Z","next_change":"2026-01-10T16:00:00.000Z",)"
      R"("facts":[{"kind":"event","name":"paid","time":"2026-01-09T16:00:00.000Z",)"
      R"("properties":{"amount":"60.00"}}],"facts_total":1,"measured":"60.00",)"
      R"("measured_of":{"event":"paid","property":"amount"},"parts":[]},)"
      R"({"rule":"age = 3","answer":false,"since":null,"next_change":null,)"
      R"("facts":[{"kind":"attribute","name":"age","time":"2026-01-04T16:00:00.000Z","value":30}],)"
      R"("facts_total":1,"parts":[]},)"
      R"({"rule":"tag \"gold\"","answer":false,"since":null,"next_change":null,"facts":[],)"
      R"("facts_total":0,"parts":[]}]},"warnings":[]})");
}

}  // namespace
}  // namespace audience
