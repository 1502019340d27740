// Live membership under load: 200 live rules, a third with windows, a tenth with sequences, while
// events come in, by the threads of the server (server/live_work.h) and a clock set to the end of
// the load.
//
//   alone    one rule of ten tests, made live: seconds until its members are known
//   all      200 rules made live
//   load     events a second; every 20 ms one customer does what makes them a member of one
//            audience: from COMMIT to their being in its list, and to the record in the log
//   flips    a million customers who all leave one audience within one minute
//
// The CPU of who makes the events is counted apart.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

namespace bench {

struct MembershipOptions {
  std::string folder;  // as load() has filled it
  std::uint64_t events = 0;
  int rules = 200;
  int events_a_second = 20'000;
  int seconds = 30;
};

// Throws std::runtime_error where members differ from what the columns say at the end.
boost::json::object measure_membership(const MembershipOptions& options);

}  // namespace bench
