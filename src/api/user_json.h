// Users as the API shows them.
#pragma once

#include <boost/json/object.hpp>

#include "access/user.h"

namespace api {

boost::json::object to_json(const rights::User& user);

}  // namespace api
