// Typed values in JSON, as the API and webhooks write them.
//
//   int: number · decimal, money: string ("12.50"), a number is read too · text, date: string ·
//   bool: true, false · time: string (ISO 8601), a number of Unix ms is read too · text list: array
#pragma once

#include <boost/json/value.hpp>

#include "base/result.h"
#include "base/value.h"

namespace base {

boost::json::value value_to_json(const Value& value);

// Numbers are read by their shortest decimal form: 12.5 as money is exactly 12.50, 12.505 has too
// many places, 30.0 is the int 30. Strings are read as parse_value reads them. `zone` as there.
// Empty elements of a text list are dropped. JSON of another kind, null included, is wrong_type.
[[nodiscard]] Result<Value, ValueFault> value_from_json(ValueType type,
                                                        const boost::json::value& json,
                                                        const Zone* zone);

}  // namespace base
