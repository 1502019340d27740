// What `siyu value` asks: the value models fitted to an event and a property of its own, up to a
// moment, and of every customer a row in a file of this machine. Nothing of it is kept.
//
//   POST /local/v1/value {"event", "amount", "until"?, "customers"?}
//
// `until`: events before it count; a bare date is the whole of that day ("1997-09-30": through the
// end of 30 September). None: up to now. `customers`: path of a CSV or .xlsx file, written only
// when the run is ready:
//
//   customer, frequency, recency_weeks, age_weeks, mean_amount, p_alive, expected_orders_30d,
//   expected_orders_90d, expected_orders_365d, expected_amount, clv
//
// The last two are empty where the fit of money is refused, mean_amount where there is no repeat.
// Answers lifecycle/value_json.h, and `rows` of the file.
#pragma once

#include "api/call.h"

namespace server {

net::Response answer_value(api::Call& call);

}  // namespace server
