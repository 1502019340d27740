#include <gtest/gtest.h>

#include <filesystem>

#include "access/session.h"
#include "access/test_means.h"
#include "access/totp.h"

namespace rights {
namespace {

const PeerAddress kHome{"203.0.113.9"};
const PeerAddress kAway{"198.51.100.7"};

class SecondFactorTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    if (!IsSkipped()) token_ = sessions_->start(li_, kHome).token;
  }

  std::string code(std::int64_t steps = 0) const {
    return totp_code(secret_, totp_step_of(clock_.now()) + steps);
  }
  std::string wrong_code() const { return code() == "000000" ? "000001" : "000000"; }
  void turn_on() {
    const auto offer = sessions_->offer_second_factor(token_, {kPassword}, kHome);
    ASSERT_EQ(outcome(offer), "good");
    secret_ = offer->secret;
    const auto codes = sessions_->confirm_second_factor(token_, {"", code()}, kHome);
    ASSERT_EQ(outcome(codes), "good");
    recovery_ = *codes;
    clock_.pass(kTotpStep);
  }
  std::string signs_in(const std::string& given, const PeerAddress& from = kHome) {
    return outcome(sessions_->sign_in({"li", kPassword, given}, from));
  }
  std::int64_t codes_left() { return sessions_->second_factor(token_)->recovery_codes_left; }

  std::string token_;
  std::string secret_;
  std::vector<std::string> recovery_;
};

TEST_P(SecondFactorTest, AsksForACodeOnceItIsConfirmed) {
  const auto offer = sessions_->offer_second_factor(token_, {kPassword}, kHome);
  ASSERT_EQ(outcome(offer), "good");
  EXPECT_EQ(signs_in(""), "good");  // offered, not on
  EXPECT_FALSE(sessions_->second_factor(token_)->on);
  secret_ = offer->secret;
  EXPECT_EQ(outcome(sessions_->confirm_second_factor(token_, {"", wrong_code()}, kHome)),
            "access.code_wrong");
  turn_on();
  EXPECT_TRUE(sessions_->second_factor(token_)->on);
  EXPECT_TRUE(sessions_->recognise(token_)->user.second_factor);
  EXPECT_EQ(signs_in(""), "access.code_needed");
  EXPECT_EQ(signs_in(wrong_code()), "access.code_wrong");
  EXPECT_EQ(signs_in("12345"), "access.code_wrong");
  EXPECT_EQ(outcome(sessions_->sign_in({"li", "wrong password", code()}, kAway)),
            "access.sign_in_failed");
  EXPECT_EQ(signs_in(code()), "good");
}

TEST_P(SecondFactorTest, NoCodeIsTakenTwiceNorAnOlderOne) {
  turn_on();
  clock_.pass(base::Duration{3 * kTotpStep.ms});
  const std::string now = code();
  EXPECT_EQ(signs_in(now), "good");
  EXPECT_EQ(signs_in(now), "access.code_wrong");
  EXPECT_EQ(signs_in(code(-1)), "access.code_wrong");
  EXPECT_EQ(signs_in(code(1)), "good");
  clock_.pass(base::Duration{5 * kTotpStep.ms});
  EXPECT_EQ(signs_in(code(-1)), "good");
  clock_.pass(base::Duration{5 * kTotpStep.ms});
  EXPECT_EQ(signs_in(code(-2)), "access.code_wrong");
  EXPECT_EQ(signs_in(code(2)), "access.code_wrong");
}

TEST_P(SecondFactorTest, RecoveryCodesAreGoodOnceEach) {
  turn_on();
  ASSERT_EQ(recovery_.size(), kRecoveryCodes);
  EXPECT_EQ(codes_left(), 10);
  EXPECT_EQ(signs_in(recovery_[3]), "good");
  EXPECT_EQ(signs_in(recovery_[3]), "access.code_wrong");
  std::string typed = recovery_[4];
  std::erase(typed, '-');
  for (char& c : typed) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(signs_in(typed), "good");
  EXPECT_EQ(codes_left(), 8);
  EXPECT_NE(audit_text().find("recovery_code_used second_factor by user\n"), std::string::npos);
}

TEST_P(SecondFactorTest, WrongCodesAreSlowedAndLockNobodyOut) {
  turn_on();
  for (int i = 0; i < 10; ++i) {
    const PeerAddress from{"198.51.100." + std::to_string(i + 1)};
    EXPECT_EQ(signs_in(wrong_code(), from), "access.code_wrong");
  }
  EXPECT_EQ(signs_in(code(), {"198.51.101.1"}), "access.slow_down");
  // Without the password nothing is counted that would keep li waiting.
  EXPECT_EQ(outcome(sessions_->sign_in({"li", "wrong password", code()}, kAway)),
            "access.sign_in_failed");
  clock_.pass(base::Duration{kTotpStep.ms});
  EXPECT_EQ(signs_in(code(), {"198.51.101.1"}), "good");
  // From where one has signed in, others' wrong codes do not count.
  for (int i = 0; i < 12; ++i) {
    static_cast<void>(signs_in(wrong_code(), {"198.51.102." + std::to_string(i + 1)}));
  }
  clock_.pass(kTotpStep);
  for (int i = 0; i < 12; ++i) {
    static_cast<void>(signs_in(wrong_code(), {"198.51.103." + std::to_string(i + 1)}));
  }
  EXPECT_EQ(signs_in(code(), {"198.51.104.1"}), "access.slow_down");
  EXPECT_EQ(signs_in(code(), {"198.51.101.1"}), "good");
}

TEST_P(SecondFactorTest, WrongCodesFromOneAddressCountAsWrongPasswords) {
  turn_on();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(signs_in(wrong_code()), "access.code_wrong");
  EXPECT_EQ(signs_in(code()), "access.slow_down");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(signs_in("", kAway), "access.code_needed");
}

TEST_P(SecondFactorTest, OnesOwnIsRemovedWithPasswordAndCode) {
  turn_on();
  EXPECT_EQ(outcome(sessions_->offer_second_factor(token_, {kPassword}, kHome)),
            "access.second_factor_on");
  EXPECT_EQ(outcome(sessions_->remove_second_factor(token_, {"wrong", code()}, kHome)),
            "access.wrong_password");
  EXPECT_EQ(outcome(sessions_->remove_second_factor(token_, {kPassword, ""}, kHome)),
            "access.code_needed");
  EXPECT_EQ(outcome(sessions_->remove_second_factor(token_, {kPassword, wrong_code()}, kHome)),
            "access.code_wrong");
  EXPECT_EQ(outcome(sessions_->remove_second_factor(token_, {kPassword, code()}, kHome)), "good");
  EXPECT_EQ(outcome(sessions_->remove_second_factor(token_, {kPassword, code()}, kHome)),
            "access.second_factor_off");
  EXPECT_EQ(outcome(sessions_->confirm_second_factor(token_, {"", code()}, kHome)),
            "access.second_factor_off");
  EXPECT_EQ(signs_in(""), "good");
}

TEST_P(SecondFactorTest, SomebodyElsesIsRemovedByOwnersOnly) {
  turn_on();
  const User admin = make_user("admin", Role::admin);
  Users users(means());
  EXPECT_EQ(outcome(users.remove_second_factor(viewer_of(admin, ""), li_.id)),
            "access.not_allowed");
  EXPECT_EQ(outcome(users.remove_second_factor(viewer_of(li_, ""), li_.id)), "access.not_allowed");
  EXPECT_EQ(outcome(users.remove_second_factor(viewer_of(owner_, ""), owner_.id)),
            "access.needs_proof");
  EXPECT_EQ(outcome(users.remove_second_factor(viewer_of(owner_, ""), li_.id)), "good");
  EXPECT_EQ(outcome(users.remove_second_factor(viewer_of(owner_, ""), li_.id)),
            "access.second_factor_off");
  EXPECT_EQ(signs_in(""), "good");
  const std::string audit = audit_text();
  EXPECT_NE(audit.find("turned_on second_factor by user\n"), std::string::npos);
  EXPECT_NE(audit.find("turned_off second_factor by user\n"), std::string::npos);
}

TEST_P(SecondFactorTest, WithoutItsKeyRecoveryCodesStillWork) {
  turn_on();
  std::filesystem::remove(folder_.path() + "/" + std::string(kSecretKeyFile));
  EXPECT_EQ(signs_in(code()), "access.no_second_factor_key");
  EXPECT_EQ(signs_in(recovery_[0]), "good");
}

INSTANTIATE_TEST_SUITE_P(Both, SecondFactorTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
