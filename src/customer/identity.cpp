#include "customer/identity.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "base/check.h"
#include "base/text.h"
#include "customer/change.h"
#include "customer/identity_sql.h"
#include "customer/known.h"
#include "customer/normal_form.h"
#include "customer/person.h"
#include "store/failure.h"

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

base::Result<Checked, Error> checked(store::Session& session, const IdentityRef& identity) {
  const auto kind = identity_kind_named(session, identity.kind);
  if (!kind) {
    return base::unexpected(Error{Fault::unknown_identity_kind, std::string(identity.kind)});
  }
  auto normal = normal_form(kind->form, identity.value);
  const auto account = normal_account(identity.account);
  if (!normal || !account) return base::unexpected(Error{Fault::identity_invalid, kind->name});
  return Checked{*kind, *account, std::move(*normal), base::to_nfc(identity.value)};
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

// ["a","b"]
std::string json_list(std::span<const std::string> texts) {
  boost::json::array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return boost::json::serialize(list);
}

// {"a","b"}
std::string array_list(std::span<const std::string> texts) {
  std::string list = "{";
  for (const std::string& text : texts) {
    list += list.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += '"';
  }
  return list + "}";
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
  if (normals.empty()) return found;
  const bool sqlite = session.dialect() == store::Dialect::sqlite;
  const std::string list = sqlite ? json_list(normals) : array_list(normals);
  session.query(sqlite ? sql::kFindIdentitiesSqlite : sql::kFindIdentitiesPostgresql,
                {kind->id.value, std::string_view(list)}, [&](const store::Row& row) {
                  const std::size_t at = indexes[static_cast<std::size_t>(row.integer(0))];
                  found[at] = Found{{row.integer(1)}, {row.integer(2)}};
                });
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
