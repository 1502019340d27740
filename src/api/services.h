// Everything the routes work with; owned by server::App, borrowed by every call.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "store/database.h"

namespace access {
class Access;
}
namespace customer {
class ErasedHashes;
}
namespace event_log {
class EventLog;
}
namespace timeline {
class Histories;
}

namespace api {

struct Services {
  store::Database& database;
  event_log::EventLog& log;
  timeline::Histories& histories;
  customer::ErasedHashes& erased_hashes;
  const base::Clock& clock;
  base::Random& random;
  std::string version;
};

}  // namespace api
