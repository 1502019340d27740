// Posts are gathered on SQLite alone, where one thread writes.
#include "api/event_gathering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <condition_variable>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "customer/identity.h"
#include "log/reader.h"
#include "store/failure.h"
#include "store/test_database.h"

namespace api {
namespace {

constexpr base::Moment kNow{1'760'000'000'000};

// The database of the test, which can be lost.
class LosableDatabase final : public store::Database {
 public:
  explicit LosableDatabase(store::Database& inner) : inner_(inner) {}
  store::Dialect dialect() const override { return inner_.dialect(); }
  void backup(const std::string& path) override { inner_.backup(path); }
  void checkpoint() override { inner_.checkpoint(); }
  void scrub() override { inner_.scrub(); }
  Health health() const override { return inner_.health(); }

  std::atomic<bool> is_lost = false;

 protected:
  void run_unit(std::string_view name, const std::function<bool(store::Unit&)>& work) override {
    if (is_lost) throw store::Failure(store::FailureKind::unavailable, "lost by the test");
    inner_.write(name, [&](store::Unit& unit) -> base::Result<bool, bool> {
      if (work(unit)) return true;
      return base::unexpected(false);
    });
  }
  void run_read(store::ReadLength length,
                const std::function<void(store::Session&)>& work) override {
    if (length == store::ReadLength::brief) return inner_.read(work);
    inner_.read_whole(work);
  }

 private:
  store::Database& inner_;
};

// Answers as they come, by the number of their post.
class Answers {
 public:
  void wait_for(std::size_t post, const net::Response& response) {
    response.later->on_answer([this, post](net::Response answer) {
      const std::scoped_lock lock(mutex_);
      answers_.emplace(post, std::move(answer));
      order_.push_back(post);
      come_.notify_all();
    });
  }
  // Blocks until there are so many.
  void await(std::size_t count) {
    std::unique_lock lock(mutex_);
    come_.wait(lock, [&] { return answers_.size() >= count; });
  }
  int status(std::size_t post) { return answers_.at(post).status; }
  boost::json::object body(std::size_t post) {
    return boost::json::parse(answers_.at(post).body).as_object();
  }
  const std::vector<std::size_t>& order() const { return order_; }

 private:
  std::mutex mutex_;
  std::condition_variable come_;
  std::map<std::size_t, net::Response> answers_;
  std::vector<std::size_t> order_;
};

class EventGatheringTest : public store::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    losable_.emplace(database());
    log_.emplace(*losable_);
    log_->prepare(kNow, random_);
    gathering_.emplace(PostMeans{*losable_, *log_, keys_});
  }
  void TearDown() override {
    gathering_.reset();
    DatabaseTest::TearDown();
  }

  struct Given {
    std::string customer = "ann";
    std::size_t events = 1;
    std::string source = "shop";
    std::optional<std::string> key = std::nullopt;  // of the first event
  };
  EventPost post(const Given& given) {
    std::vector<event_log::NewEvent> events(given.events);
    for (event_log::NewEvent& event : events) {
      event.name = "checked_in";
      event.time = kNow;
    }
    events.front().key = given.key;
    EventPost post;
    post.options = {.actor = {}, .now = kNow, .source = given.source, .live = true};
    post.events = *event_log::prepare(events, *log_->catalog().known(), kNow);
    post.customers = {{given.customer, {random_.id()}}};
    post.who.assign(given.events, 0);
    return post;
  }
  void add(const Given& given) {
    answers_.wait_for(added_++, gathering_->add(post(given), Language::english));
  }
  std::vector<event_log::Event> events_in(store::Session& session) {
    std::vector<event_log::Event> found;
    const auto types = log_->catalog().of(session);
    const auto* type = types->find("checked_in");
    for (auto& event : event_log::read_after(session, {}, 10'000).events) {
      if (type != nullptr && event.type == type->id) found.push_back(std::move(event));
    }
    return found;
  }
  std::vector<event_log::Event> events() {
    return database().read([&](store::Session& session) { return events_in(session); });
  }

  // Nothing is written while it lives: what is added collects behind the first posts, whose unit
  // waits.
  class Held {
   public:
    explicit Held(store::Database& database)
        : thread_([this, &database] {
            database.write("test.hold", [&](store::Unit&) {
              begun_.count_down();
              ends_.wait();
            });
          }) {
      begun_.wait();
    }
    ~Held() {
      ends_.count_down();
      thread_.join();
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    std::latch begun_{1};
    std::latch ends_{1};
    std::thread thread_;  // last: it uses the others
  };

  base::SeededRandom random_{5};
  std::optional<LosableDatabase> losable_;
  std::optional<event_log::Log> log_;
  customer::RememberedKeys keys_;
  Answers answers_;
  std::size_t added_ = 0;
  std::optional<EventGathering> gathering_;
};

TEST_P(EventGatheringTest, EachPostGetsItsOwnAnswer) {
  const std::int64_t before = database().health().units_committed;
  {
    const Held held(database());
    add({.customer = "ann"});  // alone, or with the first that follow
    for (std::size_t i = 1; i <= 20; ++i) add({.customer = "bob", .events = i});
  }
  answers_.await(added_);
  const std::size_t all = events().size();
  EXPECT_EQ(all, 1U + 20 * 21 / 2);
  std::string last;
  for (std::size_t i = 0; i < added_; ++i) {
    ASSERT_EQ(answers_.status(i), 201) << i;
    const auto body = answers_.body(i);
    EXPECT_EQ(body.at("accepted").as_int64(),
              static_cast<std::int64_t>(std::max<std::size_t>(i, 1)));
    EXPECT_EQ(body.at("repeated").as_int64(), 0);
    const std::string position(body.at("position").as_string());
    EXPECT_NE(position, last) << "each has a position of its own";
    last = position;
  }
  EXPECT_TRUE(std::ranges::is_sorted(answers_.order())) << "in the order they came";
  // The one that held, the first post's, and the others' in one or (of 210 events) two.
  EXPECT_LE(database().health().units_committed - before, 4);
}

TEST_P(EventGatheringTest, ARefusalIsOfItsOwnPost) {
  {
    const Held held(database());
    add({});
    add({.customer = "bob"});
    add({.customer = "c_1"});  // an id nobody has
    add({.customer = "cid", .events = 3});
  }
  answers_.await(added_);
  EXPECT_EQ(answers_.status(0), 201);
  EXPECT_EQ(answers_.status(1), 201);
  EXPECT_GE(answers_.status(2), 400);
  EXPECT_LT(answers_.status(2), 500);
  EXPECT_EQ(answers_.status(3), 201);
  EXPECT_EQ(events().size(), 5U);
}

TEST_P(EventGatheringTest, RepeatsAreToldToWhoRepeats) {
  {
    const Held held(database());
    add({});
    add({.customer = "bob", .key = "k1"});
    add({.customer = "bob", .events = 2, .key = "k1"});
  }
  answers_.await(added_);
  EXPECT_EQ(answers_.body(1).at("accepted").as_int64(), 1);
  EXPECT_EQ(answers_.body(2).at("accepted").as_int64(), 1);
  EXPECT_EQ(answers_.body(2).at("repeated").as_int64(), 1);
  EXPECT_EQ(events().size(), 3U);
}

TEST_P(EventGatheringTest, SendersAreKeptApart) {
  {
    const Held held(database());
    add({.source = "shop"});
    add({.source = "shop"});
    add({.source = "till"});
    add({.source = "shop"});
  }
  answers_.await(added_);
  std::map<std::string, int> sources;
  for (const event_log::Event& event : events()) {
    ++sources[database().read(
        [&](store::Session& session) { return log_->source_name(session, event.source); })];
  }
  EXPECT_EQ(sources, (std::map<std::string, int>{{"shop", 3}, {"till", 1}}));
}

// Of several posts, new ones named by several of them too.
TEST_P(EventGatheringTest, EveryEventIsOfWhomItNames) {
  {
    const Held held(database());
    add({.customer = "ann"});
    for (const auto* name : {"bob", "cid", "bob", "ann", "dan", "cid"}) {
      add({.customer = name, .events = 2});
    }
  }
  answers_.await(added_);
  std::vector<std::string> names;
  database().read([&](store::Session& session) {
    for (const event_log::Event& event : events_in(session)) {
      names.push_back(customer::key_of(session, event.customer));
    }
  });
  EXPECT_EQ(names, (std::vector<std::string>{"ann", "bob", "bob", "cid", "cid", "bob", "bob", "ann",
                                             "ann", "dan", "dan", "cid", "cid"}));
}

TEST_P(EventGatheringTest, AUnitHasItsLimit) {
  const std::int64_t before = database().health().units_committed;
  constexpr std::size_t kPosts = 31;  // the first goes alone
  {
    const Held held(database());
    for (std::size_t i = 0; i < kPosts; ++i) add({.events = kGatheredEventsMax});
  }
  answers_.await(added_);
  EXPECT_EQ(events().size(), kPosts * kGatheredEventsMax);
  EXPECT_GE(database().health().units_committed - before,
            static_cast<std::int64_t>(kPosts * kGatheredEventsMax / kGatheredUnitEventsMax));
}

TEST_P(EventGatheringTest, ALostDatabaseIsEverybodysAnswer) {
  add({});
  answers_.await(1);
  losable_->is_lost = true;
  for (int i = 0; i < 5; ++i) add({});
  answers_.await(added_);
  for (std::size_t i = 1; i < added_; ++i) EXPECT_EQ(answers_.status(i), 503);
  losable_->is_lost = false;
  add({});
  answers_.await(added_);
  EXPECT_EQ(answers_.status(added_ - 1), 201);
  EXPECT_EQ(events().size(), 2U);
}

TEST_P(EventGatheringTest, TooManyAreRefusedAtOnce) {
  {
    const Held held(database());
    std::size_t refused = 0;
    const EventPost one = post({});
    for (std::size_t i = 0; i < kWaitingPostsMax + 2 * kGatheredUnitEventsMax; ++i) {
      try {
        answers_.wait_for(added_, gathering_->add(one, Language::english));
        ++added_;
      } catch (const store::Failure& failure) {
        EXPECT_EQ(failure.kind(), store::FailureKind::overloaded);
        ++refused;
      }
    }
    EXPECT_GE(refused, kGatheredUnitEventsMax);
    EXPECT_GE(added_, kWaitingPostsMax);
  }
  answers_.await(added_);
}

TEST_P(EventGatheringTest, TooManyBytesAreRefusedUntilSomeAreWritten) {
  constexpr std::size_t kFit = 10;
  EventPost large = post({});
  large.bytes = kWaitingBytesMax / kFit;
  {
    const Held held(database());
    for (std::size_t i = 0; i < 4 * kFit; ++i) {
      try {
        answers_.wait_for(added_, gathering_->add(large, Language::english));
        ++added_;
      } catch (const store::Failure& failure) {
        EXPECT_EQ(failure.kind(), store::FailureKind::overloaded);
      }
    }
    EXPECT_GE(added_, kFit);
    EXPECT_LE(added_, 2 * kFit);  // those of the unit being written wait no more
  }
  answers_.await(added_);
  for (std::size_t i = 0; i < kFit; ++i) {
    answers_.wait_for(added_++, gathering_->add(large, Language::english));
  }
  answers_.await(added_);
}

TEST_P(EventGatheringTest, EverybodyIsAnsweredAtItsEnd) {
  std::thread ending;
  {
    const Held held(database());
    for (int i = 0; i < 50; ++i) add({});
    ending = std::thread([&] { gathering_->end(); });
  }
  ending.join();
  answers_.await(added_);
  for (std::size_t i = 0; i < added_; ++i) EXPECT_EQ(answers_.status(i), 201);
  EXPECT_EQ(events().size(), added_);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, EventGatheringTest, testing::Values(store::Dialect::sqlite),
                         store::dialect_name);

}  // namespace
}  // namespace api
