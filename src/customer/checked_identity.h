// Inside the module: an identity that may be looked up, finding many at once, and what the log says
// of one that comes or goes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "customer/change.h"
#include "customer/identity.h"

namespace customer {

inline constexpr std::string_view kKeyKind = "customer";
inline constexpr std::string_view kRecordKeyStart = "c_";

// Its kind is known and its value has the kind's form.
struct CheckedIdentity {
  IdentityKind kind;
  std::string account;
  std::string normal;
  std::string value;
};
[[nodiscard]] base::Result<CheckedIdentity, Error> checked_as(const IdentityKind& kind,
                                                              const IdentityRef& identity);
// The kinds are asked for once in a unit; null: there is none of this name.
const IdentityKind* known_kind(Writing& writing, std::string_view name);

// Whether it says who somebody is by the key of the record itself.
bool is_record_key(const CheckedIdentity& identity);

// One answer for each, in their order; none is the key of a record. Without account.
std::vector<std::optional<Found>> find_normals(store::Session& session, IdentityKindId kind,
                                               std::span<const std::string> normals);

Change added(const CheckedIdentity& identity, base::CustomerId customer, base::Moment time);

}  // namespace customer
