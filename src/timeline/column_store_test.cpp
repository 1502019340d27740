#include "timeline/column_store.h"

#include <gtest/gtest.h>

#include <string>

#include "timeline/test_rows.h"

namespace timeline {
namespace {

using base::CustomerId;

constexpr CustomerId kAnna{11};
constexpr CustomerId kBert{12};
constexpr CustomerId kCarl{13};
constexpr MembershipKey kVip{MembershipKind::tag, 3};

class ColumnStoreTest : public testing::Test {
 protected:
  ColumnStoreTest() {
    origins_ = std::make_shared<const Origins>();
    origins_ = origins_->with({1, std::nullopt}, "api")->with({2, base::BatchId{5}}, "csv");
    store_.set_origins(origins_);
  }

  void add(CustomerId customer, base::EventTypeId type, std::int64_t time_ms,
           OriginNumber origin = 0) {
    store_.add(customer, {type, {time_ms}, ++slot_, origin, 0, 0}, {});
  }
  void tag(CustomerId customer, std::int64_t time_ms) {
    const base::EventTypeId type = change_event("tag_added");
    store_.add(customer, {type, {time_ms}, ++slot_, 0, 0, 0}, {{ref_of(type, kVip.id)}});
  }
  void publish() { store_.publish({0, 0, ++position_}); }

  static std::unique_ptr<History> history(const Pin& pin, CustomerId customer) {
    const auto place = pin.place_of(customer);
    if (!place) return nullptr;
    return pin.history(place->block, place->row);
  }
  // "100#0 200#1": the payments of a person.
  static std::string payments(const Pin& pin, CustomerId customer) {
    const auto found = history(pin, customer);
    if (found == nullptr) return "nobody";
    std::string out;
    for (const EventAt& event : found->events(kPaid)) {
      out += (out.empty() ? "" : " ") + std::to_string(event.time.ms) + "#" +
             std::to_string(event.order);
    }
    return out;
  }
  std::string changed(const Pin& pin, const Mentions& mentions) const {
    std::string out;
    pin.changed(0, mentions).each([&](std::size_t row) { out += std::to_string(row) + " "; });
    return out;
  }

  ColumnStore store_{test_changes()};
  std::shared_ptr<const Origins> origins_;
  Slot slot_ = 0;
  std::int64_t position_ = 0;
};

TEST_F(ColumnStoreTest, NothingIsSeenBeforeItIsPublished) {
  store_.add_person(kAnna, {50});
  add(kAnna, kPaid, 100);
  EXPECT_TRUE(store_.knows(kAnna));
  EXPECT_FALSE(store_.knows(kBert));
  const Pin before = store_.pin();
  EXPECT_EQ(before.blocks(), 0U);
  EXPECT_EQ(payments(before, kAnna), "nobody");
  EXPECT_EQ(payments(store_.unpublished(), kAnna), "100#0");
  publish();
  const Pin after = store_.pin();
  EXPECT_EQ(payments(before, kAnna), "nobody");
  EXPECT_EQ(payments(after, kAnna), "100#0");
  EXPECT_EQ(after.position(), (event_log::Position{0, 0, 1}));
  EXPECT_EQ(after.persons(), 1);
  EXPECT_EQ(after.events(), 1);
  add(kAnna, kPaid, 200);
  EXPECT_EQ(payments(store_.pin(), kAnna), "100#0");
  publish();
  EXPECT_EQ(payments(after, kAnna), "100#0");
  EXPECT_EQ(payments(store_.pin(), kAnna), "100#0 200#1");
}

TEST_F(ColumnStoreTest, LateEventsAreInTheirPlaceBeforeAndAfterAFold) {
  store_.add_person(kAnna, {500});
  add(kAnna, kPaid, 300);
  add(kAnna, kViewed, 200);
  publish();
  EXPECT_TRUE(store_.fold(0));
  EXPECT_FALSE(store_.fold(0));
  add(kAnna, kPaid, 100);
  add(kAnna, kPaid, 200);  // behind the view of the same millisecond
  publish();
  const Pin before = store_.pin();
  EXPECT_EQ(payments(before, kAnna), "100#0 200#2 300#3");
  EXPECT_TRUE(store_.fold(0));
  const Pin after = store_.pin();
  EXPECT_TRUE(after.changed(0).none());
  EXPECT_EQ(payments(after, kAnna), "100#0 200#2 300#3");
  EXPECT_EQ(history(after, kAnna)->known_since(), base::Moment{100});
  EXPECT_EQ(payments(before, kAnna), "100#0 200#2 300#3");
  std::vector<Slot> slots;
  after.read_slots_at({0, 0}, {kPaid, {200}}, slots);
  before.read_slots_at({0, 0}, {kPaid, {300}}, slots);
  before.read_slots_at({0, 0}, {kPaid, {301}}, slots);
  EXPECT_EQ(slots, (std::vector<Slot>{4, 1}));
}

TEST_F(ColumnStoreTest, ChangedAreThoseARuleMustAskApart) {
  for (const CustomerId customer : {kAnna, kBert, kCarl}) {
    store_.add_person(customer, {500});
    add(customer, kOpened, 600);
  }
  publish();
  const Mentions opened{{kOpened}, {}, {}};
  const Mentions nothing;
  EXPECT_EQ(changed(store_.pin(), nothing), "0 1 2 ");  // new
  store_.fold(0);
  EXPECT_EQ(changed(store_.pin(), opened), "");
  add(kAnna, kPaid, 700);
  add(kBert, kViewed, 499);  // known since then
  tag(kCarl, 550);
  publish();
  const Pin pin = store_.pin();
  EXPECT_EQ(changed(pin, nothing), "1 ");
  EXPECT_EQ(changed(pin, opened), "1 ");
  EXPECT_EQ(changed(pin, {{kPaid, kOpened}, {}, {}}), "0 1 ");
  EXPECT_EQ(changed(pin, {{}, {{3}}, {{MembershipKind::list, 3}}}), "1 ");
  EXPECT_EQ(changed(pin, {{}, {}, {kVip}}), "1 2 ");
  EXPECT_EQ(pin.changed(0).count(), 3U);
  EXPECT_EQ(store_.changed_blocks(3), std::vector<std::size_t>{0});
  EXPECT_TRUE(store_.changed_blocks(4).empty());
  EXPECT_EQ(store_.delta_events(), 3U);
  EXPECT_EQ(store_.delta_events(0), 3U);
}

TEST_F(ColumnStoreTest, AMergeMovesThePersonAndAHeldPinKeepsBoth) {
  store_.add_person(kAnna, {50});
  store_.add_person(kBert, {40});
  add(kAnna, kPaid, 100);
  add(kBert, kPaid, 90);
  publish();
  const Pin two = store_.pin();
  Replacement merged{{kAnna, kBert, kCarl}, {}, {{kAnna, kAnna}, {kBert, kAnna}}};
  merged.rows.rows = {{kAnna, {40}, 0, 2}};
  merged.rows.events = {{kPaid, {90}, 2, 0, 0, 0}, {kPaid, {100}, 1, 0, 0, 0}};
  store_.replace(merged);
  EXPECT_EQ(payments(store_.pin(), kBert), "90#0");
  publish();
  add(kBert, kPaid, 95);
  publish();
  const Pin one = store_.pin();
  EXPECT_EQ(payments(two, kAnna), "100#0");
  EXPECT_EQ(payments(two, kBert), "90#0");
  EXPECT_EQ(payments(one, kAnna), "90#0 95#1 100#2");
  EXPECT_EQ(payments(one, kBert), "90#0 95#1 100#2");
  EXPECT_EQ(one.persons(), 1);
  EXPECT_EQ(one.events(), 3);
  store_.fold(0);
  EXPECT_EQ(payments(store_.pin(), kBert), "90#0 95#1 100#2");
  EXPECT_EQ(store_.pin().rows(0).count(), 1U);
  EXPECT_EQ(store_.customers(store_.pin()).size(), 2U);
  EXPECT_EQ(payments(two, kBert), "90#0");
}

TEST_F(ColumnStoreTest, TheErasedAreUnknownAndMayComeBack) {
  store_.add_person(kAnna, {50});
  add(kAnna, kPaid, 100);
  publish();
  store_.fold(0);
  const Pin there = store_.pin();
  store_.replace({{kAnna}, {}, {}});
  EXPECT_FALSE(store_.knows(kAnna));
  publish();
  const Pin gone = store_.pin();
  EXPECT_EQ(gone.persons(), 0);
  EXPECT_EQ(gone.events(), 0);
  EXPECT_EQ(store_.changed_blocks(1), std::vector<std::size_t>{0});  // what was erased is folded
  store_.add_person(kAnna, {70});
  publish();
  EXPECT_EQ(payments(there, kAnna), "100#0");
  EXPECT_EQ(payments(gone, kAnna), "nobody");
  EXPECT_EQ(payments(store_.pin(), kAnna), "");
  EXPECT_TRUE(store_.fold(0));
  EXPECT_EQ(store_.pin().block(0).event_count(), 0U);
  EXPECT_EQ(payments(there, kAnna), "100#0");
}

TEST_F(ColumnStoreTest, ADroppedOriginIsGoneAndItsPersonsStay) {
  store_.add_person(kAnna, {50});
  store_.add_person(kBert, {60});
  add(kAnna, kPaid, 20, 1);
  add(kAnna, kPaid, 100);
  publish();
  store_.fold(0);
  add(kBert, kPaid, 30, 1);
  publish();
  const Pin before = store_.pin();
  add(kBert, kPaid, 200);
  const OriginNumber origin = 1;
  store_.drop(std::span(&origin, 1));
  EXPECT_FALSE(store_.fold(0));  // it would show what is not published
  EXPECT_EQ(payments(store_.pin(), kAnna), "20#0 100#1");
  publish();
  const Pin after = store_.pin();
  EXPECT_EQ(payments(after, kAnna), "100#0");
  EXPECT_EQ(payments(after, kBert), "200#0");
  EXPECT_EQ(history(after, kAnna)->known_since(), base::Moment{50});
  EXPECT_EQ(after.events(), 2);
  EXPECT_EQ(payments(before, kAnna), "20#0 100#1");
  EXPECT_EQ(payments(before, kBert), "30#0");
  add(kAnna, kPaid, 25, 1);  // of the same origin, later: it counts
  publish();
  EXPECT_EQ(payments(store_.pin(), kAnna), "25#0 100#1");
  EXPECT_EQ(changed(store_.pin(), {}), "0 1 ");
  std::vector<Slot> slots;
  store_.pin().read_slots_at({0, 0}, {kPaid, {20}}, slots);
  EXPECT_TRUE(slots.empty());
  EXPECT_TRUE(store_.fold(0));
  EXPECT_EQ(payments(store_.pin(), kAnna), "25#0 100#1");
  EXPECT_EQ(store_.pin().block(0).event_count(), 3U);
  EXPECT_EQ(changed(store_.pin(), {}), "");
}

TEST_F(ColumnStoreTest, BlocksAreFilledOneAfterTheOther) {
  for (std::int64_t id = 1; id <= 2100; ++id) {
    store_.add_person({id}, {id});
    if (id == 1000 || id == 1500) {
      publish();
      store_.fold(id == 1000 ? 0 : 1);
    }
  }
  publish();
  const Pin pin = store_.pin();
  ASSERT_EQ(pin.blocks(), 3U);
  EXPECT_EQ(pin.block(0).row_count(), 1000U);
  EXPECT_EQ(pin.rows(0).count(), kBlockRows);
  EXPECT_EQ(pin.changed(0).count(), 24U);
  EXPECT_EQ(pin.rows(2).count(), 2100U - 2 * kBlockRows);
  for (std::int64_t id = 1; id <= 2100; ++id) {
    const auto place = pin.place_of({id});
    ASSERT_TRUE(place.has_value());
    EXPECT_EQ(pin.person(place->block, place->row), CustomerId{id});
    EXPECT_EQ(pin.created_at(place->block, place->row), base::Moment{id});
  }
}

TEST_F(ColumnStoreTest, ABaseIsFreedWithTheLastPinThatHoldsIt) {
  RowsBuilder rows;
  rows.person(kAnna, {50}).event(kPaid, {.time = {100}, .slot = 1});
  auto block = make_block(rows.rows(), *test_changes());
  const std::weak_ptr<const Block> watch = block;
  const std::pair<CustomerId, Pin::Place> customer{kAnna, {0, 0}};
  store_.load({std::move(block)}, std::span(&customer, 1), {0, 0, 9});
  EXPECT_EQ(store_.pin().position().sequence, 9);
  auto pin = std::make_unique<Pin>(store_.pin());
  auto copy = std::make_unique<Pin>(*pin);
  auto kept = history(*pin, kAnna);
  slot_ = 1;
  add(kAnna, kPaid, 200);
  publish();
  EXPECT_TRUE(store_.fold(0));
  pin.reset();
  EXPECT_FALSE(watch.expired());
  copy.reset();
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(kept->events(kPaid).size(), 1U);  // a history keeps its block
  kept.reset();
  EXPECT_TRUE(watch.expired());
}

TEST_F(ColumnStoreTest, DeltasTakeWhatTheyHoldAndGoWithTheFold) {
  store_.add_person(kAnna, {50});
  publish();
  store_.fold(0);
  const StoreBytes empty = store_.bytes();
  constexpr std::size_t kEvents = 20'000;
  for (std::size_t i = 0; i < kEvents; ++i) {
    store_.add(
        kAnna, {kPaid, {static_cast<std::int64_t>(i)}, ++slot_, 0, 0, 0},
        {{{kAmount, base::Value(base::Money{99'00})}, {kSku, base::Value(std::string("A7"))}}});
    if (i % 100 == 0) publish();
  }
  publish();
  const StoreBytes full = store_.bytes();
  EXPECT_GE(full.deltas - empty.deltas, kEvents * 64);
  EXPECT_LE(full.deltas - empty.deltas, kEvents * 144);
  store_.fold(0);
  const StoreBytes folded = store_.bytes();
  EXPECT_EQ(folded.deltas, empty.deltas);
  EXPECT_GT(folded.blocks.order, empty.blocks.order);
  EXPECT_EQ(store_.delta_events(), 0U);
}

}  // namespace
}  // namespace timeline
