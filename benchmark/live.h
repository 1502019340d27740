// Questions while events come in: what a rule takes on live data, beside the same folded.
//
// Into a folder that load() has filled, through the log, a fixed number of events a second for a
// while, of customers as the load has them, in the hour before kEnd. Meanwhile the rules are asked
// in turn, as the server would ask them on one thread, and the CPU time of that thread is taken, so
// that neither the writing nor the folding beside it counts. At the end the answers of what is
// folded and what is not are compared, the events are taken back as an import is, and what is left
// is compared with the answers of before.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct LiveOptions {
  std::string folder;
  std::uint64_t events = 0;  // as loaded
  std::vector<std::string> rules;
  int events_a_second = 15'000;
  int seconds = 10;
};

// {"rate": events a second that were appended, "unfolded": events, the mean of all asking,
//  "rules": [{"rule", "asked", "folded_cpu", "live_cpu", "live_cpu_max": seconds,
//             "changed": share of persons asked something by their histories}]}
// Throws std::runtime_error where answers differ.
boost::json::object ask_live(const LiveOptions& options);

}  // namespace bench
