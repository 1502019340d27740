// A running invariant, looked at beside a writer who also gives room back, two that fold, one that
// copies what lies in a snapshot, and one that writes snapshots. Meant for the thread sanitizer
// (./test --long), true without it.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "store/test_folder.h"
#include "timeline/column_store.h"
#include "timeline/test_memory.h"

namespace timeline {
namespace {

using base::CustomerId;

constexpr std::int64_t kPersonsAtFirst = 1100;  // two blocks, in the snapshot
constexpr std::int64_t kPersons = 1500;
constexpr int kPublicationsAtFirst = 100;
constexpr int kPublications = 4000;

// Writes +x for one person and -x for another, always in one publication.
class Writer {
 public:
  void write_to(ColumnStore& store) {
    const auto none = std::make_shared<const Origins>();
    store.set_origins(none->with({0, base::BatchId{1}}, "a")->with({1, base::BatchId{2}}, "b"));
    store_ = &store;
  }

  void add_persons(std::int64_t persons) {
    while (persons_ < persons) store_->add_person({++persons_}, base::Moment{0});
  }
  void run(int publications) {
    for (const int end = published_ + publications; published_ < end;) {
      if (published_ % 5 == 0 && persons_ >= kPersonsAtFirst && persons_ < kPersons) {
        add_persons(persons_ + 1);
      }
      for (std::size_t pairs = random_() % 4; pairs > 0; --pairs) add_pair();
      move_person();
      if (published_ % 500 == 250) drop_all_of_an_origin();
      ++published_;
      store_->publish({0, 0, sequence_});
      // As the follower does: what was emptied is published, then who is left moves.
      if (store_->give_back_rows()) {
        ++given_back_;
        store_->publish({0, 0, sequence_});
      }
    }
  }
  int given_back() const { return given_back_; }
  const SlotPositions& positions() const { return positions_; }

 private:
  CustomerId somebody() {
    return {1 + static_cast<std::int64_t>(random_() % static_cast<std::size_t>(persons_))};
  }
  void add_pair() {
    const auto cents = static_cast<std::int64_t>(random_() % 1000);
    const auto origin = static_cast<OriginNumber>(random_() % 2);
    add(somebody(), base::Money{cents}, origin);
    add(somebody(), base::Money{-cents}, origin);
  }
  void add(CustomerId customer, base::Money amount, OriginNumber origin) {
    const base::Moment time{static_cast<std::int64_t>(random_() % 1000)};
    const Slot slot = positions_.add({0, 0, ++sequence_});
    store_->add(customer, {kPaid, time, slot, origin, 0, 0}, {{{kAmount, base::Value(amount)}}});
  }
  // A new row in place of a person's.
  void move_person() {
    const CustomerId person = somebody();
    const Pin pin = store_->unpublished();
    const auto place = pin.place_of(person);
    ASSERT_TRUE(place.has_value());
    Replacement replacement{{person}, {}, {{person, person}}};
    pin.read_row(place->block, place->row, replacement.rows);
    store_->replace(replacement);
  }
  void drop_all_of_an_origin() {
    const OriginNumber origin = 1;
    store_->drop(std::span(&origin, 1));
  }

  ColumnStore* store_ = nullptr;
  std::mt19937 random_{1};
  std::int64_t persons_ = 0;
  SlotPositions positions_;
  std::int64_t sequence_ = 0;
  int published_ = 0;
  int given_back_ = 0;
};

struct Sums {
  std::int64_t cents = 0;
  std::int64_t persons = 0;
  std::int64_t events = 0;
  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(const Pin& pin) {
  Sums sums;
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    pin.rows(block).each([&](std::size_t row) {
      ++sums.persons;
      const auto history = pin.history(block, row);
      for (const EventAt& event : history->events(kPaid)) {
        ++sums.events;
        sums.cents += std::get<base::Money>(*history->property(event.order, kAmount)).cents;
      }
    });
  }
  return sums;
}

// The blocks of a store, with images that others keep, as in a snapshot that is mapped.
std::vector<std::shared_ptr<const Block>> lent_blocks(const Pin& pin) {
  std::vector<std::shared_ptr<const Block>> blocks;
  for (std::size_t block = 0; block < pin.blocks(); ++block) {
    const auto image = pin.block(block).image();
    const auto kept = std::make_shared<std::vector<std::byte>>(image.begin(), image.end());
    blocks.push_back(Block::read(*kept, kept));
  }
  return blocks;
}

// What a store has after its first publications, in another that was loaded with it.
void load_from_snapshot(Writer& writer, ColumnStore& store) {
  ColumnStore first(test_changes());
  writer.write_to(first);
  writer.add_persons(kPersonsAtFirst);
  writer.run(kPublicationsAtFirst);
  for (const std::size_t block : first.changed_blocks(1)) first.fold(block);
  const Pin pin = first.pin();
  writer.write_to(store);
  store.load(lent_blocks(pin), first.customers(pin), pin.position());
}

// The invariant, however long the pin is held.
void look_at(const ColumnStore& store, const Pin& pin) {
  const Sums sums = sums_of(pin);
  EXPECT_EQ(sums, (Sums{0, pin.persons(), pin.events()}));
  for (std::int64_t id = 1; id <= pin.persons(); id += 97) {
    const auto place = pin.place_of({id});
    ASSERT_TRUE(place.has_value()) << id;
    EXPECT_EQ(pin.person(place->block, place->row), CustomerId{id});
  }
  EXPECT_FALSE(pin.place_of({kPersons + 1}).has_value());
  EXPECT_EQ(store.customers(pin).size(), static_cast<std::size_t>(pin.persons()));
  EXPECT_GT(store.bytes().deltas + 1, 0U);
  EXPECT_EQ(sums_of(pin), sums);
}

// What a snapshot holds that is written while everything else goes on.
void keep_and_look(const ColumnStore& store, const SlotPositions& positions,
                   const std::string& path) {
  const Pin pin = store.pin();
  const Customers customers = store.customers(pin);
  const LogMark mark{"log-1", pin.position(), 1, 2};
  ASSERT_TRUE(
      write_snapshot({path, nullptr, nullptr}, {mark, pin, customers, positions, *test_changes()})
          .has_value());
  const auto back = open_snapshot(path);
  ASSERT_TRUE(back.has_value()) << code_of(back.error());
  EXPECT_EQ(back->mark, mark);
  EXPECT_TRUE(told(*back) == told(pin, customers)) << "another moment than the pin's";
}

int fold_some(ColumnStore& store, std::size_t events_min) {
  int folds = 0;
  for (const std::size_t block : store.changed_blocks(events_min)) {
    if (store.fold(block)) ++folds;
  }
  return folds;
}

bool takes_over_all(ColumnStore& store) {
  bool all = true;
  for (std::size_t block = 0; block < store.pin().blocks(); ++block) {
    all = store.take_over(block) && all;
  }
  return all;
}

TEST(ColumnStoreThreads, EveryPinIsOneMoment) {
  ColumnStore store(test_changes());
  Writer writer;
  load_from_snapshot(writer, store);
  ASSERT_FALSE(store.pin().block(0).owns_image());
  std::atomic<bool> done = false;
  std::atomic<int> folds = 0;
  std::atomic<int> looks = 0;

  const auto fold = [&](std::uint32_t seed) {
    std::mt19937 random(seed);
    while (!done.load()) folds += fold_some(store, 1 + random() % 8);
  };
  std::atomic<bool> is_let_go = false;
  const auto let_go = [&] {
    while (!is_let_go.load() && !done.load()) is_let_go = takes_over_all(store);
  };
  const auto look = [&] {
    std::int64_t position = 0;
    std::int64_t persons = 0;
    while (!done.load()) {
      const Pin pin = store.pin();
      EXPECT_GE(pin.position().sequence, position);
      EXPECT_GE(pin.persons(), persons);
      position = pin.position().sequence;
      persons = pin.persons();
      look_at(store, pin);
      ++looks;
    }
  };

  const store::TemporaryFolder folder;
  std::atomic<int> kept = 0;
  const auto keep = [&] {
    while (!done.load()) {
      keep_and_look(store, writer.positions(), folder.path() + "/memory.snapshot");
      ++kept;
    }
  };

  std::vector<std::jthread> others;
  others.emplace_back(fold, 1);
  others.emplace_back(fold, 2);
  others.emplace_back(let_go);
  others.emplace_back(look);
  others.emplace_back(look);
  others.emplace_back(keep);
  writer.run(kPublications);
  while (looks.load() < 2 || folds.load() < 2 || kept.load() < 2 || !is_let_go.load()) {
    std::this_thread::yield();
  }
  done = true;
  others.clear();
  EXPECT_GT(writer.given_back(), 1);
  for (std::size_t block = 0; block < store.pin().blocks(); ++block) {
    EXPECT_TRUE(store.pin().block(block).owns_image());
  }
  EXPECT_EQ(store.pin().persons(), kPersons);
  EXPECT_EQ(sums_of(store.pin()).cents, 0);
}

}  // namespace
}  // namespace timeline
