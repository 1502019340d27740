// Events as they are when nothing but their customers is missing: checked, their properties written
// as they are stored, and what the catalog has to know of them told once for all that look alike.
//
//   shape 0  order_paid  amount:money channel:text        event  shape  time  properties
//   shape 1  order_paid  amount:money                     a      1      …     {"amount":"12.50"}
//                                                         b      0      …     {"amount":"3.00",…}
//
// Made by whoever reads events, outside of the unit that appends them (Log::append): with
// prepare(), from JSON text with log/plain_events.h. Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"
#include "base/value.h"
#include "log/event.h"
#include "log/key_hash.h"

namespace event_log {

// One property of all events of a shape; none of them is null.
struct ShapedProperty {
  std::string name;
  base::ValueType first = base::ValueType::text;  // the type it gets when it is new (first_type)
  // Every value reads as one of this type (read_value). Nothing: it is not known, and the values
  // are looked at one by one.
  std::optional<base::ValueType> reads_as = std::nullopt;

  bool operator==(const ShapedProperty&) const = default;
};

struct EventShape {
  std::string event;
  std::vector<ShapedProperty> properties;  // each name once

  bool operator==(const EventShape&) const = default;
};

struct PreparedEvent {
  std::uint32_t shape = 0;  // index into PreparedEvents::shapes
  base::Moment time;
  std::string properties;  // to_stored
  std::optional<KeyHash> key;
  std::optional<std::uint32_t> ordinal;  // as NewEvent's

  bool operator==(const PreparedEvent&) const = default;
};

struct PreparedEvents {
  std::vector<EventShape> shapes;
  std::vector<PreparedEvent> events;

  const std::string& name_of(const PreparedEvent& event) const { return shapes[event.shape].event; }
  bool operator==(const PreparedEvents&) const = default;
};

struct AppendError {
  EventFault fault;
  std::size_t index = 0;  // of the event
  std::string name;       // of the event or property, where it is about one
};

// Or the first event that has a fault of its own (error_of). `types`: what is known; old ones cost
// time and nothing else.
[[nodiscard]] base::Result<PreparedEvents, AppendError> prepare(std::span<const NewEvent> events,
                                                                const EventTypes& types,
                                                                base::Moment now);

// Puts `more` behind `events`. Both were made ready for the same log.
void join(PreparedEvents& events, const PreparedEvents& more);

// One row of a file, for counting equal ones. `customer` is what the file calls them.
struct FileRow {
  std::string_view customer;
  std::string_view event;
  base::Moment time;
  std::string_view properties;  // to_stored
};

// Counts equal rows of one file, for NewEvent::ordinal. 16 bytes a different row, twice to four
// times that with the room to grow; rows count as equal when 96 bits of a hash of them are.
class RowOrdinals {
 public:
  // How many rows equal to this one were asked about before.
  std::uint32_t next(const FileRow& row);

 private:
  struct Seen {
    std::uint64_t high = 0;
    std::uint32_t low = 0;
    std::uint32_t count = 0;  // 0: the place is free
  };

  Seen& place_of(std::uint64_t high, std::uint32_t low);
  void grow();

  std::vector<Seen> seen_;  // open addressing; the size is a power of two
  std::size_t used_ = 0;
  std::string parts_;  // of the row asked about
};

}  // namespace event_log
