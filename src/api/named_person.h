// A person as answers name them: {id, key, name}, with the masks of who asks.
#pragma once

#include <boost/json/object.hpp>

#include "api/mask.h"
#include "base/id.h"
#include "store/database.h"

namespace api {

boost::json::object named_person(store::Session& session, const Mask& mask,
                                 base::CustomerId person);

}  // namespace api
