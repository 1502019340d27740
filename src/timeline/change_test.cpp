#include "timeline/change.h"

#include <gtest/gtest.h>

#include "timeline/standing.h"
#include "timeline/test_rows.h"

namespace timeline {
namespace {

using base::Moment;
using base::ValueType;
using event_log::KnownProperty;

constexpr base::AttributeId kAge{1};  // an integer

class ChangeTypesTest : public ::testing::Test {
 protected:
  std::optional<Change> change(std::string_view event,
                               const std::vector<KnownProperty>& properties) {
    return changes_.change_of(change_event(event), properties);
  }
  const ChangeTypes& changes_ = *test_changes();
};

TEST_F(ChangeTypesTest, EveryStandardNameTurnsItsOwnThingOnOrOff) {
  const struct {
    const char* event;
    ChangeKind kind;
    MembershipKind membership;
  } cases[] = {
      {"tag_added", ChangeKind::on, MembershipKind::tag},
      {"tag_removed", ChangeKind::off, MembershipKind::tag},
      {"list_joined", ChangeKind::on, MembershipKind::list},
      {"list_left", ChangeKind::off, MembershipKind::list},
      {"consent_given", ChangeKind::on, MembershipKind::consent},
      {"consent_withdrawn", ChangeKind::off, MembershipKind::consent},
      {"identity_added", ChangeKind::on, MembershipKind::identity},
      {"identity_removed", ChangeKind::off, MembershipKind::identity},
  };
  for (const auto& [event, kind, membership] : cases) {
    SCOPED_TRACE(event);
    EXPECT_TRUE(changes_.is_change(change_event(event)));
    const auto changed = change(event, {ref_of(change_event(event), 7)});
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->kind, kind);
    EXPECT_EQ(changed->membership, (MembershipKey{membership, 7}));
    EXPECT_FALSE(change(event, {}).has_value());  // written by somebody else
  }
  EXPECT_FALSE(changes_.is_change(kPaid));
  EXPECT_FALSE(changes_.change_of(kPaid, {}).has_value());
}

TEST_F(ChangeTypesTest, AnAttributesValueIsReadByItsType) {
  const base::EventTypeId type = change_event("attribute_changed");
  const auto thirty = change("attribute_changed", {ref_of(type, kAge.value), to_of(type, "30")});
  ASSERT_TRUE(thirty.has_value());
  EXPECT_EQ(thirty->kind, ChangeKind::attribute);
  EXPECT_EQ(thirty->attribute, kAge);
  EXPECT_EQ(thirty->value, base::Value(std::int64_t{30}));
  const auto cleared = change("attribute_changed", {ref_of(type, kAge.value)});
  ASSERT_TRUE(cleared.has_value());
  EXPECT_FALSE(cleared->value.has_value());
  // One made since the types were read.
  const auto unknown = change("attribute_changed", {ref_of(type, 99), to_of(type, "30")});
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(unknown->attribute, base::AttributeId{99});
  EXPECT_FALSE(unknown->value.has_value());
  EXPECT_EQ(changes_.type_of(kAge), ValueType::integer);
  EXPECT_EQ(changes_.type_of({99}), std::nullopt);
}

TEST(Standing, OfChangesInOneMillisecondTheLastStays) {
  std::vector<AttributeChange> changes = {{Moment{3}, base::Value(std::int64_t{1})},
                                          {Moment{1}, base::Value(std::int64_t{2})},
                                          {Moment{3}, std::nullopt},
                                          {Moment{1}, base::Value(std::int64_t{4})}};
  ASSERT_EQ(keep_last_of_each_moment(changes), 2U);
  EXPECT_EQ(changes[0].since, Moment{1});
  EXPECT_EQ(changes[0].value, base::Value(std::int64_t{4}));
  EXPECT_EQ(changes[1].since, Moment{3});
  EXPECT_FALSE(changes[1].value.has_value());
  EXPECT_EQ(keep_last_of_each_moment({}), 0U);
}

TEST(Standing, IdentitiesAreCountedOtherThingsAreNot) {
  std::vector<Switch> twice_on = {{Moment{1}, true}, {Moment{2}, true}, {Moment{3}, false}};
  EXPECT_EQ(spans_of(MembershipKind::tag, twice_on), (std::vector<Span>{{Moment{1}, Moment{3}}}));
  EXPECT_EQ(spans_of(MembershipKind::identity, twice_on), (std::vector<Span>{{Moment{1}}}));
}

}  // namespace
}  // namespace timeline
