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
// Attempts are slowed (attempt.h): the failure is counted before the password is looked at, so
// guesses at once gain nothing. Names that do not exist cost as much time as others.
//
// Threads: any. Borrows what Means borrows.
#pragma once

#include <atomic>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "access/attempt.h"
#include "access/fault.h"
#include "access/user.h"
#include "access/viewer.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"

namespace rights {

inline constexpr std::string_view kSessionCookie = "siyu_session";
inline constexpr base::Duration kSessionIdleTime{12 * base::kHour.ms};
inline constexpr base::Duration kSessionTime{7 * base::kDay.ms};
inline constexpr base::Duration kTouchEvery = base::kMinute;   // how exactly "last used" is known
inline constexpr std::int64_t kSessionsPerUserMax = 20;        // beyond: the oldest ends
inline constexpr std::ptrdiff_t kPasswordChecksAtOnceMax = 2;  // 32 MiB each
inline constexpr int kPasswordChecksWaitingMax = 16;           // beyond: Fault::busy

std::string csrf_token_of(std::string_view token);
bool is_csrf_token(std::string_view token, std::string_view given);

struct SignedIn {
  std::string token;  // for the cookie; shown this once
  User user;
};

// Somebody recognised by their cookie.
struct Recognised {
  User user;
  bool touch_due = false;  // call touch() after the answer
};

struct Credentials {
  std::string name;
  std::string password;
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

  // Faults: sign_in_failed, slow_down, busy. `from` is the peer's address.
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

  // One's own; ends all other sessions. Faults: not_signed_in, wrong_password, slow_down, busy and
  // those of new passwords.
  [[nodiscard]] base::Result<bool, Error> change_password(std::string_view token,
                                                          const PasswordChange& change,
                                                          const PeerAddress& from);

 private:
  class Check;  // a place among the passwords being checked

  Means means_;
  std::string nobodys_hash_;  // checked for names that do not exist
  std::counting_semaphore<kPasswordChecksAtOnceMax> checks_{kPasswordChecksAtOnceMax};
  std::atomic<int> waiting_ = 0;
};

}  // namespace rights
