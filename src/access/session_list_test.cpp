#include <gtest/gtest.h>

#include "access/session.h"
#include "access/test_means.h"

namespace rights {
namespace {

class SessionListTest : public PeopleTest {
 protected:
  std::string start(const User& user, const std::string& user_agent) {
    clock_.pass(base::kSecond);
    return sessions_->start(user, {"203.0.113.9", user_agent}).token;
  }
  std::string listed(const User& user, std::string_view token) {
    std::string text;
    for (const OpenSession& each : sessions_->list(user.id, token)) {
      text += each.device + (each.current ? "! " : " ");
    }
    return text;
  }
};

TEST_P(SessionListTest, ShowsWhatIsOpenLastUsedFirst) {
  const std::string first = start(li_, "one");
  const std::string second = start(li_, "two");
  start(owner_, "else");
  EXPECT_EQ(listed(li_, first), "two one! ");
  clock_.pass(kTouchEvery);
  sessions_->touch(first);
  EXPECT_EQ(listed(li_, ""), "one two ");
  const auto row = sessions_->list(li_.id, first).front();
  EXPECT_EQ(row.address, "203.0.113.9");
  EXPECT_EQ(row.user, li_.id);
  EXPECT_EQ(row.last_used_at, clock_.now());
  EXPECT_LT(row.started_at, row.last_used_at);
  clock_.pass(base::Duration{kSessionIdleTime.ms - base::kSecond.ms});
  EXPECT_EQ(listed(li_, first), "one! ");  // the other has not been used for too long
}

TEST_P(SessionListTest, OnesOwnCanBeEndedAndNobodyElses) {
  const std::string mine = start(li_, "mine");
  const std::string other = start(li_, "other");
  const std::string theirs = start(owner_, "theirs");
  const Viewer li = viewer_of(li_, "");
  const SessionId of_owner = sessions_->list(owner_.id, "").front().id;
  EXPECT_EQ(outcome(sessions_->end(li, of_owner)), "access.unknown_session");
  EXPECT_EQ(outcome(sessions_->end(li, SessionId{7})), "access.unknown_session");
  EXPECT_EQ(outcome(sessions_->end_all(li, owner_.id, "")), "access.not_allowed");
  const SessionId id = sessions_->list(li_.id, "").front().id;
  EXPECT_EQ(outcome(sessions_->end(li, id)), "good");
  EXPECT_EQ(outcome(sessions_->end(li, id)), "access.unknown_session");
  EXPECT_FALSE(is_open(other));
  EXPECT_TRUE(is_open(mine));
  EXPECT_TRUE(is_open(theirs));
}

TEST_P(SessionListTest, AllOthersEndAtOnce) {
  const std::string mine = start(li_, "mine");
  const std::string other = start(li_, "other");
  const std::string theirs = start(owner_, "theirs");
  const auto ended = sessions_->end_all(viewer_of(li_, ""), li_.id, mine);
  ASSERT_EQ(outcome(ended), "good");
  EXPECT_EQ(*ended, 1);
  EXPECT_TRUE(is_open(mine));
  EXPECT_FALSE(is_open(other));
  EXPECT_TRUE(is_open(theirs));
  EXPECT_NE(audit_text().find("ended session by user\n"), std::string::npos);
}

TEST_P(SessionListTest, WhoManagesUsersEndsThoseOfWhoMayNoMore) {
  const User admin = make_user("admin", Role::admin);
  const std::string of_li = start(li_, "li");
  const std::string of_owner = start(owner_, "owner");
  const Viewer by = viewer_of(admin, "");
  EXPECT_EQ(outcome(sessions_->end(by, sessions_->list(owner_.id, "").front().id)),
            "access.not_allowed");
  EXPECT_EQ(outcome(sessions_->end_all(by, owner_.id, "")), "access.not_allowed");
  EXPECT_EQ(outcome(sessions_->end_all(by, base::UserId{1}, "")), "access.unknown_user");
  EXPECT_EQ(outcome(sessions_->end_all(by, li_.id, "")), "good");
  EXPECT_FALSE(is_open(of_li));
  EXPECT_TRUE(is_open(of_owner));
}

INSTANTIATE_TEST_SUITE_P(Both, SessionListTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
