// A file of rows whatever its form, told by its content and never by its name: CSV in any encoding,
// or one sheet of an Excel workbook (.xlsx), which is read as CSV text in UTF-8. So everything that
// reads rows reads a ByteSource (intake/csv.h, intake/table.h) and knows one form.
//
//   auto file = TableFile::open(path);
//   if (!file) return code_of(file.error());
//   const auto report = import_customers(means, **file, request);
//   (*file)->notes();                            // complete when it was read to its end
//
// What a sheet's cells become:
//   text (shared, inline, rich)    itself, without its formats; phonetic hints are left out
//   number                         its shortest decimal form, whole numbers without exponent; with
//                                  the zeros in front that a format of zeros shows (000000)
//   number shown as date or time   2026-01-31, 2026-01-31 08:00:00, 08:00:00 (1900 and 1904)
//   percent, currency              the number that is kept (15% is 0.15)
//   boolean                        true, false
//   formula                        the value saved with it
//   error (#N/A), empty            empty
// Rows are as wide as the widest so far; lines are told as the sheet numbers its rows. Hidden rows,
// columns and sheets are read like others. A merged range has its value in its first cell.
//
// Memory: of a workbook its shared texts (kSharedTextBytesMax) and one row. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "intake/csv.h"

namespace intake {

// Of a workbook, unpacked. A part that unpacks to more than kUnpackedRatioMax times its packed size
// is refused from kUnpackedFreeBytes on.
inline constexpr std::uint64_t kSheetXmlBytesMax = std::uint64_t{4} << 30;
inline constexpr std::uint64_t kPartXmlBytesMax = 64 << 20;  // any other than sheets and texts
inline constexpr std::uint64_t kSharedTextBytesMax = 256 << 20;
inline constexpr std::uint64_t kUnpackedFreeBytes = 1 << 20;
inline constexpr std::uint64_t kUnpackedRatioMax = 200;
inline constexpr std::size_t kSheetsMax = 256;
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

class XlsxSource;

class TableFile final : public ByteSource {
 public:
  // `sheet`: its name; "": the first that is not hidden and not empty, else the first not empty,
  // else the first.
  [[nodiscard]] static base::Result<std::unique_ptr<TableFile>, FormFault> open(
      const std::string& path, std::string_view sheet = {});
  // Bytes in memory, which must outlive it.
  [[nodiscard]] static base::Result<std::unique_ptr<TableFile>, FormFault> of_bytes(
      std::string_view bytes, std::string_view sheet = {});
  ~TableFile() override;

  FileForm form() const { return form_; }
  base::Encoding encoding() const { return encoding_; }  // of what read() gives
  std::span<const Sheet> sheets() const;                 // none of CSV
  std::size_t sheet() const;                             // index of the one that is read
  SheetNotes notes() const;                              // of this reading, so far

  std::size_t read(std::span<char> bytes) override { return source_->read(bytes); }
  void rewind() override { source_->rewind(); }
  std::uint64_t size_bytes() const override { return source_->size_bytes(); }
  std::int64_t line_of(std::int64_t line) override { return source_->line_of(line); }
  std::optional<std::string_view> fault() const override { return source_->fault(); }

 private:
  TableFile(std::unique_ptr<ByteSource> source, XlsxSource* workbook);

  FileForm form_;
  base::Encoding encoding_;
  std::unique_ptr<ByteSource> source_;
  XlsxSource* workbook_;  // source_, when it is one
};

}  // namespace intake
