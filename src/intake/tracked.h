// Messages of trackers and servers (tracked_message.h) as events and customers.
//
// Who it is: `userId` is the customer's key (the identity `customer`), `anonymousId` the identity
// `device`. A message with a userId is written on that customer, else on the device's; both are
// made when they are new. Only identify joins the two, in the unit of the message:
//
//   device belongs to    userId is new            userId is known
//   nobody yet           made; gets the device    gets the device
//   an anonymous person  is that person now       is merged with that person
//   somebody known       made; the device stays   nothing: the device stays with whom it has
//
// Anonymous is who has no identity but devices. So a shared device never makes one person of two
// who are known: who uses it later, without the page having called reset(), is told by the userId
// of each message alone. Merges can be undone as any other. Traits are attributes as of the
// message's time, never identities, tags or consents.
//
// Repeats are known by messageId within the window of callers' keys, for each key apart.
//
// A public key (its reader has it, too) is believed less: it writes events of one's own, and of the
// standard ones those of kPublicEvents; it registers new names only while there is room
// (kPublicTypesMax, kPublicPropertiesMax, kPublicAttributesMax), beyond that they are left out.
//
// One unit takes all messages; when one of them cannot be taken, a unit each, and that one is left
// out with its code. Threads: any. Throws store::Failure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "customer/writing.h"
#include "intake/tracked_message.h"
#include "log/log.h"
#include "store/database.h"

namespace intake {

inline constexpr std::string_view kPublicEvents[] = {
    "product_viewed", "cart_added",   "article_read", "article_shared",
    "live_attended",  "product_used", "review_posted"};
inline constexpr std::size_t kPublicTypesMax = 1'000;     // of the catalog, of 5,000
inline constexpr std::size_t kPublicPropertiesMax = 100;  // of an event, of 500
inline constexpr std::size_t kPublicAttributesMax = 500;  // of the workspace, of 2,000

struct TrackedMeans {
  store::Database& database;
  event_log::Log& log;
  base::Random& random;
};

struct TrackedSender {
  customer::WritingOptions writing;
  base::Duration key_window;
  bool is_public = false;
};

struct TrackedLeftOut {
  std::size_t index = 0;  // of the message
  std::string_view code;
};
struct TrackedReport {
  std::int64_t accepted = 0;
  std::int64_t repeated = 0;
  std::vector<TrackedLeftOut> left_out;  // by index
};

struct TrackedPlace {
  std::size_t index = 0;
  TrackedMessage message;
};
// What was taken of them is added to `report`, which has what could not be read already.
void take_tracked(const TrackedMeans& means, const TrackedSender& sender,
                  const std::vector<TrackedPlace>& messages, TrackedReport& report);

}  // namespace intake
