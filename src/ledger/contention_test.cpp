// Many at once on one account, each shown on both databases: sixteen threads that ask by
// themselves, and through the desk.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/desk.h"
#include "ledger/ledger_fixture.h"
#include "ledger/reading.h"
#include "store/failure.h"
#include "store/watched_database.h"

namespace ledger {
namespace {

constexpr int kThreads = 16;

class ContentionTest : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    if (IsSkipped()) return;
    open("stock");
    open("sold");
    open("spare", kLots);
  }
  // What all threads were answered, and how often: "posted 5, short_of_funds 11".
  std::string all(const std::function<std::string(int)>& work) {
    std::map<std::string, int> answers;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        std::string answer;
        try {
          answer = work(thread);
        } catch (const store::Failure& failure) {
          answer = store::code_of(failure.kind());
        }
        const std::scoped_lock lock(mutex);
        ++answers[answer];
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::string text;
    for (const auto& [answer, count] : answers) {
      text += (text.empty() ? "" : ", ") + answer + " " + std::to_string(count);
    }
    return text;
  }
  std::string named(std::string_view kind, int thread) {
    return std::string(kind) + std::to_string(thread);
  }
};
INSTANTIATE_TEST_SUITE_P(Both, ContentionTest, store::kBothDatabases, store::dialect_name);

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return kStart; }
};

// P1, P3, P5, P15: as many succeed as there is, not one more and not one less.
TEST_P(ContentionTest, StockIsSoldToItsEndAndNotBeyond) {
  post("s", "adjusted-5 stock+5");
  EXPECT_EQ(all([&](int thread) { return post(named("b", thread), "stock-1 sold+1"); }),
            "posted 5, short_of_funds 11");
  EXPECT_EQ(balance("stock") + " " + balance("sold"), "0 5");
  EXPECT_EQ(wrong(), "");
}

// P6: three at a time out of ten.
TEST_P(ContentionTest, AWholeAmountOrNothing) {
  post("s", "adjusted-10 stock+10");
  EXPECT_EQ(all([&](int thread) { return post(named("b", thread), "stock-3 sold+3"); }),
            "posted 3, short_of_funds 13");
  EXPECT_EQ(balance("stock"), "1");
}

// P16: one payment number for all tries.
TEST_P(ContentionTest, OneIdPaysOnce) {
  post("s", "adjusted-10 stock+10");
  EXPECT_EQ(all([&](int) { return post("pay", "stock-3 sold+3"); }), "posted 1, posted again 15");
  EXPECT_EQ(balance("stock"), "7");
}

TEST_P(ContentionTest, OneIdIsOneRequest) {
  post("s", "adjusted-100 stock+100");
  EXPECT_EQ(all([&](int thread) {
              const std::string amount = std::to_string(thread + 1);
              return post("pay", "stock-" + amount + " sold+" + amount);
            }),
            "id_reused 15, posted 1");
  EXPECT_EQ(wrong(), "");
}

// The accounts differ, so that only the id tells that it is one request.
TEST_P(ContentionTest, OneIdIsOneRequestAcrossAccounts) {
  for (int thread = 0; thread < kThreads; ++thread) {
    open(named("from", thread), kDebt);
    open(named("to", thread));
  }
  EXPECT_EQ(all([&](int thread) {
              return post("pay", named("from", thread) + "-1 " + named("to", thread) + "+1");
            }),
            "id_reused 15, posted 1");
  EXPECT_EQ(wrong(), "");
}

// P7: a hold is committed or released, once.
TEST_P(ContentionTest, AHoldEndsOnce) {
  post("s", "adjusted-10 stock+10");
  hold("h", "stock-4 sold+4", 60);
  std::atomic<int> committed = 0;
  std::atomic<int> released = 0;
  all([&](int thread) {
    const std::string answer = thread % 2 == 0 ? commit("h") : release("h");
    if (answer == "committed") ++committed;
    if (answer == "released") ++released;
    return answer;
  });
  EXPECT_EQ(committed + released, 1);
  EXPECT_EQ(balance("stock"), committed == 1 ? "6" : "10");
  EXPECT_EQ(wrong(), "");
}

// P4: what was kept is free at its end for whoever asks first, and only as often as it is there.
TEST_P(ContentionTest, WhatEndsIsSoldOnce) {
  post("s", "adjusted-5 stock+5");
  for (int i = 0; i < 5; ++i) hold(named("h", i), "stock-1 sold+1", 60);
  now_ = second(60);
  std::thread timers([&] { tick(); });
  EXPECT_EQ(all([&](int thread) { return post(named("b", thread), "stock-1 sold+1"); }),
            "posted 5, short_of_funds 11");
  timers.join();
  EXPECT_EQ(balance("stock") + " " + balance("sold"), "0 5");
  EXPECT_EQ(wrong(), "");
}

// P2: edits by difference and sales at once.
TEST_P(ContentionTest, EditsAndSalesAddUp) {
  post("s", "adjusted-16 stock+16");
  all([&](int thread) {
    return thread % 2 == 0 ? post(named("b", thread), "stock-1 sold+1")
                           : post(named("b", thread), "adjusted-2 stock+2");
  });
  EXPECT_EQ(balance("stock") + " " + balance("sold"), "24 8");
  EXPECT_EQ(wrong(), "");
}

TEST_P(ContentionTest, ARefundComesOnce) {
  post("s", "adjusted-10 spare+10@100");
  post("buy", "spare-8 sold+8");
  EXPECT_EQ(all([&](int thread) { return post(named("r", thread), "adjusted-3 spare+3<buy"); }),
            "posted 2, refund_exceeded 14");
  EXPECT_EQ(balance("spare"), "8");
  EXPECT_EQ(wrong(), "");
}

// Transfers against each other's direction do not wait crosswise for ever.
TEST_P(ContentionTest, BothWaysAtOnce) {
  post("s", "adjusted-1000 stock+500 sold+500");
  EXPECT_EQ(all([&](int thread) {
              std::string last;
              for (int i = 0; i < 20; ++i) {
                const std::string name = named("b", thread) + "-" + std::to_string(i);
                last = post(name, thread % 2 == 0 ? "stock-3 sold+3" : "sold-3 stock+3");
              }
              return last;
            }),
            "posted 16");
  EXPECT_EQ(balance("stock"), "500");
  EXPECT_EQ(wrong(), "");
}

// Timers and requests that end the same holds take their locks in one order: none of their units
// has to be run again.
TEST_P(ContentionTest, TimersAndRequestsWaitForEachOtherInOneOrder) {
  constexpr int kRounds = 8;
  post("s", "adjusted-1000 stock+1000");
  for (int thread = 0; thread < kThreads; ++thread) open(named("shelf", thread), kLots);
  store::WatchedDatabase watched(database());
  for (int round = 0; round < kRounds; ++round) {
    const std::string of = std::to_string(round) + "-";
    const std::string end = "@" + std::to_string(round * 100 + 60);
    for (int thread = 0; thread < kThreads; ++thread) {
      const std::string shelf = named("shelf", thread);
      post(named("f" + of, thread), "adjusted-3 " + shelf + "+3" + end);
      hold(named("h" + of, thread), "stock-1 sold+1 | " + shelf + "-2 sold+2", 60);
    }
    now_ = second(round * 100 + 60);
    std::barrier start(kThreads + 1);
    std::thread timers([&] {
      Ends ends;
      timer::Runner runner(watched, {{kTimerKind, ends}});
      start.arrive_and_wait();
      while (runner.step(now_).more) {
      }
    });
    all([&](int thread) {
      start.arrive_and_wait();
      const std::string hold = named("h" + of, thread);
      const Request request =
          thread % 2 == 0 ? Request(Commit{.hold = hold}) : Request(Release{hold});
      return watched.write("test.end", [&](store::Unit& unit) {
        return spelled(post_all(unit, {&request, 1}, now_).front());
      });
    });
    timers.join();
    now_ = second(round * 100 + 100);
  }
  EXPECT_EQ(watched.runs(), watched.units());
  EXPECT_EQ(balance("stock") + " " + balance("sold"), "1000 0");
  EXPECT_EQ(wrong(), "");
}

// What ends soonest goes first, also when sixteen spend it, and not from its end on.
TEST_P(ContentionTest, LotsAreSpentInTheirOrder) {
  post("f1", "adjusted-5 spare+5@100");
  post("f2", "adjusted-5 spare+5@200");
  EXPECT_EQ(all([&](int thread) { return post(named("a", thread), "spare-1 sold+1"); }),
            "posted 10, short_of_funds 6");
  const auto rows = database().read([&](store::Session& session) {
    return statement(session, {.account = id("spare"), .rows_max = 100});
  });
  ASSERT_EQ(rows.size(), 12u);
  for (std::size_t i = 0; i < 10; ++i) {  // newest first
    EXPECT_EQ(rows[i].row.lot, i < 5 ? rows[10].row.lot : rows[11].row.lot) << i;
  }
  EXPECT_EQ(wrong(), "");
}

TEST_P(ContentionTest, ALotThatEndsIsNotSpentWhileItsTimerComes) {
  post("f1", "adjusted-5 spare+5@100");
  post("f2", "adjusted-3 spare+3@200");
  now_ = second(100);
  std::thread timers([&] { tick(); });
  EXPECT_EQ(all([&](int thread) { return post(named("a", thread), "spare-1 sold+1"); }),
            "posted 3, short_of_funds 13");
  timers.join();
  EXPECT_EQ(balance("spare") + " " + balance("sold") + " " + balance("expired"), "0 3 5");
  EXPECT_EQ(wrong(), "");
}

// P3 through the desk: what is asked at once goes together, and nobody is refused while there is
// enough.
TEST_P(ContentionTest, TheDeskServesEverybody) {
  constexpr int kEach = 50;
  post("s", "adjusted-700 stock+700");
  const StandingClock clock;
  std::atomic<int> sold = 0;
  std::atomic<int> refused = 0;
  {
    Desk desk(database(), clock);
    all([&](int thread) {
      for (int i = 0; i < kEach; ++i) {
        const auto answer =
            desk.ask(bundle(named("b", thread) + "-" + std::to_string(i), "stock-1 sold+1"));
        answer ? ++sold : ++refused;
        if (!answer) {
          EXPECT_EQ(answer.error(), Fault::short_of_funds);
        }
      }
      return std::string();
    });
  }
  EXPECT_EQ(sold, 700);
  EXPECT_EQ(refused, kThreads * kEach - 700);
  EXPECT_EQ(balance("sold"), "700");
  EXPECT_EQ(wrong(), "");
}

// Two desks, as two processes have.
TEST_P(ContentionTest, TwoDesksOnOneAccount) {
  constexpr int kEach = 25;
  post("s", "adjusted-300 stock+300");
  const StandingClock clock;
  std::atomic<int> sold = 0;
  {
    Desk one(database(), clock);
    Desk other(database(), clock);
    all([&](int thread) {
      for (int i = 0; i < kEach; ++i) {
        Desk& desk = (thread + i) % 2 == 0 ? one : other;
        if (desk.ask(bundle(named("b", thread) + "-" + std::to_string(i), "stock-1 sold+1"))) {
          ++sold;
        }
      }
      return std::string();
    });
  }
  EXPECT_EQ(sold, 300);
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace ledger
