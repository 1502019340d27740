#include "timeline/column_history.h"

#include <gtest/gtest.h>

#include "timeline/test_random_rows.h"
#include "timeline/test_value_numbers.h"

namespace timeline {
namespace {

using base::Moment;

std::unique_ptr<History> open(const Rows& rows, std::size_t row) {
  return history_of(make_block(rows, *test_changes()), row, test_origins());
}

void expect_same_events(const History& made, const MemoryHistory& memory) {
  for (const event_log::EventType& type : test_types().all()) {
    SCOPED_TRACE(type.name);
    const auto events = made.events(type.id);
    const auto expected = memory.events(type.id);
    ASSERT_EQ(events.size(), expected.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].time, expected[i].time);
      EXPECT_EQ(events[i].order, expected[i].order);
    }
    expect_value_numbers(made, type);
  }
}

void expect_same_details(const History& made, const MemoryHistory& memory) {
  for (const MemoryHistory::Entry& entry : memory.all()) {
    EXPECT_EQ(made.source(entry.order), memory.source(entry.order));
    for (const event_log::EventType& type : test_types().all()) {
      for (const event_log::Property& property : type.properties) {
        const base::Value* value = made.property(entry.order, property.id);
        const base::Value* expected = memory.property(entry.order, property.id);
        ASSERT_EQ(value == nullptr, expected == nullptr) << type.name << "." << property.name;
        if (value != nullptr) {
          EXPECT_EQ(*value, *expected);
        }
      }
    }
  }
}

void expect_same_standing(const History& made, const MemoryHistory& memory) {
  for (std::int64_t id = 1; id <= kAttributeTypes + 2; ++id) {
    const auto changes = made.attribute({id});
    const auto expected = memory.attribute({id});
    ASSERT_EQ(changes.size(), expected.size()) << "attribute " << id;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      EXPECT_EQ(changes[i].since, expected[i].since);
      EXPECT_EQ(changes[i].value, expected[i].value);
    }
  }
  for (const MembershipKind kind : {MembershipKind::tag, MembershipKind::list,
                                    MembershipKind::consent, MembershipKind::identity}) {
    for (std::int64_t id = 1; id <= 3; ++id) {
      const auto spans = made.membership({kind, id});
      const auto expected = memory.membership({kind, id});
      EXPECT_TRUE(std::ranges::equal(spans, expected)) << static_cast<int>(kind) << " " << id;
    }
  }
}

// How many readings had something to read: a test that compares nothing proves nothing.
struct Seen {
  std::size_t events = 0;
  std::size_t unknown_attributes = 0;
  std::size_t spans = 0;
};

void expect_same(const Rows& rows, Seen& seen) {
  const auto block = make_block(rows, *test_changes());
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    if (!rows.rows[row].person) continue;
    SCOPED_TRACE("row " + std::to_string(row));
    const auto memory = memory_of(rows, row);
    const auto made = history_of(block, row, test_origins());
    EXPECT_EQ(made->customer(), memory->customer());
    EXPECT_EQ(made->known_since(), memory->known_since());
    expect_same_events(*made, *memory);
    expect_same_details(*made, *memory);
    expect_same_standing(*made, *memory);
    // Details first, events later: nothing has to be asked before.
    expect_same_details(*history_of(block, row, test_origins()), *memory);
    seen.events += memory->all().size();
    for (std::int64_t id = 1; id <= kAttributeTypes; ++id) {
      for (const AttributeChange& change : memory->attribute({id})) {
        if (!change.value) ++seen.unknown_attributes;
      }
    }
    seen.spans += memory->membership({MembershipKind::identity, 1}).size();
  }
}

TEST(ColumnHistory, ReadsAsTheNaiveHistoryDoes) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_same(random_rows({.seed = seed,
                             .rows = 1 + seed % 6,
                             .events_max = 1 + seed % 5 * 25,
                             .span_ms = seed % 3 == 0 ? 15'552'000'000 : 10,
                             .wide = seed % 2 == 0}),
                seen);
    if (HasFailure()) return;
  }
  EXPECT_GT(seen.events, 5000U);
  EXPECT_GT(seen.unknown_attributes, 100U);
  EXPECT_GT(seen.spans, 100U);
}

TEST(ColumnHistory, ReadsALongRow) {
  Seen seen;
  expect_same(random_rows({.seed = 77, .rows = 3, .events_max = 20'000, .span_ms = 100'000}), seen);
  EXPECT_GT(seen.events, 5000U);
}

TEST(ColumnHistory, AnAttributeChangedTwiceInAMillisecondHasTheLaterValue) {
  const base::EventTypeId changed = change_event("attribute_changed");
  const auto history =
      open(RowsBuilder()
               .person({1})
               .event(changed, {Moment{5}, 9}, {ref_of(changed, 1), to_of(changed, "31")})
               .event(changed, {Moment{5}, 8}, {ref_of(changed, 1), to_of(changed, "30")})
               .event(changed, {Moment{5}, 10}, {ref_of(changed, 4)})
               .rows(),
           0);
  ASSERT_EQ(history->attribute({1}).size(), 1U);
  EXPECT_EQ(history->attribute({1})[0].value, base::Value(std::int64_t{31}));
  ASSERT_EQ(history->attribute({4}).size(), 1U);  // unknown, in a column without a value
  EXPECT_FALSE(history->attribute({4})[0].value.has_value());
}

TEST(ColumnHistory, AChangeByAnotherNameIsOneOrderWithTheRest) {
  const base::EventTypeId on = change_event("identity_added");
  const base::EventTypeId off = change_event("identity_removed");
  const auto history = open(RowsBuilder()
                                .person({1}, Moment{1})
                                .event(on, {Moment{5}, 1}, {ref_of(on, 2)})
                                .event(off, {Moment{6}, 3}, {ref_of(off, 2)})
                                .event(on, {Moment{6}, 2}, {ref_of(on, 2)})
                                .event(off, {Moment{9}, 4}, {ref_of(off, 2)})
                                .rows(),
                            0);
  const auto spans = history->membership({MembershipKind::identity, 2});
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0], (Span{Moment{5}, Moment{9}}));
  EXPECT_EQ(history->events(off)[0].order, 2U);
}

TEST(ColumnHistory, WhatItGaveStaysWhereItIs) {
  RowsBuilder build;
  build.person({1});
  for (Slot i = 0; i < 500; ++i) {
    build.event(kPaid, {Moment{i}, i}, {{kSku, std::string("sku ") + std::to_string(i)}});
    build.event(kViewed, {Moment{i}, i}, {{kPage, std::string("page")}});
  }
  const auto history = open(build.rows(), 0);
  const auto paid = history->events(kPaid);
  const base::Value* first = history->property(paid[0].order, kSku);
  for (const EventAt& event : history->events(kViewed)) history->property(event.order, kPage);
  for (const EventAt& event : paid) history->property(event.order, kSku);
  EXPECT_EQ(history->property(paid[0].order, kSku), first);
  EXPECT_EQ(*first, base::Value(std::string("sku 0")));
  EXPECT_EQ(history->events(kPaid).data(), paid.data());
}

}  // namespace
}  // namespace timeline
