// Sessions as a list, and ending them from it.
#include <algorithm>

#include "access/audit.h"
#include "access/secret.h"
#include "access/session.h"
#include "access/session_sql.h"
#include "access/user_row.h"

namespace rights {
namespace {

// Sessions over by themselves are rows for a while longer: they are not listed.
std::vector<OpenSession> open_sessions(store::Session& session, base::UserId user,
                                       base::Moment now) {
  std::vector<OpenSession> open;
  session.query(sql::kSelectSessions,
                {user.value, (now - kSessionTime).ms, (now - kSessionIdleTime).ms},
                [&](const store::Row& row) {
                  open.push_back({SessionId{row.integer(0)}, base::UserId{row.integer(1)},
                                  base::Moment{row.integer(2)}, base::Moment{row.integer(3)},
                                  std::string(row.text(4)), std::string(row.text(5))});
                });
  return open;
}

bool is(const Viewer& by, base::UserId user) {
  return by.actor().kind == ActorKind::user && by.actor().id == user.value;
}

// What `by` may not do to the sessions of `user`; nothing: they may.
std::optional<Fault> forbidden(const Viewer& by, const User& user) {
  if (is(by, user.id)) return std::nullopt;
  if (!by.may(Permission::users_write)) return Fault::unknown_session;
  return may_touch(by, user.role) ? std::nullopt : std::optional(Fault::not_allowed);
}

struct Ending {
  const Viewer& by;
  base::Moment now;
};

void record_end(store::Unit& unit, const Ending& ending, base::UserId user) {
  record(unit, {.actor = ending.by.actor(),
                .at = ending.now,
                .noun = "session",
                .verb = "ended",
                .subject = std::to_string(user.value)});
}

}  // namespace

std::vector<OpenSession> Sessions::list(base::UserId user, std::string_view token) {
  const base::Moment now = means_.clock.now();
  const std::string token_hash = token.empty() ? "" : hash_of(token);
  return means_.database.read([&](store::Session& session) {
    std::vector<OpenSession> open = open_sessions(session, user, now);
    const auto current =
        session.one(sql::kSelectSessionId, {token_hash},
                    [](const store::Row& row) { return SessionId{row.integer(0)}; });
    for (OpenSession& each : open) each.current = current && each.id == *current;
    return open;
  });
}

base::Result<bool, Error> Sessions::end(const Viewer& by, SessionId id) {
  const base::Moment now = means_.clock.now();
  return means_.database.write("session.end", [&](store::Unit& unit) -> base::Result<bool, Error> {
    const auto owner = unit.one(sql::kSelectSessionOwner, {id.value},
                                [](const store::Row& row) { return user_of(row); });
    if (!owner) return base::unexpected(Error{Fault::unknown_session});
    if (const auto fault = forbidden(by, *owner)) return base::unexpected(Error{*fault});
    if (unit.execute(sql::kDeleteSessionById, {id.value}) == 0) {
      return base::unexpected(Error{Fault::unknown_session});
    }
    record_end(unit, {by, now}, owner->id);
    return true;
  });
}

base::Result<std::int64_t, Error> Sessions::end_all(const Viewer& by, base::UserId user,
                                                    std::string_view token) {
  const base::Moment now = means_.clock.now();
  const std::string token_hash = token.empty() ? "" : hash_of(token);
  return means_.database.write(
      "session.end_all", [&](store::Unit& unit) -> base::Result<std::int64_t, Error> {
        const auto owner = unit.one(sql::kSelectUserForSession, {user.value},
                                    [](const store::Row& row) { return user_of(row); });
        if (!owner) return base::unexpected(Error{Fault::unknown_user});
        if (const auto fault = forbidden(by, *owner)) {
          const bool stranger = *fault == Fault::unknown_session;
          return base::unexpected(Error{stranger ? Fault::not_allowed : *fault});
        }
        const std::int64_t ended =
            unit.execute(sql::kDeleteOtherSessions, {user.value, token_hash});
        for (std::int64_t i = 0; i < ended; ++i) record_end(unit, {by, now}, user);
        return ended;
      });
}

}  // namespace rights
