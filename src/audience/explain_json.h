// Explanations as the API and the command line write them (api/openapi.yaml, Explanation without
// `customer`, whose key the caller knows).
#pragma once

#include <boost/json/value.hpp>

#include "audience/explain.h"

namespace audience {

// Moments are ISO 8601 in UTC; null: always, never, without end, unknown.
boost::json::object explanation_to_json(const Explanation& explanation);

}  // namespace audience
