// The desk when something goes wrong: of one request, of what it does beside, of the database.
#include "ledger/desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "store/failure.h"
#include "store/watched_database.h"

namespace ledger {
namespace {

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return kStart; }
};

class DeskTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("stock");
    open("sold");
    ASSERT_EQ(post("s", "adjusted-1000 stock+1000"), "posted");
    watched_ = std::make_unique<store::WatchedDatabase>(database());
    desk_ = std::make_unique<Desk>(*watched_, clock_);
  }
  void TearDown() override {
    desk_.reset();
    LedgerFixture::TearDown();
  }

  struct Asked {
    Request request;
    Desk::Beside beside = {};
  };
  static std::string told(Desk& desk, const Asked& asked) {
    try {
      return spelled(desk.ask(asked.request, asked.beside));
    } catch (const store::Failure& failure) {
      return std::string(store::code_of(failure.kind()));
    } catch (const std::exception& other) {
      return other.what();
    }
  }
  // In one group, in this order: all queue up behind a request that waits for them. Then
  // `meanwhile` runs before it goes on.
  std::vector<std::string> together(
      const std::vector<Asked>& all, const std::function<void()>& meanwhile = [] {}) {
    std::promise<void> begun;
    std::promise<void> go;
    bool is_first = true;
    std::thread gate([&] {
      told(*desk_, {bundle("gate" + std::to_string(++gates_), "stock-1 sold+1"),
                    [&](store::Unit&, const Outcome&) {
                      if (!is_first) return;
                      is_first = false;
                      begun.set_value();
                      go.get_future().wait();
                    }});
    });
    begun.get_future().wait();
    std::vector<std::string> answers(all.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < all.size(); ++i) {
      threads.emplace_back([&, i] { answers[i] = told(*desk_, all[i]); });
      while (desk_->waiting() <= i) std::this_thread::yield();
    }
    meanwhile();
    go.set_value();
    gate.join();
    for (std::thread& thread : threads) thread.join();
    return answers;
  }
  Asked sale(const std::string& id, Desk::Beside beside = {}) {
    return {bundle(id, "stock-1 sold+1"), std::move(beside)};
  }

  const StandingClock clock_;
  std::unique_ptr<store::WatchedDatabase> watched_;
  std::unique_ptr<Desk> desk_;
  int gates_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, DeskTest, store::kBothDatabases, store::dialect_name);

using Answers = std::vector<std::string>;

TEST_P(DeskTest, WhatWaitsGoesTogether) {
  const int before = watched_->units();
  EXPECT_EQ(together({sale("a"), sale("b"), sale("a")}),
            (Answers{"posted", "posted", "posted again"}));
  EXPECT_EQ(watched_->units() - before, 2);  // the gate's, and one
  EXPECT_EQ(balance("sold"), "3");
}

// Each is done as a whole with what it does beside, whatever happens to its neighbours.
TEST_P(DeskTest, OneThatBreaksItsUnitLeavesTheOthers) {
  const auto breaks = [](store::Unit& unit, const Outcome&) {
    unit.execute("insert into ledger_lot (id) values (1)", {});
  };
  EXPECT_EQ(together({sale("a"), sale("b", breaks), sale("c")}),
            (Answers{"posted", "store.constraint", "posted"}));
  EXPECT_EQ(balance("sold"), "3");
  EXPECT_EQ(post("b", "stock-1 sold+1"), "posted");  // its id is free: it has not happened
  EXPECT_EQ(wrong(), "");
}

TEST_P(DeskTest, WhatIsThrownBesideIsToldToItsRequest) {
  const auto throws = [](store::Unit&, const Outcome&) { throw std::runtime_error("beside"); };
  EXPECT_EQ(together({sale("a"), sale("b", throws), sale("c")}),
            (Answers{"posted", "beside", "posted"}));
  EXPECT_EQ(told(*desk_, sale("d", throws)), "beside");
  EXPECT_EQ(balance("sold"), "3");
  EXPECT_EQ(wrong(), "");
}

TEST_P(DeskTest, WhatStandsBesideHappensOnceForEachNewOne) {
  std::atomic<int> beside = 0;
  const auto counts = [&](store::Unit&, const Outcome&) { ++beside; };
  together({sale("a", counts), sale("a", counts), {bundle("b", "sold-900 stock+900"), counts}});
  EXPECT_EQ(beside, 1);  // neither the repeat nor the refused one
}

// The database is gone before the COMMIT, or after it: who asks again is done once.
TEST_P(DeskTest, ALostDatabaseIsToldAndTheSameRequestIsDoneOnce) {
  const auto lose = [](std::string_view) {
    throw store::Failure(store::FailureKind::unavailable, "the database is gone");
  };
  watched_->before_commit = lose;
  EXPECT_EQ(told(*desk_, sale("a")), "store.unavailable");
  watched_->before_commit = [](std::string_view) {};
  EXPECT_EQ(told(*desk_, sale("a")), "posted");
  watched_->after_commit = lose;
  EXPECT_EQ(told(*desk_, sale("b")), "store.unavailable");
  watched_->after_commit = [](std::string_view) {};
  EXPECT_EQ(told(*desk_, sale("b")), "posted again");
  EXPECT_EQ(balance("sold"), "2");
  EXPECT_EQ(wrong(), "");
}

// In somebody's way: it was rolled back, and goes once more.
TEST_P(DeskTest, AGroupThatWasInTheWayGoesOnceMore) {
  int times = 1;
  store::FailureKind kind = store::FailureKind::serialization;
  watched_->before_commit = [&](std::string_view) {
    if (times-- > 0) throw store::Failure(kind, "in the way");
  };
  EXPECT_EQ(told(*desk_, sale("a")), "posted");
  times = 1;
  kind = store::FailureKind::timeout;
  EXPECT_EQ(told(*desk_, sale("b")), "posted");
  times = 2;
  EXPECT_EQ(told(*desk_, sale("c")), "store.timeout");
  EXPECT_EQ(balance("sold"), "2");
}

// Whole commits of holds of a hundred postings: units stay short.
TEST_P(DeskTest, AGroupOfGreatHoldsIsBounded) {
  constexpr int kHolds = 120;
  std::string text;
  for (std::size_t i = 0; i < kPostingsMax / 2; ++i) text += "|stock-1 sold+1";
  open("much", kDebt);
  ASSERT_EQ(post("more", "much-100000 stock+100000"), "posted");
  std::vector<Asked> commits;
  for (int i = 0; i < kHolds; ++i) {
    Bundle made = bundle("h" + std::to_string(i), text);
    made.held_for = {60'000};
    ASSERT_EQ(ask(made), "held");
    commits.push_back({Commit{.hold = made.id}});
  }
  const int before = watched_->units();
  for (const std::string& answer : together(commits)) EXPECT_EQ(answer, "committed");
  const int groups = watched_->units() - before - 1;
  EXPECT_EQ(groups, kHolds * static_cast<int>(kPostingsMax) / static_cast<int>(kGroupPostingsMax));
  EXPECT_EQ(balance("sold"), std::to_string(1 + kHolds * static_cast<int>(kPostingsMax) / 2));
}

TEST_P(DeskTest, WhoeverWaitsIsAnsweredBeforeItGoes) {
  std::promise<void> leaving;
  std::thread end;
  const Answers answers = together({sale("a"), sale("b")}, [&] {
    end = std::thread([&] {
      leaving.set_value();
      desk_.reset();
    });
    leaving.get_future().wait();
  });
  end.join();
  EXPECT_EQ(answers, (Answers{"posted", "posted"}));
  EXPECT_EQ(balance("sold"), "3");
}

TEST_P(DeskTest, SoManyMayWait) {
  desk_ = std::make_unique<Desk>(*watched_, clock_, 2);
  std::string third;
  EXPECT_EQ(together({sale("a"), sale("b")}, [&] { third = told(*desk_, sale("c")); }),
            (Answers{"posted", "posted"}));
  EXPECT_EQ(third, "store.overloaded");
  EXPECT_EQ(told(*desk_, sale("c")), "posted");
}

}  // namespace
}  // namespace ledger
