// What everybody has bought, from their histories: what recency, frequency and money are made of.
//
//   recency     since the latest event of the name, in whole days
//   frequency   its events; those of one order_id are one
//   money       their amounts, less those of order_refunded where the name is order_paid, each at
//               its own time
//
// Looked at are the events in (at − window, at]. Whoever has none of the name there has no facts.
// Orders count as bought when they are paid: one refunded later is still an order, of less money.
// Cost: every person's history is opened once, about 2 us each besides 10 ns an event.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/work_pool.h"
#include "lifecycle/rfm.h"
#include "lifecycle/rfm_policy.h"
#include "log/event_type.h"
#include "timeline/column_store.h"

namespace lifecycle {

// The events and properties of a policy, with their ids.
struct BoughtEvents {
  base::EventTypeId paid;
  base::PropertyId amount;
  base::PropertyId order;        // 0: the event has none
  base::EventTypeId refunded{};  // 0: nothing is taken off
  base::PropertyId refunded_amount{};
};
// Requires names that are there (check_names).
BoughtEvents bought_events(const RfmPolicy& policy, const event_log::EventTypes& types);

struct RfmAsked {
  const BoughtEvents& events;
  base::Moment at;
  std::optional<base::Duration> window;
  std::span<const base::CustomerId> left_out;  // customers as written: test accounts
};
// Of one person; nothing: none.
std::optional<RfmFacts> facts_of(const timeline::History& history, const RfmAsked& asked);
// Of everybody, ascending by person.
std::vector<RfmFacts> facts_of(const timeline::Pin& pin, const RfmAsked& asked,
                               base::WorkPool& pool, const std::stop_token& stop = {});

}  // namespace lifecycle
