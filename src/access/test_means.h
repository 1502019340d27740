// What the tests of this module share: both databases, a clock set by hand, cheap passwords.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "access/session.h"
#include "access/user.h"
#include "base/clock.h"
#include "base/random.h"
#include "store/test_database.h"
#include "store/test_folder.h"

namespace rights {

class MadeClock final : public base::Clock {
 public:
  base::Moment now() const override { return base::Moment{ms_}; }
  void pass(base::Duration time) { ms_ += time.ms; }

 private:
  std::atomic<std::int64_t> ms_ = 1'767'225'600'000;  // 2026-01-01
};

inline constexpr PasswordCost kCheap{.memory_kib = 8, .passes = 1, .lanes = 1};
inline const std::string kPassword = "correct horse battery";

class AccessTest : public store::DatabaseTest {
 protected:
  Means means() { return {database(), clock_, random_, seal_, kCheap}; }

  // The workspace's first owner, named "owner".
  User make_owner() {
    Users users(means());
    const auto token = users.make_owner_link();
    const auto owner = users.claim_owner(*token, {"owner", "", kPassword}, "127.0.0.1");
    EXPECT_TRUE(owner.has_value());
    return *owner;
  }

  User make_user(const std::string& name, Role role) {
    const auto user = Users(means()).create(Viewer::command_line(), role, {name, "", kPassword});
    EXPECT_TRUE(user.has_value());
    return *user;
  }

  // "verb noun subject" of every entry, oldest first, one a line.
  std::string audit_text();

  MadeClock clock_;
  base::SystemRandom random_;
  store::TemporaryFolder folder_;
  SecretSeal seal_{folder_.path() + "/" + std::string(kSecretKeyFile), random_};
};

// With an owner, an operator "li", and what both sign in to.
class PeopleTest : public AccessTest {
 protected:
  void SetUp() override {
    AccessTest::SetUp();
    if (IsSkipped()) return;
    owner_ = make_owner();
    li_ = make_user("li", Role::operator_);
    sessions_ = std::make_unique<Sessions>(means());
  }
  void TearDown() override {
    sessions_.reset();
    AccessTest::TearDown();
  }
  bool is_open(std::string_view token) { return sessions_->recognise(token).has_value(); }

  User owner_;
  User li_;
  std::unique_ptr<Sessions> sessions_;
};

inline std::string AccessTest::audit_text() {
  return database().read([](store::Session& session) {
    std::string text;
    session.query("select verb, noun, actor_kind from audit order by id", {},
                  [&](const store::Row& row) {
                    text += std::string(row.text(0)) + " " + std::string(row.text(1)) + " by " +
                            std::string(row.text(2)) + "\n";
                  });
    return text;
  });
}

// The code of a result's fault, or "good".
template <typename Value>
std::string outcome(const base::Result<Value, Error>& result) {
  return result ? "good" : std::string(code_of(result.error().fault));
}

}  // namespace rights
