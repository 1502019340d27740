#include "audience/question.h"

#include <gtest/gtest.h>

#include "audience/memory_names.h"
#include "base/calendar.h"
#include "base/random.h"
#include "customer/identity.h"
#include "log/log.h"
#include "store/test_database.h"
#include "timeline/memory_history.h"

namespace audience {
namespace {

constexpr base::Moment kCreated{1'760'000'000'000};

// Persons 1 … count, whose age is their id.
class Ages final : public timeline::Histories {
 public:
  Ages(base::AttributeId age, std::int64_t count) : age_(age), count_(count) {}

  bool await(const event_log::Position&, base::Duration) const override { return true; }
  std::unique_ptr<timeline::History> of(base::CustomerId customer) const override {
    timeline::MemoryHistory::Builder build(customer);
    build.known_since(kCreated);
    build.attribute(age_, kCreated, base::Value(customer.value));
    return build.finish();
  }
  void each(const std::function<bool(const timeline::History&)>& visit) const override {
    for (std::int64_t id = 1; id <= count_; ++id) {
      ++visited;
      if (!visit(*of({id}))) return;
    }
  }
  std::int64_t persons() const override { return count_; }

  mutable std::int64_t visited = 0;

 private:
  base::AttributeId age_;
  std::int64_t count_;
};

class QuestionTest : public testing::Test {
 protected:
  std::shared_ptr<const BoundRule> rule(std::string_view text) {
    BindOptions options;
    options.zone = &zone_;
    auto bound = compile(text, names_, options);
    EXPECT_TRUE(bound);
    return *bound;
  }

  MemoryNames names_;
  base::AttributeId age_ = names_.declare_attribute("age", base::ValueType::integer);
  base::Zone zone_ = base::Zone::utc();
  rights::Viewer all_ = rights::Viewer::system("test");
};

TEST_F(QuestionTest, CountsAtAMoment) {
  const Ages ages(age_, 50);
  const auto young = rule("age <= 20");
  EXPECT_EQ(count(ages, {*young, kCreated, all_}), 20);
  EXPECT_EQ(count(ages, {*young, kCreated - base::kMillisecond, all_}), 0);
  const auto persons = matching(ages, {*rule("age > 48"), kCreated, all_});
  ASSERT_TRUE(persons);
  EXPECT_EQ(*persons, (std::vector<base::CustomerId>{{49}, {50}}));
}

TEST_F(QuestionTest, TheViewerIsAnded) {
  const Ages ages(age_, 50);
  const auto viewer = rights::Viewer::only({}, rights::CustomerSet({{3}, {30}, {99}}));
  EXPECT_EQ(count(ages, {*rule("age <= 20"), kCreated, viewer}), 1);
  EXPECT_EQ(count(ages, {*rule("everyone"), kCreated, viewer}), 2);
}

TEST_F(QuestionTest, UnknownNamesVisitNobody) {
  const Ages ages(age_, 50);
  EXPECT_EQ(count(ages, {*rule("not aeg > 3"), kCreated, all_}), 0);
  EXPECT_EQ(ages.visited, 0);
}

TEST_F(QuestionTest, TellsItsProgressAndStops) {
  const Ages ages(age_, 2500);
  std::vector<std::int64_t> seen;
  const auto everyone = rule("everyone");
  Question question{*everyone, kCreated, all_};
  question.progress = [&](const Progress& progress) {
    seen.push_back(progress.done);
    EXPECT_EQ(progress.total, 2500);
  };
  EXPECT_EQ(count(ages, question), 2500);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1000, 2000, 2500}));

  std::stop_source source;
  question.stop = source.get_token();
  question.progress = [&](const Progress&) { source.request_stop(); };
  const auto stopped = count(ages, question);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error(), QuestionFault::stopped);
}

class ListTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    store::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    base::SystemRandom random;
    log_ = std::make_unique<event_log::Log>(database());
    log_->prepare(kCreated, random);
    for (std::int64_t id = 1; id <= 300; ++id) persons_.push_back(known(id));
  }

  // Two of three have a key, in an order that is not that of their ids.
  base::CustomerId known(std::int64_t id) {
    return database().write("test.customer", [&](store::Unit& unit) {
      customer::WritingOptions options;
      options.now = kCreated;
      options.source = "test";
      customer::Writing writing(unit, *log_, options);
      if (id % 3 == 0) {
        EXPECT_TRUE(customer::create(writing, {id}, std::nullopt));
        return base::CustomerId{id};
      }
      const std::string key = "k" + std::to_string(1000 - id);
      EXPECT_TRUE(customer::find_or_create(writing, {"customer", key}, {id}, std::nullopt));
      return base::CustomerId{id};
    });
  }

  std::vector<std::string> keys(std::size_t persons) {
    std::vector<std::string> found;
    const auto people = database().read([&](store::Session& session) {
      return list(session, std::span(persons_).first(persons), {});
    });
    for (const Listed& listed : people->people) found.push_back(listed.key);
    return found;
  }

  std::unique_ptr<event_log::Log> log_;
  std::vector<base::CustomerId> persons_;
};

TEST_P(ListTest, KeysAreSortedByBytes) {
  EXPECT_EQ(keys(5), (std::vector<std::string>{"c_3", "k995", "k996", "k998", "k999"}));
  EXPECT_EQ(keys(0), std::vector<std::string>{});
  const std::vector<std::string> many = keys(300);  // read all at once
  EXPECT_EQ(many.size(), 300u);
  EXPECT_TRUE(std::ranges::is_sorted(many));
  EXPECT_EQ(many.front(), "c_102");
  EXPECT_EQ(many.back(), "k999");
}

TEST_P(ListTest, PagesAddUp) {
  std::vector<std::string> paged;
  ListCut cut{.limit = 70};
  do {
    const auto page =
        database().read([&](store::Session& session) { return list(session, persons_, cut); });
    ASSERT_TRUE(page);
    EXPECT_LE(page->people.size(), 70u);
    for (const Listed& listed : page->people) paged.push_back(listed.key);
    cut.after = page->next;
  } while (cut.after);
  EXPECT_EQ(paged, keys(300));
  cut.after = "nonsense";
  EXPECT_EQ(database()
                .read([&](store::Session& session) { return list(session, persons_, cut); })
                ->people.front()
                .key,
            "c_102");
}

TEST_P(ListTest, StopsBeforeItReadsKeys) {
  std::stop_source stop;
  stop.request_stop();
  const auto page = database().read(
      [&](store::Session& session) { return list(session, persons_, {.stop = stop.get_token()}); });
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error(), QuestionFault::stopped);
}

INSTANTIATE_TEST_SUITE_P(Both, ListTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace audience
