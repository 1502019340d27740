// One unit's hand on the customers: every function that changes something takes a Writing.
//
//   database.write("customer.tag", [&](store::Unit& unit) -> base::Result<bool, Error> {
//     Writing writing(unit, log, {.actor = actor, .now = now, .source = "api"});
//     return add_tag(writing, customer, tag, {});
//   });
//
// Each change appends its event to the log in the same unit and, unless an import does it, a row
// to the audit with before and after (an import is one row of the audit, and its batch is named by
// every event). The clock and new ids are drawn outside the unit, since it may run twice.
//
// The change's own time: none given is `now`. A time the log moves (up to 5 minutes ahead, live) is
// moved in the tables too; one it refuses is Fault::time_refused. A change whose time lies before
// the one in the tables is appended to the log and leaves the tables as they are; of two with one
// time the later in the log counts.
//
// What is said again without a time of its own is no change; with one it is recorded, so that
// history is the same in whatever order its pieces come, and only the exact repeat is none.
//
// Whose: a change is written on the customer id it is given. By hand that is the person (the
// survivor); what came through an identity is written on that identity's customer, also after a
// merge. What the person has is the latest change over all customers merged into them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "access/actor.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "customer/fault.h"
#include "store/database.h"

namespace event_log {
class Log;
}

namespace customer {

struct Known;

inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kSourceBytesMax = 64;

using Actor = rights::Actor;

struct WritingOptions {
  Actor actor;
  base::Moment now;       // the clock at the entrance
  std::string source;     // of the events: "api", "console", "import", …; at most kSourceBytesMax
  bool live = true;       // false: history, starts nothing
  base::BatchId batch{};  // the import it belongs to, so that it can be undone
};

// Lives inside one unit. Not thread safe.
class Writing {
 public:
  Writing(store::Unit& unit, event_log::Log& log, WritingOptions options);
  ~Writing();
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

  store::Unit& unit() { return unit_; }
  event_log::Log& log() { return log_; }
  const Actor& actor() const { return options_.actor; }
  const std::string& by() const { return by_; }
  base::Moment now() const { return options_.now; }
  const std::string& source() const { return options_.source; }
  bool live() const { return options_.live; }
  base::BatchId batch() const { return options_.batch; }

  // Locks the person `customer` belongs to, resolved again after locking, and answers the person;
  // Fault::unknown_customer when there is none. Held until the unit ends; asked twice it costs
  // nothing. Every changing function does this by itself.
  [[nodiscard]] base::Result<base::CustomerId, Error> lock(base::CustomerId customer);

  // Until the unit ends no customer goes: none is erased or taken back with an import, so that
  // events appended for one found by an identity are of somebody. Before anything is found; once a
  // unit. Those who remove customers wait for the unit, and who comes behind them sees them gone.
  void hold_customers();

  // What this unit has asked already (known.h, inside the module).
  Known& known() { return *known_; }

 private:
  store::Unit& unit_;
  event_log::Log& log_;
  WritingOptions options_;
  std::string by_;
  std::unique_ptr<Known> known_;
};

}  // namespace customer
