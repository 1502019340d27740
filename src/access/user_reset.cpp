// What is forgotten and lost: the link that replaces a password, the end of a second factor.
#include "access/attempt.h"
#include "access/audit.h"
#include "access/lock.h"
#include "access/second_factor.h"
#include "access/secret.h"
#include "access/user.h"
#include "access/user_row.h"
#include "access/user_sql.h"

namespace rights {
namespace {

// No password has it: argon2's hashes are never empty.
constexpr std::string_view kNoPassword;

AuditEntry entry_of(const User& user, Actor actor, base::Moment now) {
  return {.actor = std::move(actor),
          .at = now,
          .noun = "user",
          .verb = "changed",
          .subject = std::to_string(user.id.value)};
}

}  // namespace

base::Result<ResetLink, Error> Users::make_reset(const Viewer& by, base::UserId id) {
  const base::Moment now = means_.clock.now();
  const ResetLink link{new_token(means_.random), now + kResetLinkTime};
  const std::string hash = hash_of(link.token);
  const auto done =
      means_.database.write("user.make_reset", [&](store::Unit& unit) -> base::Result<bool, Error> {
        unit.lock({kAllUsers});
        const auto user = unit.one(sql::kSelectUser, {id.value},
                                   [](const store::Row& row) { return user_of(row); });
        if (!user) return base::unexpected(Error{Fault::unknown_user});
        if (!may_touch(by, user->role)) return base::unexpected(Error{Fault::not_allowed});
        if (!is_somebody_elses(by, id)) return base::unexpected(Error{Fault::needs_proof});
        unit.execute(sql::kPutReset, {id.value, hash, link.expires_at.ms});
        unit.execute(sql::kUpdatePassword, {id.value, kNoPassword});
        unit.execute(sql::kDeleteSessions, {id.value});
        AuditEntry entry = entry_of(*user, by.actor(), now);
        entry.after = R"({"password":"to be set through a link"})";
        record(unit, entry);
        return true;
      });
  if (!done) return base::unexpected(done.error());
  return link;
}

base::Result<User, Error> Users::claim_reset(const std::string& token, const std::string& password,
                                             const PeerAddress& from) {
  const std::string token_hash = hash_of(token);
  const base::Moment now = means_.clock.now();
  const auto user = means_.database.read([&](store::Session& session) {
    return session.one(sql::kSelectReset, {token_hash, now.ms},
                       [](const store::Row& row) { return user_of(row); });
  });
  if (!user) return base::unexpected(Error{Fault::link_invalid});
  if (const auto fault = check_new_password(password, user->name)) {
    return base::unexpected(Error{*fault});
  }
  const std::string hash = hash_password(password, means_.random, means_.cost);
  return means_.database.write(
      "user.claim_reset", [&](store::Unit& unit) -> base::Result<User, Error> {
        unit.lock({kAllUsers});
        if (unit.execute(sql::kTakeReset, {token_hash, now.ms}) == 0) {
          return base::unexpected(Error{Fault::link_invalid});
        }
        unit.execute(sql::kUpdatePassword, {user->id.value, hash});
        unit.execute(sql::kDeleteSessions, {user->id.value});
        forget_failures(unit, {user->name, from, now});
        AuditEntry entry = entry_of(*user, viewer_of(*user, from.text).actor(), now);
        entry.after = R"({"password":"changed"})";
        record(unit, entry);
        return *user;
      });
}

base::Result<bool, Error> Users::remove_second_factor(const Viewer& by, base::UserId id) {
  const base::Moment now = means_.clock.now();
  return means_.database.write(
      "user.remove_second_factor", [&](store::Unit& unit) -> base::Result<bool, Error> {
        unit.lock({kAllUsers});
        const auto user = unit.one(sql::kSelectUser, {id.value},
                                   [](const store::Row& row) { return user_of(row); });
        if (!user) return base::unexpected(Error{Fault::unknown_user});
        if (!by.may(Permission::owners_write)) return base::unexpected(Error{Fault::not_allowed});
        if (!is_somebody_elses(by, id)) return base::unexpected(Error{Fault::needs_proof});
        if (!delete_second_factor(unit, id)) {
          return base::unexpected(Error{Fault::second_factor_off});
        }
        record_second_factor(unit, by.actor(), {id, now, "turned_off"});
        return true;
      });
}

}  // namespace rights
