// Finding a customer's rows in the log.
//
// The table has its position as its only key: a second B-tree would halve the input rate. Who wants
// the rows of customers asks CustomerRows, which whoever holds the log in memory implements, for
// candidates; they are looked up by position, and what stands behind `through` is read through
// (log/rows.h does both and is what others call).
//
// Exact, also for rows written earlier in the same unit: the candidates need only hold every
// visible row at or before `through`. One too many does no harm.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "log/position.h"

namespace event_log {

// Where a row stands, in the log and in its person's history.
struct RowPlace {
  Position position;
  base::Moment time;
};

struct RowOfCustomer {
  base::CustomerId customer;
  Position position;
  friend constexpr auto operator<=>(const RowOfCustomer&, const RowOfCustomer&) = default;
};

// A row as it would be found equal to another.
struct RowAt {
  base::CustomerId customer;
  base::EventTypeId type;
  base::Moment time;
  friend constexpr bool operator==(const RowAt&, const RowAt&) = default;
};

class CustomerRows {
 public:
  // One consistent moment of what is known. One thread; outlives what it came from.
  class View {
   public:
    virtual ~View() = default;

    // Every visible row at or before it is among the candidates; behind it nothing is known.
    virtual Position through() const = 0;

    // The candidates of every person that one of these customers is or was part of at `through`, in
    // any order, each row once. Of these types only; none given: of every type. A customer that is
    // not known has none.
    virtual std::vector<RowPlace> rows_of(std::span<const base::CustomerId> customers,
                                          std::span<const base::EventTypeId> types) const = 0;
    // The candidates for these, in any order, which need not say for which; each row at least once.
    // Asked for the rows of an import, up to kAppendEventsMax at once: most of them have none.
    virtual std::vector<Position> rows_at(std::span<const RowAt> rows) const = 0;
  };

  virtual ~CustomerRows() = default;
  // Any thread, also within a unit.
  virtual std::unique_ptr<View> view() const = 0;
};

}  // namespace event_log
