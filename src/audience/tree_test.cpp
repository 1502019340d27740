#include "audience/tree.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "audience/bind.h"
#include "audience/every_production.h"
#include "audience/memory_names.h"
#include "audience/parse.h"
#include "audience/print.h"
#include "base/calendar.h"
#include "base/json.h"

namespace audience {
namespace {

// The rule's text, or "audience.bad_tree /parts/0/name".
std::string read(std::string_view json) {
  const auto rule = from_tree_text(json);
  if (rule) return print(*rule);
  return std::string(code_of(rule.error().fault)) + " " + rule.error().path;
}

TEST(Tree, TextTreeTextIsTheSame) {
  for (const char* text : kEveryProduction) {
    const auto rule = parse(text);
    ASSERT_TRUE(rule) << text;
    const std::string tree = to_tree_text(*rule);
    EXPECT_EQ(read(tree), text);
    EXPECT_EQ(to_tree_text(*from_tree_text(tree)), tree);
  }
}

TEST(Tree, HasTheDocumentedForm) {
  const auto form = [](std::string_view text) { return to_tree_text(*parse(text)); };
  EXPECT_EQ(form("age >= 30.50 and not tag \"VIP\""),
            R"({"type":"and","parts":[{"type":"compare","name":"age","comparison":">=",)"
            R"("value":{"number":"30.50"}},{"type":"not","part":{"type":"tag","tag":"VIP"}}]})");
  EXPECT_EQ(
      form("did a where (b = true) sum(c) > $d in previous 3 days"),
      R"({"type":"did","event":"a","where":{"type":"compare","name":"b","comparison":"=",)"
      R"("value":{"bool":true}},"measure":{"type":"sum","property":"c","comparison":">",)"
      R"("value":{"parameter":"d"}},"window":{"type":"in_previous","count":3,"unit":"day"}})");
  EXPECT_EQ(form("did a then b within 1h same(sku) then not c within 2d"),
            R"({"type":"sequence","steps":[{"event":"a"},{"event":"b","within":"1h",)"
            R"("same":"sku"}],"then_not":{"event":"c","within":"2d"}})");
}

TEST(Tree, IdsStandBesideNames) {
  MemoryNames names;
  const auto city = names.declare_attribute("city", base::ValueType::text);
  const auto vip = names.declare_tag("等级", "VIP");
  const auto list = names.declare_list("名单");
  const auto paid = names.declare_event("order_paid");
  const base::Zone zone = base::Zone::utc();
  BindOptions options;
  options.zone = &zone;
  const auto bound = compile(
      "city = \"上海\" and tag \"VIP\" and audience \"名单\" and first order_paid", names, options);
  ASSERT_TRUE(bound);
  const auto again = from_tree(boost::json::parse(to_tree_text((*bound)->rule())));
  ASSERT_TRUE(again);
  const auto& parts = std::get<And>(again->root.form).parts;
  EXPECT_EQ(std::get<Compare>(parts[0].form).subject.attribute, city);
  EXPECT_EQ(std::get<HasTag>(parts[1].form).tag.id, vip);
  EXPECT_EQ(std::get<InAudience>(parts[2].form).list, list);
  EXPECT_EQ(std::get<FirstLast>(parts[3].form).step.event.id, paid);
}

TEST(Tree, ChainsAreJoined) {
  EXPECT_EQ(read(R"({"type":"and","parts":[{"type":"everyone"},{"type":"and","parts":[)"
                 R"({"type":"everyone"},{"type":"identity","kind":"phone"}]}]})"),
            "everyone and everyone and identity on \"phone\"");
}

TEST(Tree, PointsAtMistakes) {
  EXPECT_EQ(read("{"), "audience.bad_tree ");
  EXPECT_EQ(read("[]"), "audience.bad_tree ");
  EXPECT_EQ(read("{}"), "audience.bad_tree ");
  EXPECT_EQ(read(R"({"type":"maybe"})"), "audience.bad_tree /type");
  EXPECT_EQ(read(R"({"type":3})"), "audience.bad_tree /type");
  EXPECT_EQ(read(R"({"type":"everyone","x/y":1})"), "audience.bad_tree /x~1y");
  EXPECT_EQ(read(R"({"type":"and","parts":[]})"), "audience.bad_tree /parts");
  EXPECT_EQ(read(R"({"type":"and","parts":[{"type":"everyone"}]})"), "audience.bad_tree /parts");
  EXPECT_EQ(read(R"({"type":"and","parts":[{"type":"everyone"},{"type":"tag","tag":3}]})"),
            "audience.bad_tree /parts/1/tag");
  EXPECT_EQ(read(R"({"type":"tag","tag":"a\nb"})"), "audience.bad_tree /tag");
  EXPECT_EQ(read(R"({"type":"tag","tag":"a","tag_id":0})"), "audience.bad_tree /tag_id");
  EXPECT_EQ(read(R"({"type":"audience","audience":"a","audience_id":1,"list_id":2})"),
            "audience.bad_tree ");
  EXPECT_EQ(read(R"({"type":"held","part":{"type":"everyone"},"duration":"3 d"})"),
            "audience.bad_tree /duration");
  EXPECT_EQ(read(R"({"type":"held","part":{"type":"everyone"},"duration":"36501d"})"),
            "audience.bad_tree /duration");
  EXPECT_EQ(read(R"({"type":"compare","name":"a","comparison":"==","value":{"text":"x"}})"),
            "audience.bad_tree /comparison");
  EXPECT_EQ(read(R"({"type":"compare","name":"a","comparison":"=","value":{"number":"1e3"}})"),
            "audience.bad_tree /value/number");
  EXPECT_EQ(read(R"({"type":"compare","name":"a","comparison":"=","value":{"number":12}})"),
            "audience.bad_tree /value/number");
  EXPECT_EQ(read(R"({"type":"compare","name":"a","comparison":"=","value":{"date":"2026-02-30"}})"),
            "audience.bad_tree /value/date");
  EXPECT_EQ(read(R"({"type":"compare","name":"a","comparison":"=","value":{}})"),
            "audience.bad_tree /value");
  EXPECT_EQ(read(R"({"type":"did","event":"a","where":{"type":"everyone"}})"),
            "audience.bad_tree /where/type");
  EXPECT_EQ(read(R"({"type":"did","event":"a","not":true,"measure":{"type":"times"}})"),
            "audience.bad_tree /measure");
  EXPECT_EQ(read(R"({"type":"did","event":"a","window":{"type":"in_next","duration":"1d"}})"),
            "audience.bad_tree /window");
  EXPECT_EQ(
      read(R"({"type":"did","event":"a","window":{"type":"since","moment":{"date":"--05-17"}}})"),
      "audience.bad_tree /window/moment");
  EXPECT_EQ(read(R"({"type":"sequence","steps":[{"event":"a"}]})"), "audience.bad_tree ");
  EXPECT_EQ(read(R"({"type":"sequence","steps":[{"event":"a"}],"then_not":{"event":"b"}})"),
            "audience.bad_tree /then_not");
  EXPECT_EQ(read(R"({"type":"sequence","steps":[{"event":"a","within":"1d"},{"event":"b"}]})"),
            "audience.bad_tree /steps/0/within");
  EXPECT_EQ(read(R"({"type":"stage","model":"m","test":"=","stages":["a","b"]})"),
            "audience.bad_tree /stages");
}

TEST(Tree, LimitsHold) {
  std::string deep = R"({"type":"everyone"})";
  for (int i = 0; i < 63; ++i) deep = R"({"type":"not","part":)" + deep + "}";
  EXPECT_EQ(read(deep).size(), 63u * 4 + 8);
  EXPECT_EQ(read(R"({"type":"not","part":)" + deep + "}").substr(0, 17), "audience.too_deep");

  // The deepest rule goes through the API's reader of JSON.
  std::string alternating = "did a where (b = 1)";
  for (int i = 0; i < 31; ++i) alternating = "c = 1 or (c = 1 and (" + alternating + "))";
  const auto deepest = parse(alternating);
  ASSERT_TRUE(deepest);
  EXPECT_EQ(depth_of(deepest->root), kRuleDepthMax);
  const std::string body = R"({"rule":{"tree":)" + to_tree_text(*deepest) + "}}";
  EXPECT_TRUE(base::parse_json(body, body.size()));

  std::string many = R"({"type":"or","parts":[{"type":"everyone"})";
  for (int i = 0; i < 1000; ++i) many += R"(,{"type":"everyone"})";
  EXPECT_EQ(read(many + "]}"), "audience.too_many_tests /parts/1000");

  const std::string text(40'000, 'x');
  const std::string tag = R"({"type":"tag","tag":")" + text + "\"}";
  EXPECT_EQ(read(R"({"type":"and","parts":[)" + tag + "," + tag + "]}"), "audience.text_too_long ");
}

}  // namespace
}  // namespace audience
