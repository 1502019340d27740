// The rows of a file of events as events of the log, or as rows left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "base/result.h"
#include "intake/column_guess.h"
#include "intake/event_chunk.h"
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

// The columns of a file of events; the types of its properties from a first reading. Of an event's
// property the type is the one written in the header, else the one the catalog has, else the one
// guessed from the whole column. A value that does not fit leaves the row out, except where a
// property got its type from what was seen earlier: there it is kept raw, of the wrong type.
//
// Not thread safe.
class EventColumns {
 public:
  // `types` as they are when the import begins. Requires the header of event_header_rules().
  EventColumns(const std::vector<Column>& columns,
               std::shared_ptr<const event_log::EventTypes> types);

  // First reading; none is needed where the header says the type of every property.
  bool needs_look() const;
  void look_at(const TableRow& row);
  // Second reading: adds the row to the chunk, without its ordinal, or leaves the chunk as it is.
  // `now` is the arrival.
  [[nodiscard]] base::Result<void, LeftOut> read(const EventPlace& place, base::Moment now,
                                                 EventChunk& chunk);

  // The types of the property columns.
  std::vector<ColumnNote> notes() const;

 private:
  enum class Cell : char { none = '-', value = 'v', raw = 'r' };
  struct Property {
    std::size_t index;
    std::string name;
    std::string name_json;                      // with the colon behind it
    std::optional<base::ValueType> type;        // as written in the header
    std::optional<base::ValueType> known = {};  // what the catalog has for one of its events
    ColumnGuess guess = {};
    // Of the row that is being read.
    Cell cell = Cell::none;
    std::string json = {};
  };
  // What is known of an event by its name, once for all its rows.
  struct Event {
    std::string name;
    bool is_name = false;
    bool is_own_record = false;
    bool standard = false;
    std::vector<const event_log::Property*> known;  // one per property column; null: none
  };

  const Event& event_of(std::string_view cell);
  std::optional<LeftOut> read_key(const EventPlace& place, event_log::PreparedEvent& out);
  std::optional<LeftOut> read_time(const EventPlace& place, base::Moment& out);
  std::optional<LeftOut> read_property(const EventPlace& place, const Event& event,
                                       Property& property) const;
  std::optional<LeftOut> fault_of(const EventPlace& place, const Event& event,
                                  const event_log::PreparedEvent& row, base::Moment now) const;
  bool is_cut(const TableRow& row, std::string_view time);
  base::ValueType type_of(const Event& event, const Property& property) const;
  bool counts(std::size_t place) const;
  std::string stored() const;
  std::uint32_t shape_of(const Event& event, EventChunk& chunk);

  std::size_t customer_;
  std::optional<std::size_t> kind_;
  std::size_t event_;
  std::size_t time_;
  std::optional<std::size_t> key_;
  bool time_is_last_;
  std::size_t time_digits_before_ = 0;  // of the row read before
  std::vector<Property> properties_;
  std::vector<std::size_t> by_name_;  // indexes into properties_; of equal names the last counts
  std::shared_ptr<const event_log::EventTypes> types_;
  std::unordered_map<std::string, Event, HashOfText, std::equal_to<>> events_;  // by cell
  std::string signature_;      // of the row that is being read
  std::size_t key_bytes_ = 0;  // of the row that is being read
};

HeaderRules event_header_rules();

// Events by which the product keeps the past of customers. Their `ref` is an id of this database:
// a row of a file that has one is left out.
bool is_own_record(std::string_view event);

}  // namespace intake
