// Whom a user sees who does not see all: the Viewer of a request.
//
// Computed for every request from what is committed when it comes: assignments, staff and stores
// from their tables, over merged persons; friendships from those that follow the log, the attribute
// kStoreAttribute from the memory: both must have everything that was committed when they were
// asked (else 503, api.position_not_reached). So
// whoever is taken from somebody is gone from the next answer; an answer that is being made keeps
// the set it began with.
//
// Cost: one query over the assignments (about 1 µs each), one question of everybody for the stores,
// 8 bytes a person. What is asked with it is and-ed with a set, never person by person in SQL.
#pragma once

#include "access/user.h"
#include "api/services.h"

namespace api {

// Whose friend somebody is follows the log: waits until it has what is committed now. Refuses what
// takes too long. Not inside a read or unit.
void await_friendships(Services& services);

// Of a user whose scope is not all. Not inside a read or unit.
rights::CustomerSet seen_by(Services& services, const rights::User& user);

}  // namespace api
