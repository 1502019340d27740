// Estimates and profiles as the API and the command line write them.
#pragma once

#include <boost/json/value.hpp>

#include "audience/everyone.h"

namespace audience {

// {"persons","rows","bytes","milliseconds","tree":{"rule","share","bytes","nanoseconds","parts"}}
boost::json::object estimate_to_json(const Estimate& estimate);
// {"persons","changed","milliseconds","tree":{"rule","rows_in","rows_true","bytes","milliseconds",
// "parts"}}
boost::json::object profile_to_json(const Profile& profile);

}  // namespace audience
