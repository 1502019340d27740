#include "timeline/memory_history.h"

#include <gtest/gtest.h>

namespace timeline {
namespace {

using base::Moment;

constexpr base::EventTypeId kPaid{7};
constexpr base::EventTypeId kViewed{8};
constexpr base::PropertyId kAmount{70};
constexpr base::PropertyId kSku{71};
constexpr base::AttributeId kAge{5};
constexpr MembershipKey kVip{MembershipKind::tag, 3};
constexpr MembershipKey kPhone{MembershipKind::identity, 2};

// "100 200-300 …": the moments at which a membership is on.
std::string spans(const History& history, MembershipKey key) {
  std::string out;
  for (const Span& span : history.membership(key)) {
    if (!out.empty()) out += ' ';
    out += std::to_string(span.from.ms) + "-";
    if (span.to != base::kMomentMax) out += std::to_string(span.to.ms);
  }
  return out;
}

TEST(MemoryHistory, OrdersEventsByTimeThenCall) {
  MemoryHistory::Builder build({1});
  build.event(kPaid, Moment{300}).property(kAmount, base::Money{3}).source("late");
  build.event(kViewed, Moment{100}).property(kSku, std::string("A"));
  build.event(kPaid, Moment{100})
      .property(kAmount, base::Money{1})
      .property(kSku, std::string("B"));
  const auto history = build.finish();

  const auto paid = history->events(kPaid);
  ASSERT_EQ(paid.size(), 2U);
  EXPECT_EQ(paid[0].time, Moment{100});
  EXPECT_EQ(paid[0].order, 1U);  // behind the view of the same millisecond
  EXPECT_EQ(paid[1].order, 2U);
  EXPECT_EQ(history->events(kViewed)[0].order, 0U);
  EXPECT_TRUE(history->events({99}).empty());
  ASSERT_NE(history->property(1, kAmount), nullptr);
  EXPECT_EQ(*history->property(1, kAmount), base::Value(base::Money{1}));
  EXPECT_EQ(*history->property(1, kSku), base::Value(std::string("B")));
  EXPECT_EQ(*history->property(2, kAmount), base::Value(base::Money{3}));
  EXPECT_EQ(history->property(0, kAmount), nullptr);
  EXPECT_EQ(history->source(2), "late");
  EXPECT_EQ(history->source(0), "");
  EXPECT_EQ(history->known_since(), Moment{100});
  EXPECT_EQ(history->all().size(), 3U);
}

TEST(MemoryHistory, KnownSinceIsTheEarlierOfCreationAndFirstEvent) {
  MemoryHistory::Builder created_first({1});
  created_first.known_since(Moment{50}).event(kPaid, Moment{100});
  EXPECT_EQ(created_first.finish()->known_since(), Moment{50});

  MemoryHistory::Builder event_first({1});
  event_first.known_since(Moment{150}).attribute(kAge, Moment{10}, base::Value(std::int64_t{3}));
  event_first.event(kPaid, Moment{100});
  EXPECT_EQ(event_first.finish()->known_since(), Moment{100});
}

TEST(MemoryHistory, OfTwoChangesInOneMillisecondTheLaterCounts) {
  MemoryHistory::Builder build({1});
  build.attribute(kAge, Moment{200}, base::Value(std::int64_t{30}));
  build.attribute(kAge, Moment{100}, base::Value(std::int64_t{20}));
  build.attribute(kAge, Moment{200}, std::nullopt);
  const auto history = build.finish();
  const auto changes = history->attribute(kAge);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].since, Moment{100});
  EXPECT_EQ(changes[0].value, base::Value(std::int64_t{20}));
  EXPECT_EQ(changes[1].since, Moment{200});
  EXPECT_FALSE(changes[1].value.has_value());
  EXPECT_TRUE(history->attribute({6}).empty());
}

TEST(MemoryHistory, MembershipSpansNeitherTouchNorOverlap) {
  MemoryHistory::Builder build({1});
  build.on(kVip, Moment{100}).on(kVip, Moment{150}).off(kVip, Moment{200});
  build.off(kVip, Moment{300}).on(kVip, Moment{300});  // on at 300
  build.off(kVip, Moment{400}).on(kVip, Moment{400});  // never stopped
  build.on(kVip, Moment{600}).off(kVip, Moment{500});  // in order of time, not of calls
  EXPECT_EQ(spans(*build.finish(), kVip), "100-200 300-500 600-");

  MemoryHistory::Builder never({1});
  never.on(kVip, Moment{100}).off(kVip, Moment{100}).off(kVip, Moment{200});
  EXPECT_EQ(spans(*never.finish(), kVip), "");
}

TEST(MemoryHistory, IdentitiesAreCounted) {
  MemoryHistory::Builder build({1});
  build.on(kPhone, Moment{100}).on(kPhone, Moment{200}).off(kPhone, Moment{300});
  build.off(kPhone, Moment{400}).off(kPhone, Moment{450}).on(kPhone, Moment{500});
  EXPECT_EQ(spans(*build.finish(), kPhone), "100-400 500-");
}

}  // namespace
}  // namespace timeline
