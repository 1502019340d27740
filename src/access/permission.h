// What somebody may do: a closed list of permissions, and the roles that hold them. The table role
// × permission is in permission.cpp and nowhere else; the console, the API document and the tests
// read it from here, docs/roles.md tells it.
//
// A user sees all customers, those of their stores or their own (Scope). What concerns everybody's
// data as a whole (imports, keys, users, the audit …) only those may who see all.
//
// The namespace is `rights`, because <unistd.h> has a function named access.
// Pure; any thread.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rights {

// The name is noun.verb and stands in api/openapi.yaml (x-permission), in keys and in the database.
enum class Permission : std::uint8_t {
  users_read,
  users_write,
  owners_write,  // make, change and remove owners
  keys_read,
  keys_write,
  settings_read,
  settings_write,
  audit_read,
  events_read,
  events_declare,
  events_write,
  events_track,  // POST /t/…: what trackers and servers tell, as Segment's clients do
  customers_read,
  customers_declare,  // attributes, identity kinds, purposes
  customers_write,
  customers_merge,
  customers_erase,
  tags_write,
  lists_write,  // rename, delete, bring back; making them is of tags_write
  audiences_read,
  audiences_write,
  imports_read,
  imports_write,
  questions_stop,  // see and stop what others ask
  accounts_read,
  accounts_write,    // brand accounts, stores, staff
  customers_assign,  // say whose customers are whose
  system_read,       // how the program fares: memory, disk, backups
  ledger_read,
  ledger_write,  // post, hold, edit by difference
  outbox_read,
  outbox_write,  // pause, resume, decide about dead letters
};
inline constexpr std::size_t kPermissionCount = 32;
std::string_view name_of(Permission permission);  // "customers.read"
std::optional<Permission> permission_named(std::string_view name);

class PermissionSet {
 public:
  PermissionSet() = default;
  PermissionSet(std::initializer_list<Permission> permissions) {
    for (const Permission permission : permissions) add(permission);
  }
  static PermissionSet all();

  void add(Permission permission) { bits_.set(static_cast<std::size_t>(permission)); }
  bool has(Permission permission) const { return bits_.test(static_cast<std::size_t>(permission)); }
  bool has_all(const PermissionSet& other) const { return (other.bits_ & ~bits_).none(); }
  bool empty() const { return bits_.none(); }
  friend bool operator==(const PermissionSet&, const PermissionSet&) = default;

 private:
  std::bitset<kPermissionCount> bits_;
};

// "customers.read events.write", in the order of the list.
std::string to_text(const PermissionSet& permissions);
// Nothing when a name is unknown.
std::optional<PermissionSet> permissions_from(std::string_view text);
std::vector<std::string_view> names_of(const PermissionSet& permissions);

// owner 所有者: everything · admin 管理员: everything but owners · operator 运营: customers, tags,
// audiences, imports · engineer 工程师: events, keys, imports · analyst 分析: looks, masked.
enum class Role : std::uint8_t { owner, admin, operator_, engineer, analyst };
inline constexpr std::array<Role, 5> kRoles = {Role::owner, Role::admin, Role::operator_,
                                               Role::engineer, Role::analyst};
std::string_view name_of(Role role);  // "operator"
std::optional<Role> role_named(std::string_view name);

const PermissionSet& permissions_of(Role role);

// Whose customers a user sees.
enum class Scope : std::uint8_t { all, stores, own };
inline constexpr std::array<Scope, 3> kScopes = {Scope::all, Scope::stores, Scope::own};
std::string_view name_of(Scope scope);  // "stores"
std::optional<Scope> scope_named(std::string_view name);

// What remains of a role's permissions for whoever does not see all.
bool needs_all(Permission permission);
PermissionSet permissions_of(Role role, Scope scope);

// What is shown as "138****0001", "李*" and "****".
struct Masks {
  bool phone = false;
  bool name = false;
  bool personal = false;  // attributes and properties the brand has marked as personal
  friend bool operator==(const Masks&, const Masks&) = default;
};
Masks masks_of(Role role);

}  // namespace rights
