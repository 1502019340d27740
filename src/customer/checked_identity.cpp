#include "customer/checked_identity.h"

#include <algorithm>

#include "base/text.h"
#include "customer/identity_sql.h"
#include "customer/known.h"
#include "customer/normal_form.h"
#include "store/list_text.h"

namespace customer {

base::Result<CheckedIdentity, Error> checked_as(const IdentityKind& kind,
                                                const IdentityRef& identity) {
  auto normal = normal_form(kind.form, identity.value);
  const auto account = normal_account(identity.account);
  if (!normal || !account) return base::unexpected(Error{Fault::identity_invalid, kind.name});
  return CheckedIdentity{kind, *account, std::move(*normal), base::to_nfc(identity.value)};
}

const IdentityKind* known_kind(Writing& writing, std::string_view name) {
  auto& kinds = writing.known().identity_kinds;
  if (!kinds) kinds = identity_kinds(writing.unit());
  const auto found = std::ranges::find(*kinds, name, &IdentityKind::name);
  return found == kinds->end() ? nullptr : &*found;
}

bool is_record_key(const CheckedIdentity& identity) {
  if (identity.kind.name != kKeyKind || !identity.account.empty()) return false;
  const std::string_view key = identity.normal;
  return key.size() > kRecordKeyStart.size() && key.starts_with(kRecordKeyStart) &&
         key.find_first_not_of("0123456789", kRecordKeyStart.size()) == std::string_view::npos;
}

std::vector<std::optional<Found>> find_normals(store::Session& session, IdentityKindId kind,
                                               std::span<const std::string> normals) {
  std::vector<std::optional<Found>> found(normals.size());
  if (normals.empty()) return found;
  const auto each = [&](const store::Row& row) {
    found[static_cast<std::size_t>(row.integer(0))] = Found{{row.integer(1)}, {row.integer(2)}};
  };
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  session.query(sqlite ? sql::kFindIdentitiesSqlite : sql::kFindIdentitiesPostgresql,
                {kind.value, store::list_text(session.dialect(), normals)}, each);
  return found;
}

Change added(const CheckedIdentity& identity, base::CustomerId customer, base::Moment time) {
  Change change{customer, "identity_added", time, identity.kind.name};
  change.to = identity.value;
  change.ref = identity.kind.id.value;
  if (!identity.account.empty()) change.more.emplace_back("account", identity.account);
  return change;
}

}  // namespace customer
