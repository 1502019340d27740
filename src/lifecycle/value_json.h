// A run of the value models as JSON: what is kept of it, what the API and `siyu value` answer.
//
//   {"state", "at", "event", "amount", "customers", "seconds",
//    "gates": [{"key", "ok", "have", "want"}],
//    "model": "bgnbd" | "mbgnbd" | null, "correlation",
//    "bgnbd": {"r", "alpha", "a", "b", "standard_errors": {"r", …}, "log_likelihood", "time_unit":
//       "week", "converged", "fault", "parameter", "starts", "starts_agreeing", "customers",
//       "groups"}, "mbgnbd": the same,
//    "gamma_gamma": {"p", "q", "v", "standard_errors", "log_likelihood", "converged", …},
//    "calibration": {…} | null, "clv": {"months", "discount_a_month"}}
//
// Without enough data the models are null. `v` is in yuan. `fault`: null, or a code of
// api/problems.tsv; then the standard errors are null.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "lifecycle/value_run.h"

namespace lifecycle {

std::string_view name_of(stats::PurchaseForm form);  // "bgnbd", "mbgnbd"

boost::json::object to_json(const ValueRun& run);

// The models of a run that was kept, so that what it says can be computed anew. Nothing: it says
// nothing.
std::optional<ValueFits> fits_of(const boost::json::object& result);

}  // namespace lifecycle
