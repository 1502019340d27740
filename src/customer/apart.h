// Two persons who come with one identity, as families share a phone: who somebody is about, and
// listing them for a person to decide (merge.h: decide).
//
// An identity belongs to one customer, the holder. Whoever comes with it and cannot be the holder
// is looked for among those listed beside the holder, whatever was decided about them, so that the
// same file again finds the same persons and asks nobody twice. Somebody cannot be a person who
//   - has, and has ever had, another value of an attribute that tells persons apart, or
//   - has another identity of a kind one person has once (member_number).
// What one side does not know is no difference.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/writing.h"

namespace customer {

// The identity that people share; others are one person's.
inline constexpr std::string_view kSharedKind = "phone";
// What tells persons apart unless somebody says otherwise.
inline constexpr std::string_view kTellingAttribute = "name";

// What a row says of the person it is about. Views must outlive the call.
struct Claim {
  std::span<const NewValue> values;         // those of `attributes` are looked at
  std::span<const std::string> attributes;  // names of those that tell persons apart
  std::span<const IdentityRef> identities;  // those of kinds that one person has once are
};

// Whether the person cannot be the one the claim is about. Locks nothing.
bool is_somebody_else(Writing& writing, base::CustomerId person, const Claim& claim);

// Whom the claim is about among the holder of an identity (a customer) and those listed beside
// them: the customer to write on; nothing: somebody nobody has seen yet.
std::optional<base::CustomerId> whom(Writing& writing, base::CustomerId holder, const Claim& claim);

// Lists the two for a person to decide, once: false when they are one person or listed already.
bool list_apart(Writing& writing, base::CustomerId holder, base::CustomerId other,
                std::string_view kind);

// As add_identity; an identity of kSharedKind that belongs to somebody the claim cannot be about is
// left with them, and the two are listed.
struct GivenIdentity {
  IdentityRef identity;
  const Claim& claim;
  std::optional<base::Moment> since;
};
struct AddedIdentity {
  bool added = false;
  bool listed = false;
};
[[nodiscard]] base::Result<AddedIdentity, Error> add_or_list(Writing& writing,
                                                             base::CustomerId customer,
                                                             const GivenIdentity& given);

}  // namespace customer
