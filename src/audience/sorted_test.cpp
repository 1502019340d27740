#include "audience/sorted.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "audience/everyone.h"
#include "audience/memory_names.h"
#include "audience/memory_types.h"
#include "base/random.h"

namespace audience {
namespace {

constexpr base::Moment kCreated{1'760'000'000'000};
constexpr std::int64_t kPersons = 2600;  // three blocks

base::Moment days(std::int64_t count) { return kCreated + base::Duration{count * base::kDay.ms}; }

// Persons with values that change and repeat; some folded into blocks, some in the delta.
class SortedTest : public testing::Test {
 protected:
  void SetUp() override {
    types_.emplace(names_);
    store_.emplace(types_->changes());
    store_->set_origins(std::make_shared<timeline::Origins>()->with({1, std::nullopt}, "shop"));
    for (std::int64_t id = 1; id <= kPersons; ++id) {
      store_->add_person({id}, days(id * 7 % 300));
      for (std::uint64_t i = random_.next() % 3; i > 0; --i) say_something(id);
    }
    store_->publish({});
    for (std::size_t block = 0; block < store_->pin().blocks(); ++block) store_->fold(block);
    for (int i = 0; i < 200; ++i)
      say_something(1 + static_cast<std::int64_t>(random_.next() % kPersons));
    for (std::int64_t id = kPersons + 1; id <= kPersons + 50; ++id) {
      store_->add_person({id}, days(5));
      say_something(id);
    }
    store_->publish({});
  }

  void say_something(std::int64_t id) {
    const base::Moment time = days(static_cast<std::int64_t>(random_.next() % 400));
    const auto number = static_cast<std::int64_t>(random_.next() % 40);
    switch (random_.next() % 6) {
      case 0:
        return add(id, types_->attribute(age_, time, base::Value(number - 20)));
      case 1:
        return add(id, types_->attribute(city_, time, base::Value("城" + std::to_string(number))));
      case 2:
        return add(id, types_->attribute(born_, time,
                                         base::Value(base::Date{std::int16_t(1980 + number % 3), 2,
                                                                std::uint8_t(1 + number % 28)})));
      case 3:
        return add(id, types_->attribute(city_, time, std::nullopt));
      case 4:
        return add(id, MemoryTypes::event(paid_, time, {}));
      default:
        return add(id, MemoryTypes::event(seen_, time, {}));
    }
  }
  void add(std::int64_t id, MemoryTypes::Said said) {
    said.event.slot = ++last_slot_;
    store_->add({id}, said.event, said.properties);
  }

  // One person after the other by their history, then sorted.
  std::vector<Sorted> twin(const timeline::Pin& pin, const SortOrder& order) {
    std::vector<Sorted> people;
    for (std::size_t block = 0; block < pin.blocks(); ++block) {
      pin.rows(block).each([&](std::size_t row) {
        const auto history = pin.history(block, row);
        Sorted person{{}, history->customer()};
        if (order.by == SortBy::created_at) person.value = pin.created_at(block, row).ms;
        if (order.by == SortBy::attribute) {
          for (const auto& change : history->attribute(order.attribute)) {
            if (change.since > order.at) break;
            person.value = change.value ? sort_value(*change.value) : SortValue();
          }
        }
        for (const base::EventTypeId type : order.events) {
          for (const auto& event : history->events(type)) {
            if (event.time > order.at) continue;
            const auto* edge = std::get_if<std::int64_t>(&person.value);
            const bool first = order.by == SortBy::first_event_at;
            if (edge == nullptr || (first ? event.time.ms < *edge : event.time.ms > *edge)) {
              person.value = event.time.ms;
            }
          }
        }
        people.push_back(std::move(person));
      });
    }
    std::ranges::sort(people, [&](const Sorted& left, const Sorted& right) {
      return comes_before(left, right, order.descending);
    });
    return people;
  }

  std::vector<SortOrder> orders() {
    std::vector<SortOrder> orders;
    for (const base::Moment at : {days(150), days(1000)}) {
      for (const bool descending : {false, true}) {
        for (const base::AttributeId attribute : {age_, city_, born_}) {
          orders.push_back({SortBy::attribute, attribute, {}, at, descending});
        }
        orders.push_back({SortBy::created_at, {}, {}, at, descending});
        for (const SortBy by : {SortBy::first_event_at, SortBy::last_event_at}) {
          orders.push_back({by, {}, {paid_, seen_}, at, descending});
          orders.push_back({by, {}, {seen_}, at, descending});
        }
      }
    }
    return orders;
  }

  MemoryNames names_;
  base::AttributeId age_ = names_.declare_attribute("age", base::ValueType::integer);
  base::AttributeId city_ = names_.declare_attribute("city", base::ValueType::text);
  base::AttributeId born_ = names_.declare_attribute("born", base::ValueType::date);
  base::EventTypeId paid_ = names_.declare_event("paid");
  base::EventTypeId seen_ = names_.declare_event("seen");
  rights::Viewer all_ = rights::Viewer::system("test");
  std::optional<MemoryTypes> types_;
  std::optional<timeline::ColumnStore> store_;
  timeline::Slot last_slot_ = 0;
  base::SeededRandom random_{9};
  base::WorkPool pool_{2};
};

TEST_F(SortedTest, IsWhatOnePersonAfterTheOtherSays) {
  const timeline::Pin pin = store_->pin();
  const auto rows = rows_seen(pin, all_);
  for (const SortOrder& order : orders()) {
    const auto all = sorted(pin, rows, {order, {.limit = 10'000}}, pool_);
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(*all, twin(pin, order)) << static_cast<int>(order.by) << order.descending;
  }
}

TEST_F(SortedTest, PagesFollowEachOtherWithoutGapAndTwice) {
  const timeline::Pin pin = store_->pin();
  const auto rows = rows_seen(pin, all_);
  for (const SortOrder& order : orders()) {
    std::vector<Sorted> paged;
    SortCut cut{.limit = 97};
    while (true) {
      const auto page = sorted(pin, rows, {order, cut}, pool_);
      ASSERT_TRUE(page.has_value());
      paged.insert(paged.end(), page->begin(), page->end());
      if (page->size() < cut.limit) break;
      cut.after = sorted_from(mark_of(page->back()));
      ASSERT_EQ(cut.after, page->back());
    }
    EXPECT_EQ(paged, twin(pin, order));
  }
}

TEST_F(SortedTest, OnlyTheRowsAskedFor) {
  const timeline::Pin pin = store_->pin();
  std::vector<timeline::RowMask> rows(pin.blocks());
  rows[1].add(3);
  rows[0].add(8);
  const auto people = sorted(pin, rows, {{}, {.limit = 5}}, pool_);
  ASSERT_TRUE(people.has_value());
  EXPECT_EQ(people->size(), 2U);
}

TEST_F(SortedTest, AStopEndsIt) {
  const timeline::Pin pin = store_->pin();
  std::stop_source stop;
  stop.request_stop();
  const auto rows = rows_seen(pin, all_);
  EXPECT_FALSE(sorted(pin, rows, {{}, {.limit = 5, .stop = stop.get_token()}}, pool_).has_value());
}

TEST(SortedMarkTest, ReadsBackWhatItWrites) {
  for (const SortValue& value :
       {SortValue(), SortValue(std::int64_t{-5}), SortValue(std::string("a:b\n")), SortValue("")}) {
    const Sorted last{value, {77}};
    EXPECT_EQ(sorted_from(mark_of(last)), last);
  }
  for (const char* mark : {"", "7", "7:", "x:e", "7:q", "7:nx", "7:n", "7:ex", ":e"}) {
    EXPECT_FALSE(sorted_from(mark).has_value()) << mark;
  }
}

}  // namespace
}  // namespace audience
