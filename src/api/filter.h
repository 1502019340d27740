// What several lists are cut down to: a time, a person.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "base/id.h"
#include "base/moment.h"
#include "store/database.h"

namespace api {

// A query parameter as Call::moment reads it; nothing when it is missing.
std::optional<base::Moment> query_moment(Call& call, std::string_view name);

// Every customer that is this person today: rows stay with the one they were written on.
std::vector<base::CustomerId> ids_of(store::Session& session, base::CustomerId person);

}  // namespace api
