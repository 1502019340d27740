// Inside the module: who the customers of a file are, kept from one unit of its import to the next.
//
// What was found is of use as long as nobody else has written to the log: whatever changes who a
// key belongs to is told there. On PostgreSQL, where others write at the same time, and while an
// import is being undone no key is kept, and every unit asks anew. Which stretch of the log is the
// import's own is known on both: on PostgreSQL as far as no transaction is open any more.
//
// The unit may run twice or not at all: what it finds is kept when it has happened.
// Memory: kCustomersKeptMax keys. Not thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "customer/identity.h"
#include "customer/writing.h"
#include "intake/event_chunk.h"
#include "intake/fresh_ids.h"
#include "log/log.h"

namespace intake {

inline constexpr std::size_t kCustomersKeptMax = 4'000'000;

class KnownCustomers {
 public:
  // One unit's work with them.
  struct Found {
    std::vector<base::CustomerId> ids;   // one per key of the chunk; zero: was not wanted
    std::vector<std::uint32_t> asked;    // indexes of keys that were not kept from before
    std::vector<std::uint32_t> created;  // indexes into asked, ascending
    // Whether it is of use to the next unit.
    bool keeps = false;
    bool others_wrote = true;  // since the unit before
    // Every row behind the one up to the other is the import's own. When it keeps, every row behind
    // the first is, also what this unit writes.
    event_log::Position own_after;
    event_log::Position own_through;
  };
  // A key that nobody can have.
  struct Fault {
    std::uint32_t key;  // index
    customer::Error error;
  };

  explicit KnownCustomers(base::Random& random) : fresh_ids_(random) {}

  // Before a unit: draws the ids that new customers would get.
  void prepare(const EventChunk& chunk);
  // In the unit: finds the customers of the keys, and makes those that are wanted and not there.
  [[nodiscard]] base::Result<Found, Fault> find(customer::Writing& writing, event_log::Log& log,
                                                const EventChunk& chunk,
                                                const std::vector<bool>& wanted) const;
  // Once the unit has happened; `last` is the newest of the log when it ended.
  void keep(const EventChunk& chunk, const Found& found, const event_log::Position& last);

 private:
  void find_own_rows(customer::Writing& writing, const event_log::Log& log, Found& found) const;

  FreshIds fresh_ids_;
  std::unordered_map<std::string, base::CustomerId> ids_;
  std::vector<base::CustomerId> fresh_;  // nobody's yet
  event_log::Position own_after_;        // nobody else has written behind it,
  event_log::Position own_through_;      // up to the end of the last unit
};

}  // namespace intake
