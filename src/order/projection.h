// The orders as tables, kept from the events of the log: a reader with a position of its own.
//
//   log ──read_after──▶ order_fact   one row an event about an order
//                          │ order_of()
//                          ▼
//                       orders       one row an order
//                       order_revenue   sums by quarter of an hour, for any zone's days
//
// Only events about orders are brought out of the log. All of one step happens in one unit with the
// position, so that nothing counts twice. Events without an order_id (or with one of more than
// kOrderIdBytesMax) are an order of their own, "e_<position>". Who is erased and what an import
// took back leaves by the log's notices; who erases also calls erase() in that unit, so that
// nothing of the person is left when it ends. Customers are kept as written: whoever reads resolves
// them, a merge changes no row.
//
// Sums saturate nowhere: more than 2^63 cents of one order or quarter is a CHECK failure of the
// database's own arithmetic (an error of the unit), a thousand million times any real figure.
//
// Threads: any; one step at a time in a process, and of several processes one wins each step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "base/id.h"
#include "log/log.h"
#include "log/position.h"
#include "store/database.h"

namespace order {

inline constexpr std::size_t kOrderIdBytesMax = 200;
inline constexpr std::int64_t kRowsAtOnce = 50'000;  // of the log, in one step
inline constexpr std::int64_t kFactsAtOnce = 500;    // the same: some 10 ms of the one who writes
// Who follows rests so many times as long as a step took, when others have appended meanwhile.
inline constexpr std::int64_t kRestAfterStep = 4;

// Who is who, told by whom knows. Any thread.
class Persons {
 public:
  virtual ~Persons() = default;
  // Ids as written of everybody whose person is a test account, ascending.
  virtual std::vector<base::CustomerId> of_test_accounts(store::Session& session) const = 0;
  // All ids that are one person with this one today; none for somebody who is no more.
  virtual std::vector<base::CustomerId> one_with(store::Session& session,
                                                 base::CustomerId customer) const = 0;
};

class Projection {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    // Outlives the projection. The orders of test accounts count in no sum.
    const Persons& persons;
  };
  explicit Projection(Means means) : means_(std::move(means)) {}

  // Goes on from the stored position. False: there is nothing more to read. Throws store::Failure.
  bool step();
  // Until everything up to `position` is in the tables. False: `patience` (real time) was over
  // before, or it was told to stop; what was done stays.
  bool catch_up(const event_log::Position& position, base::Duration patience,
                const std::stop_token& stop = {});
  // The same for who has time: events that come in meanwhile go first.
  bool follow(const event_log::Position& position, base::Duration patience,
              const std::stop_token& stop);
  // All of it anew, from the first event on. `siyu check` says when.
  void rebuild(const std::stop_token& stop = {});

  event_log::Position position() const;

 private:
  Means means_;
  std::mutex mutex_;
};

// Whatever the tables hold of these customers (ids as written) goes, in the caller's unit.
void erase(store::Unit& unit, std::span<const base::CustomerId> customers);

}  // namespace order
