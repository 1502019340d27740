#include "access/attempt.h"

#include <gtest/gtest.h>

#include "access/test_means.h"

namespace rights {
namespace {

class AttemptTest : public AccessTest {
 protected:
  // Milliseconds to wait; 0: the attempt was let through and counted.
  std::int64_t attempt(const std::string& name, const std::string& from) {
    const auto begun = database().write("attempt.test", [&](store::Unit& unit) {
      return begin_attempt(unit, {name, {from}, clock_.now()});
    });
    if (begun) return 0;
    EXPECT_EQ(begun.error().fault, Fault::slow_down);
    return begun.error().retry_after.ms;
  }
  void succeed(const std::string& name, const std::string& from) {
    database().write("attempt.test",
                     [&](store::Unit& unit) { succeeded(unit, {name, {from}, clock_.now()}); });
  }
  std::int64_t attempt_by(const std::string& browser, const std::string& name) {
    const auto begun = database().write("attempt.test", [&](store::Unit& unit) {
      return begin_attempt(unit, {name, {"1.1.1.1", "", browser}, clock_.now()});
    });
    return begun ? 0 : begun.error().retry_after.ms;
  }
  void pass_seconds(std::int64_t seconds) { clock_.pass(base::Duration{seconds * 1000}); }
};

TEST(Attempts, WaitDoubles) {
  const auto seconds = [](std::int64_t failures) {
    return wait_after(failures, 3, base::Duration{15 * 60 * 1000}).ms / 1000;
  };
  EXPECT_EQ(seconds(0), 0);
  EXPECT_EQ(seconds(2), 0);
  EXPECT_EQ(seconds(3), 1);
  EXPECT_EQ(seconds(4), 2);
  EXPECT_EQ(seconds(12), 512);
  EXPECT_EQ(seconds(13), 900);
  EXPECT_EQ(seconds(1'000'000), 900);
}

TEST(Attempts, AddressesAreNetworks) {
  EXPECT_EQ(network_of({"203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(network_of({"::ffff:203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(network_of({"2001:db8:1:2:3:4:5:6"}), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of({"2001:db8:1:2::1"}), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of({"local"}), "local");
  EXPECT_EQ(network_of({""}), "");
}

TEST_P(AttemptTest, GuessesAtOneUserFromOneAddressSlowDown) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
  EXPECT_EQ(attempt("li", "1.1.1.1"), 1000);
  EXPECT_EQ(attempt("LI", "1.1.1.1"), 1000);  // refused ones do not count, case does not matter
  EXPECT_EQ(attempt("li", "1.1.1.2"), 0);     // others are not held up
  EXPECT_EQ(attempt("wang", "1.1.1.1"), 0);
  for (const std::int64_t wait : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    EXPECT_EQ(attempt("li", "1.1.1.1"), wait * 1000);
    clock_.pass(base::Duration{wait * 1000 - 1});
    EXPECT_EQ(attempt("li", "1.1.1.1"), 1);
    clock_.pass(base::Duration{1});
    EXPECT_EQ(attempt("li", "1.1.1.1"), 0) << wait;
  }
  pass_seconds(24 * 60 * 60 + 1);  // forgotten
  for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
  EXPECT_EQ(attempt("li", "1.1.1.1"), 1000);
}

TEST_P(AttemptTest, ARightPasswordForgetsTheFailures) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
  pass_seconds(1);
  EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
  succeed("li", "1.1.1.1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
  EXPECT_EQ(attempt("li", "1.1.1.1"), 1000);
}

TEST_P(AttemptTest, OneAddressTryingManyUsersSlowsDown) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(attempt("user" + std::to_string(i), "1.1.1.1"), 0);
  EXPECT_EQ(attempt("another", "1.1.1.1"), 1000);
  EXPECT_EQ(attempt("another", "1.1.1.2"), 0);
  // The same network of IPv6 is one address.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(attempt("v6 user" + std::to_string(i), "2001:db8::" + std::to_string(i + 1)), 0);
  }
  EXPECT_EQ(attempt("v6 another", "2001:db8::ffff"), 1000);
}

TEST_P(AttemptTest, ManyAddressesTryingOneUserCannotLockThemOut) {
  EXPECT_EQ(attempt("li", "9.9.9.9"), 0);
  succeed("li", "9.9.9.9");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(attempt("li", "1.1.1." + std::to_string(i)), 0);
  EXPECT_EQ(attempt("li", "2.2.2.2"), 1000);
  for (int i = 0; i < 10; ++i) {
    pass_seconds(40);
    EXPECT_EQ(attempt("li", "3.3.3." + std::to_string(i)), 0);
  }
  EXPECT_EQ(attempt("li", "2.2.2.2"), 40000);  // never more
  EXPECT_EQ(attempt("li", "9.9.9.9"), 0);      // from where they are known: at once
  pass_seconds(90 * 24 * 60 * 60);
  for (int i = 0; i < 21; ++i) attempt("li", "1.1.1." + std::to_string(i));
  EXPECT_EQ(attempt("li", "9.9.9.9"), 1000);  // known no more
}

TEST_P(AttemptTest, AClockSetBackMakesNobodyWaitLonger) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
    if (i == 2) pass_seconds(1);
  }
  clock_.pass(base::Duration{-3'600'000});
  EXPECT_EQ(attempt("li", "1.1.1.1"), 2000);
}

TEST_P(AttemptTest, OldCountsAreDeleted) {
  for (int i = 0; i < 10; ++i) attempt("user" + std::to_string(i), "1.1.1.1");
  pass_seconds(2 * 24 * 60 * 60);
  attempt("li", "1.1.1.2");
  const auto rows = database().read([](store::Session& session) {
    return session.one("select count(*) from sign_in_failure", {},
                       [](const store::Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(rows, 3);
}

// Somebody behind the same address guesses as often as they may.
TEST_P(AttemptTest, WhoSharesAnAddressLocksNobodyOutOfTheirBrowser) {
  EXPECT_EQ(attempt_by("lis", "li"), 0);
  database().write("attempt.test", [&](store::Unit& unit) {
    succeeded(unit, {"li", {"1.1.1.1", "", "lis"}, clock_.now()});
  });
  for (int i = 0; i < 30; ++i) attempt("li", "1.1.1.1");
  EXPECT_GT(attempt("li", "1.1.1.1"), 0);
  EXPECT_EQ(attempt_by("lis", "li"), 0);
  EXPECT_GT(attempt_by("another", "li"), 0);  // a token of nobody counts for nothing
  // A browser that is known is no way round: it has its own three.
  for (int i = 0; i < 2; ++i) EXPECT_EQ(attempt_by("lis", "li"), 0);
  EXPECT_EQ(attempt_by("lis", "li"), 1000);
  pass_seconds(90 * 86'400 + 1);
  for (int i = 0; i < 3; ++i) attempt("li", "1.1.1.1");
  EXPECT_GT(attempt_by("lis", "li"), 0);  // known no more
}

TEST_P(AttemptTest, ANewPasswordForgetsFailures) {
  for (int i = 0; i < 5; ++i) attempt("li", "1.1.1.1");
  EXPECT_GT(attempt("li", "1.1.1.1"), 0);
  database().write("attempt.test", [&](store::Unit& unit) {
    forget_failures(unit, {"li", {"1.1.1.1"}, clock_.now()});
  });
  EXPECT_EQ(attempt("li", "1.1.1.1"), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, AttemptTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
