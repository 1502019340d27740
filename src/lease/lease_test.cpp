#include "lease/lease.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "store/test_database.h"

namespace lease {
namespace {

using base::Duration;
using base::Moment;

constexpr Moment kNow{1'000'000};
constexpr Duration kTerm{10'000};
constexpr std::string_view kName = "token refresh";

class LeaseTest : public store::DatabaseTest {
 protected:
  // "owner fence expires", or the fault's code.
  std::string acquire_as(std::int64_t owner, Moment now) {
    return database().write("lease.acquire", [&](store::Unit& unit) {
      return spelled(acquire(unit, {kName, owner, now, kTerm}));
    });
  }
  std::string renew_as(const Lease& held, Moment now) {
    return database().write("lease.renew", [&](store::Unit& unit) {
      return spelled(renew(unit, held, {kName, held.owner, now, kTerm}));
    });
  }
  Lease stands() {
    return *database().read([](store::Session& session) { return find(session, kName); });
  }
  bool newest(std::int64_t fence) {
    return database().write("lease.fence",
                            [&](store::Unit& unit) { return is_newest(unit, kName, fence); });
  }
  static std::string spelled(const base::Result<Lease, LeaseFault>& lease) {
    if (!lease) return std::string(code_of(lease.error()));
    return std::to_string(lease->owner) + " " + std::to_string(lease->fence) + " " +
           std::to_string(lease->expires.ms - kNow.ms);
  }
};
INSTANTIATE_TEST_SUITE_P(Both, LeaseTest, store::kBothDatabases, store::dialect_name);

TEST_P(LeaseTest, IsHeldUntilItExpires) {
  EXPECT_EQ(acquire_as(1, kNow), "1 1 10000");
  EXPECT_EQ(acquire_as(2, kNow), "lease.held");
  EXPECT_EQ(acquire_as(2, kNow + Duration{9'999}), "lease.held");
  EXPECT_EQ(acquire_as(2, kNow + Duration{10'000}), "2 2 20000");  // the expiry is the end
  EXPECT_EQ(acquire_as(1, kNow + Duration{10'001}), "lease.held");
}

// A clock that was a day ahead keeps nobody out for a day.
TEST_P(LeaseTest, ALeaseFromTheFutureIsNotBelieved) {
  EXPECT_EQ(acquire_as(1, kNow + Duration{10'001}), "1 1 20001");
  EXPECT_EQ(acquire_as(2, kNow), "2 2 10000");
  EXPECT_EQ(acquire_as(1, kNow + Duration{9'000}), "lease.held");
}

TEST_P(LeaseTest, WhoIsAloneReleasesAll) {
  EXPECT_EQ(acquire_as(1, kNow), "1 1 10000");
  database().write("lease.release", [](store::Unit& unit) { release_all(unit); });
  EXPECT_EQ(acquire_as(2, kNow), "2 2 10000");
}

TEST_P(LeaseTest, OnesOwnLeaseIsRenewedWithItsFence) {
  EXPECT_EQ(acquire_as(1, kNow), "1 1 10000");
  EXPECT_EQ(acquire_as(1, kNow + Duration{4'000}), "1 1 14000");
  EXPECT_EQ(acquire_as(1, kNow), "1 1 14000");  // a clock set back shortens nothing
  EXPECT_EQ(acquire_as(1, kNow + Duration{14'000}), "1 2 24000");  // expired: a new one
}

TEST_P(LeaseTest, RenewMovesTheExpiryAndNoticesALostOne) {
  ASSERT_EQ(acquire_as(1, kNow), "1 1 10000");
  const Lease mine = stands();
  EXPECT_EQ(renew_as(mine, kNow + Duration{5'000}), "1 1 15000");
  EXPECT_EQ(renew_as(mine, kNow + Duration{1'000}), "1 1 15000");
  EXPECT_EQ(renew_as(mine, kNow + Duration{15'000}), "lease.lost");
  ASSERT_EQ(acquire_as(2, kNow + Duration{15'000}), "2 2 25000");
  EXPECT_EQ(renew_as(mine, kNow + Duration{15'001}), "lease.lost");
  EXPECT_TRUE(newest(2));
  EXPECT_FALSE(newest(1));
}

TEST_P(LeaseTest, ReleaseFreesItAndKeepsTheFence) {
  ASSERT_EQ(acquire_as(1, kNow), "1 1 10000");
  const Lease mine = stands();
  database().write("lease.release", [&](store::Unit& unit) { release(unit, mine); });
  EXPECT_EQ(renew_as(mine, kNow), "lease.lost");
  EXPECT_EQ(acquire_as(2, kNow), "2 2 10000");
  // Released twice: not somebody else's.
  database().write("lease.release", [&](store::Unit& unit) { release(unit, mine); });
  EXPECT_EQ(acquire_as(3, kNow), "lease.held");
}

TEST_P(LeaseTest, HolderStopsBeforeTheExpiry) {
  ASSERT_EQ(acquire_as(1, kNow), "1 1 10000");
  const Lease mine = stands();
  EXPECT_TRUE(mine.holds_at(kNow + Duration{7'999}));
  EXPECT_FALSE(mine.holds_at(kNow + Duration{8'000}));
}

TEST_P(LeaseTest, OfManyAtOnceOneGetsIt) {
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (std::int64_t owner = 1; owner <= 16; ++owner) {
    threads.emplace_back([&, owner] {
      if (acquire_as(owner, kNow) != "lease.held") ++won;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(stands().fence, 1);
}

}  // namespace
}  // namespace lease
