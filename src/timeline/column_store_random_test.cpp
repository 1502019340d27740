// Random lives told to a store in random order, with folds, merges, erasures and batches taken back
// between; every pin is held for a while and then compared with the model as it was at its moment.
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "timeline/column_history.h"
#include "timeline/test_lives.h"
#include "timeline/test_value_numbers.h"

namespace timeline {
namespace {

using base::CustomerId;

std::string text_of(std::span<const EventAt> events) {
  std::string out;
  for (const EventAt& event : events) {
    out += std::to_string(event.time.ms) + "#" + std::to_string(event.order) + " ";
  }
  return out;
}

std::string text_of(std::span<const AttributeChange> changes) {
  std::string out;
  for (const AttributeChange& change : changes) {
    out += std::to_string(change.since.ms) + "=" +
           (change.value ? base::to_text(*change.value) : "unknown") + " ";
  }
  return out;
}

std::string text_of(std::span<const Span> spans) {
  std::string out;
  for (const Span& span : spans) {
    out += std::to_string(span.from.ms) + "-" + std::to_string(span.to.ms) + " ";
  }
  return out;
}

// Everything of the names in `mentions`.
std::string text_of(const History& history, const Mentions& mentions) {
  std::string out = std::to_string(history.customer().value) + " since " +
                    std::to_string(history.known_since().ms) + "\n";
  for (const base::EventTypeId type : mentions.events) {
    const auto events = history.events(type);
    if (events.empty()) continue;
    expect_value_numbers(history, *test_types().find(type));
    out += "event " + std::to_string(type.value) + ": " + text_of(events);
    for (const EventAt& event : events) {
      out += history.source(event.order);
      for (const event_log::Property& property : test_types().find(type)->properties) {
        const base::Value* value = history.property(event.order, property.id);
        if (value != nullptr) out += " " + property.name + " " + base::to_text(*value);
      }
      out += ", ";
    }
    out += "\n";
  }
  for (const base::AttributeId attribute : mentions.attributes) {
    const auto changes = history.attribute(attribute);
    if (!changes.empty()) out += std::to_string(attribute.value) + ": " + text_of(changes) + "\n";
  }
  for (const MembershipKey& key : mentions.memberships) {
    const auto spans = history.membership(key);
    if (spans.empty()) continue;
    out += std::to_string(static_cast<int>(key.kind)) + "/" + std::to_string(key.id) + ": " +
           text_of(spans) + "\n";
  }
  return out;
}

Mentions all_mentions() {
  Mentions all;
  for (const event_log::EventType& type : test_types().all()) all.events.push_back(type.id);
  std::ranges::sort(all.events);
  for (std::int64_t id = 1; id <= kAttributeTypes; ++id) all.attributes.push_back({id});
  for (const MembershipKind kind : {MembershipKind::tag, MembershipKind::list,
                                    MembershipKind::consent, MembershipKind::identity}) {
    for (std::int64_t id = 1; id <= RandomLives::kMemberships; ++id) {
      all.memberships.push_back({kind, id});
    }
  }
  return all;
}

// A held pin with the model of its moment.
struct Moment {
  Pin pin;
  LivesModel model;
  std::shared_ptr<const Origins> origins;
  event_log::Position position;
};

class Comparing {
 public:
  Comparing(const Moment& moment, RandomLives& lives) : moment_(moment), lives_(lives) {}

  void run() {
    const Pin& pin = moment_.pin;
    ASSERT_EQ(pin.position(), moment_.position);
    ASSERT_EQ(pin.persons(), static_cast<std::int64_t>(moment_.model.persons.size()));
    ASSERT_EQ(pin.events(), moment_.model.events());
    Mentions some;
    some.events = {kPaid};
    some.attributes = {{2}};
    some.memberships = {{MembershipKind::tag, 1}};
    std::size_t persons = 0;
    for (std::size_t block = 0; block < pin.blocks(); ++block) {
      const RowMask rows = pin.rows(block);
      const RowMask changed = pin.changed(block);
      const RowMask changed_some = pin.changed(block, some);
      persons += rows.count();
      ASSERT_TRUE((changed - rows).none());
      ASSERT_TRUE((changed_some - changed).none());
      rows.each([&](std::size_t row) {
        compare_row(block, row);
        if (!changed.has(row)) compare_base(block, row, all_);
        if (!changed_some.has(row)) compare_base(block, row, some);
      });
    }
    ASSERT_EQ(persons, moment_.model.persons.size());
  }

  void compare_customers(const ColumnStore& store) {
    const auto customers = store.customers(moment_.pin);
    ASSERT_EQ(customers.size(), moment_.model.person_of.size());
    auto expected = moment_.model.person_of.begin();
    for (const auto& [customer, place] : customers) {
      EXPECT_EQ(customer, expected->first);
      EXPECT_EQ(moment_.pin.person(place.block, place.row), expected->second);
      ++expected;
    }
    for (std::int64_t id = 0; id < 2000; ++id) {
      const auto place = moment_.pin.place_of({id});
      const auto found = moment_.model.person_of.find({id});
      ASSERT_EQ(place.has_value(), found != moment_.model.person_of.end()) << id;
      if (!place) continue;
      EXPECT_EQ(moment_.pin.person(place->block, place->row), found->second);
    }
  }

 private:
  void compare_row(std::size_t block, std::size_t row) {
    const CustomerId person = moment_.pin.person(block, row);
    const auto found = moment_.model.persons.find(person);
    ASSERT_TRUE(found != moment_.model.persons.end()) << person.value;
    const Life& life = found->second;
    EXPECT_EQ(moment_.pin.created_at(block, row), life.created_at);
    if (life.events.empty() && lives_.below(8) != 0) return;  // most are
    expected_ = text_of(*history_of(person, life, *moment_.origins), all_);
    EXPECT_EQ(text_of(*moment_.pin.history(block, row), all_), expected_);

    Rows rows;
    moment_.pin.read_row(block, row, rows);
    Rows expected_rows;
    add_row(person, life, expected_rows);
    ASSERT_EQ(rows.events.size(), expected_rows.events.size());
    for (std::size_t i = 0; i < rows.events.size(); ++i) {
      const RowEvent& event = rows.events[i];
      EXPECT_EQ(event.slot, expected_rows.events[i].slot);
      EXPECT_EQ(event.origin, expected_rows.events[i].origin);
      EXPECT_EQ(event.property_count, expected_rows.events[i].property_count);
    }
    if (!life.events.empty()) compare_slots({block, row}, life);
  }

  void compare_slots(std::pair<std::size_t, std::size_t> at, const Life& life) {
    const RowEvent& asked = life.events[lives_.below(life.events.size())].event;
    std::vector<Slot> expected;
    for (const LifeEvent& event : life.events) {
      if (event.event.type == asked.type && event.event.time == asked.time) {
        expected.push_back(event.event.slot);
      }
    }
    std::ranges::sort(expected);
    std::vector<Slot> slots;
    moment_.pin.read_slots_at(
        {static_cast<std::uint32_t>(at.first), static_cast<std::uint32_t>(at.second)},
        {asked.type, asked.time}, slots);
    EXPECT_EQ(slots, expected);
  }

  // What is not changed must be true in the block alone.
  void compare_base(std::size_t block, std::size_t row, const Mentions& mentions) {
    const CustomerId person = moment_.pin.person(block, row);
    const Life& life = moment_.model.persons.at(person);
    if (life.events.empty() && lives_.below(8) != 0) return;
    const Block& base = moment_.pin.block(block);
    ASSERT_LT(row, base.row_count());
    EXPECT_EQ(base.person(row), person);
    const auto expected = history_of(person, life, *moment_.origins);
    EXPECT_EQ(base.known_since(row), expected->known_since());
    for (const base::EventTypeId type : mentions.events) {
      const Stream* stream = base.events(type);
      const auto events = expected->events(type);
      const EntryRange range = stream == nullptr ? EntryRange{} : stream->range(row);
      ASSERT_EQ(range.size(), events.size());
      for (std::uint32_t i = 0; i < range.size(); ++i) {
        EXPECT_EQ(stream->time(range.begin + i), events[i].time);
      }
    }
    for (const MembershipKey& key : mentions.memberships) {
      const SpanStream* stream = base.membership(key);
      const EntryRange range = stream == nullptr ? EntryRange{} : stream->range(row);
      EXPECT_EQ(range.size(), expected->membership(key).size());
    }
    for (const base::AttributeId attribute : mentions.attributes) {
      const Stream* stream = base.attribute(attribute);
      const EntryRange range = stream == nullptr ? EntryRange{} : stream->range(row);
      EXPECT_EQ(range.size(), expected->attribute(attribute).size());
    }
  }

  const Moment& moment_;
  RandomLives& lives_;
  const Mentions all_ = all_mentions();
  std::string expected_;
};

class RandomRun {
 public:
  explicit RandomRun(std::uint32_t seed)
      : store_(std::make_unique<ColumnStore>(test_changes())), lives_(seed, *store_) {
    // Enough persons for more than one block; few have events.
    const std::size_t persons = lives_.below(2) == 0 ? 20 : kBlockRows - 10;
    for (std::size_t i = 0; i < persons; ++i) busy_.push_back(lives_.add_person());
    // Of some, most are gone again: then their block is sparse.
    if (persons > 20 && lives_.below(2) == 0) {
      for (std::size_t i = 0; i < 600; ++i) lives_.erase(busy_[i]);
    }
    if (busy_.size() > 30) busy_.erase(busy_.begin(), busy_.end() - 30);
  }

  void run() {
    for (int step = 0; step < 600 && !testing::Test::HasFatalFailure(); ++step) one_step();
    publish();
    take_pin();
    while (!moments_.empty()) compare_oldest();
    for (const std::size_t block : store_->changed_blocks(0)) EXPECT_TRUE(store_->fold(block));
    EXPECT_EQ(store_->delta_events(), 0U);
    take_pin();
    for (std::size_t block = 0; block < store_->pin().blocks(); ++block) {
      EXPECT_TRUE(moments_.front().pin.changed(block).none());
      EXPECT_FALSE(store_->fold(block));
    }
    Comparing(moments_.front(), lives_).compare_customers(*store_);
    compare_oldest();
  }

 private:
  CustomerId somebody() {
    const CustomerId chosen = busy_[lives_.below(busy_.size())];
    return lives_.model().person_of.contains(chosen) ? chosen : lives_.any_customer();
  }

  void one_step() {
    switch (lives_.below(24)) {
      case 0:
        busy_.push_back(lives_.add_person());
        break;
      case 1:
        lives_.merge(somebody(), somebody());
        break;
      case 2:
        lives_.split(somebody());
        break;
      case 3:
        if (lives_.below(4) == 0) lives_.erase(somebody());
        break;
      case 4:
        if (lives_.below(8) == 0) {
          lives_.drop(static_cast<OriginNumber>(lives_.below(RandomLives::kOrigins)));
        }
        break;
      case 5:
      case 6:
        publish();
        break;
      case 7:
        store_->fold(lives_.below(2));
        if (lives_.below(4) == 0) store_->give_back_rows();
        if (lives_.below(4) == 0) store_->take_over(lives_.below(3));
        break;
      case 8:
        take_pin();
        break;
      case 9:
        if (moments_.size() > 3) compare_oldest();
        break;
      case 10:
        if (lives_.below(20) == 0) reload();
        break;
      case 11:
        look_at_unpublished();
        break;
      default:
        lives_.add_event(somebody());
        break;
    }
  }

  void publish() {
    ++position_.sequence;
    store_->publish(position_);
    published_ = lives_.model();
  }
  void take_pin() {
    if (position_.sequence == 0) return;  // the model of nothing is not kept
    moments_.push_back({store_->pin(), published_, lives_.origins(), position_});
  }
  void compare_oldest() {
    Comparing comparing(moments_.front(), lives_);
    comparing.run();
    if (lives_.below(3) == 0) comparing.compare_customers(*store_);
    moments_.pop_front();
  }
  void look_at_unpublished() {
    if (lives_.below(4) != 0) return;
    const Moment now{store_->unpublished(), lives_.model(), lives_.origins(), position_};
    Comparing(now, lives_).run();
    const CustomerId customer = somebody();
    const auto place = now.pin.place_of(customer);
    ASSERT_TRUE(place.has_value());
    EXPECT_EQ(now.pin.person(place->block, place->row), now.model.person_of.at(customer));
  }

  // A new store of the old one's folded blocks, as from a snapshot.
  void reload() {
    publish();
    for (const std::size_t block : store_->changed_blocks(0)) store_->fold(block);
    const Pin pin = store_->pin();
    std::vector<std::shared_ptr<const Block>> blocks;
    for (std::size_t block = 0; block < pin.blocks(); ++block) {
      blocks.push_back(Block::read(pin.block(block).image(), std::make_shared<Pin>(pin)));
      ASSERT_NE(blocks.back(), nullptr);
    }
    const auto customers = store_->customers(pin);
    if (lives_.below(2) == 0) {  // into the same, in place of everything
      store_->load(std::move(blocks), customers, position_);
    } else {
      auto store = std::make_unique<ColumnStore>(test_changes());
      lives_.go_on_with(*store);
      store->load(std::move(blocks), customers, position_);
      store_ = std::move(store);
    }
  }

  std::unique_ptr<ColumnStore> store_;
  RandomLives lives_;
  std::vector<CustomerId> busy_;
  std::deque<Moment> moments_;
  LivesModel published_;
  event_log::Position position_;
};

TEST(ColumnStoreRandom, EveryPinIsTheModelOfItsMoment) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomRun(seed).run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace timeline
