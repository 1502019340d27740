#include "access/session.h"

#include <algorithm>
#include <span>
#include <utility>

#include "access/audit.h"
#include "access/device.h"
#include "access/secret.h"
#include "access/session_sql.h"
#include "access/user_row.h"
#include "base/text.h"

namespace rights {
namespace {

constexpr base::Duration kBusyRetryAfter = base::kSecond;

struct StoredSession {
  User user;
  base::Moment started_at;
  base::Moment last_used_at;
  std::string password_hash;
};

// Nothing for a session that is unknown or over.
std::optional<StoredSession> session_with(store::Session& session, const std::string& token_hash,
                                          base::Moment now) {
  auto found = session.one(sql::kSelectSession, {token_hash}, [](const store::Row& row) {
    return StoredSession{user_of(row), base::Moment{row.integer(10)}, base::Moment{row.integer(11)},
                         std::string(row.text(12))};
  });
  if (!found || found->user.state != UserState::active) return std::nullopt;
  if (found->started_at + kSessionTime <= now) return std::nullopt;
  if (found->last_used_at + kSessionIdleTime <= now) return std::nullopt;
  return found;
}

struct NewSession {
  std::int64_t id;  // drawn outside the unit
  std::string token_hash;
  const User& user;
  base::Moment now;
  const PeerAddress& from;
};

void insert(store::Unit& unit, const NewSession& session) {
  const std::int64_t user = session.user.id.value;
  unit.execute(sql::kDeleteOldSessions, {(session.now - kSessionTime).ms});
  unit.execute(sql::kInsertSession, {session.token_hash, session.id, user, session.now.ms,
                                     session.from.text, device_of(session.from.user_agent)});
  unit.execute(sql::kDeleteSurplusSessions, {user, kSessionsPerUserMax});
  record(unit, {.actor = viewer_of(session.user, session.from.text).actor(),
                .at = session.now,
                .noun = "session",
                .verb = "started",
                .subject = std::to_string(user)});
}

// As new_token() makes them: anything else is not kept.
bool is_browser_token(std::string_view text) {
  return text.size() == kTokenBytes && std::ranges::all_of(text, [](char each) {
           return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
                  (each >= 'A' && each <= 'Z') || each == '-' || each == '_';
         });
}

base::unexpected<Error> fail(Fault fault) { return base::unexpected<Error>(Error{fault}); }

}  // namespace

void end_all_sign_ins(store::Unit& unit) {
  for (const std::string_view statement :
       {sql::kDeleteAllSessions, sql::kDeleteAllResets, sql::kDeleteOwnerLinks}) {
    unit.execute(statement, {});
  }
}

std::string csrf_token_of(std::string_view token) {
  const std::string digest = base::hmac_sha256(token, "siyu csrf token");
  return base::to_base64url(std::as_bytes(std::span(digest)));
}

bool is_csrf_token(std::string_view token, std::string_view given) {
  return base::equal_secrets(csrf_token_of(token), given);
}

Sessions::Sessions(const Means& means)
    : means_(means),
      nobodys_hash_(hash_password(new_token(means.random), means.random, means.cost)) {}

base::Result<SignedIn, Error> Sessions::sign_in(const Credentials& credentials,
                                                const PeerAddress& from) {
  const PasswordChecks::Place place(checks_);
  if (!place.held()) return base::unexpected(Error{Fault::busy, kBusyRetryAfter});
  const base::Moment now = means_.clock.now();
  SignedIn signed_in;
  signed_in.browser = is_browser_token(from.browser) ? from.browser : new_token(means_.random);
  Attempt attempt{credentials.name, from, now};
  attempt.from.browser = signed_in.browser;
  const auto begun = means_.database.write(
      "session.attempt", [&](store::Unit& unit) { return begin_attempt(unit, attempt); });
  if (!begun) return base::unexpected(begun.error());

  struct Stored {
    base::UserId id;
    std::string hash;
  };
  const std::string key = name_key_of(credentials.name);
  const auto stored = means_.database.read([&](store::Session& session) {
    return session.one(sql::kSelectPassword, {key}, [](const store::Row& row) {
      return Stored{base::UserId{row.integer(0)}, std::string(row.text(1))};
    });
  });
  // Whose password is to be set anew has an empty one: it takes as long as anybody's.
  const bool has_one = stored && !stored->hash.empty();
  const bool right = verify_password(has_one ? stored->hash : nobodys_hash_, credentials.password);
  if (!right || !has_one) return fail(Fault::sign_in_failed);

  signed_in.token = new_token(means_.random);
  const std::string token_hash = hash_of(signed_in.token);
  const std::int64_t id = means_.random.id();
  std::optional<Error> refused;
  const auto done =
      means_.database.write("session.start", [&](store::Unit& unit) -> base::Result<User, Error> {
        const auto user = unit.one(sql::kSelectUserForSession, {stored->id.value},
                                   [](const store::Row& row) { return user_of(row); });
        if (!user) return fail(Fault::sign_in_failed);
        refused = judge_code(unit, *user, {attempt, credentials.code});
        if (refused) return *user;
        // Not when the user was disabled or the password changed meanwhile.
        const auto noted = unit.execute(sql::kNoteSignIn, {stored->id.value, stored->hash, now.ms});
        if (noted == 0) return fail(Fault::sign_in_failed);
        succeeded(unit, attempt);
        insert(unit, {id, token_hash, *user, now, from});
        User signed_in_now = *user;
        signed_in_now.last_sign_in_at = now;
        return signed_in_now;
      });
  if (!done) return base::unexpected(done.error());
  if (refused) return base::unexpected(*refused);
  signed_in.user = *done;
  return signed_in;
}

SignedIn Sessions::start(const User& user, const PeerAddress& from) {
  SignedIn signed_in{new_token(means_.random), user};
  const std::string token_hash = hash_of(signed_in.token);
  const std::int64_t id = means_.random.id();
  const base::Moment now = means_.clock.now();
  means_.database.write(
      "session.start", [&](store::Unit& unit) { insert(unit, {id, token_hash, user, now, from}); });
  return signed_in;
}

base::Result<Recognised, Error> Sessions::recognise(std::string_view token) {
  const std::string token_hash = hash_of(token);
  const base::Moment now = means_.clock.now();
  const auto found = means_.database.read(
      [&](store::Session& session) { return session_with(session, token_hash, now); });
  if (!found) return fail(Fault::not_signed_in);
  return Recognised{found->user, found->last_used_at + kTouchEvery <= now};
}

void Sessions::touch(std::string_view token) {
  const std::string token_hash = hash_of(token);
  const base::Moment now = means_.clock.now();
  means_.database.write("session.touch", [&](store::Unit& unit) {
    unit.execute(sql::kTouchSession, {token_hash, now.ms});
  });
}

void Sessions::sign_out(std::string_view token, const PeerAddress& from) {
  const std::string token_hash = hash_of(token);
  const base::Moment now = means_.clock.now();
  means_.database.write("session.end", [&](store::Unit& unit) {
    const auto found = session_with(unit, token_hash, now);
    const std::int64_t ended = unit.execute(sql::kDeleteSession, {token_hash});
    if (!found || ended == 0) return;
    record(unit, {.actor = viewer_of(found->user, from.text).actor(),
                  .at = now,
                  .noun = "session",
                  .verb = "ended",
                  .subject = std::to_string(found->user.id.value)});
  });
}

base::Result<Sessions::Proven, Error> Sessions::prove(std::string_view token,
                                                      std::string_view password,
                                                      const PeerAddress& from) {
  const PasswordChecks::Place place(checks_);
  if (!place.held()) return base::unexpected(Error{Fault::busy, kBusyRetryAfter});
  const base::Moment now = means_.clock.now();
  Proven proven;
  proven.token_hash = hash_of(token);
  const auto found = means_.database.read(
      [&](store::Session& session) { return session_with(session, proven.token_hash, now); });
  if (!found) return fail(Fault::not_signed_in);
  proven.user = found->user;
  proven.password_hash = found->password_hash;
  proven.attempt = {found->user.name, from, now};
  const auto begun = means_.database.write(
      "session.attempt", [&](store::Unit& unit) { return begin_attempt(unit, proven.attempt); });
  if (!begun) return base::unexpected(begun.error());
  if (!verify_password(found->password_hash, password)) return fail(Fault::wrong_password);
  return proven;
}

base::Result<bool, Error> Sessions::change_password(std::string_view token,
                                                    const PasswordChange& change,
                                                    const PeerAddress& from) {
  const auto proven = prove(token, change.current, from);
  if (!proven) return base::unexpected(proven.error());
  const auto fault = check_new_password(change.next, proven->user.name);
  std::string hash;
  if (!fault) {
    const PasswordChecks::Place place(checks_);
    if (!place.held()) return base::unexpected(Error{Fault::busy, kBusyRetryAfter});
    hash = hash_password(change.next, means_.random, means_.cost);
  }
  const std::int64_t user = proven->user.id.value;
  const auto done = means_.database.write(
      "user.change_password", [&](store::Unit& unit) -> base::Result<bool, Error> {
        succeeded(unit, proven->attempt);
        if (fault) return true;
        if (unit.execute(sql::kReplacePassword, {user, proven->password_hash, hash}) == 0) {
          return fail(Fault::wrong_password);  // changed meanwhile
        }
        unit.execute(sql::kDeleteResetOf, {user});
        unit.execute(sql::kDeleteOtherSessions, {user, proven->token_hash});
        record(unit, {.actor = viewer_of(proven->user, from.text).actor(),
                      .at = proven->attempt.now,
                      .noun = "user",
                      .verb = "changed",
                      .subject = std::to_string(user),
                      .after = R"({"password":"changed"})"});
        return true;
      });
  if (done && fault) return fail(*fault);
  return done;
}

}  // namespace rights
