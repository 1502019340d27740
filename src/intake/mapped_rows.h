// The rows of somebody's file through a mapping (intake/mapping.h): what the importers read.
//
//   customers   customer, customer_kind, since, attributes as name:type, KIND:identity,
//               GROUP:tags, PURPOSE/CHANNEL:consent
//   events      customer, customer_kind, event, time, key, properties
//   orders      the same with order_id and amount; a row of the file becomes several
//
// A row that cannot be used is answered with its fault; a value that does not fit its type is left
// out and noted, the row stays. Rows that the mapping leaves out, and rows without any value, are
// skipped and counted. Borrows the file and the zone. Not thread safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "intake/apart.h"
#include "intake/csv.h"
#include "intake/import.h"
#include "intake/mapping.h"

namespace intake {

struct MappedMeans {
  const base::Zone& zone;
  // What has been refunded of an order by now, in cents; empty: nothing is known of any. Asked for
  // every row of orders that has a refund.
  std::function<std::int64_t(std::string_view order_id)> refunded_cents = {};
  // What columns without a type hold (guessed_types), by name of the attribute or property: a value
  // that is none of it is left out alone.
  std::map<std::string, base::ValueType> guessed = {};
};

struct MappedRow {
  std::int64_t line = 0;            // of the file
  std::vector<std::string> fields;  // as header(); none with a fault
  std::shared_ptr<const RowOrigin> origin;
};

struct MappedNotes {
  std::int64_t rows = 0;                                                 // of the file
  std::int64_t unusable = 0;                                             // answered with a fault
  std::int64_t left_by_rule = 0;                                         // by `leave_out`
  std::int64_t without_value = 0;                                        // nothing but blanks
  std::map<std::string_view, std::int64_t> values_left_out_counts = {};  // by code
  std::vector<LeftOut> values_left_out = {};  // the first kLeftOutListedMax
  // Rows with a phone of another person of the file: imported, and a review is opened.
  std::int64_t other_persons_count = 0;
  std::vector<LeftOut> other_persons = {};  // the first kLeftOutListedMax
};

class MappedRows {
 public:
  // The first row is the header unless the mapping says there is none. Errors: what check_mapping
  // finds first, not_json "header" for a file without one.
  [[nodiscard]] static base::Result<std::unique_ptr<MappedRows>, MappingError> open(
      ByteSource& file, const Mapping& mapping, const MappedMeans& means);

  const std::vector<std::string>& header() const { return header_; }
  bool next(MappedRow& row);
  const MappedNotes& notes() const { return notes_; }
  std::uint64_t bytes_read() const { return reader_.bytes_read(); }

 private:
  struct Field {  // of the answer
    std::size_t column = 0;
    std::string column_name = {};
    std::optional<base::ValueType> type = {};
    std::optional<base::ValueType> guessed = {};  // of one without
  };
  struct Customer {
    std::string kind;
    std::string value;
    std::size_t column = 0;  // of the file
  };

  MappedRows(ByteSource& file, const Mapping& mapping, const MappedMeans& means);

  void lay_out(const std::vector<std::string>& names);
  void lay_out_values();
  void add_field(std::string name, const std::string& column, std::optional<base::ValueType> type);
  std::size_t index_of(const std::string& column) const;
  const std::string& cell(const std::string& column) const;

  bool read_row();
  bool is_left_by_rule() const;
  std::optional<Customer> customer_of_row();
  bool is_another_person(const Customer& customer);
  void take_customer_row(const Customer& customer);
  void take_event_row(const Customer& customer);
  void take_order_row(const Customer& customer);
  std::size_t product_below_zero() const;
  std::string key_of_row(std::string_view event) const;
  std::optional<std::string> amount_of(const MappedEvent& event, std::string& key);
  struct Timed {
    std::optional<base::Moment> time;
    std::size_t column = 0;  // it stands in, or the first
    std::string_view fault;  // with a column that is none
  };
  Timed time_of(const MappedTime& time) const;
  std::vector<std::string> blank_fields(const Customer& customer) const;
  void fill_values(std::vector<std::string>& fields);
  std::string typed(const Field& field, std::string_view cell);

  void refuse(std::size_t column, std::string_view code);
  void note(std::size_t column, std::string_view code);
  void list(std::vector<LeftOut>& out, std::size_t column, std::string_view code);
  void answer(std::vector<std::string> fields, const MappedEvent* event, std::size_t time_column);
  std::shared_ptr<const RowOrigin> origin_of(const MappedEvent* event,
                                             std::size_t time_column) const;

  Mapping mapping_;
  MappedMeans means_;
  CsvReader reader_;
  CsvRow csv_;
  bool is_first_unread_ = false;    // csv_ is the first row, and no header
  std::vector<std::string> names_;  // of the file's columns
  std::unordered_map<std::string, std::size_t> indexes_;
  std::vector<std::string> header_;
  std::vector<Field> fields_;  // as header_
  std::deque<MappedRow> ready_;
  // By event and column of its time.
  std::map<std::pair<const MappedEvent*, std::size_t>, std::shared_ptr<const RowOrigin>> origins_;
  MappedNotes notes_;
  std::int64_t noted_line_ = 0;
  std::set<std::size_t> noted_columns_;  // of that line
  std::vector<std::string> telling_;     // attributes that tell customers apart
  ApartPersons persons_;
};

}  // namespace intake
