// What forms a file of rows has, and why one cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intake {

// Of a workbook, unpacked. A part that unpacks to more than kUnpackedRatioMax times its packed size
// is refused from kUnpackedFreeBytes on.
inline constexpr std::uint64_t kSheetXmlBytesMax = std::uint64_t{4} << 30;
inline constexpr std::uint64_t kPartXmlBytesMax = 64 << 20;  // any other than sheets and texts
inline constexpr std::uint64_t kSharedTextBytesMax = 256 << 20;
inline constexpr std::uint64_t kUnpackedFreeBytes = 1 << 20;
inline constexpr std::uint64_t kUnpackedRatioMax = 200;
inline constexpr std::uint64_t kSheetTextBytesMax = std::uint64_t{4} << 30;  // as CSV
inline constexpr std::size_t kSheetsMax = 256;
inline constexpr std::size_t kCellFormatsMax = 65'536;  // Excel has 65,490
inline constexpr std::int64_t kSheetRowsMax = 1'048'576;

enum class FileForm : std::uint8_t { csv, xlsx };
std::string_view name_of(FileForm form);  // "csv", "xlsx"

// Why a file cannot be read as a table. In order of precedence.
enum class FormFault : std::uint8_t {
  not_found,
  not_readable,
  old_excel,      // .xls: to be saved as .xlsx
  encrypted,      // needs a password
  web_page,       // HTML or XML under a spreadsheet's name, as some systems export
  no_workbook,    // a zip archive of something else
  no_table,       // a picture, a PDF, another archive
  damaged,        // cut off, or not what a workbook is
  too_big,        // a limit above
  no_such_sheet,  // of the name asked for
};
std::string_view code_of(FormFault fault);  // "intake.old_excel", …

struct Sheet {
  std::string name;
  bool is_hidden = false;
  bool is_empty = false;  // no cell has a value
};

// What a person should know of the sheet that was read.
struct SheetNotes {
  std::int64_t formulas = 0;
  std::int64_t formulas_without_value = 0;  // never computed: taken as empty
  std::int64_t errors = 0;
  std::int64_t dates = 0;
  std::int64_t digits_lost = 0;  // numbers of more than 15 digits: Excel has made the rest zeros
  std::int64_t merged_ranges = 0;
  std::int64_t hidden_rows = 0;
  std::int64_t hidden_columns = 0;

  bool operator==(const SheetNotes&) const = default;
};

}  // namespace intake
