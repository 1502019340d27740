#include <gtest/gtest.h>

#include "access/api_key.h"
#include "access/session.h"
#include "access/test_means.h"

namespace rights {
namespace {

const PeerAddress kHome{"203.0.113.9", "curl/8"};
const std::string kNext = "another long passphrase";

class UserResetTest : public PeopleTest {
 protected:
  ResetLink link(base::UserId id) {
    auto made = Users(means()).make_reset(Viewer::command_line(), id);
    EXPECT_EQ(outcome(made), "good");
    return made ? *made : ResetLink{};
  }
  std::string signs_in(const std::string& password) {
    return outcome(Sessions(means()).sign_in({"li", password}, kHome));
  }
};

TEST_P(UserResetTest, EndsSessionsAndTheOldPasswordAtOnce) {
  Sessions sessions(means());
  const SignedIn in = sessions.start(li_, kHome);
  const ResetLink made = link(li_.id);
  EXPECT_EQ(made.expires_at, clock_.now() + kResetLinkTime);
  EXPECT_EQ(outcome(sessions.recognise(in.token)), "access.not_signed_in");
  EXPECT_EQ(signs_in(kPassword), "access.sign_in_failed");
  EXPECT_EQ(signs_in(""), "access.sign_in_failed");
  EXPECT_EQ(outcome(Users(means()).claim_reset(made.token, kNext, kHome)), "good");
  EXPECT_EQ(signs_in(kNext), "good");
}

TEST_P(UserResetTest, ALinkIsGoodOnceAndForADay) {
  Users users(means());
  const std::string first = link(li_.id).token;
  const std::string second = link(li_.id).token;
  EXPECT_EQ(outcome(users.claim_reset(first, kNext, kHome)), "access.link_invalid");
  EXPECT_EQ(outcome(users.claim_reset(second, "short", kHome)), "access.password_too_short");
  EXPECT_EQ(outcome(users.claim_reset(second, kNext, kHome)), "good");
  EXPECT_EQ(outcome(users.claim_reset(second, kNext, kHome)), "access.link_invalid");
  const std::string late = link(li_.id).token;
  clock_.pass(kResetLinkTime);
  EXPECT_EQ(outcome(users.claim_reset(late, kNext, kHome)), "access.link_invalid");
  const std::string passed = link(li_.id).token;
  ASSERT_EQ(outcome(users.change(Viewer::command_line(), li_.id, {.password = kPassword})), "good");
  EXPECT_EQ(outcome(users.claim_reset(passed, kNext, kHome)), "access.link_invalid");
}

TEST_P(UserResetTest, NobodyResetsWhoMayMore) {
  const User admin = make_user("admin", Role::admin);
  Users users(means());
  EXPECT_EQ(outcome(users.make_reset(viewer_of(admin, ""), owner_.id)), "access.not_allowed");
  EXPECT_EQ(outcome(users.make_reset(viewer_of(admin, ""), li_.id)), "good");
  EXPECT_EQ(outcome(users.make_reset(viewer_of(owner_, ""), base::UserId{1})),
            "access.unknown_user");
}

TEST_P(UserResetTest, KeysEndWithTheirMaker) {
  const auto key_of = [&](const User& maker) {
    auto made = ApiKeys(means()).create(viewer_of(maker, ""),
                                        {.name = "k", .scopes = {Permission::events_read}});
    EXPECT_EQ(outcome(made), "good");
    return made ? made->secret : "";
  };
  const std::string of_li = key_of(li_);
  const std::string of_owner = key_of(owner_);
  ApiKeys keys(means());
  ASSERT_EQ(outcome(Users(means()).change(Viewer::command_line(), li_.id,
                                          {.state = UserState::disabled})),
            "good");
  EXPECT_EQ(outcome(keys.recognise(of_li)), "access.not_signed_in");
  EXPECT_EQ(outcome(keys.recognise(of_owner)), "good");
  const User chen = make_user("chen", Role::engineer);
  const std::string of_chen = key_of(chen);
  ASSERT_EQ(outcome(Users(means()).remove(Viewer::command_line(), chen.id)), "good");
  EXPECT_EQ(outcome(keys.recognise(of_chen)), "access.not_signed_in");
  // Recognised before they ended, asking after it.
  EXPECT_EQ(outcome(keys.create(viewer_of(chen, ""),
                                {.name = "late", .scopes = {Permission::events_read}})),
            "access.not_signed_in");
  EXPECT_NE(audit_text().find("deleted user by command_line\n"), std::string::npos);
  EXPECT_NE(audit_text().find("revoked key by command_line\n"), std::string::npos);
}

TEST_P(UserResetTest, KeysMadeWithAKeyEndWithIt) {
  ApiKeys keys(means());
  const auto make = [&](const Viewer& by) {
    return keys.create(by,
                       {.name = "k", .scopes = {Permission::events_read, Permission::keys_write}});
  };
  const auto first = make(viewer_of(owner_, ""));
  ASSERT_TRUE(first);
  const auto second = make(viewer_of(first->key, ""));
  ASSERT_TRUE(second);
  const auto third = make(viewer_of(second->key, ""));
  ASSERT_TRUE(third);
  const auto other = make(viewer_of(owner_, ""));
  ASSERT_TRUE(other);
  EXPECT_EQ(outcome(keys.revoke(viewer_of(owner_, ""), first->key.id)), "good");
  EXPECT_EQ(outcome(keys.recognise(second->secret)), "access.not_signed_in");
  EXPECT_EQ(outcome(keys.recognise(third->secret)), "access.not_signed_in");
  EXPECT_EQ(outcome(keys.recognise(other->secret)), "good");
  // Recognised before it ended, asking after it.
  EXPECT_EQ(outcome(make(viewer_of(second->key, ""))), "access.not_signed_in");
}

INSTANTIATE_TEST_SUITE_P(Both, UserResetTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
