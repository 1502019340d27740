// Persons with many events, whom the columns answer for in shorter ways than by looking at all of
// them: what they say must be what the evaluator says of each.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "audience/evaluate.h"
#include "audience/everyone.h"
#include "audience/memory_names.h"
#include "audience/memory_types.h"
#include "base/calendar.h"

namespace audience {
namespace {

constexpr base::Moment kStart{1'760'000'000'000};
constexpr std::int64_t kMinutes = 3 * 24 * 60;
constexpr std::int64_t kPersons = 300;
constexpr base::Moment kNow = kStart + base::Duration{kMinutes * base::kMinute.ms};

class BusyRows : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"viewed", "added", "paid"}) {
      events_.push_back(names_.declare_event(name));
      skus_.push_back(names_.declare_property(events_.back(), "sku", base::ValueType::text));
    }
    types_.emplace(names_);
    store_.emplace(types_->changes());
    store_->set_origins(std::make_shared<timeline::Origins>()->with({1, std::nullopt}, "shop"));
    for (std::int64_t id = 1; id <= kPersons; ++id) add_person(id);
    store_->publish({});
    for (std::size_t block = 0; block < store_->pin().blocks(); ++block) store_->fold(block);
  }

  // From none to some hundred events, the later names the rarer; often two in one millisecond.
  void add_person(std::int64_t id) {
    store_->add_person({id}, kStart);
    const auto most = static_cast<std::int64_t>(id % 3 == 0 ? id % 20 : id);
    for (std::int64_t i = 0; i < most; ++i) {
      const std::size_t name = any(10) < 6 ? 0 : (any(10) < 7 ? 1 : 2);
      const base::Moment time = kStart + base::Duration{any(kMinutes) * base::kMinute.ms};
      auto said = MemoryTypes::event(events_[name], time,
                                     {{skus_[name], base::Value("s" + std::to_string(any(40)))}});
      said.event.slot = ++last_slot_;
      store_->add({id}, said.event, said.properties);
    }
  }
  std::int64_t any(std::int64_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
  }

  // Whether both ways have the same answers; adds up how many there are.
  void expect_same(const std::string& text) {
    SCOPED_TRACE(text);
    BindOptions options;
    options.zone = &zone_;
    const auto rule = compile(text, names_, options);
    ASSERT_TRUE(rule);
    for (const base::Moment at : {kNow, kNow - base::Duration{36 * base::kHour.ms}}) {
      const timeline::Pin pin = store_->pin();
      const auto found = matching(pin, {**rule, at, all_}, pool_);
      ASSERT_TRUE(found);
      std::vector<base::CustomerId> expected;
      for (std::int64_t id = 1; id <= kPersons; ++id) {
        const auto place = pin.place_of({id});
        ASSERT_TRUE(place);
        if (holds_at(**rule, *pin.history(place->block, place->row), at)) expected.push_back({id});
      }
      EXPECT_EQ(*found, expected);
      true_ += std::ssize(expected);
      false_ += kPersons - std::ssize(expected);
    }
  }

  std::mt19937_64 random_{20261122};
  MemoryNames names_;
  std::vector<base::EventTypeId> events_;
  std::vector<base::PropertyId> skus_;
  base::Zone zone_ = base::Zone::utc();
  rights::Viewer all_ = rights::Viewer::system("test");
  std::optional<MemoryTypes> types_;
  std::optional<timeline::ColumnStore> store_;
  timeline::Slot last_slot_ = 0;
  base::WorkPool pool_{0};
  std::int64_t true_ = 0;
  std::int64_t false_ = 0;
};

TEST_F(BusyRows, Chains) {
  const char* names[] = {"viewed", "added", "paid"};
  for (int i = 0; i < 150; ++i) {
    std::string text = std::string("did ") + names[any(3)];
    const std::int64_t steps = 1 + any(3);
    for (std::int64_t step = 0; step < steps; ++step) {
      text += std::string(" then ") + names[any(3)];
      if (any(8) != 0) text += " within " + std::to_string(1 + any(step == 0 ? 20 : 240)) + "m";
      if (step == 0 && any(3) == 0) text += " same(sku)";
    }
    if (any(5) == 0) text += " then not paid within 30m";
    if (any(3) != 0) text += " in last " + std::to_string(1 + any(3)) + "d";
    expect_same(text);
  }
  EXPECT_GT(true_, 5000);
  EXPECT_GT(false_, 5000);
}

TEST_F(BusyRows, MeasuresOfFewAndManyEvents) {
  for (const char* measure : {"", "distinct(sku)", "on"}) {
    for (const char* comparison : {"=", "!=", ">", ">=", "<", "<="}) {
      for (const char* number : {"0", "1", "2", "3", "30"}) {
        for (const char* filter : {"", " where (sku != \"s1\" and sku != \"s2\")"}) {
          const std::string unit = std::string(measure).empty()
                                       ? " times"
                                       : (measure == std::string("on") ? " days" : "");
          for (const char* window : {"", " in last 1d", " from 2d to 1d ago"}) {
            expect_same(std::string("did added") + filter + " " + measure + " " + comparison + " " +
                        number + unit + window);
          }
        }
      }
    }
  }
  EXPECT_GT(true_, 10'000);
  EXPECT_GT(false_, 10'000);
}

}  // namespace
}  // namespace audience
