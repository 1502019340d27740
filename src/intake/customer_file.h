// Customers from a CSV file.
//
//   customer,since,city,birthday,level:int
//   4711,2026-01-31,杭州,--05-17,3
//
// customer, customer_kind: the customer, as in a file of events. Columns written as KIND:identity,
// GROUP:tags (several divided by |) and PURPOSE:consent or PURPOSE/CHANNEL:consent (yes, no) hold
// further identities, tags and consents; an identity that another customer has leaves the row out.
// since (optional, may be empty): from when
// on the row's values hold, else the import's moment; a customer made here is known from their
// first `since`. Every other column is an attribute: its type is the one written in the header,
// else the one the attribute has, else the one guessed from the whole column; an empty cell changes
// nothing. A value that does not fit leaves the row out, except where the attribute got its type
// earlier: there it replaces the one before, unknown and kept raw.
//
// The same file again changes nothing: of several rows of one customer without `since` the last
// value of each attribute counts; a row with `since` that history already has is a repeat.
#pragma once

#include "base/result.h"
#include "intake/csv.h"
#include "intake/import.h"

namespace intake {

// In the calling thread, unit by unit. Throws store::Failure.
[[nodiscard]] base::Result<ImportReport, ImportError> import_customers(
    const ImportMeans& means, ByteSource& file, const ImportRequest& request);

}  // namespace intake
