// Customers nobody has heard of yet, many at once: what find_or_create, add_identity and
// set_attributes would make of them one after the other, in as few statements as the database
// allows. Identities, attributes, events, name terms are the same; only where the customers' events
// stand among those of other customers differs.
//
//   const auto made = make_newcomers(writing, rows);
//   for (i …) if (!(*made)[i]) …the row is about somebody, or is not all in order: one by one
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "customer/attribute.h"
#include "customer/identity.h"
#include "customer/writing.h"

namespace customer {

// Views must outlive the call.
struct Newcomer {
  IdentityRef named_by;
  base::CustomerId fresh;  // drawn outside of the unit, nobody's; each its own
  std::optional<base::Moment> created_at = std::nullopt;  // none: now; also named_by's since
  std::span<const IdentityRef> identities = {};           // beside the one they are named by
  std::optional<base::Moment> since = std::nullopt;       // of those
  std::span<const NewValue> values = {};
};

// Which of them were made: whose identities are in order, were nobody's and are said of nobody else
// among them. Of the others nothing is written. After an error, which is that of one of them, the
// unit must end with one. Throws store::Failure{serialization} when another unit has just made one
// of them, so that the unit runs again.
struct NewcomerError {
  std::size_t index;
  Error error;
};
[[nodiscard]] base::Result<std::vector<bool>, NewcomerError> make_newcomers(
    Writing& writing, std::span<const Newcomer> newcomers);

}  // namespace customer
