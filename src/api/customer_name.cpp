#include "api/customer_name.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "api/fault.h"

namespace api {

namespace {

// An identity of these kinds is one of an account's.
constexpr std::string_view kAccountKinds[] = {"openid", "external_userid"};

bool is_of_an_account(std::string_view kind) {
  return std::ranges::find(kAccountKinds, kind) != std::end(kAccountKinds);
}

// kind:account:value, when there is a second colon.
std::optional<customer::IdentityRef> with_account(const customer::IdentityRef& plain) {
  const std::size_t colon = plain.value.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return customer::IdentityRef{.kind = plain.kind,
                               .value = plain.value.substr(colon + 1),
                               .account = plain.value.substr(0, colon)};
}

// kind:value; nothing when no kind of identity leads the name.
std::optional<customer::IdentityRef> plain_identity(store::Session& session,
                                                    std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view kind = name.substr(0, colon);
  if (!customer::identity_kind_named(session, kind)) return std::nullopt;
  return customer::IdentityRef{.kind = kind, .value = name.substr(colon + 1)};
}

// What the name can mean, the likelier first.
std::vector<customer::IdentityRef> meanings_of(store::Session& session, std::string_view name) {
  const auto plain = plain_identity(session, name);
  if (!plain) return {{.kind = "customer", .value = name}};
  const auto full = with_account(*plain);
  if (!full) return {*plain};
  if (is_of_an_account(plain->kind)) return {*full, *plain};
  return {*plain, *full};
}

using Indexes = std::vector<std::size_t>;

// Sorted by name, so that two units do not wait for each other.
Indexes in_order(Indexes indexes, std::span<const NamedCustomer* const> named) {
  std::ranges::sort(indexes, {}, [&](std::size_t i) { return std::string_view(named[i]->name); });
  return indexes;
}

// Answers what may be remembered of it.
std::vector<customer::RememberedKeys::Found> find_or_create_keys(
    customer::Writing& writing, std::span<const NamedCustomer* const> named, Indexes wanted,
    std::vector<base::CustomerId>& found) {
  if (wanted.empty()) return {};
  wanted = in_order(std::move(wanted), named);
  std::vector<customer::NewKey> keys;
  for (const std::size_t i : wanted) keys.push_back({named[i]->name, named[i]->fresh});
  const auto resolved = customer::find_or_create_keys(writing, keys);
  if (!resolved) refuse(resolved.error().error);
  std::vector<customer::RememberedKeys::Found> fresh;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    found[wanted[i]] = (*resolved)[i].found.customer;
    fresh.push_back({named[wanted[i]]->name, found[wanted[i]]});
  }
  return fresh;
}

void find_or_create_others(customer::Writing& writing, std::span<const NamedCustomer* const> named,
                           Indexes wanted, std::vector<base::CustomerId>& found) {
  for (const std::size_t i : in_order(std::move(wanted), named)) {
    const NamedCustomer& one = *named[i];
    if (const auto known = find_customer(writing.unit(), one.name)) {
      found[i] = known->customer;
      continue;
    }
    const auto resolved = customer::find_or_create(writing, identity_of(writing.unit(), one.name),
                                                   one.fresh, std::nullopt);
    found[i] = value_or_refuse(resolved).found.customer;
  }
}

}  // namespace

customer::IdentityRef identity_of(store::Session& session, std::string_view name) {
  return meanings_of(session, name).front();
}

std::optional<customer::Found> find_customer(store::Session& session, std::string_view name) {
  for (const customer::IdentityRef& identity : meanings_of(session, name)) {
    if (const auto found = customer::find(session, identity)) return found;
  }
  return std::nullopt;
}

std::vector<base::CustomerId> find_or_create_all(customer::Writing& writing,
                                                 std::span<const NamedCustomer* const> named,
                                                 customer::RememberedKeys& remembered) {
  std::vector<std::string_view> keys;  // most names are one
  std::vector<std::size_t> keyed;      // their indexes
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const std::string& name = named[i]->name;
    if (name.find(':') != std::string::npos) {
      others.push_back(i);
    } else {
      keys.push_back(name);
      keyed.push_back(i);
    }
  }
  std::vector<base::CustomerId> found(named.size());
  if (!keys.empty()) {
    const std::int64_t version = customer::identity_version(writing.unit());
    const auto known = remembered.find(version, keys);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < keyed.size(); ++i) {
      found[keyed[i]] = known[i];
      if (!known[i]) open.push_back(keyed[i]);
    }
    auto fresh = find_or_create_keys(writing, named, std::move(open), found);
    if (!fresh.empty()) {
      writing.unit().after_commit(
          [&remembered, version, fresh = std::move(fresh)] { remembered.keep(version, fresh); });
    }
  }
  find_or_create_others(writing, named, std::move(others), found);
  return found;
}

}  // namespace api
