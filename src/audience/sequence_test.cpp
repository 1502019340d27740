#include "audience/sequence.h"

#include <gtest/gtest.h>

#include <chrono>

#include "audience/evaluate.h"
#include "audience/example.h"
#include "audience/reach.h"

namespace audience {
namespace {

using base::ValueType;

class Sequences : public testing::Test {
 protected:
  Sequences() {
    for (const char* name : {"viewed", "added", "paid", "shared"}) {
      shop.event_type(name, {{"sku", ValueType::text}, {"shop", ValueType::text}});
    }
  }
  void did(std::string_view event, std::string_view moment, const std::string& sku = "",
           const std::string& in_shop = "") {
    Example::Texts properties;
    if (!sku.empty()) properties.emplace_back("sku", sku);
    if (!in_shop.empty()) properties.emplace_back("shop", in_shop);
    shop.did(event, moment, properties);
  }
  Example shop;
};

TEST_F(Sequences, StepsInOrderEachGapWithin) {
  did("viewed", "2026-01-10T10:00");
  did("added", "2026-01-10T11:00");
  did("paid", "2026-01-10T13:00");
  EXPECT_EQ(shop.spans("did viewed then added then paid"), "2026-01-10T13:00 never");
  EXPECT_EQ(shop.spans("did viewed then added within 1h then paid within 2h"),
            "2026-01-10T13:00 never");
  EXPECT_EQ(shop.spans("did viewed then paid within 2h"), "");
  EXPECT_EQ(shop.spans("did added then viewed"), "");
}

TEST_F(Sequences, TiesGoByLogPositionAndEventsAreDifferent) {
  did("viewed", "2026-01-10T10:00");
  EXPECT_EQ(shop.spans("did viewed then viewed"), "");
  did("added", "2026-01-10T10:00");
  EXPECT_EQ(shop.spans("did viewed then added within 0ms"), "2026-01-10T10:00 never");
  EXPECT_EQ(shop.spans("did added then viewed within 0ms"), "");
  did("viewed", "2026-01-10T10:00");
  EXPECT_EQ(shop.spans("did viewed then added then viewed within 0ms"), "2026-01-10T10:00 never");
}

TEST_F(Sequences, WindowHoldsAllSteps) {
  did("viewed", "2026-01-10T10:00");
  did("viewed", "2026-01-10T11:00");
  did("added", "2026-01-10T12:00");
  // Inside from the last step until the latest possible first one leaves.
  EXPECT_EQ(shop.spans("did viewed then added in last 1d"), "2026-01-10T12:00 2026-01-11T11:00");
  EXPECT_EQ(shop.spans("did viewed then added from 3h to 2h ago"), "");
  EXPECT_EQ(shop.spans("did viewed then added from 1d to 2h ago"),
            "2026-01-10T14:00 2026-01-11T11:00");
}

TEST_F(Sequences, SameComparesWithTheFirstStep) {
  did("viewed", "2026-01-10T10:00", "x");
  did("viewed", "2026-01-10T11:00", "y");
  did("viewed", "2026-01-10T11:30");
  did("added", "2026-01-10T12:00", "x");
  EXPECT_EQ(shop.spans("did viewed then added same(sku) in last 1d"),
            "2026-01-10T12:00 2026-01-11T10:00");
  EXPECT_EQ(shop.spans("did viewed then added same(shop)"), "");  // unknown is not the same
}

TEST_F(Sequences, FreeStepsBetweenStepsWithSame) {
  did("viewed", "2026-01-10T10:00", "x");
  did("added", "2026-01-10T10:30");
  did("viewed", "2026-01-10T10:40", "x");  // later, but no `added` after it
  did("shared", "2026-01-10T11:00");
  did("paid", "2026-01-10T11:30", "x");
  EXPECT_EQ(shop.spans("did viewed then added within 1h then shared within 1h then paid within 1h "
                       "same(sku) in last 1d"),
            "2026-01-10T11:30 2026-01-11T10:00");
  EXPECT_EQ(shop.spans("did viewed then shared within 1h then paid same(sku) in last 1d"),
            "2026-01-10T11:30 2026-01-11T10:40");
  EXPECT_EQ(shop.spans("did viewed then added then shared within 10m then paid same(sku)"), "");
}

TEST_F(Sequences, SeveralPropertiesInSame) {
  did("viewed", "2026-01-10T10:00", "x", "north");
  did("viewed", "2026-01-10T11:00", "x", "south");
  did("added", "2026-01-10T12:00", "x", "west");
  did("paid", "2026-01-10T13:00", "z", "north");
  EXPECT_EQ(shop.spans("did viewed then added same(sku) then paid same(shop) in last 1d"),
            "2026-01-10T13:00 2026-01-11T10:00");
}

TEST_F(Sequences, ForgettingAPropertyKeepsTheLatestFirst) {
  did("viewed", "2026-01-10T09:00", "x");
  did("viewed", "2026-01-10T10:00", "y");
  did("added", "2026-01-10T11:00", "y");
  did("added", "2026-01-10T12:00", "x");  // the later event has the earlier first one
  did("paid", "2026-01-10T13:00");
  EXPECT_EQ(shop.spans("did viewed then added same(sku) then paid in last 1d"),
            "2026-01-10T13:00 2026-01-11T10:00");
  EXPECT_EQ(shop.spans("did viewed then added same(sku) then paid within 1h in last 1d"),
            "2026-01-10T13:00 2026-01-11T09:00");
}

TEST_F(Sequences, ThenNotWaits) {
  did("added", "2026-01-10T10:00", "x");
  EXPECT_EQ(shop.spans("did added then not paid within 1d"), "2026-01-11T10:00:00.001 never");
  EXPECT_EQ(shop.spans("did added then not paid within 1d in last 1d"), "");
  did("paid", "2026-01-11T10:00", "y");
  EXPECT_EQ(shop.spans("did added then not paid within 1d"), "");
  EXPECT_EQ(shop.spans("did added then not paid within 1d same(sku)"),
            "2026-01-11T10:00:00.001 never");
  did("paid", "2026-01-11T09:00", "x");
  EXPECT_EQ(shop.spans("did added then not paid within 1d same(sku)"), "");
}

TEST_F(Sequences, ThenNotSameWithAnUnknownFirstValueCountsNothingAgainstIt) {
  did("added", "2026-01-10T10:00");
  did("paid", "2026-01-10T11:00", "x");
  did("paid", "2026-01-10T12:00");
  EXPECT_EQ(shop.spans("did added then not paid within 1d same(sku)"),
            "2026-01-11T10:00:00.001 never");
}

TEST_F(Sequences, ThenNotSameAfterAFreeStepTakesTheLatestFirstThatIsNotInterrupted) {
  did("viewed", "2026-01-10T08:00", "x");
  did("viewed", "2026-01-10T09:00", "y");
  did("added", "2026-01-10T10:00");
  did("paid", "2026-01-10T10:30", "y");
  did("added", "2026-01-10T13:00");
  // At 10:00 only x goes on uninterrupted; at 13:00 both do.
  EXPECT_EQ(shop.spans("did viewed then added then not paid within 1h same(sku) in last 6h"),
            "2026-01-10T11:00:00.001 2026-01-10T14:00, 2026-01-10T14:00:00.001 2026-01-10T15:00");
}

TEST_F(Sequences, ChainNamesOneEventAStep) {
  did("viewed", "2026-01-10T10:00", "x");
  did("viewed", "2026-01-10T10:10", "y");
  did("added", "2026-01-10T10:20");
  did("paid", "2026-01-10T10:30", "x");
  const auto rule = shop.bound("did viewed then added within 1h then paid same(sku)");
  const Scope scope{*rule, shop.history(), rule->zone()};
  const auto& test = std::get<Sequence>(rule->rule().root.form);
  const auto found = completions(scope, test, base::kMomentMin);
  ASSERT_EQ(found.size(), 1u);
  std::vector<std::uint32_t> orders;
  for (const auto& event : chain_of(scope, test, found[0])) orders.push_back(event.order);
  EXPECT_EQ(orders, (std::vector<std::uint32_t>{0, 2, 3}));
}

// Not a measurement: what is quadratic would not end within the patience of a test run.
TEST_F(Sequences, AMillionEventsOfOneCustomer) {
  timeline::MemoryHistory::Builder build(base::CustomerId{1});
  const base::Moment start = shop.moment("2026-01-01");
  const char* names[] = {"viewed", "added", "shared", "paid"};
  constexpr std::int64_t kEvents = 1'000'000;
  for (std::int64_t number = 0; number < kEvents; ++number) {
    const auto type = shop.names.event(names[number * 7 % 4]).value();
    const auto sku = shop.names.property(type, "sku")->id;
    build.event(type, start + base::Duration{number * 700})
        .property(base::PropertyId{sku}, std::to_string(number * 7919 % 50'021));
  }
  const auto history = build.finish();
  const base::Moment end = start + base::Duration{kEvents * 700};
  for (const char* text :
       {"did viewed then added within 1h same(sku) then not paid within 1d in last 30d",
        "did viewed then added within 1h then shared within 1h then paid within 1d same(sku)",
        "did viewed then added within 1h then not paid within 1d same(sku)",
        "did viewed then added same(sku) then shared then not paid within 1m same(sku) in last 2d",
        "did paid distinct(sku) >= 50 in last 1d", "did paid on >= 3 days in last 7d",
        "held(did not paid in last 1m, 1h)"}) {
    const auto rule = shop.bound(text);
    const auto began = std::chrono::steady_clock::now();
    const auto stream = intervals(*rule, *history, base::kMomentMin);
    std::size_t spans = 0;
    while (stream->next()) ++spans;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    RecordProperty(text, std::to_string(took.count()));
    std::printf("%6.0f ms %7zu intervals  %s\n", took.count(), spans, text);
    EXPECT_EQ(holds_at(*rule, *history, end), standing_at(*rule, *history, end).answer) << text;
  }
}

TEST(GreatestOf, GreatestOfARange) {
  GreatestOf numbers(5);
  EXPECT_EQ(numbers.greatest(0, 5), 0u);
  numbers.set(1, 7);
  numbers.set(4, 9);
  EXPECT_EQ(numbers.greatest(0, 5), 9u);
  EXPECT_EQ(numbers.greatest(0, 4), 7u);
  EXPECT_EQ(numbers.greatest(2, 4), 0u);
  EXPECT_EQ(numbers.greatest(3, 3), 0u);
  numbers.set(4, 0);
  EXPECT_EQ(numbers.greatest(0, 5), 7u);
}

}  // namespace
}  // namespace audience
