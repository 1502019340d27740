#include "access/user.h"

#include <gtest/gtest.h>

#include <thread>

#include "access/api_key.h"
#include "access/audit.h"
#include "access/test_means.h"

namespace rights {
namespace {

class UserTest : public AccessTest {
 protected:
  std::string create(const Viewer& by, Role role, const NewUser& user) {
    return outcome(Users(means()).create(by, role, user));
  }
  std::string change(const Viewer& by, base::UserId id, const UserChange& to) {
    return outcome(Users(means()).change(by, id, to));
  }
};

TEST_P(UserTest, TheOwnerIsMadeThroughTheLink) {
  Users users(means());
  const auto token = users.make_owner_link();
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->size(), 43u);
  const NewUser good{"李明", "", kPassword};
  EXPECT_EQ(outcome(users.claim_owner("wrong", good, "")), "access.link_invalid");
  // A bad name or password leaves the link good.
  EXPECT_EQ(outcome(users.claim_owner(*token, {"", "", kPassword}, "")), "access.bad_name");
  EXPECT_EQ(outcome(users.claim_owner(*token, {"li", "", "short"}, "")),
            "access.password_too_short");
  const auto owner = users.claim_owner(*token, good, "203.0.113.9");
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(owner->role, Role::owner);
  EXPECT_EQ(owner->display_name, "李明");
  EXPECT_EQ(outcome(users.claim_owner(*token, {"wang", "", kPassword}, "")), "access.link_invalid");
  EXPECT_EQ(users.make_owner_link(), std::nullopt);
  EXPECT_EQ(users.list().size(), 1u);
  EXPECT_EQ(audit_text(), "created user by user\n");
}

TEST_P(UserTest, TheLinkExpiresAndIsReplaced) {
  Users users(means());
  const auto first = users.make_owner_link();
  const auto second = users.make_owner_link();
  const NewUser user{"li", "", kPassword};
  EXPECT_EQ(outcome(users.claim_owner(*first, user, "")), "access.link_invalid");
  clock_.pass(kOwnerLinkTime);
  EXPECT_EQ(outcome(users.claim_owner(*second, user, "")), "access.link_invalid");
  const auto third = users.make_owner_link();
  clock_.pass(base::Duration{kOwnerLinkTime.ms - 1});
  EXPECT_EQ(outcome(users.claim_owner(*third, user, "")), "good");
}

TEST_P(UserTest, AUserMadeOtherwiseEndsTheLink) {
  Users users(means());
  const auto token = users.make_owner_link();
  EXPECT_EQ(create(Viewer::command_line(), Role::owner, {"li", "", kPassword}), "good");
  EXPECT_EQ(outcome(users.claim_owner(*token, {"wang", "", kPassword}, "")), "access.link_invalid");
}

TEST_P(UserTest, OfSixteenClaimingTheLinkExactlyOneWins) {
  const auto token = Users(means()).make_owner_link();
  std::atomic<int> won = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      Users users(means());
      const auto claimed =
          users.claim_owner(*token, {"claimer" + std::to_string(i), "", kPassword}, "");
      if (claimed) ++won;
      if (outcome(claimed) == "access.link_invalid") ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(refused, 15);
  EXPECT_EQ(Users(means()).list().size(), 1u);
}

TEST_P(UserTest, NamesAreUnique) {
  const Viewer by = Viewer::command_line();
  EXPECT_EQ(create(by, Role::analyst, {"Li", "李", kPassword}), "good");
  EXPECT_EQ(create(by, Role::analyst, {"li", "", kPassword}), "access.name_taken");
  EXPECT_EQ(create(by, Role::analyst, {" li2", "", kPassword}), "access.bad_name");
  EXPECT_EQ(create(by, Role::analyst, {"l\ni", "", kPassword}), "access.bad_name");
  EXPECT_EQ(create(by, Role::analyst, {"\xff", "", kPassword}), "access.bad_name");
  EXPECT_EQ(create(by, Role::analyst, {std::string(201, 'a'), "", kPassword}), "access.bad_name");
  EXPECT_EQ(create(by, Role::analyst, {std::string(200, 'a'), "", kPassword}), "good");
  EXPECT_EQ(create(by, Role::analyst, {"wang", std::string(201, 'a'), kPassword}),
            "access.bad_name");
  const auto found = Users(means()).find("LI");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->name + found->display_name, "Li李");
  EXPECT_EQ(Users(means()).find("nobody"), std::nullopt);
}

TEST_P(UserTest, NobodyGivesOrTouchesMoreThanTheyMay) {
  const User owner = make_owner();
  const User admin = make_user("admin user", Role::admin);
  const User other = make_user("engineer user", Role::engineer);
  const Viewer as_admin = viewer_of(admin, "");
  const Viewer as_engineer = viewer_of(other, "");
  EXPECT_EQ(create(as_admin, Role::owner, {"x", "", kPassword}), "access.not_allowed");
  EXPECT_EQ(create(as_admin, Role::admin, {"y", "", kPassword}), "good");
  EXPECT_EQ(create(as_engineer, Role::operator_, {"z", "", kPassword}), "access.not_allowed");
  EXPECT_EQ(change(as_admin, owner.id, {.display_name = "x"}), "access.not_allowed");
  EXPECT_EQ(change(as_admin, owner.id, {.password = kPassword + "1"}), "access.not_allowed");
  EXPECT_EQ(change(as_admin, other.id, {.role = Role::owner}), "access.not_allowed");
  EXPECT_EQ(change(as_admin, other.id, {.role = Role::admin}), "good");
  EXPECT_EQ(outcome(Users(means()).remove(as_admin, owner.id)), "access.not_allowed");
  EXPECT_EQ(outcome(Users(means()).remove(as_admin, other.id)), "good");
  EXPECT_EQ(outcome(Users(means()).remove(as_admin, other.id)), "access.unknown_user");
  EXPECT_EQ(change(as_admin, other.id, {}), "access.unknown_user");
}

TEST_P(UserTest, OnesOwnPasswordNeedsTheCurrentOneAndKeysSetNobodys) {
  const User owner = make_owner();
  const User other = make_user("engineer user", Role::engineer);
  const auto made = ApiKeys(means()).create(viewer_of(owner, ""),
                                            {.name = "k", .scopes = permissions_of(Role::owner)});
  ASSERT_TRUE(made);
  const Viewer as_key = viewer_of(made->key, "");
  const std::string another = kPassword + "1";
  EXPECT_EQ(change(viewer_of(owner, ""), owner.id, {.password = another}), "access.needs_proof");
  EXPECT_EQ(change(as_key, owner.id, {.password = another}), "access.needs_proof");
  EXPECT_EQ(change(as_key, other.id, {.password = another}), "access.needs_proof");
  EXPECT_EQ(outcome(Users(means()).make_reset(as_key, other.id)), "access.needs_proof");
  EXPECT_EQ(outcome(Users(means()).make_reset(viewer_of(owner, ""), owner.id)),
            "access.needs_proof");
  EXPECT_EQ(outcome(Users(means()).remove_second_factor(as_key, other.id)), "access.needs_proof");
  EXPECT_EQ(change(as_key, other.id, {.display_name = "x"}), "good");
  EXPECT_EQ(change(viewer_of(owner, ""), other.id, {.password = another}), "good");
}

TEST_P(UserTest, TheLastOwnerStays) {
  const User first = make_owner();
  const Viewer by = viewer_of(first, "");
  EXPECT_EQ(change(by, first.id, {.role = Role::admin}), "access.last_owner");
  EXPECT_EQ(change(by, first.id, {.state = UserState::disabled}), "access.last_owner");
  EXPECT_EQ(outcome(Users(means()).remove(by, first.id)), "access.last_owner");
  const User second = make_user("second", Role::owner);
  EXPECT_EQ(change(by, second.id, {.state = UserState::disabled}), "good");
  EXPECT_EQ(outcome(Users(means()).remove(by, first.id)), "access.last_owner");
  EXPECT_EQ(outcome(Users(means()).remove(by, second.id)), "good");
}

TEST_P(UserTest, OfTwoOwnersLeavingAtOnceOneStays) {
  for (int round = 0; round < 5; ++round) {
    std::vector<User> owners;
    for (int i = 0; i < 8; ++i) {
      owners.push_back(make_user(std::to_string(round) + "-" + std::to_string(i), Role::owner));
    }
    std::vector<std::thread> threads;
    for (const User& owner : owners) {
      threads.emplace_back([&, owner] {
        static_cast<void>(
            Users(means()).change(viewer_of(owner, ""), owner.id, {.state = UserState::disabled}));
      });
    }
    for (std::thread& thread : threads) thread.join();
    int active = 0;
    for (const User& user : Users(means()).list()) active += user.state == UserState::active;
    EXPECT_EQ(active, 1);
  }
}

TEST_P(UserTest, ChangesAreAudited) {
  const User user = make_user("li", Role::analyst);
  const Viewer by = viewer_of(make_user("boss", Role::owner), "203.0.113.9");
  ASSERT_EQ(change(by, user.id, {.display_name = "李", .password = kPassword + "!"}), "good");
  const AuditPage page = database().read([&](store::Session& session) {
    return read_audit(session, {.noun = "user", .subject = std::to_string(user.id.value)}, {});
  });
  ASSERT_EQ(page.entries.size(), 2u);
  const AuditEntry& entry = page.entries[0];
  EXPECT_EQ(entry.verb, "changed");
  EXPECT_EQ(entry.actor.from, "203.0.113.9");
  EXPECT_EQ(entry.before,
            R"({"name":"li","display_name":"li","role":"analyst","state":"active","scope":"all"})");
  EXPECT_EQ(entry.after,
            R"({"name":"li","display_name":"李","role":"analyst","state":"active","scope":"all",)"
            R"("password":"changed"})");
}

INSTANTIATE_TEST_SUITE_P(Both, UserTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
