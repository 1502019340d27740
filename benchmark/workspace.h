// A data folder of the product, opened through its own modules, and the work put into it.
//
// Loading goes through customer::Writing and event_log::Log::append, so every row is durable when
// it counts and stands where the product would have put it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "benchmark/workload.h"
#include "log/log.h"
#include "store/database.h"

namespace bench {

class Workspace {
 public:
  // Makes what is missing. Throws store::Failure.
  explicit Workspace(const std::string& folder);

  store::Database& database() { return *database_; }
  event_log::Log& log() { return *log_; }
  base::Random& random() { return random_; }
  base::Moment now() const { return clock_.now(); }

 private:
  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<event_log::Log> log_;
};

// The customers' ids by their numbers; [0] is none.
using CustomerIds = std::vector<base::CustomerId>;

struct Loaded {
  double customers_seconds = 0;
  double events_seconds = 0;
  std::int64_t changes = 0;  // of attributes, tags, consents
};

// Into an empty folder: the customers with their past, the audiences, then the events, 10,000 a
// unit.
Loaded load(Workspace& workspace, const Workload& workload, std::span<const Event> events);

// Of the customers that load() made.
CustomerIds ids_of(Workspace& workspace, std::uint32_t customers);

event_log::NewEvent to_log(const Event& event, base::CustomerId customer);

}  // namespace bench
