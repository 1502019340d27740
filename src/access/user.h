// People who sign in, and how the first of them comes to be.
//
// The owner: at first start the server asks for a link (make_owner_link), prints it in the
// terminal, and whoever opens it first becomes the owner (claim_owner). A link is good once and for
// kOwnerLinkTime; every new one replaces the one before; as soon as there is a user there are none.
//
// A forgotten password is replaced through a link, too: make_reset() ends the user's sessions and
// makes the old password useless at once, claim_reset() sets the new one. One link a user, good
// once and for kResetLinkTime; a password set in another way ends it. The second factor stays.
//
// Whoever changes users can neither give nor touch a role that may more than they themselves.
//
// Scope. A user who sees not all customers is a member of staff: they see their own customers or
// those of their stores. Owners see all, so that a workspace is never without somebody who can
// manage it. Whoever sees less from now on loses the keys they made, which see all. That there is
// such a member of staff the caller has looked up (account/staff.h; nobody of the staff is
// deleted).
//
// Threads: any. Borrows database, clock and random, which must outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "access/attempt.h"
#include "access/fault.h"
#include "access/password.h"
#include "access/permission.h"
#include "access/secret_seal.h"
#include "access/viewer.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/random.h"
#include "base/result.h"
#include "store/database.h"

namespace rights {

inline constexpr std::size_t kUserNameCharactersMax = 200;
inline constexpr std::int64_t kUsersMax = 10'000;
inline constexpr base::Duration kOwnerLinkTime = base::kDay;
inline constexpr base::Duration kResetLinkTime = base::kDay;

enum class UserState : std::uint8_t { active, disabled };
std::string_view name_of(UserState state);  // "active"
std::optional<UserState> user_state_named(std::string_view name);

struct User {
  base::UserId id;
  std::string name;          // signs in with it; unique without regard to the case of A–Z
  std::string display_name;  // "" never
  Role role = Role::analyst;
  UserState state = UserState::active;
  base::Moment created_at;
  std::optional<base::Moment> last_sign_in_at;
  bool second_factor = false;  // it is on
  Scope scope = Scope::all;
  base::StaffId staff = {};  // who of the staff they are; none: nobody
};

// Whether `by` may give and change the role: they may all that it may.
bool may_touch(const Viewer& by, Role role);

// Whether `by` may set another password or end the second factor of the user, as far as it matters
// whose it is: somebody else's, by somebody who has signed in or has the command line. One's own
// asks for the current password (session.h), and a key would pass that by.
bool is_somebody_elses(const Viewer& by, base::UserId id);

// What a signed-in user asks with, masked as the role is. Whoever does not see all sees nobody, but
// for whom the second one is given (api/sight.h finds them).
Viewer viewer_of(const User& user, std::string from);
Viewer viewer_of(const User& user, std::string from, CustomerSet customers);

struct NewUser {
  std::string name;
  std::string display_name = {};  // "": the name
  std::string password;
  Scope scope = Scope::all;
  base::StaffId staff = {};
};
struct UserChange {
  std::optional<std::string> display_name = std::nullopt;
  std::optional<Role> role = std::nullopt;
  std::optional<UserState> state = std::nullopt;
  std::optional<std::string> password = std::nullopt;  // set by somebody else: ends all sessions
  std::optional<Scope> scope = std::nullopt;
  std::optional<base::StaffId> staff = std::nullopt;
};

struct ResetLink {
  std::string token;  // shown this once
  base::Moment expires_at;
};

// What everything in this module needs. All of it outlives whoever is given it.
struct Means {
  store::Database& database;
  const base::Clock& clock;
  base::Random& random;
  SecretSeal& seal;
  PasswordCost cost = kPasswordCost;
};

class Users {
 public:
  explicit Users(const Means& means) : means_(means) {}

  // The token of a new owner link, to be shown once; nothing when there are users.
  std::optional<std::string> make_owner_link();
  // Any number may try at once: one becomes the owner, the others get link_invalid.
  [[nodiscard]] base::Result<User, Error> claim_owner(const std::string& token, const NewUser& user,
                                                      const std::string& from);

  [[nodiscard]] base::Result<User, Error> create(const Viewer& by, Role role, const NewUser& user);
  [[nodiscard]] base::Result<User, Error> change(const Viewer& by, base::UserId id,
                                                 const UserChange& change);
  // Faults: unknown_user, not_allowed.
  [[nodiscard]] base::Result<ResetLink, Error> make_reset(const Viewer& by, base::UserId id);
  // Faults: link_invalid and those of new passwords (the link stays good).
  [[nodiscard]] base::Result<User, Error> claim_reset(const std::string& token,
                                                      const std::string& password,
                                                      const PeerAddress& from);
  // Somebody else's, for whoever may change owners; one's own: Sessions. Faults: unknown_user,
  // not_allowed, second_factor_off.
  [[nodiscard]] base::Result<bool, Error> remove_second_factor(const Viewer& by, base::UserId id);
  // Deletes them, ends their sessions and revokes the keys they made (as does disabling them); the
  // audit keeps their name.
  [[nodiscard]] base::Result<bool, Error> remove(const Viewer& by, base::UserId id);

  std::vector<User> list();  // by name
  std::optional<User> find(base::UserId id);
  std::optional<User> find(std::string_view name);

 private:
  Means means_;
};

}  // namespace rights
