// Taking an import back from the customers. The log's own rows of the batch are made void first, by
// log; then everything here is what history without them says.
//
// - attributes, tags, lists, consents whose current row the import wrote fall back to the last
//   change before it that is not void, or to nothing;
// - merges it caused are undone;
// - identities and customers it made go, if nothing else stands on them.
// What others have built upon is listed and not touched: a value changed since, an identity or a
// customer that others have used.
#pragma once

#include <string>
#include <vector>

#include "customer/writing.h"

namespace customer {

inline constexpr std::size_t kKeptListedMax = 1000;  // rows named in the report; all are counted

struct Kept {
  base::CustomerId customer;
  std::string thing;   // "customer", "identity", "attribute", "tag", "list", "consent", "merge"
  std::string name;    // kind or name; never a value
  std::string reason;  // "changed_since", "has_events", "has_identities", "has_values", "merged"
};
struct UndoReport {
  std::int64_t values = 0;  // attributes, tags, lists, consents that fell back
  std::int64_t merges = 0;
  std::int64_t identities = 0;
  std::int64_t customers = 0;
  std::int64_t kept = 0;
  std::vector<Kept> kept_listed;
};
// Requires: log's undo of the batch in this unit. Asked twice it finds nothing more to do.
[[nodiscard]] UndoReport undo_import(Writing& writing, base::BatchId batch);

}  // namespace customer
