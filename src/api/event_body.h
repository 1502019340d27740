// What POST /events is given:
//
//   {"events": [{"customer": "wang-1", "event": "order_paid", "time": 1767225600000,
//                "properties": {"amount": "12.50"}, "key": "a-1"}, …],
//    "source": "shop", "mode": "live", "key": "day-1"}
//
// A body of nothing but plain values is read straight into what is written; any other, and every
// one that is refused, as a tree, which says what is wrong and where. Both ways make the same.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "log/event_type.h"
#include "log/prepared_events.h"

namespace api {

struct EventOrigin {
  std::optional<std::string> source;
  std::optional<std::string> mode;
  std::optional<std::string> key;  // of the whole
};

struct EventBody {
  EventOrigin origin;
  event_log::PreparedEvents events;
  std::vector<std::string> customers;  // as named; each name once, in the order of the events
  std::vector<std::uint32_t> who;      // of each event: index into customers
};

struct EventBodyMeans {
  std::string_view text;
  std::size_t bytes_max;
  const event_log::EventTypes& types;
  base::Moment now;                         // the arrival; the time of events without one
  std::string sender;                       // before the keys that are given: whose they are
  std::function<const base::Zone&()> zone;  // of times without an offset
  // Throws Refusal; asked before what is wrong with an event is told.
  std::function<void(const EventOrigin&)> check;
};

// Throws Refusal.
EventBody read_event_body(const EventBodyMeans& means);

// The two ways. Nothing: the body is not plain, or has a fault.
std::optional<EventBody> read_plain_event_body(const EventBodyMeans& means);
EventBody read_event_body_as_tree(const EventBodyMeans& means);

// A key as the log knows it: the same words of two senders, or of an event and a batch, are two.
// Throws Refusal.
enum class Keyed : unsigned char { event, batch };
std::string key_of(std::string_view sender, Keyed keyed, std::string_view given,
                   std::string_view path);

}  // namespace api
