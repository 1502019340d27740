// Messages of sites, apps and servers as they tell what happens, in the shape of Segment's calls:
// identify, track and page, one or a batch. Pure; any thread.
//
//   {"type": "track", "anonymousId": "d1", "userId": "alice", "event": "Product Viewed",
//    "properties": {"product_id": "A-7", "price": 12.5}, "messageId": "m1",
//    "timestamp": "2026-01-31T08:00:00.000Z"}
//
// Names become snake_case ("Product Viewed", "productViewed" → product_viewed); objects inside
// properties and traits are flattened by one level (address.city → address_city). A page is
// page_viewed, its name the property `page`. Of Segment's e-commerce events these are standard
// ones:
//
//   Product Viewed       product_viewed   product_id → sku, name → product
//   Product Added        cart_added       the same
//   Product Reviewed     review_posted    the same, rating → stars
//   Order Completed      order_paid       total (else revenue) → amount; of products sku_list,
//   items Order Refunded       order_refunded   the same Order Cancelled      order_closed     the
//   same
//
// A property that is there under its standard name is left alone. Everything else keeps its name.
//
// Time. `timestamp` says when by the sender's clock; where `sentAt` is given, the message is as old
// as sentAt − timestamp when it arrives, whatever that clock shows, and never ahead of its arrival.
// Without a timestamp it happens when it arrives.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.h"
#include "base/result.h"

namespace intake {

inline constexpr std::size_t kTrackedMax = 500;           // messages at once
inline constexpr std::size_t kTrackedIdBytesMax = 120;    // userId, anonymousId, messageId
inline constexpr std::size_t kTrackedNameBytesMax = 100;  // of an event, before it is converted

enum class TrackedKind : std::uint8_t { identify, track, page };
std::optional<TrackedKind> tracked_kind_named(std::string_view name);

struct TrackedMessage {
  TrackedKind kind = TrackedKind::track;
  std::string user;                // userId; "": not said
  std::string device;              // anonymousId; "": not said. One of both is there
  std::string event;               // of the log; "" of identify
  boost::json::object properties;  // traits of identify
  std::string id;                  // messageId; "": none, and a repeat is not known
  base::Moment time;
};

struct TrackedArrival {
  base::Moment now;
  std::optional<base::Moment> sent_at;  // by the sender's clock
};

// `kind`: of the route; without one `type` says it. Or the code of what is wrong with it:
// intake.bad_message, intake.nobody, intake.bad_time, intake.unknown_message.
[[nodiscard]] base::Result<TrackedMessage, std::string_view> read_tracked(
    const boost::json::object& given, std::optional<TrackedKind> kind,
    const TrackedArrival& arrival);

// The moment in `given` under `name`, by the sender's clock; nothing: none that can be read.
std::optional<base::Moment> tracked_moment(const boost::json::object& given, std::string_view name);

// "Product Viewed" → "product_viewed".
std::string snake_case(std::string_view name);

}  // namespace intake
