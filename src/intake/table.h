// A CSV file as a table: named columns, perhaps with a type each ("amount:money"), and rows that
// fit them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "intake/csv.h"
#include "intake/import.h"

namespace intake {

// What a column holds: values of an attribute or property, or (name:identity, name:tags,
// name:consent, of customers alone) identities of the kind, tags of the group, consents to
// purpose/channel.
enum class ColumnRole : std::uint8_t { values, identity, tags, consent };

struct Column {
  std::string name;                          // in NFC without outer spaces; "": has no name
  std::optional<base::ValueType> type = {};  // as name:type
  ColumnRole role = ColumnRole::values;
};

// What a header may be. A name may stand twice when the types written with it differ. Columns
// without a name are kept in place and are for nobody. `required` and `optional` are plain names
// (without type) of the file's own; every other named one must be a good name by `is_name`.
struct HeaderRules {
  std::span<const std::string_view> required;
  std::span<const std::string_view> optional;
  std::span<const std::string_view> reserved;
  bool (*is_name)(std::string_view name);
  bool has_roles = false;  // a column may have one beside `values`
};
[[nodiscard]] base::Result<std::vector<Column>, ImportError> read_header(const CsvRow& row,
                                                                         const HeaderRules& rules);
// Index of the plain column of this name.
std::optional<std::size_t> index_of(std::span<const Column> columns, std::string_view name);

struct TableRow {
  CsvRow csv;
  std::optional<LeftOut> left_out;  // then the fields are of no use
  bool is_known = false;            // as RowOrigin has it; then too
};

// The rows behind the header. Borrows its source. Not thread safe.
class Table {
 public:
  Table(ByteSource& source, base::Encoding encoding) : source_(source), reader_(source, encoding) {}

  // First, once: the header.
  [[nodiscard]] base::Result<void, ImportError> open(const HeaderRules& rules);
  const std::vector<Column>& columns() const { return columns_; }

  // Nothing at the end. A row has as many fields as there are columns, or is left out: with fewer,
  // or with more that are not empty.
  bool next(TableRow& row);

  // A row left out because of one of its fields. Of the row that next() gave last.
  LeftOut at(const TableRow& row, std::size_t column, std::string_view code) const;

  std::uint64_t bytes_read() const { return reader_.bytes_read(); }

 private:
  ByteSource& source_;
  CsvReader reader_;
  std::vector<Column> columns_;
};

}  // namespace intake
