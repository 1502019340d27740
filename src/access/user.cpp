#include "access/user.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "access/api_key.h"
#include "access/audit.h"
#include "access/lock.h"
#include "access/secret.h"
#include "access/user_row.h"
#include "access/user_sql.h"
#include "base/text.h"

namespace rights {
namespace {

std::string json_of(const User& user, bool password_changed = false) {
  boost::json::object object;
  object["name"] = user.name;
  object["display_name"] = user.display_name;
  object["role"] = name_of(user.role);
  object["state"] = name_of(user.state);
  object["scope"] = name_of(user.scope);
  if (user.staff) object["staff"] = user.staff.value;
  if (password_changed) object["password"] = "changed";
  return boost::json::serialize(object);
}

std::int64_t first_integer(store::Session& session, std::string_view sql) {
  return session.one(sql, {}, [](const store::Row& row) { return row.integer(0); }).value_or(0);
}

std::optional<User> user_with(store::Session& session, base::UserId id) {
  return session.one(sql::kSelectUser, {id.value},
                     [](const store::Row& row) { return user_of(row); });
}

std::optional<Fault> fault_of_scope(const User& user) {
  if (user.scope == Scope::all) return std::nullopt;
  if (user.role == Role::owner) return Fault::owner_sees_all;
  if (!user.staff) return Fault::scope_needs_staff;
  return std::nullopt;
}

std::optional<Fault> check_new_user(const NewUser& user) {
  if (!is_good_name(user.name)) return Fault::bad_name;
  if (!user.display_name.empty() && !is_good_name(user.display_name)) return Fault::bad_name;
  return check_new_password(user.password, user.name);
}

// A user as they will be, drawn before the unit.
struct Draft {
  User user;
  std::string password_hash;
};

Draft draft_of(const Means& means, Role role, const NewUser& from) {
  Draft draft;
  draft.user.id = base::UserId{means.random.id()};
  draft.user.name = base::to_nfc(from.name);
  draft.user.display_name =
      from.display_name.empty() ? draft.user.name : base::to_nfc(from.display_name);
  draft.user.role = role;
  draft.user.scope = from.scope;
  draft.user.staff = from.staff;
  draft.user.created_at = means.clock.now();
  draft.password_hash = hash_password(from.password, means.random, means.cost);
  return draft;
}

base::Result<User, Error> insert(store::Unit& unit, const Actor& actor, const Draft& draft) {
  const User& user = draft.user;
  if (first_integer(unit, sql::kCountUsers) >= kUsersMax) {
    return base::unexpected(Error{Fault::too_many});
  }
  const std::int64_t inserted =
      unit.execute(sql::kInsertUser, {user.id.value, user.name, name_key_of(user.name),
                                      user.display_name, name_of(user.role), draft.password_hash,
                                      user.created_at.ms, name_of(user.scope), user.staff.value});
  if (inserted == 0) return base::unexpected(Error{Fault::name_taken});
  unit.execute(sql::kDeleteLink, {});  // the first user ends the first start
  record(unit, {.actor = actor,
                .at = user.created_at,
                .noun = "user",
                .verb = "created",
                .subject = std::to_string(user.id.value),
                .after = json_of(user)});
  return user;
}

bool is_active_owner(const User& user) {
  return user.role == Role::owner && user.state == UserState::active;
}

User changed(User user, const UserChange& change) {
  if (change.display_name) user.display_name = base::to_nfc(*change.display_name);
  user.role = change.role.value_or(user.role);
  user.state = change.state.value_or(user.state);
  user.scope = change.scope.value_or(user.scope);
  user.staff = change.staff.value_or(user.staff);
  return user;
}

// Whether nobody could manage the workspace any more if `id` ceased to be an active owner.
bool is_last_owner(store::Unit& unit, base::UserId id) {
  return unit.one(sql::kCountOtherOwners, {id.value},
                  [](const store::Row& row) { return row.integer(0); })
             .value_or(0) == 0;
}

// Keys see all, unmasked, and may what they were made for: whoever could not make them anew loses
// theirs.
bool may_less(const User& before, const User& after) {
  if (after.state == UserState::disabled) return true;
  if (before.scope == Scope::all && after.scope != Scope::all) return true;
  const Masks was = masks_of(before.role);
  const Masks is = masks_of(after.role);
  const bool masked =
      (is.phone && !was.phone) || (is.name && !was.name) || (is.personal && !was.personal);
  return masked || !permissions_of(after.role).has_all(permissions_of(before.role));
}

}  // namespace

bool may_touch(const Viewer& by, Role role) {
  return by.permissions().has_all(permissions_of(role));
}

bool is_somebody_elses(const Viewer& by, base::UserId id) {
  const Actor& actor = by.actor();
  return actor.kind != ActorKind::key && (actor.kind != ActorKind::user || actor.id != id.value);
}

std::string_view name_of(UserState state) {
  return state == UserState::active ? "active" : "disabled";
}

std::optional<UserState> user_state_named(std::string_view name) {
  if (name == "active") return UserState::active;
  if (name == "disabled") return UserState::disabled;
  return std::nullopt;
}

Viewer viewer_of(const User& user, std::string from) {
  return viewer_of(user, std::move(from), CustomerSet({}));
}

Viewer viewer_of(const User& user, std::string from, CustomerSet customers) {
  Viewer::Who who;
  who.actor = {ActorKind::user, user.id.value, user.name, std::move(from)};
  who.permissions = permissions_of(user.role, user.scope);
  who.masks = masks_of(user.role);
  if (user.scope == Scope::all) return Viewer::all(std::move(who));
  return Viewer::only(std::move(who), std::move(customers));
}

std::optional<std::string> Users::make_owner_link() {
  const std::string token = new_token(means_.random);
  const std::string hash = hash_of(token);
  const base::Moment expires = means_.clock.now() + kOwnerLinkTime;
  const bool made = means_.database.write("owner_link.make", [&](store::Unit& unit) {
    unit.lock({kAllUsers});
    if (first_integer(unit, sql::kCountUsers) > 0) return false;
    unit.execute(sql::kPutLink, {hash, expires.ms});
    return true;
  });
  if (!made) return std::nullopt;
  return token;
}

base::Result<User, Error> Users::claim_owner(const std::string& token, const NewUser& user,
                                             const std::string& from) {
  const std::string hash = hash_of(token);
  const base::Moment now = means_.clock.now();
  const bool good = means_.database.read([&](store::Session& session) {
    return session.one(sql::kSelectLink, {hash, now.ms}, [](const store::Row&) { return true; })
        .has_value();
  });
  if (!good) return base::unexpected(Error{Fault::link_invalid});
  if (const auto fault = check_new_user(user)) return base::unexpected(Error{*fault});

  const Draft draft = draft_of(means_, Role::owner, user);
  const Actor actor{ActorKind::user, draft.user.id.value, draft.user.name, from};
  return means_.database.write("owner_link.claim",
                               [&](store::Unit& unit) -> base::Result<User, Error> {
                                 unit.lock({kAllUsers});
                                 if (unit.execute(sql::kTakeLink, {hash, now.ms}) == 0) {
                                   return base::unexpected(Error{Fault::link_invalid});
                                 }
                                 return insert(unit, actor, draft);
                               });
}

base::Result<User, Error> Users::create(const Viewer& by, Role role, const NewUser& user) {
  if (!may_touch(by, role)) return base::unexpected(Error{Fault::not_allowed});
  if (const auto fault = check_new_user(user)) return base::unexpected(Error{*fault});
  const Draft draft = draft_of(means_, role, user);
  if (const auto fault = fault_of_scope(draft.user)) return base::unexpected(Error{*fault});
  return means_.database.write("user.create", [&](store::Unit& unit) {
    unit.lock({kAllUsers});
    return insert(unit, by.actor(), draft);
  });
}

base::Result<User, Error> Users::change(const Viewer& by, base::UserId id,
                                        const UserChange& change) {
  if (change.display_name && !is_good_name(*change.display_name)) {
    return base::unexpected(Error{Fault::bad_name});
  }
  std::string password_hash;
  if (change.password) {
    const auto known = find(id);
    if (!known) return base::unexpected(Error{Fault::unknown_user});
    if (!may_touch(by, known->role)) return base::unexpected(Error{Fault::not_allowed});
    if (!is_somebody_elses(by, id)) return base::unexpected(Error{Fault::needs_proof});
    if (const auto fault = check_new_password(*change.password, known->name)) {
      return base::unexpected(Error{*fault});
    }
    password_hash = hash_password(*change.password, means_.random, means_.cost);
  }
  const base::Moment now = means_.clock.now();
  return means_.database.write("user.change", [&](store::Unit& unit) -> base::Result<User, Error> {
    unit.lock({kAllUsers});
    const auto before = user_with(unit, id);
    if (!before) return base::unexpected(Error{Fault::unknown_user});
    const User after = changed(*before, change);
    if (!may_touch(by, before->role) || !may_touch(by, after.role)) {
      return base::unexpected(Error{Fault::not_allowed});
    }
    if (is_active_owner(*before) && !is_active_owner(after) && is_last_owner(unit, id)) {
      return base::unexpected(Error{Fault::last_owner});
    }
    if (const auto fault = fault_of_scope(after)) return base::unexpected(Error{*fault});
    unit.execute(sql::kUpdateUser, {id.value, after.display_name, name_of(after.role),
                                    name_of(after.state), name_of(after.scope), after.staff.value});
    if (change.password) {
      unit.execute(sql::kUpdatePassword, {id.value, password_hash});
      unit.execute(sql::kDeleteReset, {id.value});
    }
    if (change.password || after.state == UserState::disabled) {
      unit.execute(sql::kDeleteSessions, {id.value});
    }
    if (may_less(*before, after)) {
      revoke_keys_of(unit, by.actor(), {id, now});
    }
    record(unit, {.actor = by.actor(),
                  .at = now,
                  .noun = "user",
                  .verb = "changed",
                  .subject = std::to_string(id.value),
                  .before = json_of(*before),
                  .after = json_of(after, change.password.has_value())});
    return after;
  });
}

base::Result<bool, Error> Users::remove(const Viewer& by, base::UserId id) {
  const base::Moment now = means_.clock.now();
  return means_.database.write("user.remove", [&](store::Unit& unit) -> base::Result<bool, Error> {
    unit.lock({kAllUsers});
    const auto before = user_with(unit, id);
    if (!before) return base::unexpected(Error{Fault::unknown_user});
    if (!may_touch(by, before->role)) return base::unexpected(Error{Fault::not_allowed});
    if (is_active_owner(*before) && is_last_owner(unit, id)) {
      return base::unexpected(Error{Fault::last_owner});
    }
    for (const std::string_view statement :
         {sql::kDeleteSessions, sql::kDeleteReset, sql::kDeleteSecondFactor,
          sql::kDeleteRecoveryCodes, sql::kDeleteUser}) {
      unit.execute(statement, {id.value});
    }
    revoke_keys_of(unit, by.actor(), {id, now});
    record(unit, {.actor = by.actor(),
                  .at = now,
                  .noun = "user",
                  .verb = "deleted",
                  .subject = std::to_string(id.value),
                  .before = json_of(*before)});
    return true;
  });
}

std::vector<User> Users::list() {
  std::vector<User> users;
  means_.database.read([&](store::Session& session) {
    users.clear();
    session.query(sql::kSelectUsers, {},
                  [&](const store::Row& row) { users.push_back(user_of(row)); });
  });
  return users;
}

std::optional<User> Users::find(base::UserId id) {
  return means_.database.read([&](store::Session& session) { return user_with(session, id); });
}

std::optional<User> Users::find(std::string_view name) {
  const std::string key = name_key_of(name);
  return means_.database.read([&](store::Session& session) {
    return session.one(sql::kSelectUserNamed, {key},
                       [](const store::Row& row) { return user_of(row); });
  });
}

}  // namespace rights
