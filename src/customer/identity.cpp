#include "customer/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "customer/change.h"
#include "customer/identity_sql.h"
#include "customer/known.h"
#include "customer/normal_form.h"
#include "customer/person.h"
#include "log/log.h"
#include "store/failure.h"
#include "store/list_text.h"

namespace customer {
namespace {

inline constexpr std::string_view kKeyKind = "customer";
inline constexpr std::string_view kRecordKeyStart = "c_";
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

// An identity that may be looked up: its kind is known and its value has the kind's form.
struct Checked {
  IdentityKind kind;
  std::string account;
  std::string normal;
  std::string value;
};

base::Result<Checked, Error> checked_as(const IdentityKind& kind, const IdentityRef& identity) {
  auto normal = normal_form(kind.form, identity.value);
  const auto account = normal_account(identity.account);
  if (!normal || !account) return base::unexpected(Error{Fault::identity_invalid, kind.name});
  return Checked{kind, *account, std::move(*normal), base::to_nfc(identity.value)};
}

base::Result<Checked, Error> checked(store::Session& session, const IdentityRef& identity) {
  const auto kind = identity_kind_named(session, identity.kind);
  if (kind) return checked_as(*kind, identity);
  return base::unexpected(Error{Fault::unknown_identity_kind, std::string(identity.kind)});
}

// Whether it says who somebody is by the key of the record itself.
bool is_record_key(const Checked& identity) {
  if (identity.kind.name != kKeyKind || !identity.account.empty()) return false;
  const std::string_view key = identity.normal;
  return key.size() > kRecordKeyStart.size() && key.starts_with(kRecordKeyStart) &&
         key.find_first_not_of("0123456789", kRecordKeyStart.size()) == std::string_view::npos;
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

std::optional<Found> find_checked(store::Session& session, const Checked& identity) {
  if (is_record_key(identity)) return find_record(session, identity.normal);
  return session.one(
      sql::kFindIdentity, {identity.kind.id.value, identity.account, identity.normal},
      [](const store::Row& row) { return Found{{row.integer(0)}, {row.integer(1)}}; });
}

// One answer for each, in their order. None is the key of a record.
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

// What the log says about an identity that comes or goes.
Change change_of(const Checked& identity, base::CustomerId customer, base::Moment time) {
  Change change{customer, "identity_added", time, identity.kind.name};
  change.to = identity.value;
  change.ref = identity.kind.id.value;
  if (!identity.account.empty()) change.more.emplace_back("account", identity.account);
  return change;
}

// The identity is given to the customer unless somebody has it; true: it is given.
bool claim(Writing& writing, const Checked& identity, base::CustomerId customer,
           base::Moment since) {
  return writing.unit().execute(
             sql::kInsertIdentity,
             {identity.kind.id.value, std::string_view(identity.account),
              std::string_view(identity.normal), std::string_view(identity.value), customer.value,
              since.ms, writing.now().ms, std::string_view(writing.source()),
              std::string_view(writing.by()), store::param(batch_of(writing))}) == 1;
}

// Claims the identity and tells the log; false: somebody has it. A refusal leaves nothing behind.
base::Result<bool, Error> give(Writing& writing, const Checked& identity,
                               std::span<const Change> changes) {
  if (!claim(writing, identity, changes.front().customer, changes.front().time)) return false;
  const auto done = append(writing, changes);
  if (done) return true;
  writing.unit().execute(sql::kDeleteIdentity,
                         {identity.kind.id.value, std::string_view(identity.account),
                          std::string_view(identity.normal)});
  return base::unexpected(done.error());
}

void insert_customer(Writing& writing, base::CustomerId id, base::Moment created_at) {
  writing.unit().execute(
      sql::kInsertCustomer,
      {id.value, created_at.ms, writing.now().ms, std::string_view(writing.source()),
       std::string_view(writing.by()), store::param(batch_of(writing))});
  writing.known().persons.emplace(id, id);  // nobody else sees it before the unit has happened
}

// A key that nobody had when it was looked for.
struct OpenKey {
  Checked identity;
  std::size_t index;  // of the key as asked
  base::CustomerId fresh;
};

// The identities are given unless somebody has them: those that are.
std::vector<const OpenKey*> claim_keys(Writing& writing, std::span<const OpenKey* const> keys) {
  store::Unit& unit = writing.unit();
  const std::int64_t kind = keys.front()->identity.kind.id.value;
  const std::int64_t now = writing.now().ms;
  const store::Param batch = store::param(batch_of(writing));
  if (unit.dialect() == store::Dialect::sqlite) {
    std::vector<std::vector<store::Param>> rows;
    for (const OpenKey* key : keys) {
      rows.push_back({kind, std::string_view(), std::string_view(key->identity.normal),
                      std::string_view(key->identity.value), key->fresh.value, now, now,
                      std::string_view(writing.source()), std::string_view(writing.by()), batch});
    }
    const std::int64_t given = unit.execute_batch(sql::kInsertIdentity, rows);
    CHECK(given == static_cast<std::int64_t>(keys.size()));  // one unit at a time: nobody has them
    return {keys.begin(), keys.end()};
  }
  store::ListText normals(unit.dialect()), values(unit.dialect()), customers(unit.dialect());
  for (const OpenKey* key : keys) {
    normals.add(key->identity.normal);
    values.add(key->identity.value);
    customers.add(key->fresh.value);
  }
  std::set<std::string, std::less<>> given;
  unit.query(sql::kInsertKeysPostgresql,
             {kind, normals.text(), values.text(), customers.text(), now, now,
              std::string_view(writing.source()), std::string_view(writing.by()), batch},
             [&](const store::Row& row) { given.emplace(row.text(0)); });
  std::vector<const OpenKey*> claimed;
  for (const OpenKey* key : keys) {
    if (given.contains(key->identity.normal)) claimed.push_back(key);
  }
  return claimed;
}

void insert_customers(Writing& writing, std::span<const OpenKey* const> keys) {
  store::Unit& unit = writing.unit();
  for (const OpenKey* key : keys) writing.known().persons.emplace(key->fresh, key->fresh);
  const std::array<store::Param, 5> rest = {
      writing.now().ms, writing.now().ms, std::string_view(writing.source()),
      std::string_view(writing.by()), store::param(batch_of(writing))};
  if (unit.dialect() == store::Dialect::sqlite) {
    std::vector<std::vector<store::Param>> rows;
    for (const OpenKey* key : keys) {
      rows.push_back({key->fresh.value});
      rows.back().insert(rows.back().end(), rest.begin(), rest.end());
    }
    unit.execute_batch(sql::kInsertCustomer, rows);
    return;
  }
  const std::string ids =
      store::list_text(unit.dialect(), keys, [](const OpenKey* key) { return key->fresh.value; });
  unit.execute(sql::kInsertCustomersPostgresql, {ids, rest[0], rest[1], rest[2], rest[3], rest[4]});
}

// Claims the keys, tells the log, makes the customers; answers those that were made.
base::Result<std::vector<const OpenKey*>, Error> make_keys(Writing& writing,
                                                           std::span<const OpenKey* const> keys) {
  std::vector<const OpenKey*> made = claim_keys(writing, keys);
  std::vector<Change> changes;
  for (const OpenKey* key : made) {
    changes.push_back({key->fresh, "customer_created", writing.now(), {}});
    changes.push_back(change_of(key->identity, key->fresh, writing.now()));
  }
  for (std::span<const Change> rest = changes; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), event_log::kAppendEventsMax));
    rest = rest.subspan(some.size());
    if (auto done = append(writing, some); !done) return base::unexpected(std::move(done.error()));
  }
  if (!made.empty()) insert_customers(writing, made);
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
    Checked identity{*kind, "", std::move(*normal), ""};
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
  const auto asked = checked(writing.unit(), identity);
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
                                           change_of(*asked, fresh, *time)};
    // Of several at once all but one wait here for the first, and then find its customer.
    const auto given = give(writing, *asked, changes);
    if (!given) return base::unexpected(given.error());
    if (!*given) continue;
    insert_customer(writing, fresh, *time);
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
  insert_customer(writing, fresh, *time);
  return fresh;
}

base::Result<bool, Error> add_identity(Writing& writing, base::CustomerId customer,
                                       const IdentityRef& identity,
                                       std::optional<base::Moment> since) {
  const auto person = writing.lock(customer);
  if (!person) return base::unexpected(person.error());
  const auto asked = checked(writing.unit(), identity);
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
    const Change change = change_of(*asked, customer, *time);
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
  const auto asked = checked(writing.unit(), identity);
  if (!asked) return base::unexpected(asked.error());
  const auto time = time_of(writing, at);
  if (!time) return base::unexpected(time.error());
  const auto found = find_checked(writing.unit(), *asked);
  if (!found || found->person != *person) return false;
  const std::array<store::Param, 3> key = {asked->kind.id.value, std::string_view(asked->account),
                                           std::string_view(asked->normal)};
  Change change = change_of(*asked, found->customer, *time);
  change.event = "identity_removed";
  change.to.reset();
  writing.unit().query(sql::kIdentityValue, key,
                       [&](const store::Row& row) { change.from = std::string(row.text(0)); });
  if (writing.unit().execute(sql::kDeleteIdentity, key) == 0) return false;
  const auto done = append(writing, change);
  if (!done) return base::unexpected(done.error());
  return true;
}

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
