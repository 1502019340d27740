// The desk over a disk that is full, broken, or lies about what it has done: whoever was told of a
// failure asks the same again, and it is done once.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/asset.h"
#include "ledger/desk.h"
#include "ledger/ledger_account.h"
#include "ledger/proof.h"
#include "ledger/reading.h"
#include "store/disk.h"
#include "store/failure.h"
#include "store/test_database.h"

namespace ledger {
namespace {

constexpr base::Moment kNow{1'700'000'000'000};
constexpr LedgerAccountId kStock{1};
constexpr LedgerAccountId kSold{2};
constexpr LedgerAccountId kAdjusted{12};
constexpr int kThreads = 4;
constexpr int kEach = 25;

class StandingClock final : public base::Clock {
 public:
  base::Moment now() const override { return kNow; }
};

// Gives one answer to the calls of one step on the write-ahead log for a while, then lets some
// pass, and so on.
class FailingDisk final : public store::Disk {
 public:
  store::DiskAnswer before(const store::DiskCall& call) const override {
    if (!fails || call.step != step || !call.path.ends_with("-wal")) {
      return store::DiskAnswer::proceed;
    }
    return calls_++ % 40 < 6 ? answer : store::DiskAnswer::proceed;
  }
  int calls() const { return calls_; }

  store::DiskStep step = store::DiskStep::write;
  store::DiskAnswer answer = store::DiskAnswer::full;
  std::atomic<bool> fails = false;

 private:
  mutable std::atomic<int> calls_ = 0;
};

struct Case {
  const char* name;
  store::DiskStep step;
  store::DiskAnswer answer;
};
class DeskDisk : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(
    All, DeskDisk,
    ::testing::Values(Case{"Full", store::DiskStep::write, store::DiskAnswer::full},
                      Case{"WriteBroken", store::DiskStep::write, store::DiskAnswer::broken},
                      Case{"SyncBroken", store::DiskStep::sync, store::DiskAnswer::broken},
                      Case{"SyncDoneButReportedBroken", store::DiskStep::sync,
                           store::DiskAnswer::broken_after}),
    [](const auto& at) { return std::string(at.param.name); });

Bundle moved(std::string id, LedgerAccountId from, LedgerAccountId to, std::int64_t amount) {
  Bundle bundle{.id = std::move(id), .why = "test:1"};
  bundle.transfers = {{{{.account = from, .amount = -amount}, {.account = to, .amount = amount}}}};
  return bundle;
}

void make(store::Database& database) {
  database.write("test.make", [](store::Unit& unit) {
    const auto asset = define(unit, {"stock", AssetKind::stock}, {{10}, {11}, kAdjusted}, kNow);
    for (const LedgerAccountId id : {kStock, kSold}) {
      ASSERT_TRUE(open_account(
          unit,
          {.key = {asset->id, "test", std::to_string(id.value), "main"}, .id = id, .now = kNow}));
    }
    ASSERT_TRUE(post(unit, moved("s", kAdjusted, kStock, 1000), kNow));
  });
}

TEST_P(DeskDisk, WhoAsksAgainIsDoneOnce) {
  store::TestDatabase made(store::Dialect::sqlite);
  make(made.get());
  made.close();
  FailingDisk disk;
  disk.step = GetParam().step;
  disk.answer = GetParam().answer;
  const auto database = store::open_sqlite({.folder = made.place(), .disk = &disk});
  const StandingClock clock;
  std::atomic<int> failures = 0;
  std::atomic<int> sold = 0;
  {
    Desk desk(*database, clock);
    disk.fails = true;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < kEach; ++i) {
          const std::string id = std::to_string(thread) + "-" + std::to_string(i);
          for (bool again = true; again;) {
            try {
              if (desk.ask(moved(id, kStock, kSold, 1))) ++sold;
              again = false;
            } catch (const store::Failure&) {
              ++failures;
            }
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  disk.fails = false;
  EXPECT_GT(disk.calls(), 6);
  EXPECT_EQ(sold, kThreads * kEach);
  EXPECT_TRUE(prove(*database).wrong.empty());
  database->read([&](store::Session& session) {
    EXPECT_EQ(balance(session, kSold, kNow).posted, kThreads * kEach);
    EXPECT_EQ(balance(session, kStock, kNow).posted, 1000 - kThreads * kEach);
  });
  // A group that fails is run again by the store where it can be; a lost COMMIT is told.
  if (GetParam().step == store::DiskStep::sync) {
    EXPECT_GT(failures, 0);
  }
}

}  // namespace
}  // namespace ledger
