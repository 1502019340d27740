// The orders as tables, kept from the events of the log (log/projection.h).
//
//   log ──▶ order_fact   one row an event about an order
//              │ order_of()
//              ▼
//           orders       one row an order
//           order_revenue   sums by quarter of an hour, for any zone's days
//
// Events without an order_id (or with one of more than kOrderIdBytesMax) are an order of their own,
// "e_<position>".
//
// Sums saturate nowhere: more than 2^63 cents of one order or quarter is a CHECK failure of the
// database's own arithmetic (an error of the unit), a thousand million times any real figure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/id.h"
#include "log/projection.h"

namespace order {

inline constexpr std::size_t kOrderIdBytesMax = 200;

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

class Projection final : public event_log::Projection {
 public:
  struct Means {
    store::Database& database;
    event_log::Log& log;
    // Outlives the projection. The orders of test accounts count in no sum.
    const Persons& persons;
  };
  explicit Projection(Means means);

 private:
  std::vector<base::EventTypeId> types_of(const event_log::EventTypes& types) const override;
  std::function<void(store::Unit&)> effects_of(store::Session& session,
                                               const event_log::EventTypes& types,
                                               event_log::Reading reading) const override;
  bool remove_some(store::Unit& unit, base::BatchId batch) const override;
  void clear(store::Unit& unit) const override;

  const Persons& persons_;
};

// Whatever the tables hold of these customers (ids as written) goes, in the caller's unit.
void erase(store::Unit& unit, std::span<const base::CustomerId> customers);

}  // namespace order
