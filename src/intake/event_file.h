// Events from a CSV file.
//
//   customer,event,time,amount,channel:text,key
//   4711,order_paid,2026-01-31T08:00:00+08:00,12.50,0571,a-1
//
// customer: the customer's key, found or made as an identity of kind "customer" ("c_<id>" finds the
// customer without one). customer_kind (optional, may be empty): the kind of identity the customer
// is named by, when it is another ("phone"). time: ISO 8601 or Unix milliseconds, without an offset
// in the workspace's zone; before 1970 or more than 366 days ahead is left out. key (optional, may
// be empty): a row with a key is taken once for ever; a row without one is known by customer,
// event, time, properties and how many equal rows stood before it in the same file, so that equal
// rows count and the same file again adds nothing. Every other column is a property
// (intake/event_row.h says how it gets its type); an empty cell is a property the event does not
// have.
#pragma once

#include "base/result.h"
#include "intake/csv.h"
#include "intake/import.h"

namespace intake {

// Unit by unit; one more thread reads and types the rows of the next. Throws store::Failure.
[[nodiscard]] base::Result<ImportReport, ImportError> import_events(const ImportMeans& means,
                                                                    ByteSource& file,
                                                                    const ImportRequest& request);

}  // namespace intake
