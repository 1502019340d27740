// Who has bought on which days, and what each day came to: what models of buying are fitted to.
//
// A purchase is a local day of the workspace's zone with at least one event of the source's name:
// several on one day are one. A day's money is the sum of the source's amounts; with order_paid it
// is net as src/order says: what an order_refunded gives back leaves the day on which its order was
// last paid before (by order_id; where there is none, the last day with a purchase before it). An
// order that is given back whole stays a purchase, since it was a decision to buy, with no money
// left of it. An amount that is unknown is nothing.
//
// Read from a pin's columns; whoever has something in the delta, or refunds, by their history.
// About 30 ns an event and 100 ns a person of one core; 12 bytes a purchase day and 16 a person.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "base/work_pool.h"
#include "log/event_type.h"
#include "timeline/column_store.h"

namespace lifecycle {

struct PurchaseSource {
  base::EventTypeId event;
  base::PropertyId amount;
  base::PropertyId order{};  // order_id of the event; 0: it has none
  // Of order_refunded; 0: there are no refunds of this event.
  base::EventTypeId refund{};
  base::PropertyId refund_amount{};
  base::PropertyId refund_order{};
};

enum class SourceFault : std::uint8_t {
  unknown_event,
  unknown_amount,  // the event has no such property
  not_a_number,    // money, decimal or int
};
std::string_view code_of(SourceFault fault);  // "lifecycle.unknown_event", …

[[nodiscard]] base::Result<PurchaseSource, SourceFault> source_of(
    const event_log::EventTypes& types, std::string_view event, std::string_view amount);

struct Purchases {
  std::vector<base::CustomerId> people;  // with a purchase, ascending
  // The purchases of people[i] are [begins[i], begins[i + 1]) of days and cents, days ascending.
  std::vector<std::size_t> begins = {0};
  std::vector<std::int32_t> days;
  std::vector<std::int64_t> cents;  // may be negative

  std::span<const std::int32_t> days_of(std::size_t person) const {
    return std::span(days).subspan(begins[person], begins[person + 1] - begins[person]);
  }
  std::span<const std::int64_t> cents_of(std::size_t person) const {
    return std::span(cents).subspan(begins[person], begins[person + 1] - begins[person]);
  }
};

struct PurchaseQuestion {
  PurchaseSource source;
  base::Zone zone;
  base::Moment until;  // events before it count
  // Persons who are left out (test accounts), ascending.
  std::span<const base::CustomerId> left_out = {};
  std::stop_token stop = {};
};
// Stopped: what is known of until then, to be thrown away.
Purchases purchases_of(const timeline::Pin& pin, const PurchaseQuestion& question,
                       base::WorkPool& pool);

}  // namespace lifecycle
