// Inside the module: the rows of a chunk of a file of customers, written in one unit. Those of
// customers nobody has heard of are written together, the others one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "customer/fault.h"
#include "customer/writing.h"
#include "intake/customer_row.h"

namespace intake {

// What became of one row.
struct RowOutcome {
  bool created = false;
  bool changed = false;
  std::int64_t reviews = 0;  // opened
};

// The rows of a chunk that cannot be written after all, by index. The unit must end with them.
using Refusals = std::map<std::size_t, customer::Fault>;

struct CustomerRows {
  std::span<const CustomerRow> rows;
  std::span<const base::CustomerId> fresh;  // one each, nobody's
  std::span<const std::string> telling;     // attributes that tell persons with one phone apart
};
// One outcome each, in their order.
[[nodiscard]] base::Result<std::vector<RowOutcome>, Refusals> write_customers(
    customer::Writing& writing, const CustomerRows& chunk);

}  // namespace intake
