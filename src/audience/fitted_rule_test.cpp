// Rules over fitted attributes: everybody from the columns, and each person by their history.

#include <gtest/gtest.h>

#include "audience/evaluate.h"
#include "audience/explain.h"
#include "audience/memory_names.h"
#include "audience/memory_types.h"
#include "audience/naive_twin.h"
#include "audience/question.h"
#include "base/calendar.h"
#include "timeline/fitted_image.h"
#include "timeline/fitted_values.h"

namespace audience {
namespace {

using base::Moment;
using timeline::AttributeChange;
using timeline::FittedAttribute;
using timeline::FittedColumn;

constexpr Moment kCreated{1'760'000'000'000};
Moment day(std::int64_t number) { return kCreated + base::Duration{number * base::kDay.ms}; }
constexpr std::int64_t kPersons = 2000;  // two blocks

// Runs on day 1 and day 5: p_alive is 0.001 of the id, then 0.0005; nothing is known of every
// seventh. The segment is "odd" or "even".
class HandMade final : public timeline::FittedReader {
 public:
  HandMade() {
    for (const std::int64_t factor : {1000, 500}) {
      timeline::FittedTable rows;
      rows.columns.resize(2);
      for (std::int64_t id = 1; id <= kPersons; ++id) {
        if (id % 7 == 0) continue;
        rows.customers.push_back({id});
        rows.columns[0].push_back(id % 11 == 0 ? timeline::kNoFittedValue : id * factor);
        rows.columns[1].push_back(id % 2);
      }
      const timeline::FittedForm form{
          {{FittedAttribute::p_alive, {}}, {FittedAttribute::rfm_segment, {"even", "odd"}}}};
      images_.push_back(std::make_shared<const timeline::FittedImage>(rows, form));
    }
  }
  FittedColumn column(FittedAttribute attribute, Moment at) const override {
    const auto place = images_[0]->form().place_of(attribute);
    if (!place || at < day(1)) return {};
    return at < day(5) ? FittedColumn(images_[0], *place, day(1))
                       : FittedColumn(images_[1], *place, day(5));
  }
  std::vector<AttributeChange> changes(FittedAttribute attribute, base::CustomerId person,
                                       Moment from) const override {
    std::vector<AttributeChange> changes;
    for (const Moment moment : {day(1), day(5)}) {
      if (moment == day(1) && from >= day(5)) continue;
      const FittedColumn then = column(attribute, moment);
      if (then.empty()) continue;
      const std::int64_t number = then.number_of(person);
      AttributeChange change{moment, std::nullopt};
      if (number != timeline::kNoFittedValue) change.value = then.value_of(number);
      changes.push_back(std::move(change));
    }
    return changes;
  }

 private:
  std::vector<std::shared_ptr<const timeline::FittedImage>> images_;
};

class FittedRuleTest : public testing::Test {
 protected:
  void SetUp() override {
    types_.emplace(names_);
    store_.emplace(types_->changes());
    store_->set_origins(std::make_shared<timeline::Origins>()->with({1, std::nullopt}, "shop"));
    store_->set_fitted(std::make_shared<HandMade>());
    for (std::int64_t id = 1; id <= kPersons; ++id) store_->add_person({id}, kCreated);
    store_->publish({});
    for (std::size_t block = 0; block < store_->pin().blocks(); ++block) store_->fold(block);
  }

  // Counted from the columns; the same by histories and by the naive twin.
  std::int64_t counted(std::string_view text, Moment at) {
    BindOptions options;
    options.zone = &zone_;
    const auto bound = *compile(text, names_, options);
    const timeline::Pin pin = store_->pin();
    const auto found = *matching(pin, {*bound, at, all_}, pool_);
    for (std::int64_t id = 1; id <= kPersons; id += 13) {
      const auto place = *pin.place_of({id});
      const auto history = pin.history(place.block, place.row);
      const bool is_in = std::ranges::binary_search(found, base::CustomerId{id});
      EXPECT_EQ(holds_at(*bound, *history, at), is_in) << text << " " << id;
      EXPECT_EQ(NaiveTwin(*bound, *history, {}).holds_at(at), is_in) << text << " " << id;
    }
    return std::ssize(found);
  }

  MemoryNames names_;
  base::Zone zone_ = base::Zone::utc();
  std::optional<MemoryTypes> types_;
  std::optional<timeline::ColumnStore> store_;
  rights::Viewer all_ = rights::Viewer::command_line();
  base::WorkPool pool_{2};
};

TEST_F(FittedRuleTest, TheLastRunCounts) {
  // Of 2,000 persons 285 are not named and 156 of the others have no value (multiples of 11).
  EXPECT_EQ(counted("p_alive is known", day(0)), 0);
  EXPECT_EQ(counted("p_alive is known", day(1)), 2000 - 285 - 156);
  EXPECT_EQ(counted("p_alive is unknown", day(1)), 285 + 156);
  EXPECT_EQ(counted("p_alive is unknown", day(1) - base::kMillisecond), 2000);
  EXPECT_EQ(counted("p_alive = 0.005", day(4)), 1);
  EXPECT_EQ(counted("p_alive = 0.005", day(5)), 1);  // somebody else, of twice the id
  EXPECT_EQ(counted("p_alive <= 0.010", day(2)), 9);
  EXPECT_EQ(counted("p_alive <= 0.010", day(5)), 17);
  EXPECT_EQ(counted("p_alive != 0.005", day(2)), 1999);
  EXPECT_EQ(counted("p_alive in (0.001, 0.002, 0.007)", day(2)), 2);
  EXPECT_EQ(counted("p_alive between 0.001 and 0.003", day(2)), 3);
  EXPECT_EQ(counted("clv > 0", day(9)), 0);  // no run has it
}

TEST_F(FittedRuleTest, TextsAreLookedUp) {
  EXPECT_EQ(counted("rfm_segment = \"odd\"", day(2)), 857);
  EXPECT_EQ(counted("rfm_segment in (\"odd\", \"even\")", day(2)), 1715);
  EXPECT_EQ(counted("rfm_segment starts with \"e\"", day(2)), 858);
  EXPECT_EQ(counted("rfm_segment != \"odd\"", day(2)), 2000 - 857);
}

TEST_F(FittedRuleTest, HeldWaitsForTheRun) {
  EXPECT_EQ(counted("held(p_alive <= 0.010, 2d)", day(3) - base::kMillisecond), 0);
  EXPECT_EQ(counted("held(p_alive <= 0.010, 2d)", day(3)), 9);
  EXPECT_EQ(counted("held(p_alive <= 0.010, 2d)", day(6)), 9);
  EXPECT_EQ(counted("held(p_alive <= 0.010, 2d)", day(7)), 17);
  EXPECT_EQ(counted("held(not p_alive is known, 1d)", day(1)), 441);
  EXPECT_EQ(counted("held(not p_alive is known, 12h)", day(1) - base::kMillisecond), 2000);
}

TEST_F(FittedRuleTest, ExplainedWithTheRunsMoment) {
  BindOptions options;
  options.zone = &zone_;
  const auto bound = *compile("p_alive < 0.3", names_, options);
  const auto place = *store_->pin().place_of({500});
  const auto history = store_->pin().history(place.block, place.row);
  const auto told = explain(*bound, *history, names_, day(6));
  EXPECT_TRUE(told.standing.answer);
  EXPECT_EQ(told.standing.since, day(5));
  ASSERT_EQ(told.tree.facts.size(), 1);
  EXPECT_EQ(told.tree.facts[0].time, day(5));
  EXPECT_EQ(told.tree.facts[0].value, base::Value(base::Decimal{250'000}));
  EXPECT_EQ(standing_at(*bound, *history, day(2)).next_change, day(5));
}

}  // namespace
}  // namespace audience
