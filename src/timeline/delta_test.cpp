#include "timeline/delta.h"

#include <gtest/gtest.h>

#include <string>

#include "timeline/property_bytes.h"

namespace timeline {
namespace {

RowEvent event(Slot slot) { return {{20}, {100 + slot}, slot, 3, 0, 0}; }

std::string slots(const Delta& delta, Publication publication) {
  std::string out;
  delta.each(publication, [&](const Delta::Entry& entry) {
    out += (out.empty() ? "" : " ") + std::to_string(entry.slot);
  });
  return out;
}

std::string slots_of_row(const Delta& delta, std::size_t row, Publication publication) {
  std::string out;
  delta.each_of_row(row, publication, [&](const Delta::Entry& entry) {
    out += (out.empty() ? "" : " ") + std::to_string(entry.slot);
  });
  return out;
}

TEST(Delta, AReaderSeesWhatIsOfItsPublication) {
  Delta delta(10);
  EXPECT_TRUE(delta.empty(kEverything));
  delta.append(event(1), {}, {3, 1, nullptr});
  delta.append(event(2), {}, {4, 1, nullptr});
  delta.append(event(3), {}, {3, 2, nullptr});
  delta.append(event(4), {}, {3, 3, nullptr});
  EXPECT_EQ(slots(delta, 0), "");
  EXPECT_EQ(slots(delta, 1), "1 2");
  EXPECT_EQ(slots(delta, 2), "1 2 3");
  EXPECT_EQ(slots_of_row(delta, 3, 1), "1");
  EXPECT_EQ(slots_of_row(delta, 3, 2), "3 1");
  EXPECT_EQ(slots_of_row(delta, 3, kEverything), "4 3 1");
  EXPECT_EQ(slots_of_row(delta, 4, kEverything), "2");
  EXPECT_EQ(slots_of_row(delta, 5, kEverything), "");
  EXPECT_TRUE(delta.empty(0));
  EXPECT_FALSE(delta.empty(1));
}

TEST(Delta, PersonsComeAndGoWithTheirPublication) {
  Delta delta(10);
  delta.append(Delta::Birth{{70}, {5}, 1});
  delta.append(Delta::Birth{{71}, {6}, 3});
  delta.append(Delta::End{10, 2});
  EXPECT_EQ(delta.births(0), 0U);
  EXPECT_EQ(delta.births(2), 1U);
  EXPECT_EQ(delta.births(3), 2U);
  EXPECT_EQ(delta.birth(11).person, base::CustomerId{71});
  EXPECT_FALSE(delta.is_ended(10, 1));
  EXPECT_TRUE(delta.is_ended(10, 2));
  EXPECT_FALSE(delta.is_ended(11, 3));
  EXPECT_TRUE(delta.ended().has(10));
}

TEST(Delta, KeepsPropertiesAndWhatAnEventChanges) {
  Delta delta(0);
  const std::string text(100'000, 'x');  // more than a piece
  for (Slot slot = 0; slot < 1000; ++slot) {
    const Change change{ChangeKind::off, {}, {}, {MembershipKind::list, slot}};
    delta.append(event(slot), {{{{7}, base::Value(slot == 500 ? text : std::to_string(slot))}}},
                 {slot % 5, 1, slot % 2 == 0 ? nullptr : &change});
  }
  std::size_t seen = 0;
  delta.each(1, [&](const Delta::Entry& entry) {
    ASSERT_EQ(entry.slot, seen);
    std::vector<event_log::KnownProperty> properties;
    ASSERT_EQ(read_properties(entry.properties, properties), 1U);
    EXPECT_EQ(properties[0].value, base::Value(seen == 500 ? text : std::to_string(seen)));
    EXPECT_EQ(entry.changes, seen % 2 == 0 ? Delta::Changes::nothing : Delta::Changes::membership);
    if (seen % 2 != 0) {
      EXPECT_EQ(entry.membership, MembershipKind::list);
      EXPECT_EQ(entry.changed, static_cast<std::int64_t>(seen));
    }
    ++seen;
  });
  EXPECT_EQ(seen, 1000U);
  EXPECT_GT(delta.bytes(), text.size() + 56 * 1000);
  EXPECT_LT(delta.bytes(), 2 * text.size() + 2 * 80 * 1000);
}

TEST(Delta, CopiesWhatCameAfterAPublication) {
  Delta delta(10);
  delta.append(Delta::Birth{{70}, {5}, 1});
  delta.append(event(1), {{{{7}, base::Value(true)}}}, {3, 1, nullptr});
  delta.append(Delta::Birth{{71}, {6}, 2});
  delta.append(event(2), {{{{7}, base::Value(std::string("b"))}}}, {3, 2, nullptr});
  delta.append(event(3), {}, {11, 2, nullptr});
  delta.append(Delta::End{3, 3});
  Delta after(11);
  delta.copy_after(1, after, [](const Delta::Entry&) { return false; });
  EXPECT_EQ(after.entries(), 2U);
  EXPECT_EQ(slots_of_row(after, 3, 2), "2");
  EXPECT_EQ(slots_of_row(after, 11, 2), "3");
  ASSERT_EQ(after.births(2), 1U);
  EXPECT_EQ(after.birth(11).person, base::CustomerId{71});
  EXPECT_FALSE(after.is_ended(3, 2));
  EXPECT_TRUE(after.is_ended(3, 3));
  std::vector<event_log::KnownProperty> properties;
  after.each_of_row(
      3, 2, [&](const Delta::Entry& entry) { read_properties(entry.properties, properties); });
  ASSERT_EQ(properties.size(), 1U);
  EXPECT_EQ(properties[0].value, base::Value(std::string("b")));
}

}  // namespace
}  // namespace timeline
