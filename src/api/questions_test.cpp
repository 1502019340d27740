#include "api/questions.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

namespace api {
namespace {

constexpr std::chrono::seconds kFailsafe{20};  // nothing below waits this long unless it is broken

class FixedClock final : public base::Clock {
 public:
  base::Moment now() const override { return base::Moment{1'770'000'000'000}; }
};

class QuestionsTest : public testing::Test {
 protected:
  using Turn = Questions::Turn;

  static AskedQuestion asked(std::stop_token gone = {}) {
    return {.rule = "everyone", .gone = std::move(gone)};
  }
  std::unique_ptr<Turn> turn(std::stop_token gone = {}) {
    return std::make_unique<Turn>(questions_, asked(std::move(gone)));
  }
  // The code of the refusal, "" when it got its turn, which then is over.
  std::future<std::string> later(std::stop_token gone = {}) {
    return std::async(std::launch::async, [this, gone = std::move(gone)]() -> std::string {
      try {
        const Turn turn(questions_, asked(gone));
        return "";
      } catch (const Refusal& refusal) {
        return refusal.code();
      }
    });
  }
  // Until so many are there: polls, since there is no event; bounded.
  void wait_for(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + kFailsafe;
    while (questions_.all().size() != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::yield();
    }
  }
  void fill() {
    for (std::size_t i = 0; i < kQuestionsRunningMax; ++i) running_.push_back(turn());
  }

  FixedClock clock_;
  Questions questions_{clock_};
  std::vector<std::unique_ptr<Turn>> running_;
};

TEST_F(QuestionsTest, OneWaitsForItsTurn) {
  fill();
  auto waiting = later();
  wait_for(kQuestionsRunningMax + 1);
  const auto all = questions_.all();
  EXPECT_TRUE(all.front().began);
  EXPECT_FALSE(all.back().began);
  EXPECT_EQ(all.back().asked.rule, "everyone");
  EXPECT_EQ(all.back().since, clock_.now());
  running_.pop_back();
  EXPECT_EQ(waiting.get(), "");
  running_.clear();
  EXPECT_TRUE(questions_.all().empty());
}

TEST_F(QuestionsTest, TooManyAreRefused) {
  fill();
  std::vector<std::future<std::string>> waiting;
  for (std::size_t i = 0; i < kQuestionsWaitingMax; ++i) waiting.push_back(later());
  wait_for(kQuestionsRunningMax + kQuestionsWaitingMax);
  EXPECT_EQ(later().get(), "api.too_many_questions");
  running_.clear();
  for (auto& each : waiting) EXPECT_EQ(each.get(), "");
}

TEST_F(QuestionsTest, OneIsStoppedWhileItWaits) {
  fill();
  std::stop_source gone;
  auto left = later(gone.get_token());
  wait_for(kQuestionsRunningMax + 1);
  gone.request_stop();
  EXPECT_EQ(left.get(), "api.asker_gone");
  auto stopped = later();
  wait_for(kQuestionsRunningMax + 1);
  EXPECT_TRUE(questions_.stop(questions_.all().back().id));
  EXPECT_EQ(stopped.get(), "api.question_stopped");
  auto ended = later();
  wait_for(kQuestionsRunningMax + 1);
  questions_.end();
  EXPECT_EQ(ended.get(), "api.ending");
  EXPECT_EQ(later().get(), "api.ending");
  EXPECT_EQ(running_.front()->refusal().code(), "api.ending");
}

TEST_F(QuestionsTest, OneIsStoppedWhileItRuns) {
  std::stop_source gone;
  const auto left = turn(gone.get_token());
  const auto other = turn();
  EXPECT_TRUE(left->go_on());
  gone.request_stop();
  EXPECT_TRUE(left->stop_token().stop_requested());
  EXPECT_FALSE(left->go_on());
  EXPECT_EQ(left->refusal().code(), "api.asker_gone");
  EXPECT_EQ(left->refusal().status(), 499);
  EXPECT_TRUE(other->go_on());
  EXPECT_TRUE(questions_.stop(questions_.all().back().id));
  EXPECT_FALSE(other->go_on());
  EXPECT_EQ(other->refusal().code(), "api.question_stopped");
  EXPECT_FALSE(questions_.stop(12'345));
  questions_.end();  // the first reason stays
  EXPECT_EQ(left->refusal().code(), "api.asker_gone");
}

TEST_F(QuestionsTest, WhoHasGoneBeforeIsNotAnswered) {
  std::stop_source gone;
  gone.request_stop();
  EXPECT_EQ(later(gone.get_token()).get(), "api.asker_gone");
  EXPECT_TRUE(questions_.all().empty());
}

TEST_F(QuestionsTest, ProgressOnlyRises) {
  const auto one = turn();
  EXPECT_EQ(questions_.all().front().progress, 0);
  one->go_on({30, 40});
  EXPECT_EQ(questions_.all().front().progress, 0.75);
  one->go_on({20, 40});  // told late by another thread
  one->go_on();
  EXPECT_EQ(questions_.all().front().progress, 0.75);
  one->go_on({40, 40});
  EXPECT_EQ(questions_.all().front().progress, 1);
}

TEST_F(QuestionsTest, ManyThreadsAskLookAndStop) {
  std::atomic<bool> over = false;
  std::thread looker([&] {
    while (!over) {
      for (const QuestionState& state : questions_.all()) {
        if (state.id % 3 == 0) questions_.stop(state.id);
      }
    }
  });
  std::atomic<std::size_t> at_once = 0;
  std::vector<std::thread> askers;
  for (int asker = 0; asker < 8; ++asker) {
    askers.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        std::stop_source gone;
        try {
          Turn one(questions_, asked(gone.get_token()));
          EXPECT_LE(++at_once, kQuestionsRunningMax);
          one.go_on({i, 100});
          if (i % 5 == 0) gone.request_stop();
          --at_once;
        } catch (const Refusal& refusal) {
          EXPECT_EQ(refusal.code(), "api.question_stopped");
        }
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  over = true;
  looker.join();
  EXPECT_TRUE(questions_.all().empty());
}

}  // namespace
}  // namespace api
