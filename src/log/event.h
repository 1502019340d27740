// One event: as it is given to the log, and as the log holds it.
//
// Properties are kept exactly as given, as one JSON object with its names in byte order, so that
// plain SQL can read them; they get their type when read. How a type is spelled in JSON:
//
//   int      30                         time   "2026-01-31T08:00:00.000+08:00" or Unix ms
//   decimal  0.5 or "0.333333"          date   "2026-01-31" or "--05-17"
//   money    "12.50" or 12.5 (yuan)     text list  ["红", "蓝"]
//   text     "A7"                       bool   true
//
// null is a property the event does not have. Any other spelling is of the wrong type: unknown to
// rules, kept raw, counted in the type's report (base/value_json.h says what is read as what).
// Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/moment.h"
#include "base/result.h"
#include "base/value.h"
#include "log/position.h"

namespace event_log {

class EventTypes;
struct EventType;

inline constexpr std::size_t kPropertiesMax = 200;        // of one event
inline constexpr std::size_t kEventBytesMax = 32 * 1024;  // its properties as JSON
inline constexpr std::size_t kKeyBytesMax = 200;
inline constexpr base::Duration kAheadMax{366 * base::kDay.ms};
inline constexpr base::Duration kLiveAheadMax{5 * base::kMinute.ms};

struct NewEvent {
  base::CustomerId customer;
  std::string name;
  base::Moment time;
  boost::json::object properties;
  // What makes a repeat of this event known as one; scoped by the caller ("key 7/a-1").
  std::optional<std::string> key;
  // A row of a file: how many equal rows stood before it in the same file (RowOrdinals counts
  // them, rows with a key too). One without a key is a repeat when the customer's history has more
  // equal ones.
  std::optional<std::uint32_t> ordinal;
};

enum class Liveness : std::uint8_t { history, live };  // history starts nothing

struct Event {
  Position position;
  base::CustomerId customer;  // as written; customer_alias says who that is today
  base::EventTypeId type;
  base::Moment time;
  base::Moment arrived;
  std::optional<base::Moment> sent;  // when a live event's clock was ahead: the time it gave
  std::int64_t source = 0;           // Log::source_name
  Liveness liveness = Liveness::history;
  std::optional<base::BatchId> batch;
  std::string properties;  // JSON object
};

// In order of precedence.
enum class EventFault : std::uint8_t {
  bad_name,
  bad_key,  // empty or longer than kKeyBytesMax
  before_1970,
  too_far_ahead,  // more than kAheadMax after the arrival
  too_many_properties,
  bad_property_name,
  reserved_property,  // source, local_hour, local_weekday
  not_text,           // invalid UTF-8 or U+0000 in a value
  too_large,          // more than kEventBytesMax
  too_many_types,     // the catalog is full
  too_many_events,    // in one append
  bad_source,
  batch_closed,  // the append's batch is not (or no longer) running
};
std::string_view code_of(EventFault fault);  // "log.before_1970", …

struct EventError {
  EventFault fault;
  std::string name;  // of the property where it is about one, else of the event
};
// What is wrong with an event by itself; who writes its properties anyway gives them (to_stored).
std::optional<EventError> error_of(const NewEvent& event, base::Moment now);
std::optional<EventError> error_of(const NewEvent& event, std::string_view stored,
                                   base::Moment now);

// The JSON text that is stored: names in byte order, numbers as short as exact, null left out.
std::string to_stored(const boost::json::object& properties);

// What to_stored made a text of.
boost::json::object from_stored(std::string_view stored);

// The value of a JSON value as `type`; nothing when it is of the wrong type or null.
std::optional<base::Value> read_value(base::ValueType type, const boost::json::value& value);
// The type a property gets whose first value this is; nothing for null. Objects and arrays of
// anything but text give text (and are wrong values of it).
std::optional<base::ValueType> first_type(const boost::json::value& value);

struct KnownProperty {
  base::PropertyId id;
  base::Value value;
};
// The stored properties that are known, by id.
std::vector<KnownProperty> known_properties(const EventType& type, std::string_view stored);

}  // namespace event_log
