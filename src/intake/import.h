// What importing events and customers has in common: the request, progress, the report.
//
// A file is read twice: once for the types of its columns (unless its header says them all), once
// to import. Rows go in units of thousands; a row that cannot be
// taken is reported and left out, the rest is imported, and the same file again adds nothing. What
// an import wrote is one batch that can be taken back whole (intake/import_undo.h). A lost database
// throws store::Failure: what was committed stays, the batch is cut off, and importing the file
// again goes on from there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "base/value.h"
#include "intake/csv.h"
#include "log/batch.h"
#include "log/position.h"
#include "store/database.h"

namespace event_log {
class Log;
}

namespace intake {

// Of a unit.
inline constexpr std::size_t kCustomerRowsAtOnce = 4'000;
inline constexpr std::size_t kEventRowsAtOnce = 10'000;
inline constexpr std::size_t kLeftOutListedMax = 1000;  // named one by one; all are counted

// What an import works with; all of it outlives the call.
struct ImportMeans {
  store::Database& database;
  event_log::Log& log;
  const base::Clock& clock;
  base::Random& random;
  const base::Zone& zone;  // of times without an offset: the workspace's
};

struct ImportProgress {
  std::int64_t rows = 0;         // imported, repeated or left out so far
  std::uint64_t bytes_done = 0;  // of both readings
  std::uint64_t bytes_total = 0;
};

struct ImportRequest {
  std::string file_name;  // shown in the list of imports and nowhere else; folders are cut off
  rights::Actor actor;    // who asked for it
  bool dry_run = false;   // everything as if, then taken back: the report is that of the import
  bool live = false;      // true: the events may start journeys and the like
  // Of customers: attributes that, beside the name, tell persons of the file with one phone apart.
  std::vector<std::string> apart = {};
  std::function<void(const ImportProgress&)> progress = {};  // after every unit, in this thread
  std::stop_token stop = {};  // ends it after the unit it is at; what is written until then stays
};

// A row that was not imported, and why.
struct LeftOut {
  std::int64_t line = 0;    // of the file, from 1
  std::size_t column = 0;   // from 1; 0: the row as a whole
  std::string column_name;  // of the header
  std::string_view code;    // "value.not_a_number", "csv.unclosed_quote", "intake.too_few_fields"
};

// What a column was taken for.
struct ColumnNote {
  std::string name;
  base::ValueType type = base::ValueType::text;
};

struct ImportReport {
  base::BatchId batch;            // 0 after a dry run
  event_log::BatchCounts counts;  // rows = written + repeated + refused
  std::int64_t customers_created = 0;
  std::int64_t reviews_opened = 0;  // of two with one phone (customer/apart.h)
  std::int64_t wrong_types = 0;     // values that do not fit the type set earlier: kept, unknown
  bool stopped = false;             // as asked for, before the end of the file
  // All times are numbers that would be days after 1970: these are seconds, not milliseconds.
  bool times_look_like_seconds = false;
  std::map<std::string_view, std::int64_t> left_out_counts;  // by code
  std::vector<LeftOut> left_out;                             // the first kLeftOutListedMax
  std::vector<ColumnNote> columns;                           // properties or attributes
  event_log::Position last;  // of the last event written: wait for it to read one's own writes
};

// The file as a whole cannot be imported, or no further. In order of precedence.
enum class ImportFault : std::uint8_t {
  empty_file,
  header_unreadable,  // the first row has a fault of CSV
  too_many_columns,   // more than kImportColumnsMax
  bad_column_name,    // no name of an event's property or of an attribute
  unknown_type,       // name:type with another type
  doubled_column,
  missing_column,    // customer, event, time
  reserved_column,   // source, local_hour, local_weekday; of customers customer::kComputedNames
  too_many_rows,     // more than kImportRowsMax: to be divided
  damaged_workbook,  // FormFault::damaged, seen while it was read
  too_big_workbook,  // FormFault::too_big
  taken_back,        // somebody undid the import while it ran: it stopped there
};
inline constexpr std::int64_t kImportRowsMax = 20'000'000;  // 50 to 100 bytes of memory each
inline constexpr std::size_t kImportColumnsMax = 500;
std::string_view code_of(ImportFault fault);  // "intake.empty_file", …

struct ImportError {
  ImportFault fault;
  std::string subject;  // the column it is about
};

// Adds to the counts and, while there is room, to the list.
void leave_out(ImportReport& report, LeftOut row);

// The last part of a path, as text that can be shown: at most kFileNameBytesMax bytes.
std::string shown_file_name(std::string_view path);

}  // namespace intake
