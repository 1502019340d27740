// A row of users as the statements of this module select it: id, name, display name, role, state,
// created at, last sign-in at, whether a second factor is on, scope, staff, from `first` on.
#pragma once

#include <optional>

#include "access/user.h"
#include "store/database.h"

namespace rights {

inline std::optional<base::Moment> moment_at(const store::Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return base::Moment{row.integer(column)};
}

inline User user_of(const store::Row& row, int first = 0) {
  User user;
  user.id = base::UserId{row.integer(first)};
  user.name = row.text(first + 1);
  user.display_name = row.text(first + 2);
  user.role = role_named(row.text(first + 3)).value_or(Role::analyst);
  user.state = user_state_named(row.text(first + 4)).value_or(UserState::disabled);
  user.created_at = base::Moment{row.integer(first + 5)};
  user.last_sign_in_at = moment_at(row, first + 6);
  user.second_factor = row.integer(first + 7) != 0;
  // A word this program does not know shows the least.
  user.scope = scope_named(row.text(first + 8)).value_or(Scope::own);
  user.staff = base::StaffId{row.integer(first + 9)};
  return user;
}

}  // namespace rights
