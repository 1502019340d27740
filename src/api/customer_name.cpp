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
                                                 std::span<const NamedCustomer* const> named) {
  std::vector<std::string_view> keys;  // most names are one, and are looked up together
  std::vector<std::size_t> keyed;
  std::vector<std::size_t> unknown;
  std::vector<base::CustomerId> found(named.size());
  const auto take = [&](std::size_t i, const std::optional<customer::Found>& known) {
    if (known) found[i] = known->customer;
    if (!known) unknown.push_back(i);
  };
  for (std::size_t i = 0; i < named.size(); ++i) {
    const std::string& name = named[i]->name;
    if (name.find(':') == std::string::npos) {
      keys.push_back(name);
      keyed.push_back(i);
    } else {
      take(i, find_customer(writing.unit(), name));
    }
  }
  const auto by_key = customer::find_by_keys(writing.unit(), keys);
  for (std::size_t i = 0; i < keyed.size(); ++i) take(keyed[i], by_key[i]);
  // In one order, so that two units do not wait for each other.
  std::ranges::sort(unknown, {}, [&](std::size_t i) { return std::string_view(named[i]->name); });
  for (const std::size_t i : unknown) {
    const NamedCustomer& one = *named[i];
    const auto resolved = customer::find_or_create(writing, identity_of(writing.unit(), one.name),
                                                   one.fresh, std::nullopt);
    found[i] = value_or_refuse(resolved).found.customer;
  }
  return found;
}

}  // namespace api
