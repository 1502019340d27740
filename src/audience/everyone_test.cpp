#include "audience/everyone.h"

#include <gtest/gtest.h>

#include "audience/evaluate.h"
#include "audience/everyone_json.h"
#include "audience/memory_names.h"
#include "audience/memory_types.h"
#include "audience/print.h"
#include "base/calendar.h"

namespace audience {
namespace {

constexpr base::Moment kCreated{1'760'000'000'000};
constexpr base::Moment kNow = kCreated + base::kDay;
constexpr std::int64_t kPersons = 2500;  // three blocks

// Persons 1 … kPersons: `age` is the id modulo 100, every fifth has the tag, every tenth has paid
// as many times as the id's last digit but one says, an hour apart.
class EveryoneTest : public testing::Test {
 protected:
  void SetUp() override {
    types_.emplace(names_);
    store_.emplace(types_->changes());
    store_->set_origins(std::make_shared<timeline::Origins>()->with({1, std::nullopt}, "shop"));
    for (std::int64_t id = 1; id <= kPersons; ++id) add_person(id);
    store_->publish({});
  }

  void add_person(std::int64_t id) {
    store_->add_person({id}, kCreated);
    add(id, types_->attribute(age_, kCreated, base::Value(id % 100)));
    if (id % 5 == 0) {
      add(id, types_->membership({timeline::MembershipKind::tag, vip_.value}, kCreated, true));
    }
    for (std::int64_t i = 1; id % 10 == 0 && i <= id / 10 % 10; ++i) {
      const base::Moment time = kCreated + base::Duration{i * base::kHour.ms};
      add(id, MemoryTypes::event(paid_, time, {{amount_, base::Value(base::Money{i * 100})}}));
    }
  }
  void add(std::int64_t id, MemoryTypes::Said said) {
    said.event.slot = ++last_slot_;
    store_->add({id}, said.event, said.properties);
  }
  void fold() {
    for (std::size_t block = 0; block < store_->pin().blocks(); ++block) store_->fold(block);
  }

  std::shared_ptr<const BoundRule> rule(std::string_view text) {
    BindOptions options;
    options.zone = &zone_;
    auto bound = compile(text, names_, options);
    EXPECT_TRUE(bound) << text;
    return *bound;
  }
  std::int64_t counted(std::string_view text, base::Moment at = kNow) {
    const auto bound = rule(text);
    return *count(store_->pin(), {*bound, at, all_}, pool_);
  }
  Profile profiled(const BoundRule& bound) {
    Profile profile;
    Question question{bound, kNow, all_};
    question.profile = &profile;
    EXPECT_TRUE(count(store_->pin(), question, pool_));
    return profile;
  }

  MemoryNames names_;
  base::AttributeId age_ = names_.declare_attribute("age", base::ValueType::integer);
  base::TagId vip_ = names_.declare_tag("level", "vip");
  base::EventTypeId paid_ = names_.declare_event("paid");
  base::PropertyId amount_ = names_.declare_property(paid_, "amount", base::ValueType::money);
  base::AudienceId young_ = names_.declare_audience("young", "age < 20");
  base::Zone zone_ = base::Zone::utc();
  rights::Viewer all_ = rights::Viewer::system("test");
  std::optional<MemoryTypes> types_;
  std::optional<timeline::ColumnStore> store_;
  timeline::Slot last_slot_ = 0;
  base::WorkPool pool_{1};
};

TEST_F(EveryoneTest, CountsTheSameBeforeAndAfterFolding) {
  for (const bool folded : {false, true}) {
    if (folded) fold();
    EXPECT_EQ(counted("everyone"), kPersons);
    EXPECT_EQ(counted("everyone", kCreated - base::kMillisecond), 0);
    EXPECT_EQ(counted("age < 20"), kPersons / 5);
    EXPECT_EQ(counted("tag \"vip\""), kPersons / 5);
    EXPECT_EQ(counted("did paid >= 3 times"), kPersons / 100 * 7);
    EXPECT_EQ(counted("did paid >= 3 times", kCreated + base::Duration{3 * base::kHour.ms - 1}), 0);
    EXPECT_EQ(counted("did paid where (amount > 8)"), kPersons / 100);
    EXPECT_EQ(counted("did paid sum(amount) = 3"), kPersons / 100);
    EXPECT_EQ(counted("did not paid and not tag \"vip\""), kPersons / 5 * 4);
    EXPECT_EQ(counted("no_such_name = 3"), 0);
    EXPECT_EQ(counted("everyone", kHorizon), 0);
  }
}

TEST_F(EveryoneTest, PersonsAreAscendingAndThoseTheViewerSees) {
  fold();
  const auto old = rule("age >= 98");
  const auto persons = matching(store_->pin(), {*old, kNow, all_}, pool_);
  ASSERT_TRUE(persons);
  EXPECT_EQ(persons->size(), static_cast<std::size_t>(kPersons / 50));
  EXPECT_TRUE(std::ranges::is_sorted(*persons));
  EXPECT_EQ(persons->front().value, 98);
  const auto viewer = rights::Viewer::only({}, rights::CustomerSet({{97}, {98}, {1199}, {99'999}}));
  EXPECT_EQ(matching(store_->pin(), {*old, kNow, viewer}, pool_),
            (std::vector<base::CustomerId>{{98}, {1199}}));
}

TEST_F(EveryoneTest, AsksByHistoryOnlyWhomTheChangeConcerns) {
  fold();
  add(7, types_->attribute(age_, kCreated, base::Value(std::int64_t{1000})));
  store_->publish({});
  EXPECT_EQ(counted("age = 1000"), 1);
  EXPECT_EQ(profiled(*rule("age = 1000")).changed, 1);
  EXPECT_EQ(profiled(*rule("audience \"young\"")).changed, 1);
  EXPECT_EQ(profiled(*rule("did paid")).changed, 0);
}

// Persons 1 to 40 pay once more, of whom every fifth has the tag and 10 to 40 have paid before.
TEST_F(EveryoneTest, AsksByHistoryOnlyWhatTheColumnsLeaveOpen) {
  fold();
  const std::string_view texts[] = {"did paid and tag \"vip\"", "not (did paid and tag \"vip\")",
                                    "did not paid or age < 15", "did paid = 3 times and age < 35"};
  std::vector<std::int64_t> before;
  for (const std::string_view text : texts) before.push_back(counted(text));
  for (std::int64_t id = 1; id <= 40; ++id) {
    add(id, MemoryTypes::event(paid_, kCreated + base::kHour, {}));
  }
  store_->publish({});
  // With the tag and not known to have paid: 5, 15, 25, 35.
  EXPECT_EQ(counted(texts[0]), before[0] + 4);
  EXPECT_EQ(profiled(*rule(texts[0])).changed, 4);
  EXPECT_EQ(counted(texts[1]), before[1] - 4);
  EXPECT_EQ(profiled(*rule(texts[1])).changed, 4);
  // Whom `age` leaves open: 15 to 40, but for 20, 30 and 40, who have paid.
  EXPECT_EQ(counted(texts[2]), before[2] - 23);
  EXPECT_EQ(profiled(*rule(texts[2])).changed, 23);
  // However often they had paid before: 20 three times now, and 30 no more.
  EXPECT_EQ(counted(texts[3]), before[3]);
  EXPECT_EQ(profiled(*rule(texts[3])).changed, 34);
  fold();
  EXPECT_EQ(counted(texts[0]), before[0] + 4);
  EXPECT_EQ(profiled(*rule(texts[0])).changed, 0);
  EXPECT_EQ(counted(texts[3]), before[3]);
}

TEST_F(EveryoneTest, EstimatesWhatChangedPersonsTake) {
  fold();
  const auto dear = rule("did paid = 3 times");
  const auto narrow = rule("did paid = 3 times and age = 200");
  const double folded = estimate(store_->pin(), {*dear, kNow, all_}).milliseconds;
  for (std::int64_t id = 1; id <= kPersons; ++id) {
    add(id, MemoryTypes::event(paid_, kCreated + base::kHour, {}));
  }
  store_->publish({});
  const double changed = estimate(store_->pin(), {*dear, kNow, all_}).milliseconds;
  EXPECT_GT(changed, 10 * folded);
  EXPECT_LT(estimate(store_->pin(), {*narrow, kNow, all_}).milliseconds, changed / 5);
}

TEST_F(EveryoneTest, ANestedAudienceIsComputedOnceAndTheNarrowPartIsAskedFirst) {
  fold();
  const auto bound = rule(
      "not audience \"young\" and did paid sum(amount) > 5 and (audience \"young\" or tag "
      "\"vip\")");
  const Profile profile = profiled(*bound);
  EXPECT_EQ(profile.persons, kPersons);
  EXPECT_EQ(profile.tree.counts.rows_in, kPersons);
  EXPECT_EQ(profile.tree.parts.at(0).rule, "did paid sum(amount) > 5");
  EXPECT_GT(profile.tree.parts.at(0).counts.bytes, 0);
  // Both mentions show the one definition: whoever was asked for the first is not asked again.
  const auto& no = profile.tree.parts.at(1).rule.starts_with("not") ? profile.tree.parts[1]
                                                                    : profile.tree.parts.at(2);
  const std::int64_t once = no.parts.at(0).parts.at(0).counts.rows_in;
  EXPECT_EQ(no.parts.at(0).parts.at(0).rule, "age < 20");
  EXPECT_LE(once, profile.tree.parts.at(0).counts.rows_true);
  EXPECT_EQ(profile.tree.counts.rows_true, counted(print(bound->rule())));
}

TEST_F(EveryoneTest, EstimatesWhatItWillTake) {
  fold();
  const auto bound = rule("tag \"vip\" and age < 50");
  const Estimate expected = estimate(store_->pin(), {*bound, kNow, all_});
  EXPECT_EQ(expected.persons, kPersons);
  EXPECT_NEAR(static_cast<double>(expected.rows), kPersons * 0.1, kPersons * 0.05);
  EXPECT_GT(expected.milliseconds, 0);
  EXPECT_GT(expected.bytes, 0);
  const Estimate dear = estimate(store_->pin(), {*rule("held(age < 50, 1h)"), kNow, all_});
  EXPECT_GT(dear.milliseconds, expected.milliseconds);
  const auto json = estimate_to_json(expected);
  EXPECT_EQ(json.at("tree").at("rule"), "tag \"vip\" and age < 50");
  EXPECT_EQ(json.at("tree").at("parts").as_array().size(), 2u);
  const auto profile = profile_to_json(profiled(*bound));
  EXPECT_EQ(profile.at("persons"), kPersons);
  EXPECT_EQ(profile.at("tree").at("rows_true"), counted("tag \"vip\" and age < 50"));
}

TEST_F(EveryoneTest, AnEstimateIsWithinAFactorOfThreeOfWhatIsCounted) {
  constexpr double kFactor = 3;  // as everyone.h says
  constexpr double kRows = kPersons * 0.02;
  constexpr double kBytes = 400;
  fold();
  for (const char* text :
       {"everyone", "age < 50", "tag \"vip\"", "tag \"vip\" and age < 50", "not age < 10",
        "did paid", "did paid >= 3 times", "did paid where (amount > 3)",
        "did paid sum(amount) > 5", "did not paid or age < 20",
        "audience \"young\" and did not paid", "held(age < 50, 1h)", "first paid with (amount = 1)",
        "did paid then paid within 2h"}) {
    SCOPED_TRACE(text);
    const auto bound = rule(text);
    const Estimate expected = estimate(store_->pin(), {*bound, kNow, all_});
    const NodeCounts counts = profiled(*bound).tree.counts;
    const auto rows = static_cast<double>(counts.rows_true);
    const auto bytes = static_cast<double>(counts.bytes);
    EXPECT_LE(static_cast<double>(expected.rows), rows * kFactor + kRows);
    EXPECT_GE(static_cast<double>(expected.rows), rows / kFactor - kRows);
    EXPECT_LE(static_cast<double>(expected.bytes), bytes * kFactor + kBytes);
    EXPECT_GE(static_cast<double>(expected.bytes), bytes / kFactor - kBytes);
  }
}

TEST_F(EveryoneTest, StopsAndTellsHowFarItIs) {
  fold();
  const auto bound = rule("held(age < 20, 1h)");
  base::WorkPool alone(0);
  Question question{*bound, kNow, all_};
  std::vector<Progress> seen;
  question.progress = [&](const Progress& progress) { seen.push_back(progress); };
  ASSERT_TRUE(count(store_->pin(), question, alone));
  ASSERT_GE(seen.size(), 2u);
  EXPECT_EQ(seen.back().done, seen.back().total);
  EXPECT_LT(seen.front().done, seen.front().total);
  EXPECT_TRUE(std::ranges::is_sorted(seen, {}, &Progress::done));

  std::stop_source stop;
  question.stop = stop.get_token();
  int slices = 0;
  question.progress = [&](const Progress&) {
    ++slices;
    stop.request_stop();
  };
  const auto stopped = count(store_->pin(), question, alone);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error(), QuestionFault::stopped);
  EXPECT_EQ(slices, 1);
  EXPECT_FALSE(matching(store_->pin(), question, pool_));
}

TEST_F(EveryoneTest, AWalkAnswersTheSamePieceByPiece) {
  fold();
  const auto bound = rule("age < 50");
  std::atomic<std::int64_t> done = 0;
  Question question{*bound, kNow, all_};
  question.progress = [&](const Progress& progress) {
    if (progress.done == progress.total) ++done;
  };
  const timeline::Pin pin = store_->pin();
  EveryoneWalk walk(pin, question, pool_);
  std::vector<base::CustomerId> walked;
  while (walk.more()) {
    const auto piece = walk.next();
    ASSERT_TRUE(piece);
    walked.insert(walked.end(), piece->begin(), piece->end());
  }
  EXPECT_EQ(done, 1);
  std::ranges::sort(walked);
  EXPECT_EQ(walked, *matching(pin, {*bound, kNow, all_}, pool_));

  const auto nobody = rule("not aeg > 3");
  EXPECT_FALSE(EveryoneWalk(pin, {*nobody, kNow, all_}, pool_).more());
  std::stop_source stop;
  question.stop = stop.get_token();
  EveryoneWalk stopped(pin, question, pool_);
  stop.request_stop();
  EXPECT_FALSE(stopped.next());
}

TEST_F(EveryoneTest, AnEmptyMemoryHasNobody) {
  const timeline::ColumnStore nobody(types_->changes());
  EXPECT_EQ(count(nobody.pin(), {*rule("everyone"), kNow, all_}, pool_), 0);
  EXPECT_EQ(estimate(nobody.pin(), {*rule("everyone"), kNow, all_}).persons, 0);
}

}  // namespace
}  // namespace audience
