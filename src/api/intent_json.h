// An intent of the outbox as answers show it: without its payload, which is the channel's and may
// tell of a customer.
#pragma once

#include <boost/json/object.hpp>

#include "outbox/intent.h"

namespace api {

boost::json::object intent_json(const outbox::Intent& intent);

}  // namespace api
