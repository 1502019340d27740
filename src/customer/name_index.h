// The terms of names by which quick search finds customers, kept in the same unit as the names.
//
// Terms stand at the customer the name is written on, as attributes do; who reads resolves the
// person, so that a merge and its undo change nothing here. A merged person is also found by a name
// that another of their customers has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace customer {

inline constexpr std::int64_t kNamesAtOnce = 500;  // customers of one unit of index_more_names

// Makes the terms of one customer anew from the attributes as they stand. Whoever changes a name
// calls it in the same unit, with the person locked.
void index_names(store::Unit& unit, base::CustomerId customer);

// The terms of names of customers who have none yet. Views must outlive the call.
struct CustomerName {
  base::CustomerId customer;
  std::string_view name;
};
void add_names(store::Unit& unit, std::span<const CustomerName> names);

// Goes on with the customers that were there before there were terms, kNamesAtOnce in one unit, in
// the order of ids; where it is stands in the database. False: there are none left.
bool index_more_names(store::Database& database);

struct Named {
  std::string term;  // the one found
  base::CustomerId person;
  base::Moment created_at;
};
// Those with a term that begins with `part` (folded), terms in byte order, so that the whole term
// comes first; one range of the index. Of one
// person as many as terms match. `rows`: at most so many.
struct NamePart {
  std::string part;
  std::size_t rows = 50;
};
std::vector<Named> named(store::Session& session, const NamePart& asked);

// Whether the person is called exactly so (folded), under any of their customers.
bool is_called(store::Session& session, base::CustomerId person, const std::string& folded);

// Whether the terms are those of the names, for at most `limit` customers with ids after this one.
// Those index_more_names has not come to are passed over.
struct TermsCheck {
  std::int64_t customers = 0;            // looked at
  std::vector<base::CustomerId> wrong;   // also who has terms and is no more, in the last slice
  std::optional<base::CustomerId> last;  // where to go on; nothing: that was all
};
TermsCheck check_terms(store::Session& session, base::CustomerId after, std::size_t limit);

}  // namespace customer
