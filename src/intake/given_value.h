// A value of an attribute as JSON gives it. Any thread.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "customer/attribute.h"
#include "store/database.h"

namespace intake {

// Of the attribute's type when it is known, else of the type the JSON has by itself; what cannot be
// read is kept raw. Null: unknown from here on.
customer::NewValue given_value(store::Session& session, std::string_view name,
                               const boost::json::value& given);

}  // namespace intake
