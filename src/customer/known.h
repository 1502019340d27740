// Inside the module: what a unit has already asked, so that a batch of rows asks it once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "customer/attribute.h"
#include "customer/identity.h"

namespace customer {

struct Known {
  std::map<base::CustomerId, base::CustomerId> persons;  // locked: customer → person
  std::map<std::string, Attribute, std::less<>> attributes;
  std::optional<std::vector<IdentityKind>> identity_kinds;
  std::int64_t wrong_types = 0;  // values of the wrong type recorded
};

}  // namespace customer
