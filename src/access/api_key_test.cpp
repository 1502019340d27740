#include "access/api_key.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "access/test_means.h"

namespace rights {
namespace {

class ApiKeyTest : public AccessTest {
 protected:
  std::string create(const Viewer& by, const NewKey& key) {
    return outcome(ApiKeys(means()).create(by, key));
  }
};

const PermissionSet kEvents{Permission::events_write, Permission::events_read};

TEST_P(ApiKeyTest, IsRecognisedByItsSecret) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  ASSERT_TRUE(created.has_value());
  const std::string& secret = created->secret;
  EXPECT_EQ(secret.size(), 57u);
  EXPECT_TRUE(secret.starts_with(created->key.prefix + "_"));
  const auto recognised = keys.recognise(secret);
  ASSERT_TRUE(recognised.has_value());
  EXPECT_EQ(recognised->key.id, created->key.id);
  EXPECT_EQ(recognised->key.scopes, kEvents);
  const Viewer viewer = viewer_of(recognised->key, "203.0.113.9");
  EXPECT_TRUE(viewer.may(Permission::events_write));
  EXPECT_FALSE(viewer.may(Permission::customers_read));
  EXPECT_EQ(to_text(viewer.actor()), "key:" + std::to_string(created->key.id.value));

  std::string wrong = secret;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  const std::string no_mark = "x" + secret.substr(1);
  for (const std::string& bad : {wrong, no_mark, secret + "x", secret.substr(0, 56), std::string(),
                                 created->key.prefix, std::string(57, '\xff')}) {
    EXPECT_EQ(outcome(keys.recognise(bad)), "access.not_signed_in") << bad;
  }
}

TEST_P(ApiKeyTest, APublicOneHoldsOneScopeAndNamesItsOrigins) {
  const PermissionSet track{Permission::events_track};
  const auto with = [&](PermissionSet scopes, std::vector<std::string> origins) {
    return NewKey{
        .name = "site", .scopes = scopes, .write_only = true, .origins = std::move(origins)};
  };
  const Viewer by = Viewer::command_line();
  EXPECT_EQ(create(by, with(kEvents, {"https://a"})), "access.public_scopes");
  EXPECT_EQ(create(by, with(track, {})), "access.bad_origin");
  EXPECT_EQ(create(by, with(track, {"https://a", "a"})), "access.bad_origin");
  EXPECT_EQ(create(by, with(track, std::vector<std::string>(21, "https://a"))),
            "access.bad_origin");
  EXPECT_EQ(create(by, {.name = "x", .scopes = track, .origins = {"https://a"}}),
            "access.bad_origin");
  ApiKeys keys(means());
  const auto made = keys.create(by, with(track, {"https://Shop.example.com/", "http://b:8080"}));
  ASSERT_EQ(outcome(made), "good");
  const auto recognised = keys.recognise(made->secret);
  ASSERT_EQ(outcome(recognised), "good");
  EXPECT_TRUE(recognised->key.write_only);
  EXPECT_EQ(recognised->key.origins,
            (std::vector<std::string>{"https://shop.example.com", "http://b:8080"}));
  EXPECT_TRUE(keys.is_public_origin("https://shop.example.com"));
  for (const char* origin : {"", "null", "https://shop.example.com/", "https://shop.example.com:8",
                             "http://shop.example.com", "https://example.com"}) {
    EXPECT_FALSE(keys.is_public_origin(origin)) << origin;
  }
  ASSERT_EQ(outcome(keys.revoke(by, made->key.id)), "good");
  EXPECT_FALSE(keys.is_public_origin("https://shop.example.com"));
}

TEST_P(ApiKeyTest, TheSecretIsNotStored) {
  const auto created = ApiKeys(means()).create(Viewer::command_line(), {"shop", kEvents});
  const std::string_view random = std::string_view(created->secret).substr(14);
  database().read([&](store::Session& session) {
    session.query("select secret_hash, prefix, name, scopes from api_key", {},
                  [&](const store::Row& row) {
                    for (int i = 0; i < 4; ++i) {
                      EXPECT_EQ(row.text(i).find(random), std::string_view::npos);
                    }
                    EXPECT_EQ(row.text(0).size(), 64u);
                  });
    session.query("select after_json from audit", {}, [&](const store::Row& row) {
      EXPECT_EQ(row.text(0).find(random), std::string_view::npos);
      EXPECT_NE(row.text(0).find(R"("scopes":["events.read","events.write"])"),
                std::string_view::npos)
          << row.text(0);
    });
  });
}

TEST_P(ApiKeyTest, AKeyRevokedByAnotherProcessOpensNothingASecondLater) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  ASSERT_EQ(outcome(keys.recognise(created->secret)), "good");
  database().write("test.revoke", [&](store::Unit& unit) {
    unit.execute("update api_key set revoked_at = $2 where id = $1",
                 {created->key.id.value, clock_.now().ms});
  });
  clock_.pass(kKeyKnownFor);
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "access.not_signed_in");
}

TEST_P(ApiKeyTest, AKeyRevokedInThisProcessOpensNothingAtOnce) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  ASSERT_EQ(outcome(keys.recognise(created->secret)), "good");
  EXPECT_EQ(ApiKeys(means()).revoke(Viewer::command_line(), created->key.id), true);
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "access.not_signed_in");
}

TEST_P(ApiKeyTest, AKeyThatIsRememberedStillExpiresAndStillNeedsItsSecret) {
  ApiKeys keys(means());
  const base::Moment soon = clock_.now() + base::Duration{500};
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents, soon});
  ASSERT_EQ(outcome(keys.recognise(created->secret)), "good");
  std::string wrong = created->secret;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(outcome(keys.recognise(wrong)), "access.not_signed_in");
  clock_.pass(base::Duration{500});
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "access.not_signed_in");
}

TEST_P(ApiKeyTest, ARevokedKeyOpensNothing) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  const auto other = keys.create(Viewer::command_line(), {"till", kEvents});
  EXPECT_EQ(keys.revoke(Viewer::command_line(), created->key.id), true);
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "access.not_signed_in");
  EXPECT_EQ(outcome(keys.recognise(other->secret)), "good");
  EXPECT_EQ(keys.revoke(Viewer::command_line(), created->key.id), false);
  EXPECT_EQ(outcome(keys.revoke(Viewer::command_line(), base::KeyId{1})), "access.unknown_key");
  EXPECT_EQ(audit_text(),
            "created key by command_line\ncreated key by command_line\n"
            "revoked key by command_line\n");
  int revoked = 0;
  for (const ApiKey& key : keys.list()) revoked += key.revoked_at == clock_.now();
  EXPECT_EQ(revoked, 1);
}

TEST_P(ApiKeyTest, AnExpiredKeyOpensNothing) {
  ApiKeys keys(means());
  const base::Moment end = clock_.now() + base::kHour;
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents, end});
  clock_.pass(base::Duration{base::kHour.ms - 1});
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "good");
  clock_.pass(base::kMillisecond);
  EXPECT_EQ(outcome(keys.recognise(created->secret)), "access.not_signed_in");
  EXPECT_EQ(create(Viewer::command_line(), {"late", kEvents, clock_.now()}),
            "access.expires_in_past");
}

TEST_P(ApiKeyTest, MayNeverMoreThanItsMaker) {
  const Viewer engineer = viewer_of(make_user("engineer user", Role::engineer), "");
  EXPECT_EQ(create(engineer, {"good", kEvents}), "good");
  EXPECT_EQ(create(engineer, {"more", {Permission::customers_erase}}), "access.not_allowed");
  EXPECT_EQ(create(engineer, {"none", {}}), "access.no_scopes");
  EXPECT_EQ(create(engineer, {"", kEvents}), "access.bad_name");
  ApiKeys keys(means());
  const auto strong = keys.create(Viewer::command_line(), {"s", {Permission::customers_erase}});
  EXPECT_EQ(outcome(keys.revoke(engineer, strong->key.id)), "access.not_allowed");
}

// What known() tells, which neither reads nor writes.
TEST_P(ApiKeyTest, IsKnownWhileNothingIsToBeReadOrWrittenForIt) {
  ApiKeys keys(means());
  const base::Moment end = clock_.now() + base::kHour;
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents, end});
  EXPECT_EQ(keys.known(created->secret), nullptr) << "never read";
  keys.recognise(created->secret).value();
  EXPECT_EQ(keys.known(created->secret), nullptr) << "its use is not noted";
  keys.touch(created->key.id);
  keys.recognise(created->secret).value();
  ASSERT_NE(keys.known(created->secret), nullptr);
  EXPECT_EQ(keys.known(created->secret)->scopes, kEvents);
  std::string wrong = created->secret;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(keys.known(wrong), nullptr);
  EXPECT_EQ(keys.known(""), nullptr);
  clock_.pass(kKeyKnownFor);
  EXPECT_EQ(keys.known(created->secret), nullptr) << "read too long ago";
  keys.recognise(created->secret).value();
  ASSERT_NE(keys.known(created->secret), nullptr);
  EXPECT_EQ(keys.revoke(Viewer::command_line(), created->key.id), true);
  EXPECT_EQ(keys.known(created->secret), nullptr) << "revoked";
}

TEST_P(ApiKeyTest, LastUseIsNoted) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  EXPECT_TRUE(keys.recognise(created->secret)->touch_due);
  keys.touch(created->key.id);
  EXPECT_FALSE(keys.recognise(created->secret)->touch_due);
  EXPECT_EQ(keys.list()[0].last_used_at, clock_.now());
  clock_.pass(kTouchEvery);
  EXPECT_TRUE(keys.recognise(created->secret)->touch_due);
}

// Sixteen connections that find the key unused for a minute, none of which has written yet.
TEST_P(ApiKeyTest, LastUseIsNotedByOneOfThoseWhoAskAtOnce) {
  ApiKeys keys(means());
  const auto created = keys.create(Viewer::command_line(), {"shop", kEvents});
  const auto other = keys.create(Viewer::command_line(), {"till", kEvents});
  std::atomic<int> due = 0;
  std::vector<std::jthread> askers;
  for (int i = 0; i < 16; ++i) {
    askers.emplace_back([&] {
      if (keys.recognise(created->secret)->touch_due) ++due;
    });
  }
  askers.clear();
  EXPECT_EQ(due, 1);
  EXPECT_TRUE(keys.recognise(other->secret)->touch_due) << "each key by itself";
  clock_.pass(kKeyKnownFor);
  EXPECT_TRUE(keys.recognise(created->secret)->touch_due) << "whoever was to write it, did not";
}

INSTANTIATE_TEST_SUITE_P(Both, ApiKeyTest, store::kBothDatabases, store::dialect_name);

}  // namespace
}  // namespace rights
