// Inside the module: a thing that is on or off for a customer (a tag, a static list), as one table
// each with the columns (customer, <thing>, present, since, at_…, source, by_whom, batch).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "customer/change.h"

namespace customer {

struct MembershipTable {
  std::string_view standing_sql;  // $1 person, $2 thing → customer, present, stamp
  std::string_view set_sql;       // $1 customer, $2 thing, $3 present, $4 … $7 stamp, $8 … $10
  std::string_view on_event;      // "tag_added"
  std::string_view off_event;
};

struct MembershipChange {
  std::int64_t thing = 0;
  std::string name;  // as the event calls it
  bool present = true;
  std::optional<base::Moment> since;
};
// Whether something changed today.
[[nodiscard]] base::Result<bool, Error> change_membership(Writing& writing,
                                                          const MembershipTable& table,
                                                          base::CustomerId customer,
                                                          const MembershipChange& change);

}  // namespace customer
