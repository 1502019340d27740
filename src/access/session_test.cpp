#include "access/session.h"

#include <gtest/gtest.h>

#include <thread>

#include "access/secret.h"
#include "access/test_means.h"

namespace rights {
namespace {

const PeerAddress kHome{"203.0.113.9"};
const PeerAddress kAway{"198.51.100.7"};

class SessionTest : public AccessTest {
 protected:
  void SetUp() override {
    AccessTest::SetUp();
    if (IsSkipped()) return;
    user_ = make_user("li", Role::owner);
    sessions_ = std::make_unique<Sessions>(means());
  }
  void TearDown() override {
    sessions_.reset();
    AccessTest::TearDown();
  }

  std::string sign_in(const PeerAddress& from = kHome) {
    const auto signed_in = sessions_->sign_in({"li", kPassword}, from);
    EXPECT_EQ(outcome(signed_in), "good");
    return signed_in ? signed_in->token : "";
  }
  bool is_open(std::string_view token) { return sessions_->recognise(token).has_value(); }

  User user_;
  std::unique_ptr<Sessions> sessions_;
};

TEST_P(SessionTest, IsRecognisedByItsToken) {
  const std::string token = sign_in();
  const auto recognised = sessions_->recognise(token);
  ASSERT_TRUE(recognised.has_value());
  EXPECT_EQ(recognised->user.id, user_.id);
  EXPECT_EQ(recognised->user.last_sign_in_at, clock_.now());
  EXPECT_FALSE(is_open(""));
  EXPECT_FALSE(is_open(token.substr(1)));
  EXPECT_FALSE(is_open(hash_of(token)));  // what is stored does not open anything
  EXPECT_NE(sign_in(), token);
  EXPECT_TRUE(is_open(token));
}

TEST_P(SessionTest, OnlyTheRightPasswordSignsIn) {
  EXPECT_EQ(outcome(sessions_->sign_in({"li", "wrong password"}, kHome)), "access.sign_in_failed");
  EXPECT_EQ(outcome(sessions_->sign_in({"nobody", kPassword}, kHome)), "access.sign_in_failed");
  EXPECT_EQ(outcome(sessions_->sign_in({"LI", kPassword}, kHome)), "good");
  ASSERT_TRUE(make_user("second", Role::owner).id);
  ASSERT_EQ(outcome(Users(means()).change(Viewer::command_line(), user_.id,
                                          {.state = UserState::disabled})),
            "good");
  EXPECT_EQ(outcome(sessions_->sign_in({"li", kPassword}, kHome)), "access.sign_in_failed");
}

TEST_P(SessionTest, GuessesAreSlowed) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome(sessions_->sign_in({"li", "wrong password"}, kHome)),
              "access.sign_in_failed");
  }
  const auto slowed = sessions_->sign_in({"li", kPassword}, kHome);
  EXPECT_EQ(outcome(slowed), "access.slow_down");
  EXPECT_EQ(slowed.error().retry_after, base::kSecond);
  EXPECT_EQ(outcome(sessions_->sign_in({"li", kPassword}, kAway)), "good");
  clock_.pass(base::kSecond);
  EXPECT_EQ(outcome(sessions_->sign_in({"li", kPassword}, kHome)), "good");
}

TEST_P(SessionTest, GuessesAtOnceGainNothing) {
  std::atomic<int> looked_at = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto tried = sessions_->sign_in({"li", "wrong password"}, kHome);
      if (outcome(tried) == "access.sign_in_failed") ++looked_at;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(looked_at, 3);
}

TEST_P(SessionTest, EndsWhenNotUsed) {
  const std::string token = sign_in();
  clock_.pass(base::Duration{kSessionIdleTime.ms - 1});
  EXPECT_TRUE(is_open(token));
  clock_.pass(base::kMillisecond);
  EXPECT_FALSE(is_open(token));
}

TEST_P(SessionTest, UseKeepsItOpenButNotForEver) {
  const std::string token = sign_in();
  const base::Moment start = clock_.now();
  EXPECT_FALSE(sessions_->recognise(token)->touch_due);
  clock_.pass(kTouchEvery);
  EXPECT_TRUE(sessions_->recognise(token)->touch_due);
  sessions_->touch(token);
  EXPECT_FALSE(sessions_->recognise(token)->touch_due);
  while (clock_.now() + base::kHour < start + kSessionTime) {
    ASSERT_TRUE(is_open(token));
    sessions_->touch(token);
    clock_.pass(base::kHour);
  }
  EXPECT_TRUE(is_open(token));
  clock_.pass(base::kHour);
  EXPECT_FALSE(is_open(token));
}

TEST_P(SessionTest, EndsBySigningOut) {
  const std::string token = sign_in();
  const std::string other = sign_in();
  sessions_->sign_out(token, kHome);
  sessions_->sign_out(token, kHome);
  EXPECT_FALSE(is_open(token));
  EXPECT_TRUE(is_open(other));
  EXPECT_EQ(audit_text(),
            "created user by command_line\nstarted session by user\nstarted session by user\n"
            "ended session by user\n");
}

TEST_P(SessionTest, EndsWithItsUser) {
  const std::string token = sign_in();
  make_user("second", Role::owner);
  Users users(means());
  ASSERT_TRUE(users.change(Viewer::command_line(), user_.id, {.display_name = "x"}).has_value());
  EXPECT_TRUE(is_open(token));
  const UserChange disabled{.state = UserState::disabled};
  ASSERT_TRUE(users.change(Viewer::command_line(), user_.id, disabled).has_value());
  EXPECT_FALSE(is_open(token));
  const UserChange active{.state = UserState::active};
  ASSERT_TRUE(users.change(Viewer::command_line(), user_.id, active).has_value());
  EXPECT_FALSE(is_open(token));  // gone for good
  const std::string second = sign_in();
  ASSERT_TRUE(users.remove(Viewer::command_line(), user_.id).has_value());
  EXPECT_FALSE(is_open(second));
}

TEST_P(SessionTest, APasswordChangeEndsTheOthers) {
  const std::string mine = sign_in();
  const std::string other = sign_in(kAway);
  const std::string next = "another good one";
  const auto change = [&](const PasswordChange& to) {
    return outcome(sessions_->change_password(mine, to, kHome));
  };
  EXPECT_EQ(change({"wrong password", next}), "access.wrong_password");
  EXPECT_EQ(change({kPassword, "short"}), "access.password_too_short");
  EXPECT_TRUE(is_open(other));
  EXPECT_EQ(change({kPassword, next}), "good");
  EXPECT_TRUE(is_open(mine));
  EXPECT_FALSE(is_open(other));
  EXPECT_EQ(outcome(sessions_->sign_in({"li", kPassword}, kHome)), "access.sign_in_failed");
  EXPECT_EQ(outcome(sessions_->sign_in({"li", next}, kHome)), "good");
  EXPECT_EQ(outcome(sessions_->change_password("no token", {next, kPassword}, kHome)),
            "access.not_signed_in");
}

TEST_P(SessionTest, GuessingTheCurrentPasswordIsSlowed) {
  const std::string mine = sign_in();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome(sessions_->change_password(mine, {"wrong", kPassword}, kHome)),
              "access.wrong_password");
  }
  EXPECT_EQ(outcome(sessions_->change_password(mine, {kPassword, "another good one"}, kHome)),
            "access.slow_down");
}

TEST_P(SessionTest, APasswordSetBySomebodyElseEndsAll) {
  const std::string token = sign_in();
  const UserChange change{.password = "another good one"};
  ASSERT_TRUE(Users(means()).change(Viewer::command_line(), user_.id, change).has_value());
  EXPECT_FALSE(is_open(token));
}

TEST_P(SessionTest, OfManySessionsTheOldestEnds) {
  std::vector<std::string> tokens;
  for (std::int64_t i = 0; i <= kSessionsPerUserMax; ++i) {
    tokens.push_back(sign_in());
    clock_.pass(base::kSecond);
  }
  EXPECT_FALSE(is_open(tokens[0]));
  EXPECT_TRUE(is_open(tokens[1]));
  EXPECT_TRUE(is_open(tokens.back()));
}

TEST_P(SessionTest, ANewOwnerIsSignedInAtOnce) {
  const SignedIn started = sessions_->start(user_, kHome);
  EXPECT_TRUE(is_open(started.token));
}

TEST(Csrf, IsBoundToTheSession) {
  const std::string csrf = csrf_token_of("token");
  EXPECT_EQ(csrf.size(), 43u);
  EXPECT_TRUE(is_csrf_token("token", csrf));
  EXPECT_FALSE(is_csrf_token("other", csrf));
  EXPECT_FALSE(is_csrf_token("token", ""));
  EXPECT_FALSE(is_csrf_token("token", "token"));
  EXPECT_FALSE(is_csrf_token("token", csrf + "x"));
}

INSTANTIATE_TEST_SUITE_P(Both, SessionTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
