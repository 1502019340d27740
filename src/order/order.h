// Reading orders: of everybody, of one person, one by its id, what they come to, and what they
// brought by period.
//
// Figures are of the position the projection has reached (order/projection.h); who asks waits for
// it before. Functions over a Session; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/moment.h"
#include "log/event_type.h"
#include "order/rules.h"
#include "store/database.h"

namespace order {

// Whether orders show this property of this event: whoever sees orders sees its values.
bool shows(const event_log::EventType& type, const event_log::Property& property);

inline constexpr std::size_t kOrdersPageMax = 1000;
inline constexpr std::size_t kFactsOfOneMax = 1000;
inline constexpr std::size_t kPeriodsMax = 1100;  // of one summary: three years of days

struct Filter {
  // Ids as written of one person; none given: everybody's.
  std::vector<base::CustomerId> customers = {};
  std::optional<State> state = std::nullopt;
  std::optional<base::Moment> from = std::nullopt;  // from ≤ placed_at
  std::optional<base::Moment> to = std::nullopt;    // placed_at < to
};
// Where a page begins: behind this order.
struct Mark {
  base::Moment placed_at = base::kMomentMax;
  std::string id = {};
};
struct Page {
  std::vector<Order> orders;  // the latest placed first
  std::optional<Mark> next;   // nothing: this was the last
};
// `limit`: 1 … kOrdersPageMax, brought into it.
Page orders(store::Session& session, const Filter& filter, const Mark& after, std::size_t limit);
std::optional<Order> order_with(store::Session& session, std::string_view id);
// What has been told of one order, by (time, position); the first kFactsOfOneMax.
std::vector<Fact> facts_of(store::Session& session, std::string_view id);

// What one person's orders come to (ids as written), or those of a filter.
struct Totals {
  std::int64_t orders_paid = 0;  // with at least one payment
  base::Money paid;
  base::Money refunded;
  base::Money net() const { return {paid.cents - refunded.cents}; }
};
Totals totals_of(store::Session& session, std::span<const base::CustomerId> customers);

// What the orders of a filter come to, however many they are. Those of test accounts are told by
// their number alone.
struct Summary {
  std::int64_t orders = 0;
  Totals totals;
  std::int64_t orders_of_tests = 0;
};
// `tests`: ids as written of everybody whose person is a test account.
Summary summary_of(store::Session& session, const Filter& filter,
                   std::span<const base::CustomerId> tests);

// Net revenue of a period, test accounts left out.
struct Period {
  base::Moment from;
  base::Moment to;
  std::int64_t payments = 0;  // events order_paid: one a line where lines are told one by one
  base::Money paid;
  base::Money refunded;
  base::Money net() const { return {paid.cents - refunded.cents}; }
};
// Of the periods between neighbouring borders, in their order. Borders are brought to the quarter
// of an hour they lie in, which is exact for the days of every zone. Requires at most kPeriodsMax
// + 1 borders, rising.
std::vector<Period> revenue(store::Session& session, std::span<const base::Moment> borders);
// The same of these customers alone (ids as written), from their facts: what it adds up to over
// everybody is revenue().
std::vector<Period> revenue_of(store::Session& session, std::span<const base::CustomerId> customers,
                               std::span<const base::Moment> borders);

}  // namespace order
