// What the routes of the ledger share.
#pragma once

#include <boost/json/object.hpp>

#include "api/call.h"
#include "api/mask.h"
#include "ledger/entries.h"

namespace api {

// How ids, causes and owners are shown: they are texts of programs, marked as personal by nobody.
inline FieldMask text_mask(Call& call) { return {call.caller().viewer.masks(), {}}; }

// A row of a statement, or of a bundle. Phones within its texts are masked as in any text.
boost::json::object posting_json(const ledger::Row& row, const FieldMask& mask);

}  // namespace api
