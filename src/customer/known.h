// Inside the module: what a unit has already asked, so that a batch of rows asks it once.
#pragma once

#include <map>
#include <string>

#include "base/id.h"
#include "customer/attribute.h"

namespace customer {

struct Known {
  std::map<base::CustomerId, base::CustomerId> persons;  // locked: customer → person
  std::map<std::string, Attribute, std::less<>> attributes;
};

}  // namespace customer
