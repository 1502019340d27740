// Sessions of people: signing in with a password, being recognised by a cookie, signing out.
//
// The token is 32 random bytes (base64url) and only its SHA-256 is stored. The cookie
// kSessionCookie is HttpOnly, SameSite=Lax and, over TLS, Secure. Every unsafe method must carry
// csrf_token_of(token) in the header X-CSRF-Token; it is bound to the token and needs no storing.
//
// A session ends by signing out, kSessionIdleTime after its last use, kSessionTime after its start,
// with its user (deleted or disabled), when the password changes (all but the one that did it) or
// is reset, and when somebody ends it from the list: one's own, or, with users.write, those of
// whoever may not more than oneself.
//
// Where a second factor is on (second_factor.h), signing in takes a code too: without one the right
// password answers code_needed. One turns it on with the password and a first code, off with the
// password and a code.
//
// Attempts are slowed (attempt.h): the failure is counted before the password is looked at, so
// guesses at once gain nothing. Names that do not exist cost as much time as others.
//
// Threads: any. Borrows what Means borrows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/attempt.h"
#include "access/fault.h"
#include "access/password_checks.h"
#include "access/second_factor.h"
#include "access/user.h"
#include "access/viewer.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"

namespace rights {

inline constexpr std::string_view kSessionCookie = "siyu_session";
inline constexpr std::string_view kBrowserCookie = "siyu_browser";
inline constexpr std::string_view kDemoSessionCookie = "siyu_demo_session";
inline constexpr base::Duration kSessionIdleTime{12 * base::kHour.ms};
inline constexpr base::Duration kSessionTime{7 * base::kDay.ms};
inline constexpr base::Duration kTouchEvery = base::kMinute;  // how exactly "last used" is known
inline constexpr std::int64_t kSessionsPerUserMax = 20;       // beyond: the oldest ends

// After a restore: nobody is signed in any more, and no one-time link is good. What ended behind
// the backup would be back otherwise.
void end_all_sign_ins(store::Unit& unit);

std::string csrf_token_of(std::string_view token);
bool is_csrf_token(std::string_view token, std::string_view given);

struct SignedIn {
  std::string token;  // for the cookie; shown this once
  User user;
  // For kBrowserCookie, kept for kAddressKnownTime; "": none. Counts of failures tell by it a
  // browser in which the user has signed in (attempt.h); it gives no right to anything.
  std::string browser = {};
};

// Somebody recognised by their cookie.
struct Recognised {
  User user;
  bool touch_due = false;  // call touch() after the answer
};

struct Credentials {
  std::string name;
  std::string password;
  std::string code = {};  // "" for none
};
struct Proof {
  std::string password;
  std::string code = {};
};
// A second factor offered: for the app, this once.
struct Offer {
  std::string secret;  // the bytes; totp.h writes them for people and as a URI
};
struct PasswordChange {
  std::string current;
  std::string next;
};

using SessionId = base::Id<struct SessionTag>;

// A session that is open, as it is listed.
struct OpenSession {
  SessionId id;
  base::UserId user;
  base::Moment started_at;
  base::Moment last_used_at;  // as exact as kTouchEvery
  std::string address;        // it was started from
  std::string device;         // device_of() what it was started with
  bool current = false;       // the one that asks
};

class Sessions {
 public:
  explicit Sessions(const Means& means);

  // Faults: sign_in_failed, slow_down, busy, code_needed, code_wrong, no_second_factor_key. `from`
  // is the peer's address.
  [[nodiscard]] base::Result<SignedIn, Error> sign_in(const Credentials& credentials,
                                                      const PeerAddress& from);
  // Without a password, for whoever has just claimed the owner link.
  SignedIn start(const User& user, const PeerAddress& from);

  // One read. Fault: not_signed_in.
  [[nodiscard]] base::Result<Recognised, Error> recognise(std::string_view token);
  // Notes that the session was used. A Failure of the store here need not fail the request.
  void touch(std::string_view token);

  // Nothing happens for a session that has ended already.
  void sign_out(std::string_view token, const PeerAddress& from);

  // The user's, last used first; `token` of the one that asks, "" for none of them.
  std::vector<OpenSession> list(base::UserId user, std::string_view token);
  // Faults: unknown_session, not_allowed.
  [[nodiscard]] base::Result<bool, Error> end(const Viewer& by, SessionId id);
  // All of the user's but the one that asks; answers how many. Faults: unknown_user, not_allowed.
  [[nodiscard]] base::Result<std::int64_t, Error> end_all(const Viewer& by, base::UserId user,
                                                          std::string_view token);

  // One's own second factor. Faults of all: not_signed_in, no_second_factor_key.
  [[nodiscard]] base::Result<SecondFactor, Error> second_factor(std::string_view token);
  // wrong_password, slow_down, busy, second_factor_on. One that was offered before is replaced.
  [[nodiscard]] base::Result<Offer, Error> offer_second_factor(std::string_view token,
                                                               const Proof& proof,
                                                               const PeerAddress& from);
  // Turns on what was offered; answers the recovery codes, this once. code_wrong, second_factor_on,
  // second_factor_off (none was offered).
  [[nodiscard]] base::Result<std::vector<std::string>, Error> confirm_second_factor(
      std::string_view token, const Proof& proof, const PeerAddress& from);
  // wrong_password, code_wrong, slow_down, busy, second_factor_off.
  [[nodiscard]] base::Result<bool, Error> remove_second_factor(std::string_view token,
                                                               const Proof& proof,
                                                               const PeerAddress& from);

  // One's own; ends all other sessions. Faults: not_signed_in, wrong_password, slow_down, busy and
  // those of new passwords.
  [[nodiscard]] base::Result<bool, Error> change_password(std::string_view token,
                                                          const PasswordChange& change,
                                                          const PeerAddress& from);

 private:
  // Somebody recognised, whose attempt at their password counts as a failure until succeeded().
  struct Proven {
    User user;
    std::string token_hash;
    std::string password_hash;
    Attempt attempt;
  };
  // Faults: not_signed_in, slow_down, busy, wrong_password.
  [[nodiscard]] base::Result<Proven, Error> prove(std::string_view token, std::string_view password,
                                                  const PeerAddress& from);
  struct Judged {
    const Attempt& attempt;
    const std::string& code;
  };
  // Whether the code, if one is needed, is right; what it costs is counted. Part of a unit that
  // must be committed also when it is not.
  std::optional<Error> judge_code(store::Unit& unit, const User& user, const Judged& judged);

  Means means_;
  std::string nobodys_hash_;  // checked for names that do not exist
  PasswordChecks checks_;
};

}  // namespace rights
