// What an order is, from the events that tell of it. Pure; any thread.
//
//   order_created, order_paid, order_shipped, order_received, order_refunded, order_closed
//
// Events of one `order_id` are one order, in whatever order they arrive. Paid is the sum of its
// order_paid, refunded that of its order_refunded; an order counts as bought when it is paid. The
// net revenue of a period is what was paid in it less what was refunded in it, each at its own
// time.
//
// An event with a `sku` and no `sku_list` tells of one line of the order: many exports have a row a
// product. Its amount is the line's; what an order holds is then the sum of its paid lines (of its
// created ones while none is paid), unless an event tells it of the whole order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/value.h"
#include "log/position.h"

namespace order {

// Sums are kept by quarters of an hour: every zone's days begin with one.
inline constexpr base::Duration kRevenueBucket{15 * base::kMinute.ms};
base::Moment bucket_of(base::Moment moment);  // the quarter it lies in, by its beginning

enum class FactKind : std::uint8_t { created, paid, shipped, received, refunded, closed };
inline constexpr std::size_t kFactKinds = 6;
std::string_view event_of(FactKind kind);  // "order_created", …

// One event about an order.
struct Fact {
  FactKind kind = FactKind::created;
  event_log::Position position;
  base::CustomerId customer;  // as written
  base::Moment time;
  std::optional<base::Money> amount;
  std::optional<std::int64_t> items;
  std::vector<std::string> sku_list;
  std::string coupon;
  bool is_line = false;  // of the order; sku_list is its one
};

enum class State : std::uint8_t { created, paid, shipped, received, refunded, closed };
inline constexpr std::size_t kStates = 6;
std::string_view name_of(State state);  // "created", …
std::optional<State> state_named(std::string_view name);

struct Order {
  std::string id;
  base::CustomerId customer;  // of the first payment, else of the first event; as written
  // Refunded: all that was paid; closed: it was closed and not refunded whole; else the furthest of
  // received, shipped, paid, created.
  State state = State::created;
  base::Moment placed_at;                                    // its earliest event
  std::array<std::optional<base::Moment>, kFactKinds> when;  // the first of each kind
  std::optional<base::Money> amount;                         // asked for: of order_created
  base::Money paid;
  base::Money refunded;
  std::optional<std::int64_t> items;  // of the first event of the whole, else of all lines
  std::vector<std::string> sku_list;  // the same; each once of lines
  std::string coupon;                 // of the first event that says so
};
// Requires at least one fact, in the order (time, position).
Order order_of(std::string_view id, std::span<const Fact> facts);

}  // namespace order
