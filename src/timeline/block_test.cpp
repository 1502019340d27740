#include "timeline/block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "timeline/test_random_rows.h"

namespace timeline {
namespace {

using base::Moment;
using event_log::KnownProperty;

std::shared_ptr<const Block> block_of(const Rows& rows) {
  return make_block(rows, *test_changes());
}

// Every row read back: what write_block was given.
Rows read_back(const Block& block) {
  Rows rows;
  for (std::size_t row = 0; row < block.row_count(); ++row) block.read_row(row, rows);
  return rows;
}

void expect_same(const Rows& made, const Rows& given) {
  ASSERT_EQ(made.rows.size(), given.rows.size());
  for (std::size_t row = 0; row < given.rows.size(); ++row) {
    SCOPED_TRACE("row " + std::to_string(row));
    EXPECT_EQ(made.rows[row].person, given.rows[row].person);
    EXPECT_EQ(made.rows[row].created_at, given.rows[row].created_at);
    EXPECT_EQ(made.rows[row].first_event, given.rows[row].first_event);
    EXPECT_EQ(made.rows[row].event_count, given.rows[row].event_count);
  }
  ASSERT_EQ(made.events.size(), given.events.size());
  for (std::size_t i = 0; i < given.events.size(); ++i) {
    SCOPED_TRACE("event " + std::to_string(i));
    EXPECT_EQ(made.events[i].type, given.events[i].type);
    EXPECT_EQ(made.events[i].time, given.events[i].time);
    EXPECT_EQ(made.events[i].slot, given.events[i].slot);
    EXPECT_EQ(made.events[i].origin, given.events[i].origin);
    EXPECT_EQ(made.events[i].first_property, given.events[i].first_property);
    EXPECT_EQ(made.events[i].property_count, given.events[i].property_count);
  }
  ASSERT_EQ(made.properties.size(), given.properties.size());
  for (std::size_t i = 0; i < given.properties.size(); ++i) {
    EXPECT_EQ(made.properties[i].id, given.properties[i].id) << i;
    EXPECT_EQ(made.properties[i].value, given.properties[i].value) << i;
  }
}

// What the streams say of names, times, columns and rows, against the rows they were made of.
void expect_streams(const Block& block, const Rows& rows) {
  std::set<base::EventTypeId> types;
  std::set<OriginNumber> origins;
  Slot last_slot = 0;
  for (const RowEvent& event : rows.events) {
    types.insert(event.type);
    origins.insert(event.origin);
    last_slot = std::max(last_slot, event.slot);
  }
  EXPECT_EQ(std::set(block.event_types().begin(), block.event_types().end()), types);
  EXPECT_EQ(block.event_types().size(), types.size());
  EXPECT_EQ(block.last_slot(), last_slot);
  for (OriginNumber origin = 0; origin < 6; ++origin) {
    EXPECT_EQ(block.has_origin(origin), origins.contains(origin));
  }
  for (const base::EventTypeId type : types) {
    const Stream& stream = *block.events(type);
    std::size_t rank = 0;
    std::uint32_t entry = 0;
    for (std::size_t row = 0; row < rows.rows.size(); ++row) {
      const PersonRow& person = rows.rows[row];
      const std::uint32_t begin = entry;
      for (const RowEvent& event :
           std::span(rows.events).subspan(person.first_event, person.event_count)) {
        if (event.type != type) continue;
        EXPECT_EQ(stream.time(entry), event.time);
        EXPECT_EQ(stream.origin(entry), event.origin);
        ++entry;
      }
      EXPECT_EQ(stream.rows().has(row), entry > begin);
      EXPECT_EQ(stream.range(row).size(), entry - begin);
      if (entry == begin) continue;
      EXPECT_EQ(stream.range(row).begin, begin);
      EXPECT_EQ(stream.range_of_rank(rank).begin, begin);
      EXPECT_EQ(stream.range_of_rank(rank++).end, entry);
    }
    EXPECT_EQ(stream.size(), entry);
  }
}

void expect_bytes(const Block& block) {
  const BlockBytes& bytes = block.bytes();
  EXPECT_EQ(bytes.order + bytes.properties + bytes.side + bytes.histories + bytes.rows,
            block.image().size());
  std::size_t properties = 0;
  for (const base::EventTypeId type : block.event_types()) {
    for (const ValueColumn& column : block.events(type)->columns()) properties += column.bytes();
  }
  EXPECT_EQ(bytes.properties, properties);
}

void expect_good(const Rows& rows) {
  const auto block = block_of(rows);
  expect_same(read_back(*block), rows);
  expect_streams(*block, rows);
  expect_bytes(*block);
}

TEST(Block, GivesItsRowsBack) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_good(random_rows({.seed = seed,
                             .rows = seed % 20,
                             .events_max = seed % 7 * 10,
                             .span_ms = seed % 3 == 0 ? 5 : 15'552'000'000,
                             .wide = seed % 2 == 0}));
    if (HasFailure()) return;
  }
}

TEST(Block, HoldsNobodyOnePersonAndAThousand) {
  expect_good({});
  expect_good(RowsBuilder().person({7}).rows());
  expect_good(RowsBuilder().person({0}).rows());
  expect_good(RowsBuilder().person({7}, Moment{5}).event(kOpened, {Moment{6}, 0}).rows());
  expect_good(random_rows({.seed = 5, .rows = kBlockRows, .events_max = 6}));
  expect_good(random_rows({.seed = 6, .rows = kBlockRows, .events_max = 0}));
}

TEST(Block, HoldsARowOfFiftyThousandEvents) {
  std::mt19937_64 random(1);
  RowsBuilder build;
  build.person({1}, Moment{1}).person({2});
  for (Slot i = 0; i < 50'000; ++i) {
    const RowsBuilder::At at{Moment{static_cast<std::int64_t>(random() % 15'552'000'000)}, i * 7};
    if (i % 3 == 0) {
      build.event(kViewed, at, {{kPage, base::Value("p" + std::to_string(random() % 5000))}});
    } else {
      build.event(kOpened, at);
    }
  }
  build.person({3}, Moment{4});
  expect_good(build.rows());
}

TEST(Block, KnowsItsPersons) {
  const Rows rows = RowsBuilder()
                        .person({70}, Moment{500})
                        .event(kOpened, {Moment{600}, 3})
                        .person({0})
                        .person({50}, Moment{800})
                        .event(kOpened, {Moment{700}, 2})
                        .person({60})
                        .rows();
  const auto block = block_of(rows);
  EXPECT_EQ(block->row_count(), 4U);
  EXPECT_EQ(block->persons().count(), 3U);
  EXPECT_FALSE(block->persons().has(1));
  EXPECT_EQ(block->person(0), base::CustomerId{70});
  EXPECT_EQ(block->person(1), base::CustomerId{0});
  EXPECT_EQ(block->created_at(0), Moment{500});
  EXPECT_EQ(block->created_at(1), base::kMomentMax);
  EXPECT_EQ(block->created_at(3), base::kMomentMax);
  EXPECT_EQ(block->known_since(0), Moment{500});
  EXPECT_EQ(block->known_since(2), Moment{700});
  EXPECT_EQ(block->known_since(3), base::kMomentMax);
  EXPECT_EQ(block->latest_known_since(), base::kMomentMax);
  EXPECT_EQ(block->event_count(), 2U);
  EXPECT_EQ(block->event_count(0), 1U);
  EXPECT_EQ(block->event_count(1), 0U);
  EXPECT_EQ(block->events(kPaid), nullptr);
  EXPECT_EQ(block->attribute({1}), nullptr);
  EXPECT_EQ(block->membership({MembershipKind::tag, 1}), nullptr);

  const auto known =
      block_of(RowsBuilder().person({1}, Moment{5}).person({0}).person({2}, Moment{3}).rows());
  EXPECT_EQ(known->latest_known_since(), Moment{5});
  EXPECT_EQ(block_of({})->latest_known_since(), base::kMomentMin);
}

// Codes of numbers compare as the numbers do, whatever their range.
TEST(Block, CodesOfNumbersAreInTheirOrder) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::vector<std::int64_t>> columns = {{5},
                                                          {100, 300, 1300, -700},
                                                          {kLeast, kLeast + 1, kGreatest},
                                                          {kLeast, kGreatest - 1, 0, 1},
                                                          {kGreatest, 0},
                                                          {kLeast, kLeast + 1, kGreatest - 2}};
  for (const std::vector<std::int64_t>& numbers : columns) {
    RowsBuilder build;
    build.person({1}).event(kPaid, {Moment{0}});
    for (const std::int64_t number : numbers) {
      build.event(kPaid, {Moment{1}}, {{kItems, base::Value(number)}});
    }
    const Rows rows = build.rows();
    expect_good(rows);
    const auto block = block_of(rows);
    const ValueColumn& column = *block->events(kPaid)->column(kItems);
    EXPECT_EQ(block->events(kPaid)->column(kSku), nullptr);
    EXPECT_EQ(column.dictionary_size(), 0U);
    EXPECT_FALSE(column.known(0));
    for (std::uint32_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(column.number_of(column.code(i + 1)), numbers[i]);
      for (const std::int64_t bound : {kLeast, kLeast + 1, std::max(numbers[0], kLeast + 1) - 1,
                                       numbers[0], std::int64_t{301}, kGreatest - 1, kGreatest}) {
        EXPECT_GE(column.code_at_least(bound), 1U);
        EXPECT_EQ(column.code(i + 1) >= column.code_at_least(bound), numbers[i] >= bound)
            << numbers[i] << " >= " << bound;
      }
    }
  }
}

TEST(Block, DatesAndTextsHaveCodes) {
  const base::Date date{2024, 2, 29};
  const base::TextList labels = {"红", "", "b"};
  const Rows rows =
      RowsBuilder()
          .person({1})
          .event(kPaid, {Moment{1}, 1},
                 {{kBirthday, date}, {kSku, std::string("A")}, {kLabels, labels}})
          .event(kPaid, {Moment{2}, 2}, {{kSku, std::string("B")}, {kLabels, base::TextList{}}})
          .event(kPaid, {Moment{3}, 3}, {{kSku, std::string("A")}})
          .rows();
  const auto block = block_of(rows);
  const Stream& paid = *block->events(kPaid);
  EXPECT_EQ(paid.column(kBirthday)->number_of(paid.column(kBirthday)->code(0)),
            2024 * 512 + 2 * 32 + 29);
  const ValueColumn& sku = *paid.column(kSku);
  EXPECT_EQ(sku.dictionary_size(), 2U);
  EXPECT_EQ(sku.code(0), sku.code(2));
  EXPECT_NE(sku.code(0), sku.code(1));
  EXPECT_EQ(sku.value_of(sku.code(1)), base::Value(std::string("B")));
  EXPECT_EQ(paid.column(kLabels)->dictionary_size(), 2U);
  EXPECT_EQ(paid.column(kLabels)->value_of(paid.column(kLabels)->code(0)), base::Value(labels));
  EXPECT_EQ(paid.column(kLabels)->code(2), 0U);
}

TEST(Block, MembershipsHoldAMoment) {
  const base::EventTypeId added = change_event("tag_added");
  const base::EventTypeId removed = change_event("tag_removed");
  RowsBuilder build;
  build.person({1}).event(added, {Moment{10}, 1}, {ref_of(added, 5)});
  build.event(removed, {Moment{20}, 2}, {ref_of(removed, 5)});
  build.event(added, {Moment{30}, 3}, {ref_of(added, 5)});
  build.person({2}).event(added, {Moment{15}, 4}, {ref_of(added, 6)});
  build.person({3}).event(added, {Moment{15}, 5}, {ref_of(added, 5)});
  build.person({4}).event(removed, {Moment{15}, 6}, {ref_of(removed, 7)});
  const auto block = block_of(build.rows());
  const SpanStream& vip = *block->membership({MembershipKind::tag, 5});
  EXPECT_EQ(vip.rows().count(), 2U);
  for (const auto& [at, rows] : std::map<std::int64_t, std::vector<std::size_t>>{
           {9, {}}, {10, {0}}, {14, {0}}, {15, {0, 2}}, {20, {2}}, {29, {2}}, {30, {0, 2}}}) {
    std::vector<std::size_t> held;
    vip.holding(Moment{at}).each([&](std::size_t row) { held.push_back(row); });
    EXPECT_EQ(held, rows) << at;
    for (std::size_t row = 0; row < 4; ++row) {
      EXPECT_EQ(vip.holds(row, Moment{at}), std::ranges::count(rows, row) == 1) << at;
    }
  }
  // Never on: no stream.
  EXPECT_EQ(block->membership({MembershipKind::tag, 7}), nullptr);
  EXPECT_EQ(block->memberships().size(), 2U);
}

// 1,024 persons of a log of 100 million events of a million customers in 180 days, in order of
// time: a fifth of them have 475 events in the mean, the others up to eleven.
Rows rows_of_a_large_log() {
  constexpr std::int64_t kDays = 180;
  constexpr double kEventsPerMs = 100e6 / (kDays * 86'400'000.0);
  std::mt19937_64 random(1);
  RowsBuilder build;
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    build.person({1 + static_cast<std::int64_t>(random() % (1ULL << 53))}, Moment{0});
    const std::uint64_t events = row % 5 == 0 ? 300 + random() % 350 : 1 + random() % 11;
    for (std::uint64_t i = 0; i < events; ++i) {
      const auto time = static_cast<std::int64_t>(random() % (kDays * 86'400'000ULL));
      const auto slot = static_cast<Slot>(static_cast<double>(time) * kEventsPerMs);
      const base::EventTypeId type{100 + static_cast<std::int64_t>(random() % 20)};
      build.event(type, {Moment{1'760'000'000'000 + time}, slot});
    }
  }
  return build.rows();
}

TEST(Block, TimeAndOrderTakeEightBytesAnEvent) {
  const auto block = block_of(rows_of_a_large_log());
  ASSERT_GT(block->event_count(), 90'000U);
  const double events = block->event_count();
  const BlockBytes& bytes = block->bytes();
  EXPECT_LT(static_cast<double>(bytes.order) / events, 8.0);
  EXPECT_LT(static_cast<double>(bytes.side) / events, 0.5);
  EXPECT_LT(static_cast<double>(bytes.rows) / kBlockRows, 24.0);
  RecordProperty("order_bytes_per_1000_events",
                 static_cast<int>(static_cast<double>(bytes.order) * 1000 / events));
}

}  // namespace
}  // namespace timeline
