#include "customer/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "customer/change.h"
#include "customer/checked_identity.h"
#include "customer/identity_sql.h"
#include "customer/known.h"
#include "customer/new_rows.h"
#include "customer/person.h"
#include "log/log.h"
#include "store/failure.h"

namespace customer {
namespace {

inline constexpr int kClaimTriesMax = 100;

constexpr std::array<std::pair<IdentityForm, std::string_view>, 3> kForms = {
    {{IdentityForm::plain, "plain"},
     {IdentityForm::phone, "phone"},
     {IdentityForm::email, "email"}}};

IdentityKind kind_at(const store::Row& row) {
  IdentityKind kind{
      {row.integer(0)}, std::string(row.text(1)), IdentityForm::plain, row.integer(3) != 0};
  for (const auto& [form, name] : kForms) {
    if (name == row.text(2)) kind.form = form;
  }
  return kind;
}

base::Result<CheckedIdentity, Error> checked(store::Session& session, const IdentityRef& identity) {
  const auto kind = identity_kind_named(session, identity.kind);
  if (kind) return checked_as(*kind, identity);
  return base::unexpected(Error{Fault::unknown_identity_kind, std::string(identity.kind)});
}

base::Result<CheckedIdentity, Error> checked(Writing& writing, const IdentityRef& identity) {
  if (const IdentityKind* kind = known_kind(writing, identity.kind)) {
    return checked_as(*kind, identity);
  }
  return base::unexpected(Error{Fault::unknown_identity_kind, std::string(identity.kind)});
}

std::optional<Found> find_record(store::Session& session, std::string_view key) {
  std::int64_t id = 0;
  const char* end = key.data() + key.size();
  if (std::from_chars(key.data() + kRecordKeyStart.size(), end, id).ec != std::errc{}) {
    return std::nullopt;
  }
  const auto known = customer_with(session, {id});
  if (!known) return std::nullopt;
  return Found{known->id, known->person};
}

std::optional<Found> find_checked(store::Session& session, const CheckedIdentity& identity) {
  if (is_record_key(identity)) return find_record(session, identity.normal);
  return session.one(
      sql::kFindIdentity, {identity.kind.id.value, identity.account, identity.normal},
      [](const store::Row& row) { return Found{{row.integer(0)}, {row.integer(1)}}; });
}

// Claims the identity and tells the log; false: somebody has it. A refusal leaves nothing behind.
base::Result<bool, Error> give(Writing& writing, const CheckedIdentity& identity,
                               std::span<const Change> changes) {
  const NewIdentity wanted{&identity, changes.front().customer, changes.front().time};
  if (!claim(writing, std::span(&wanted, 1)).front()) return false;
  const auto done = append(writing, changes);
  if (done) return true;
  writing.unit().execute(sql::kDeleteIdentity,
                         {identity.kind.id.value, std::string_view(identity.account),
                          std::string_view(identity.normal)});
  return base::unexpected(done.error());
}

// A key that nobody had when it was looked for.
struct OpenKey {
  CheckedIdentity identity;
  std::size_t index;  // of the key as asked
  base::CustomerId fresh;
};

// Claims the keys, tells the log, makes the customers; answers those that were made.
base::Result<std::vector<const OpenKey*>, Error> make_keys(Writing& writing,
                                                           std::span<const OpenKey* const> keys) {
  std::vector<NewIdentity> wanted;
  for (const OpenKey* key : keys) wanted.push_back({&key->identity, key->fresh, writing.now()});
  const std::vector<bool> given = claim(writing, wanted);
  std::vector<const OpenKey*> made;
  std::vector<Change> changes;
  std::vector<NewCustomer> customers;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!given[i]) continue;
    const OpenKey* key = made.emplace_back(keys[i]);
    changes.push_back({key->fresh, "customer_created", writing.now(), {}});
    changes.push_back(added(key->identity, key->fresh, writing.now()));
    customers.push_back({key->fresh, writing.now()});
  }
  if (made.empty()) return made;
  if (auto done = append_all(writing, changes); !done) {
    return base::unexpected(std::move(done.error().error));
  }
  insert_customers(writing, customers);
  return made;
}

}  // namespace

std::string_view name_of(IdentityForm form) {
  for (const auto& [known, name] : kForms) {
    if (known == form) return name;
  }
  base::unreachable();
}

std::optional<IdentityForm> identity_form_named(std::string_view name) {
  for (const auto& [form, known] : kForms) {
    if (known == name) return form;
  }
  return std::nullopt;
}

std::vector<IdentityKind> identity_kinds(store::Session& session) {
  std::vector<IdentityKind> kinds;
  session.query(sql::kIdentityKinds, {},
                [&](const store::Row& row) { kinds.push_back(kind_at(row)); });
  return kinds;
}

std::optional<IdentityKind> identity_kind_named(store::Session& session, std::string_view name) {
  return session.one(sql::kIdentityKindNamed, {name}, kind_at);
}

base::Result<IdentityKind, Error> declare_identity_kind(Writing& writing,
                                                        const IdentityKind& kind) {
  const auto name = name_from(kind.name);
  if (!name) return base::unexpected(name.error());
  lock_names(writing);
  if (const auto known = identity_kind_named(writing.unit(), *name)) {
    if (known->form == kind.form && known->one_per_person == kind.one_per_person) return *known;
    return base::unexpected(Error{Fault::type_conflict, *name});
  }
  if (identity_kinds(writing.unit()).size() >= kIdentityKindsMax) {
    return base::unexpected(Error{Fault::too_many_names, "identity kinds"});
  }
  writing.unit().execute(sql::kInsertIdentityKind,
                         {*name, name_of(kind.form), std::int64_t{kind.one_per_person}});
  writing.known().identity_kinds.reset();
  const IdentityKind made = *identity_kind_named(writing.unit(), *name);
  audit(writing, {"identity_kind", "declared", made.id.value, {}, made.name});
  return made;
}

std::optional<Found> find(store::Session& session, const IdentityRef& identity) {
  const auto asked = checked(session, identity);
  if (!asked) return std::nullopt;
  return find_checked(session, *asked);
}

std::optional<Found> find_by_key(store::Session& session, std::string_view key) {
  return find(session, {kKeyKind, key});
}

std::vector<std::optional<Found>> find_by_keys(store::Session& session,
                                               std::span<const std::string_view> keys) {
  std::vector<std::optional<Found>> found(keys.size());
  const auto kind = identity_kind_named(session, kKeyKind);
  if (!kind) return found;
  std::vector<std::size_t> indexes;  // of the keys asked about
  std::vector<std::string> normals;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto normal = normal_form(kind->form, keys[i]);
    if (!normal) continue;
    CheckedIdentity identity{*kind, "", std::move(*normal), ""};
    if (is_record_key(identity)) {
      found[i] = find_record(session, identity.normal);
      continue;
    }
    indexes.push_back(i);
    normals.push_back(std::move(identity.normal));
  }
  const auto there = find_normals(session, kind->id, normals);
  for (std::size_t i = 0; i < there.size(); ++i) found[indexes[i]] = there[i];
  return found;
}

std::string key_of(store::Session& session, base::CustomerId person) {
  return session
      .one(sql::kKeyOf, {person.value},
           [](const store::Row& row) { return std::string(row.text(0)); })
      .value_or(fmt::format("{}{}", kRecordKeyStart, person.value));
}

base::Result<Resolved, Error> find_or_create(Writing& writing, const IdentityRef& identity,
                                             base::CustomerId fresh,
                                             std::optional<base::Moment> created_at) {
  CHECK(fresh);
  const auto asked = checked(writing, identity);
  if (!asked) return base::unexpected(asked.error());
  if (is_record_key(*asked)) {
    const auto found = find_checked(writing.unit(), *asked);
    if (!found) return base::unexpected(Error{Fault::unknown_customer, {}});
    return Resolved{*found, false};
  }
  for (int tries = 0; tries < kClaimTriesMax; ++tries) {
    if (const auto found = find_checked(writing.unit(), *asked)) return Resolved{*found, false};
    const auto time = time_of(writing, created_at);
    if (!time) return base::unexpected(time.error());
    const std::array<Change, 2> changes = {Change{fresh, "customer_created", *time, {}},
                                           added(*asked, fresh, *time)};
    // Of several at once all but one wait here for the first, and then find its customer.
    const auto given = give(writing, *asked, changes);
    if (!given) return base::unexpected(given.error());
    if (!*given) continue;
    const NewCustomer made{fresh, *time};
    insert_customers(writing, std::span(&made, 1));
    return Resolved{{fresh, fresh}, true};
  }
  throw store::Failure(store::FailureKind::serialization, "an identity kept coming and going");
}

base::Result<std::vector<Resolved>, KeyError> find_or_create_keys(Writing& writing,
                                                                  std::span<const NewKey> keys) {
  store::Unit& unit = writing.unit();
  std::vector<Resolved> resolved(keys.size());
  const auto kind = identity_kind_named(unit, kKeyKind);
  CHECK(kind.has_value());
  std::vector<OpenKey> open;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(keys[i].fresh);
    auto asked = checked_as(*kind, {kKeyKind, keys[i].key});
    if (!asked) return base::unexpected(KeyError{i, std::move(asked.error())});
    if (!is_record_key(*asked)) {
      open.push_back({std::move(*asked), i, keys[i].fresh});
      continue;
    }
    const auto found = find_record(unit, asked->normal);
    if (!found) return base::unexpected(KeyError{i, Error{Fault::unknown_customer, {}}});
    resolved[i].found = *found;
  }
  // By key, so that two units that make the same customers never wait for each other.
  std::ranges::stable_sort(
      open, {}, [](const OpenKey& key) { return std::string_view(key.identity.normal); });
  for (int tries = 0; !open.empty(); ++tries) {
    if (tries == kClaimTriesMax) {
      throw store::Failure(store::FailureKind::serialization, "an identity kept coming and going");
    }
    std::vector<std::string> normals;
    for (const OpenKey& key : open) normals.push_back(key.identity.normal);
    const auto found = find_normals(unit, kind->id, normals);
    std::vector<const OpenKey*> missing;  // the first of equal ones
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (found[i]) {
        resolved[open[i].index].found = *found[i];
      } else if (missing.empty() || missing.back()->identity.normal != open[i].identity.normal) {
        missing.push_back(&open[i]);
      }
    }
    if (!missing.empty()) {
      auto made = make_keys(writing, missing);
      if (!made) return base::unexpected(KeyError{missing.front()->index, std::move(made.error())});
      for (const OpenKey* key : *made) {
        resolved[key->index] = {{key->fresh, key->fresh}, true};
      }
    }
    std::erase_if(open,
                  [&](const OpenKey& key) { return bool(resolved[key.index].found.customer); });
  }
  return resolved;
}

base::Result<base::CustomerId, Error> create(Writing& writing, base::CustomerId fresh,
                                             std::optional<base::Moment> created_at) {
  CHECK(fresh);
  const auto time = time_of(writing, created_at);
  if (!time) return base::unexpected(time.error());
  const auto done = append(writing, Change{fresh, "customer_created", *time, {}});
  if (!done) return base::unexpected(done.error());
  const NewCustomer made{fresh, *time};
  insert_customers(writing, std::span(&made, 1));
  return fresh;
}

base::Result<bool, Error> add_identity(Writing& writing, base::CustomerId customer,
                                       const IdentityRef& identity,
                                       std::optional<base::Moment> since) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  const auto asked = checked(writing, identity);
  if (!asked) return base::unexpected(asked.error());
  if (is_record_key(*asked)) {
    return base::unexpected(Error{Fault::identity_invalid, asked->kind.name});
  }
  const auto time = time_of(writing, since);
  if (!time) return base::unexpected(time.error());
  const auto held = writing.unit().one(sql::kCountIdentities, {customer.value},
                                       [](const store::Row& row) { return row.integer(0); });
  if (held.value_or(0) >= static_cast<std::int64_t>(kIdentitiesMax)) {
    return base::unexpected(Error{Fault::too_many_identities, asked->kind.name});
  }
  for (int tries = 0; tries < kClaimTriesMax; ++tries) {
    if (const auto found = find_checked(writing.unit(), *asked)) {
      if (found->person == *person) return false;
      return base::unexpected(Error{Fault::identity_taken, asked->kind.name});
    }
    const Change change = added(*asked, customer, *time);
    const auto given = give(writing, *asked, std::span(&change, 1));
    if (!given) return base::unexpected(given.error());
    if (*given) return true;
  }
  throw store::Failure(store::FailureKind::serialization, "an identity kept coming and going");
}

base::Result<bool, Error> remove_identity(Writing& writing, base::CustomerId customer,
                                          const IdentityRef& identity,
                                          std::optional<base::Moment> at) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  const auto asked = checked(writing, identity);
  if (!asked) return base::unexpected(asked.error());
  const auto time = time_of(writing, at);
  if (!time) return base::unexpected(time.error());
  const auto found = find_checked(writing.unit(), *asked);
  if (!found || found->person != *person) return false;
  const std::array<store::Param, 3> key = {asked->kind.id.value, std::string_view(asked->account),
                                           std::string_view(asked->normal)};
  Change change = added(*asked, found->customer, *time);
  change.event = "identity_removed";
  change.to.reset();
  writing.unit().query(sql::kIdentityValue, key,
                       [&](const store::Row& row) { change.from = std::string(row.text(0)); });
  if (writing.unit().execute(sql::kDeleteIdentity, key) == 0) return false;
  raise_identity_version(writing.unit());
  const auto done = append(writing, change);
  if (!done) return base::unexpected(done.error());
  return true;
}

std::int64_t identity_version(store::Session& session) {
  const auto version =
      session.one(sql::kIdentityVersion, {}, [](const store::Row& row) { return row.integer(0); });
  CHECK(version.has_value());
  return *version;
}

void raise_identity_version(store::Unit& unit) { unit.execute(sql::kRaiseIdentityVersion, {}); }

std::vector<Identity> identities_of(store::Session& session, base::CustomerId person) {
  std::vector<Identity> identities;
  session.query(sql::kIdentitiesOf, {person.value}, [&](const store::Row& row) {
    identities.push_back({{row.integer(0)},
                          {row.integer(1)},
                          std::string(row.text(2)),
                          std::string(row.text(3)),
                          std::string(row.text(4)),
                          {row.integer(5)},
                          std::string(row.text(6))});
  });
  return identities;
}

}  // namespace customer
