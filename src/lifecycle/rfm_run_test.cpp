#include "lifecycle/rfm_run.h"

#include <gtest/gtest.h>

#include "access/audit.h"
#include "audience/example.h"
#include "base/random.h"
#include "log/test_log.h"

namespace lifecycle {
namespace {

// One customer's past.
class RfmFactsTest : public testing::Test {
 protected:
  RfmFactsTest() {
    using base::ValueType;
    for (const char* event : {"order_paid", "order_refunded"}) {
      shop.event_type(event, {{"amount", ValueType::money}, {"order_id", ValueType::text}});
    }
    shop.known_since("2026-01-01");
    paid_ = *shop.names.event("order_paid");
    refunded_ = *shop.names.event("order_refunded");
    events_ = {paid_, property(paid_, "amount"), property(paid_, "order_id"), refunded_,
               property(refunded_, "amount")};
  }
  base::PropertyId property(base::EventTypeId event, std::string_view name) {
    return {shop.names.property(event, name)->id};
  }
  std::string facts(std::string_view at, std::optional<std::int64_t> window_days = {}) {
    RfmAsked asked{events_, shop.moment(at), std::nullopt, {}};
    if (window_days) asked.window = base::Duration{*window_days * base::kDay.ms};
    const auto found = facts_of(shop.history(), asked);
    if (!found) return "none";
    return std::to_string(found->recency_days) + " days, " + std::to_string(found->orders) +
           " orders, " + std::to_string(found->cents);
  }

  audience::Example shop;
  base::EventTypeId paid_;
  base::EventTypeId refunded_;
  BoughtEvents events_;
};

TEST_F(RfmFactsTest, MoneyIsNetEachAtItsTime) {
  EXPECT_EQ(facts("2026-01-31"), "none");
  shop.did("order_paid", "2026-01-02", {{"amount", "100.00"}, {"order_id", "A"}});
  shop.did("order_paid", "2026-01-10", {{"amount", "50.00"}, {"order_id", "A"}});  // the rest of A
  shop.did("order_paid", "2026-01-12", {{"amount", "7.00"}});                      // of no order
  shop.did("order_refunded", "2026-01-20", {{"amount", "60.00"}, {"order_id", "A"}});
  EXPECT_EQ(facts("2026-01-01T23:59:59.999"), "none");
  EXPECT_EQ(facts("2026-01-02"), "0 days, 1 orders, 10000");
  EXPECT_EQ(facts("2026-01-11"), "1 days, 1 orders, 15000");
  EXPECT_EQ(facts("2026-01-19"), "7 days, 2 orders, 15700");
  EXPECT_EQ(facts("2026-01-20"), "8 days, 2 orders, 9700");  // still two orders
  EXPECT_EQ(facts("2026-01-20", 9), "8 days, 1 orders, -5300");
  EXPECT_EQ(facts("2026-01-20", 10), "8 days, 1 orders, -5300");  // the tenth is not in it
  EXPECT_EQ(facts("2026-01-20", 11), "8 days, 2 orders, -300");
  EXPECT_EQ(facts("2026-01-31", 10), "none");  // money alone makes no customer
}

RfmPolicy own_cuts() {
  RfmPolicy policy;
  policy.cuts = RfmCutsOf{{1, 2, 3, 4}, {2, 3, 4, 5}, {100, 200, 300, 400}};
  return policy;
}

TEST(RfmScoring, AddsUpWhatItComesTo) {
  std::vector<RfmFacts> facts = {{{1}, 0, 5, 400}, {{2}, 0, 5, 900}, {{3}, 4, 1, -50}};
  const RfmScored scored = score(facts, own_cuts(), base::Moment{5});
  EXPECT_EQ(scored.summary.customers, 3);
  EXPECT_EQ(scored.summary.grid[cell_of({5, 5, 5})], 2);
  EXPECT_EQ(scored.summary.grid[cell_of({1, 1, 1})], 1);
  EXPECT_EQ(scored.summary.segments.size(), 11);  // loyal has two rows
  EXPECT_EQ(scored.summary.segments.front(), (RfmSummary::Segment{"champions", 2, 1300}));
  EXPECT_EQ(scored.summary.segments[scored.segment[2]], (RfmSummary::Segment{"lost", 1, -50}));
  EXPECT_EQ(summary_from(to_json_text(scored.summary)), scored.summary);
  EXPECT_EQ(summary_from(""), std::nullopt);
}

TEST(RfmPolicies, RoundTripAsText) {
  RfmPolicy policy = own_cuts();
  policy.window_days = 365;
  policy.segments = {{"all", {1, 5}, {1, 5}, {1, 5}, "全部", "All"}};
  EXPECT_EQ(*policy_from(to_json_text(policy)), policy);
  EXPECT_EQ(*policy_from(R"({"by":"quantile"})"), RfmPolicy());
}

TEST(RfmPolicies, SayWhatIsWrong) {
  const auto code = [](std::string_view text) {
    const auto policy = policy_from(text);
    if (policy) return std::string("right");
    return std::string(code_of(policy.error().fault)) + " " + policy.error().subject;
  };
  EXPECT_EQ(code("{}"), "rfm.not_a_policy /by");
  EXPECT_EQ(code(R"({"by":"whim"})"), "rfm.not_a_policy by");
  EXPECT_EQ(code(R"({"by":"cuts"})"), "rfm.not_a_policy recency");
  EXPECT_EQ(code(R"({"by":"cuts","recency":[1,2,3,4],"frequency":[1,2,3],"money":[]})"),
            "rfm.not_a_policy frequency");
  EXPECT_EQ(code(R"({"by":"cuts","recency":[1,3,2,4],"frequency":[1,2,3,4],
                     "money":["1","2","3","4"]})"),
            "rfm.bad_cuts recency");
  EXPECT_EQ(code(R"({"by":"cuts","recency":[1,2,3,4],"frequency":[-1,2,3,4],
                     "money":["1","2","3","4"]})"),
            "rfm.bad_cuts frequency");
  EXPECT_EQ(code(R"({"by":"cuts","recency":[1,2,3,4],"frequency":[1,2,3,4],
                     "money":["-1","2","3","4.005"]})"),
            "rfm.not_a_policy money");
  EXPECT_EQ(code(R"({"by":"quantile","window_days":0})"), "rfm.bad_window window_days");
  const std::string one = R"({"by":"quantile","segments":[{"key":"KEY","recency":[RANGE],
                             "frequency":[1,5],"money":[1,5]}]})";
  const auto with = [&](const std::string& key, const std::string& range) {
    std::string text = one;
    text.replace(text.find("KEY"), 3, key);
    return text.replace(text.find("RANGE"), 5, range);
  };
  EXPECT_EQ(code(with("all", "1,5")), "right");
  EXPECT_EQ(code(with("All", "1,5")), "rfm.bad_segment All");
  EXPECT_EQ(code(with("all", "0,5")), "rfm.bad_segment all");
  EXPECT_EQ(code(with("all", "3,2")), "rfm.bad_segment all");
  EXPECT_EQ(code(with("all", "2,5")), "rfm.bad_segment 111");  // nobody's cell
}

class RfmPolicyTest : public event_log::LogFixture {};

TEST_P(RfmPolicyTest, IsKeptAndAudited) {
  EXPECT_EQ(database().read(policy_of), RfmPolicy());
  const rights::Actor actor;
  database().write("test.summary", [](store::Unit& unit) { keep_summary(unit, "{}"); });
  EXPECT_EQ(database().read(policy_of), RfmPolicy());
  database().write("test.policy", [&](store::Unit& unit) {
    set_policy(unit, own_cuts(), {actor, event_log::kTestNow});
  });
  EXPECT_EQ(database().read(policy_of), own_cuts());
  EXPECT_EQ(database().read(kept_summary), "{}");
  const auto page = database().read([](store::Session& session) {
    rights::AuditFilter filter;
    filter.noun = "rfm_policy";
    return rights::read_audit(session, filter, {});
  });
  ASSERT_EQ(page.entries.size(), 1);
  EXPECT_EQ(*page.entries.front().before, to_json_text(RfmPolicy()));
  EXPECT_EQ(*page.entries.front().after, to_json_text(own_cuts()));
}

TEST_P(RfmPolicyTest, NamesMustBeThere) {
  const auto types =
      database().read([&](store::Session& session) { return log().catalog().of(session); });
  RfmPolicy policy;
  EXPECT_TRUE(check_names(policy, *types));
  policy.amount = "order_id";  // a text
  EXPECT_EQ(check_names(policy, *types).error().fault, RfmFault::unknown_amount);
  policy.event = "order_payed";
  EXPECT_EQ(check_names(policy, *types).error().fault, RfmFault::unknown_event);
  const BoughtEvents events = bought_events(RfmPolicy(), *types);
  EXPECT_EQ(events.paid, types->find("order_paid")->id);
  EXPECT_EQ(events.refunded_amount, types->find("order_refunded")->find("amount")->id);
  policy = {.event = "subscription_paid"};
  EXPECT_TRUE(check_names(policy, *types));
  EXPECT_FALSE(bought_events(policy, *types).refunded);
}

INSTANTIATE_TEST_SUITE_P(Both, RfmPolicyTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace lifecycle
