// One row of a file of customers, or a row left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/calendar.h"
#include "base/moment.h"
#include "base/result.h"
#include "customer/attribute.h"
#include "intake/apart.h"
#include "intake/column_guess.h"
#include "intake/import.h"
#include "intake/table.h"

namespace intake {

struct CustomerRow {
  std::int64_t line = 0;
  std::string customer;  // as in customer_key.h
  std::optional<base::Moment> since;
  std::optional<base::Moment> known_since;  // the first `since` of this customer in the file
  // Without those that later rows of the same person replace; what tells persons apart is always
  // there.
  std::vector<customer::NewValue> values;
  std::int64_t wrong_types = 0;
  std::string person;   // the customer, and which of those the file has with this phone
  bool shares = false;  // the file has others with it
  // Beside the one the customer is named by. All of names and values of the file.
  struct Named {
    std::string name;  // kind of identity, group of tags, purpose[/channel]
    std::string value;
  };
  std::vector<Named> identities = {};
  std::vector<Named> tags = {};
  std::vector<std::pair<std::string, bool>> consents = {};  // given, or withdrawn
};

// When rows are read, and in which zone.
struct RowTime {
  base::Moment now;
  const base::Zone& zone;
};

// The attributes that tell persons with one phone apart in a file: those given, and the name.
std::vector<std::string> telling_attributes(std::vector<std::string> given);

// Of each customer of the file are kept between the readings about 20 bytes, 100 where they are
// named by phones.
class CustomerColumns {
 public:
  // `types` of the attributes there are, `telling` as telling_attributes() gives them. Requires the
  // header of customer_header_rules().
  CustomerColumns(const std::vector<Column>& columns,
                  const std::map<std::string, base::ValueType>& types,
                  const std::vector<std::string>& telling);

  // First reading.
  void look_at(const TableRow& row, const RowTime& time);
  // Second reading.
  [[nodiscard]] base::Result<CustomerRow, LeftOut> read(const Table& table, const TableRow& row,
                                                        const RowTime& time) const;

  std::vector<ColumnNote> notes() const;

 private:
  struct Attribute {
    std::size_t index;
    std::string name;
    std::optional<base::ValueType> type;   // as written in the header
    std::optional<base::ValueType> known;  // of the attribute there is
    bool tells = false;                    // persons with one phone apart
    ColumnGuess guess = {};

    base::ValueType type_now() const;
  };

  std::string name_of(const TableRow& row) const;
  // The row's values of the attributes that tell persons apart; none of somebody who shares
  // nothing.
  std::vector<std::string_view> telling_values(const TableRow& row,
                                               std::string_view customer) const;
  // The name, and which of the persons of this name.
  std::string person_of(const TableRow& row, std::string_view customer) const;
  // The row's `since`, nothing when there is none, or what is wrong with it.
  [[nodiscard]] base::Result<std::optional<base::Moment>, std::string_view> since_of(
      const TableRow& row, const RowTime& time) const;
  // False: some value leaves the row out whatever the types of the columns turn out to be.
  bool may_be_read(const TableRow& row, const RowTime& time) const;

  struct Place {
    const Table& table;
    const TableRow& row;
    const RowTime& time;
    std::string_view person;
  };
  std::optional<LeftOut> read_role(const Place& place, const Column& column, std::size_t index,
                                   CustomerRow& out) const;
  std::optional<LeftOut> read_value(const Place& place, const Attribute& attribute,
                                    CustomerRow& out) const;

  std::size_t customer_;
  std::optional<std::size_t> kind_;
  std::optional<std::size_t> since_;
  std::vector<std::pair<std::size_t, Column>> roles_;  // by index
  std::vector<Attribute> attributes_;
  ApartPersons persons_;
  std::unordered_set<std::size_t> once_;  // hashes of customers with a row without `since`
  std::unordered_map<std::size_t, std::int64_t> last_lines_;  // by customer and column
  std::unordered_map<std::size_t, base::Moment> known_since_;
};

HeaderRules customer_header_rules();

}  // namespace intake
