// Scrubbing owed: an erase says in its own unit that the file has to be rewritten, so that neither
// a failure nor a crash forgets it. Nothing of this happens on PostgreSQL.
#pragma once

#include <cstdint>

#include "store/database.h"

namespace store {

// `token`: drawn anew by each caller, so that a mark set while a scrub runs outlives it.
void mark_scrub_due(Unit& unit, std::int64_t token);
bool is_scrub_due(Session& session);

// Of SQLite's file; 0 on PostgreSQL.
std::int64_t file_bytes(Session& session);

// Scrubs if it is due, then takes the mark away; answers whether it was due. Throws what
// Database::scrub throws: the mark stays.
bool scrub_if_due(Database& database);

}  // namespace store
