// One row of a file of events as an event of the log, or as a row left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "base/result.h"
#include "intake/column_guess.h"
#include "intake/import.h"
#include "intake/table.h"
#include "log/event.h"
#include "log/event_type.h"

namespace intake {

// Where a cell is read.
struct EventPlace {
  const Table& table;
  const TableRow& row;
  const base::Zone& zone;
};

struct EventRow {
  std::int64_t line = 0;
  std::string customer;                      // the key
  event_log::NewEvent event;                 // without customer and ordinal
  std::vector<event_log::TypedName> unseen;  // properties the catalog did not have
  std::int64_t wrong_types = 0;              // properties kept raw
  bool number_of_seconds = false;  // its time is a number that would be a few days after 1970
};

// The columns of a file of events; the types of its properties from a first reading. Of an event's
// property the type is the one written in the header, else the one the catalog has, else the one
// guessed from the whole column. A value that does not fit leaves the row out, except where a
// property got its type from what was seen earlier: there it is kept raw, of the wrong type.
class EventColumns {
 public:
  // `types` as they are when the import begins. Requires the header of event_header_rules().
  EventColumns(const std::vector<Column>& columns,
               std::shared_ptr<const event_log::EventTypes> types);

  // First reading.
  void look_at(const TableRow& row);
  // Second reading; `now` is the arrival.
  [[nodiscard]] base::Result<EventRow, LeftOut> read(const EventPlace& place, base::Moment now);

  // The types of the property columns.
  std::vector<ColumnNote> notes() const;

 private:
  struct Property {
    std::size_t index;
    std::string name;
    std::optional<base::ValueType> type;        // as written in the header
    std::optional<base::ValueType> known = {};  // what the catalog has for one of its events
    ColumnGuess guess = {};
  };

  std::optional<LeftOut> read_time(const EventPlace& place, EventRow& out);
  std::optional<LeftOut> read_property(const EventPlace& place, const Property& property,
                                       EventRow& out) const;
  bool is_cut(const TableRow& row, std::string_view time);

  std::size_t customer_;
  std::size_t event_;
  std::size_t time_;
  std::optional<std::size_t> key_;
  bool time_is_last_;
  std::size_t time_digits_before_ = 0;  // of the row read before
  std::vector<Property> properties_;
  std::shared_ptr<const event_log::EventTypes> types_;
};

HeaderRules event_header_rules();

// Events by which the product keeps the past of customers. Their `ref` is an id of this database:
// a row of a file that has one is left out.
bool is_own_record(std::string_view event);

}  // namespace intake
