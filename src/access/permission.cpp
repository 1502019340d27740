#include "access/permission.h"

#include <algorithm>

#include "base/check.h"

namespace rights {
namespace {

enum class Needs : bool { nothing, all };  // all: only whoever sees all customers

struct PermissionRow {
  std::string_view name;
  std::string_view roles;  // a letter per role that holds it: o a p e l (owner … analyst)
  Needs needs = Needs::nothing;
};

// In the order of Permission. The only place that says which role may what.
constexpr std::array<PermissionRow, kPermissionCount> kPermissions = {{
    {"users.read", "oa---", Needs::all},
    {"users.write", "oa---", Needs::all},
    {"owners.write", "o----", Needs::all},
    {"keys.read", "oa-e-", Needs::all},
    {"keys.write", "oa-e-", Needs::all},
    {"settings.read", "oapel"},
    {"settings.write", "oa---", Needs::all},
    {"audit.read", "oa---", Needs::all},
    {"events.read", "oapel"},
    {"events.declare", "oa-e-", Needs::all},
    {"events.write", "oa-e-", Needs::all},
    {"events.track", "oa-e-", Needs::all},
    {"customers.read", "oapel"},
    {"customers.declare", "oa-e-", Needs::all},
    {"customers.write", "oape-"},
    {"customers.merge", "oap--"},
    {"customers.erase", "oa---"},
    {"tags.write", "oape-"},
    {"lists.write", "oape-", Needs::all},
    {"audiences.read", "oapel"},
    {"audiences.write", "oap--"},
    {"imports.read", "oapel", Needs::all},
    {"imports.write", "oape-", Needs::all},
    {"questions.stop", "oa---", Needs::all},
    {"accounts.read", "oapel"},
    {"accounts.write", "oa---", Needs::all},
    {"customers.assign", "oap--"},
    {"system.read", "oapel", Needs::all},
    {"ledger.read", "oapel", Needs::all},
    {"ledger.write", "oa-e-", Needs::all},
    {"outbox.read", "oape-", Needs::all},
    {"outbox.write", "oap--", Needs::all},
}};

struct RoleRow {
  std::string_view name;
  char letter;
  Masks masks;
};

// In the order of Role.
constexpr std::array<RoleRow, kRoles.size()> kRoleRows = {{
    {"owner", 'o', {}},
    {"admin", 'a', {}},
    {"operator", 'p', {}},
    {"engineer", 'e', {}},
    {"analyst", 'l', {.phone = true, .name = true, .personal = true}},
}};

constexpr std::array<std::string_view, kScopes.size()> kScopeNames = {"all", "stores", "own"};

std::array<PermissionSet, kRoles.size()> sets_by_role() {
  std::array<PermissionSet, kRoles.size()> sets;
  for (std::size_t role = 0; role < kRoles.size(); ++role) {
    for (std::size_t i = 0; i < kPermissionCount; ++i) {
      if (kPermissions[i].roles.find(kRoleRows[role].letter) == std::string_view::npos) continue;
      sets[role].add(static_cast<Permission>(i));
    }
  }
  return sets;
}

}  // namespace

std::string_view name_of(Permission permission) {
  return kPermissions[static_cast<std::size_t>(permission)].name;
}

std::optional<Permission> permission_named(std::string_view name) {
  const auto found = std::ranges::find(kPermissions, name, &PermissionRow::name);
  if (found == kPermissions.end()) return std::nullopt;
  return static_cast<Permission>(found - kPermissions.begin());
}

PermissionSet PermissionSet::all() {
  PermissionSet set;
  set.bits_.set();
  return set;
}

std::vector<std::string_view> names_of(const PermissionSet& permissions) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kPermissionCount; ++i) {
    if (permissions.has(static_cast<Permission>(i))) names.push_back(kPermissions[i].name);
  }
  return names;
}

std::string to_text(const PermissionSet& permissions) {
  std::string text;
  for (const std::string_view name : names_of(permissions)) {
    if (!text.empty()) text += ' ';
    text += name;
  }
  return text;
}

std::optional<PermissionSet> permissions_from(std::string_view text) {
  PermissionSet set;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto permission = permission_named(text.substr(0, end));
    if (!permission) return std::nullopt;
    set.add(*permission);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return set;
}

std::string_view name_of(Role role) { return kRoleRows[static_cast<std::size_t>(role)].name; }

std::optional<Role> role_named(std::string_view name) {
  const auto found = std::ranges::find(kRoleRows, name, &RoleRow::name);
  if (found == kRoleRows.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleRows.begin());
}

const PermissionSet& permissions_of(Role role) {
  static const std::array<PermissionSet, kRoles.size()> sets = sets_by_role();
  return sets[static_cast<std::size_t>(role)];
}

std::string_view name_of(Scope scope) { return kScopeNames[static_cast<std::size_t>(scope)]; }

std::optional<Scope> scope_named(std::string_view name) {
  const auto found = std::ranges::find(kScopeNames, name);
  if (found == kScopeNames.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopeNames.begin());
}

bool needs_all(Permission permission) {
  return kPermissions[static_cast<std::size_t>(permission)].needs == Needs::all;
}

PermissionSet permissions_of(Role role, Scope scope) {
  if (scope == Scope::all) return permissions_of(role);
  PermissionSet set;
  for (std::size_t i = 0; i < kPermissionCount; ++i) {
    const auto permission = static_cast<Permission>(i);
    if (permissions_of(role).has(permission) && !needs_all(permission)) set.add(permission);
  }
  return set;
}

Masks masks_of(Role role) { return kRoleRows[static_cast<std::size_t>(role)].masks; }

}  // namespace rights
