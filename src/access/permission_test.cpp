#include "access/permission.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "access/fault.h"
#include "access/viewer.h"

namespace rights {
namespace {

// The whole table once more, by role: a change of rights is a change of this test.
TEST(Roles, MayExactlyThis) {
  const std::string begins = "users.read users.write ";
  const std::string goes_on =
      "keys.read keys.write settings.read settings.write "
      "audit.read events.read events.declare events.write events.track customers.read "
      "customers.declare customers.write customers.merge customers.erase tags.write lists.write "
      "audiences.read audiences.write imports.read imports.write questions.stop accounts.read "
      "accounts.write customers.assign system.read ledger.read ledger.write "
      "outbox.read outbox.write";
  const std::vector<std::pair<Role, std::string>> table = {
      {Role::owner, begins + "owners.write " + goes_on},
      {Role::admin, begins + goes_on},
      {Role::operator_,
       "settings.read events.read customers.read customers.write customers.merge tags.write "
       "lists.write audiences.read audiences.write imports.read imports.write accounts.read "
       "customers.assign "
       "system.read ledger.read outbox.read outbox.write"},
      {Role::engineer,
       "keys.read keys.write settings.read events.read events.declare events.write events.track "
       "customers.read customers.declare customers.write tags.write lists.write "
       "audiences.read imports.read imports.write accounts.read system.read "
       "ledger.read ledger.write outbox.read"},
      {Role::analyst,
       "settings.read events.read customers.read audiences.read imports.read accounts.read "
       "system.read ledger.read"},
  };
  ASSERT_EQ(table.size(), kRoles.size());
  for (const auto& [role, permissions] : table) {
    EXPECT_EQ(to_text(permissions_of(role)), permissions) << name_of(role);
    EXPECT_EQ(permissions_from(permissions), permissions_of(role));
    EXPECT_EQ(permissions_of(role, Scope::all), permissions_of(role));
    EXPECT_EQ(role_named(name_of(role)), role);
  }
  EXPECT_EQ(permissions_of(Role::owner), PermissionSet::all());
  EXPECT_EQ(role_named("superuser"), std::nullopt);
  for (const Role role : kRoles) {
    EXPECT_EQ(masks_of(role), (role == Role::analyst ? Masks{true, true, true} : Masks{}));
  }
}

// What is left of it for whoever sees not all customers.
TEST(Roles, OfWhoSeesNotAllMayExactlyThis) {
  const std::vector<std::pair<Role, std::string>> table = {
      {Role::admin,
       "settings.read events.read customers.read customers.write "
       "customers.merge customers.erase tags.write audiences.read audiences.write accounts.read "
       "customers.assign"},
      {Role::operator_,
       "settings.read events.read customers.read customers.write customers.merge tags.write "
       "audiences.read audiences.write accounts.read customers.assign"},
      {Role::engineer,
       "settings.read events.read customers.read customers.write "
       "tags.write audiences.read accounts.read"},
      {Role::analyst, "settings.read events.read customers.read audiences.read accounts.read"},
  };
  for (const auto& [role, permissions] : table) {
    for (const Scope scope : {Scope::stores, Scope::own}) {
      EXPECT_EQ(to_text(permissions_of(role, scope)), permissions) << name_of(role);
    }
  }
  for (const Scope scope : kScopes) EXPECT_EQ(scope_named(name_of(scope)), scope);
  EXPECT_EQ(scope_named("none"), std::nullopt);
}

// docs/roles.md tells the table as it is: one row a permission, one column a role.
TEST(Roles, AreToldByTheirPage) {
  std::ifstream file(SIYU_SOURCE_DIR "/docs/roles.md");
  ASSERT_TRUE(file.is_open());
  std::vector<std::string> told;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `") && line.find('.') != std::string::npos) {
      told.push_back(line.substr(0, line.rfind('|', line.size() - 2)));  // without the words
    }
  }
  ASSERT_EQ(told.size(), kPermissionCount);
  for (std::size_t i = 0; i < kPermissionCount; ++i) {
    const auto permission = static_cast<Permission>(i);
    std::string row = "| `" + std::string(name_of(permission)) + "` |";
    for (const Role role : kRoles) {
      row += permissions_of(role).has(permission) ? " ● |" : "  |";
    }
    row += needs_all(permission) ? " ● " : "  ";
    EXPECT_EQ(told[i], row);
  }
}

// The contract names exactly the permissions there are, but for those that have no route of their
// own: they allow more on the routes of another.
TEST(Permissions, AreThoseOfTheContract) {
  std::ifstream file(SIYU_SOURCE_DIR "/api/openapi.yaml");
  ASSERT_TRUE(file.is_open());
  std::set<std::string> used;
  std::set<std::string> listed;
  const std::string mark = "x-permission: ";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("        - ") && permission_named(line.substr(10))) {
      listed.insert(line.substr(10));
    }
    const std::size_t at = line.find(mark);
    if (at == std::string::npos) continue;
    std::istringstream names(line.substr(at + mark.size()));
    for (std::string name; names >> name;) {
      if (name == "or" || name == "signed" || name == "in") continue;
      EXPECT_TRUE(permission_named(name).has_value()) << name;
      used.insert(name);
    }
  }
  for (std::size_t i = 0; i < kPermissionCount; ++i) {
    const auto permission = static_cast<Permission>(i);
    EXPECT_EQ(used.contains(std::string(name_of(permission))),
              permission != Permission::questions_stop)
        << name_of(permission);
    EXPECT_TRUE(listed.contains(std::string(name_of(permission)))) << name_of(permission);
  }
}

TEST(Permissions, SetsAreReadAndCompared) {
  const PermissionSet two{Permission::events_write, Permission::customers_read};
  EXPECT_EQ(to_text(two), "events.write customers.read");
  EXPECT_EQ(permissions_from("customers.read events.write"), two);
  EXPECT_EQ(permissions_from("customers.read nothing.write"), std::nullopt);
  EXPECT_EQ(permissions_from(""), PermissionSet{});
  EXPECT_TRUE(PermissionSet::all().has_all(two));
  EXPECT_TRUE(two.has_all(two));
  EXPECT_FALSE((PermissionSet{Permission::events_write}).has_all(two));
  EXPECT_TRUE(two.has_all({}));
}

TEST(Faults, HaveCodesOfTheirOwn) {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const std::string_view code = code_of(static_cast<Fault>(i));
    EXPECT_TRUE(code.starts_with("access."));
    EXPECT_TRUE(codes.insert(code).second) << code;
  }
}

TEST(Viewer, SeesEverybodyOrOnlySome) {
  const Viewer::Who who{
      {ActorKind::user, 12, "li", "127.0.0.1"}, permissions_of(Role::analyst), {}};
  const Viewer all = Viewer::all(who);
  EXPECT_TRUE(all.sees(base::CustomerId{5}));
  EXPECT_EQ(all.only(), nullptr);
  const std::vector<base::CustomerId> mixed = {{9}, {3}, {9}, {(std::int64_t{1} << 53) - 1}};
  const Viewer some = Viewer::only(who, CustomerSet(mixed));
  EXPECT_EQ(some.only()->customers().size(), 3u);
  EXPECT_TRUE(some.sees(base::CustomerId{3}));
  EXPECT_TRUE(some.sees(base::CustomerId{(std::int64_t{1} << 53) - 1}));
  EXPECT_FALSE(some.sees(base::CustomerId{4}));
  EXPECT_FALSE(Viewer::only(who, CustomerSet({})).sees(base::CustomerId{1}));
  EXPECT_TRUE(some.may(Permission::customers_read));
  EXPECT_FALSE(some.may(Permission::customers_write));
  EXPECT_TRUE(Viewer::command_line().may(Permission::owners_write));
}

TEST(Actor, IsWritten) {
  EXPECT_EQ(to_text({ActorKind::user, 12, "li", ""}), "user:12");
  EXPECT_EQ(to_text({ActorKind::key, 3, "", ""}), "key:3");
  EXPECT_EQ(to_text({ActorKind::import, 9, "", ""}), "import:9");
  EXPECT_EQ(to_text(Viewer::command_line().actor()), "command_line");
  EXPECT_EQ(to_text(Viewer::system("intake").actor()), "system:intake");
  for (const char* name : {"user", "key", "command_line", "import", "system"}) {
    EXPECT_EQ(name_of(*actor_kind_named(name)), name);
  }
}

}  // namespace
}  // namespace rights
