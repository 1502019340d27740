// Inside the module: a file is read twice, once for the types of its columns and once to import.
//
//   TwoReadings readings(file, request, event_header_rules);
//   const auto first = readings.open();       // error: the header cannot be taken
//   auto looked = readings.look(**first, [&](const TableRow& row) { … });
//   const auto second = readings.open();      // from the beginning again
//   for (TableRow row; (*second)->next(row);) { …; readings.tell((*second)->bytes_read(), rows); }
//   readings.tell_end(rows);
//
// Borrows file and request. Tables are of use until the next open(). Not thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "base/text.h"
#include "intake/csv.h"
#include "intake/import.h"
#include "intake/table.h"

namespace intake {

class TwoReadings {
 public:
  TwoReadings(ByteSource& file, const ImportRequest& request, HeaderRules (*rules)());

  [[nodiscard]] base::Result<std::unique_ptr<Table>, ImportError> open();

  // The first reading: every row, at most kImportRowsMax (too_many_rows). Error also when the file
  // turns out to be damaged somewhere (damaged_workbook, too_big_workbook).
  [[nodiscard]] base::Result<void, ImportError> look(
      Table& table, const std::function<void(const TableRow&)>& each);

  // For who needs nothing of a first reading but that the rows are not too many: false when that
  // takes a look, since more lines end than there may be rows. Reads bytes and no rows. Errors as
  // of look(), which is how a damaged file is found before anything of it is written.
  [[nodiscard]] base::Result<bool, ImportError> has_few_lines();

  // After the last row of a reading: that it was the end of the file and no damage.
  [[nodiscard]] base::Result<void, ImportError> read_whole() const;

  // Progress: `rows` are imported, repeated or left out so far, of the first bytes of the table.
  void tell(std::uint64_t bytes_read, std::int64_t rows) const;
  void tell_end(std::int64_t rows) const;

 private:
  void tell_bytes(std::uint64_t bytes_done, std::int64_t rows) const;

  ByteSource& file_;
  const ImportRequest& request_;
  HeaderRules (*rules_)();
  base::Encoding encoding_;
  std::uint64_t bytes_before_ = 0;  // of the readings that have ended
  bool is_opened_ = false;
};

}  // namespace intake
