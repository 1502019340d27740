// What the ledger, its timers and the outbox do in a second: 64 clients in process, every answer
// durable before it is given.
//
//   spread   each client moves between accounts of its own
//   hot      all of them take from one account, into accounts of their own
//   sale     all of them take from one account into one: a product that is sold
//   timers   as many as told, all due in the same minute, fired
//   sends    intents carried out by an HTTP receiver of the same process, each once
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

namespace bench {

struct CountingOptions {
  std::string place;  // a new folder, or postgresql://…, whose database is empty
  int seconds = 5;    // of each of spread and hot
  std::int64_t timers = 1'000'000;
  std::int64_t sends = 50'000;
};

// {"spread": transfers a second, "hot": the same, "sale": the same, "sold": how many by it,
//  "timers_seconds": …, "sends": a second, "balanced": true}
// Throws std::runtime_error where a count is not what it must be.
boost::json::object measure_counting(const CountingOptions& options);

}  // namespace bench
