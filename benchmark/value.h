// What the value of a million customers costs: BG/NBD, MBG/NBD and Gamma-Gamma fitted to purchases
// that live by a BG/NBD and a Gamma-Gamma of known parameters, read from the columns of the memory,
// calibrated on weeks held back, and every customer assessed.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>

namespace bench {

// {"customers", "purchases", "read_seconds", "fit_seconds": the three fits, "run_seconds": all of a
//  run, "groups", "r", "alpha", "a", "b", "p", "q", "v": what was found}
// Throws std::runtime_error where what was found is not what they were made of.
boost::json::object measure_value(std::int64_t customers);

}  // namespace bench
